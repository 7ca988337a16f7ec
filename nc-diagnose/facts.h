/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the rules look at, kept while the stream passes.
 *
 * Deviations, and the connections and flows that they are about, are kept
 * whole, but only the first GROUP_MAX of a kind between the same ends; the
 * rest are counted.  Healthy connections and flows only leave sums: who
 * reached whom, and when.  So memory follows what is wrong, not the trace.
 */
#ifndef NC_FACTS_H
#define NC_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addr.h"
#include "map.h"
#include "record.h"
#include "spans.h"
#include "stream.h"
#include "sweep.h"

#define GROUP_MAX 256
/* Connection records held back for deviations that may follow them. */
#define RECENT 1024

/* The codes that rules use; others are not kept. */
enum code {
	CODE_NONE,
#define CODE(name) CODE_##name,
#include "code.def"
#undef CODE
	CODES
};

/* Connections of a client host to a server's port, or to an address. */
struct reach {
	int client, server; /* hosts; -1 not traced */
	uint16_t port;
	int64_t worked; /* connections established */
	int64_t failed;
	int64_t foreign;   /* accepted from untraced addresses */
	int64_t unseen;    /* accepted from untraced processes */
	struct spans when; /* they worked */
};

/* Connects of one process to a port, whatever the address. */
struct tried {
	struct spans when[2]; /* they worked: over IPv4, over IPv6 */
};

/* An address from which a host's connections reached another host. */
struct source {
	struct nc_addr address;
	int64_t first, last; /* of their places in the order */
	struct source *next; /* of these two hosts, newest first */
};

/* What passed between two hosts. */
struct pair {
	int a, b;            /* a <= b */
	int64_t connections; /* established and matched */
	int64_t datagrams;   /* received */
	char *refs;          /* of the first: calls that show it, or NULL */
	size_t nrefs;        /* bytes */
};

/* The largest write that streams brought whole from one host to another. */
struct path {
	int64_t carried;
};

/*
 * A connection between a traced host and an address outside of all traces, as
 * one of an intermediary's two sides would be; one of a kind.
 */
#define LEGS_MAX 1024
struct leg {
	int host;
	bool server; /* the host accepted it */
	struct nc_addr other;
	char *asks_for;   /* the host that its request names, or NULL */
	int64_t up, down; /* bytes to the server, to the client */
	int64_t connection;
	char *refs;
	size_t nrefs;
};

struct conn {
	struct nc_connection c;
	char *raw;
	size_t at;          /* position of its record */
	int client, server; /* hosts; server also if only addressed */
	struct nc_addr target;
	/* From facts; NC_NIL if absent. */
	int64_t process, seq, waited;
	uint64_t codes[CODES / 64 + 1]; /* bits: its kept deviations */
};

struct flow {
	struct nc_flow f;
	char *raw;
	size_t at;
	int sender, receiver; /* hosts; receiver also if only addressed */
	struct nc_addr destination;
	bool reply; /* to datagrams that its socket had got from there */
};

struct dev {
	struct nc_deviation d;
	char *raw;
	size_t at;
	enum code code;
	int host, peer; /* peer also if only its address is traced */
	struct nc_addr local, remote;
	struct conn *conn; /* NULL: none, or no record of it */
	struct flow *flow;
	struct group *group;
};

/* Deviations of a code between the same ends. */
struct group {
	size_t kept, more;
	size_t wanted; /* by the rule that runs */
};

struct trace {
	int host;
	int64_t trace;
	int64_t thread; /* that all its lines are of, or NC_NIL */
	char *file;
	size_t len;
	char *key; /* identifier of its redaction's; NULL: plain */
	struct nc_end end;
	char *raw; /* of the end record; NULL: none came */
};

struct host {
	char *name;
	struct nc_addr *addresses;
	size_t n, cap;
	bool declared; /* some of them by the hosts file */
	/* Calls in its traces, of classes that an option may leave out. */
	int64_t network, transfers, waits, others;
};

struct clock {
	int a, b;
	int64_t low, high, pairs;
	bool set; /* one of them was, meanwhile */
};

struct facts {
	struct host *hosts;
	size_t nhosts, hosts_cap;
	struct trace *traces;
	size_t ntraces, traces_cap;
	struct dev **devs; /* in the order of the stream */
	size_t ndevs, devs_cap;
	struct conn **conns; /* kept ones */
	size_t nconns, conns_cap;
	struct flow **flows;
	size_t nflows, flows_cap;
	struct reach **reaches; /* in the order of their first use */
	size_t nreaches, reaches_cap;
	struct pair **pairs;
	size_t npairs, pairs_cap;
	struct leg *legs;
	size_t nlegs, legs_cap;
	struct clock *clocks;
	size_t nclocks, clocks_cap;

	int64_t received, compared; /* bytes between traced ends */
	size_t at;                  /* records seen */
	size_t findings;            /* finding records passed on */

	struct nc_map host_by_name, trace_by_key, host_by_ip;
	struct nc_map conn_by_number, flow_by_number;
	struct nc_map dev_groups, conn_groups, flow_groups;
	struct nc_map reach_by_key, tried_by_key, pair_by_key;
	struct nc_map path_by_key, leg_by_key;
	struct sweeps sweeps;
	struct nc_map sources; /* facts_pair_key of client, server -> source */
	struct nc_map met;     /* facts_met_key's */
	size_t ntried, npaths;
	bool tried_full;      /* some processes are not in tried_by_key */
	bool reaches_full;    /* some targets are not in reaches */
	struct conn **recent; /* ring of records that nothing needed yet */
	size_t recent_at;
	struct nc_map wanted_conns, wanted_flows; /* by a deviation */
};

void facts_init(struct facts *f);
void facts_fini(struct facts *f);

/* Takes what the rules need from a record. */
void facts_take(struct facts *f, const struct nc_record *rec);

/* Ties deviations to their connections and flows, when all is read. */
void facts_finish(struct facts *f);

/* The host of that name, or -1. */
int facts_host(const struct facts *f, struct nc_bytes name);
const char *facts_host_name(const struct facts *f, int host);

/* The host that owns an address, or -1; loopback is nobody's. */
int facts_owner(const struct facts *f, const struct nc_addr *a);
bool facts_owns(const struct facts *f, int host, const struct nc_addr *a);

/* The file of a host's trace, or NULL. */
const struct trace *facts_trace(
    const struct facts *f, struct nc_bytes host, int64_t trace);

/* Connections from client to target, or NULL if there were none. */
const struct reach *facts_reach(const struct facts *f, int client, int server,
    const struct nc_addr *target);
const struct pair *facts_pair(const struct facts *f, int a, int b);

/* The largest write that streams carried whole between them; 0 none. */
int64_t facts_carried(const struct facts *f, int from, int to, bool v4);

/* Keys of the tables above. */
uint64_t facts_trace_key(struct nc_bytes host, int64_t trace);
uint64_t facts_reach_key(int client, int server, const struct nc_addr *target);
uint64_t facts_pair_key(int a, int b);
uint64_t facts_path_key(int from, int to, bool v4);
uint64_t facts_tried_key(int client, int64_t process, uint16_t port);
/*
 * The address from which a client has reached a server, after the connect at
 * seq, since it no longer did so from old; or NULL.
 */
const struct source *facts_moved(const struct facts *f, int client, int server,
    const struct nc_addr *old, int64_t seq);
uint64_t facts_source_key(int client, int server);
uint64_t facts_met_key(int server, const struct nc_addr *peer);
/* The server exchanged something with one of the client's own addresses. */
bool facts_meets(const struct facts *f, int client, int server);

/* Of a process and the server that it connects to. */
uint64_t facts_sweep_key(int client, int64_t process, int server);

void facts_conn_free(struct conn *c);

/*
 * True if a connect of that process to the port, over the other family too,
 * worked within [lo, hi].  family: 4 or 6, 0 any.
 */
bool facts_tried(const struct facts *f, int client, int64_t process,
    uint16_t port, int family, int64_t lo, int64_t hi, int64_t seq);

/* A deviation of that code on the connection was kept. */
bool conn_has(const struct conn *c, enum code code);

/* Integers and texts in maps: deviation.args, facts, to_server. */
/* A number that is to be summed: 0 if absent, within [0, COUNT_MAX]. */
#define COUNT_MAX (INT64_C(1) << 32)
int64_t map_count(struct nc_bytes raw, const char *name);
int64_t count_of(int64_t v);
/* True if the integer is there and not 0. */
bool map_true(struct nc_bytes raw, const char *name);

#endif
