/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the rules (rules.def, model.md 6) are given, and what they share.
 *
 * A rule picks deviations, groups those that belong to one finding and makes
 * the finding.  rules.h is all that a rule includes.
 */
#ifndef NC_RULES_H
#define NC_RULES_H

#include <stdlib.h>

#include "facts.h"
#include "finding.h"
#include "option.h"
#include "util.h"

struct rules {
	const struct facts *facts;
	const struct thresholds *limits;
	struct findings *findings;
	char **texts; /* of text(), freed at the end */
	size_t ntexts, texts_cap;
};

/* Deviations that make one finding, in the order of the stream. */
struct picked {
	const struct dev **v;
	size_t n;
	int64_t more; /* alike, but only counted */
};

/* Functions that a rule hands to rules_each. */
typedef bool nc_want(struct rules *r, const struct dev *d);
typedef uint64_t nc_key(const struct dev *d);
typedef void nc_emit(struct rules *r, const struct picked *p);

/* Runs all rules. */
void rules_run(struct rules *r);
void rules_fini(struct rules *r);

/*
 * Picks the deviations of the codes (CODE_NONE ends the list) that want()
 * takes, and hands each group of equal key to emit().
 */
void rules_each(struct rules *r, const enum code *codes, nc_want *want,
    nc_key *key, nc_emit *emit);

/* Keys */
uint64_t key_target(const struct dev *d);  /* client host and target */
uint64_t key_service(const struct dev *d); /* target, from any client */
uint64_t key_own(const struct dev *d);     /* host and its own endpoint */
uint64_t key_ends(const struct dev *d);    /* both hosts, server's port */
uint64_t key_flow(const struct dev *d);    /* target, or who answers it */
/* True if both flows have that key in common. */
bool same_path(const struct flow *a, const struct flow *b);

/* The server's end of what d is about, and whether d's host has it. */
struct nc_addr dev_service(const struct dev *d);
bool dev_at_server(const struct dev *d);
int dev_client(const struct dev *d); /* hosts; -1 not traced */
int dev_server(const struct dev *d);

/* Guards */

/* Not weak, and its confidence above the limit. */
bool strong(const struct rules *r, const struct dev *d);
/* Another connect of the process, to the same port, worked (model.md 6). */
bool eyeballs(const struct rules *r, const struct dev *d);
/*
 * The order cannot tell a refusal before the listener opened, or after it
 * closed with its program, from one on the way while it was open.
 */
bool refusal_undecided(const struct dev *d);
/*
 * Nor whether datagrams were refused while the socket was bound that waits
 * for them in another trace, of which nothing is known here.
 */
bool datagram_undecided(const struct dev *d);
/* The refused target accepted that client soon after. */
bool retried(const struct rules *r, const struct dev *d);
/* A finding of that id is about the same target already. */
bool called(struct rules *r, const struct dev *d, const char *id);
/* A rule before this one made a finding of that id about the connection. */
bool told(const struct rules *r, const char *id, int64_t connection);
/* That client reached that port at some time. */
bool reached(const struct rules *r, const struct dev *d);
/* Another port of the server worked for the client, or the port for others. */
bool others_work(struct rules *r, const struct dev *d, const char **how);
/* Its target is a client whose address is translated on the way there. */
bool to_translated(struct rules *r, const struct dev *d);
/* Every trace of the host is whole, from the start, with all processes. */
bool complete(const struct facts *f, int host, bool undetailed);
/* Exact, or as certain by the user's word; elastic streams are neither. */
bool certain(const struct dev *d);
/* Certain, or there is no other connection that it could be. */
bool paired(const struct rules *r, const struct dev *d);
/* Paired, or with one of several for which the same would hold. */
bool alike(const struct rules *r, const struct dev *d);
/*
 * What never came on one of several never came on any: whose bytes are whose
 * was told by comparing them, and none of them was read elsewhere.
 */
bool compared(const struct rules *r, const struct dev *d);
/* An end of the connection got ECONNRESET: what was lost went with it. */
bool was_reset(const struct dev *d);
bool dev_calls(const struct dev *d, const char *name);
/*
 * The largest write smaller than the lost one that its path carried; 0: none,
 * or its size is not the matter.
 */
int64_t carried_below(const struct rules *r, const struct dev *d, int64_t lost);
/* Its nonblocking connect was closed before anyone could have answered it. */
bool cancelled(const struct rules *r, const struct dev *d);
/* An argument in ns that is there and at least ms milliseconds. */
bool lasted(const struct dev *d, const char *name, int64_t ms);

/* Confidence: the least and the highest of the evidence. */
int least(const struct picked *p);

/* Making findings */

/* A finding of what was picked: hosts, evidence, objects, count. */
struct finding *make(
    struct rules *r, const char *id, int confidence, const struct picked *p);
/* Adds one deviation's hosts, evidence and objects. */
void make_add(struct rules *r, struct finding *f, const struct dev *d);
void make_target(struct finding *f, const struct dev *d);
void make_listener(struct finding *f, int host, uint16_t port);
void make_refs(struct rules *r, struct finding *f, struct nc_bytes refs);
/* Evidence of the first that passed between two hosts. */
void make_pair(struct rules *r, struct finding *f, int a, int b);
void make_flow(struct rules *r, struct finding *f, const struct flow *w);

/* Texts; all live until the rules are done. */
const char *text(struct rules *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
const char *text_bytes(struct rules *r, struct nc_bytes b);
const char *text_addr(struct rules *r, const struct nc_addr *a);
/* A host's name, or the address of one that is not traced. */
const char *text_host(struct rules *r, int host, const struct nc_addr *a);
/* "server at 10.0.0.2:80", or the endpoint alone. */
const char *text_at(struct rules *r, int host, const struct nc_addr *a);
const char *text_time(struct rules *r, int64_t ns);
/* "1 attempt", "3 attempts". */
const char *text_count(struct rules *r, int64_t n, const char *what);

/* Something is told of names that were asked for there. */
bool names_asked(const struct rules *r, const struct dev *d);

/* How many different connections, else deviations, were picked. */
int64_t count_conns(const struct picked *p);

/* Of connection-refused and firewall, where only the refusal itself tells. */
void rule_rejected(struct rules *r);
/* Of permission-denied, no-listener and backlog-overflow: UNIX sockets. */
void rule_local_denied(struct rules *r);
void rule_local_missing(struct rules *r);
void rule_local_full(struct rules *r);
/* Of no-listener, at hosts that are not traced; after proxy. */
void rule_outside(struct rules *r);

#define RULE(name) void rule_##name(struct rules *r);
#include "rules.def"
#undef RULE

#endif
