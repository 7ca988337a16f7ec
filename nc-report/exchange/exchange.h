/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The ordered exchange: every call of a stream in its place, and which call
 * received what which other one sent.  For the formats that draw it; memory
 * is in proportion to the number of calls, some 150 bytes each, and not to
 * their texts and payload, which a temporary file holds.
 *
 * A call that makes something for others stands where nc-order let it take
 * effect, which may be before its end; one that waits stands at its end.
 */
#ifndef NC_REPORT_EXCHANGE_H
#define NC_REPORT_EXCHANGE_H

#include "../collect.h"
#include "../shelf.h"
#include "call.h"

#define EXCHANGE_NONE UINT32_MAX

/* Most bytes of a datagram that tell it from others of its length. */
#define EXCHANGE_HEAD 16

struct exchange_call {
	int64_t time, duration; /* ns; NC_NIL: not known */
	int64_t result;
	uint64_t place; /* on the shelf: its text, then its payload */
	uint32_t data_len;
	uint32_t line, entry;  /* 0: not known */
	uint32_t file, thread; /* in files, threads */
	uint32_t socket, made; /* in sockets */
	uint32_t peer;         /* in names */
	uint32_t begin;        /* when it began, counted in records */
	uint32_t effect;       /* when it took effect */
	uint32_t end;          /* when it ended */
	uint32_t error;        /* in names; EXCHANGE_NONE: it succeeded */
	uint32_t link;         /* in links: what its socket carried then */
	uint16_t text_len;
	uint16_t marks; /* NC_MARK_* */
	uint8_t id;     /* enum nc_call_id */
	uint8_t way;    /* enum exchange_way */
	uint8_t side;   /* enum exchange_side: of its link */
	uint8_t how;    /* HOW_* */
};

/* What else matters of how a call was made, and of what it came to. */
enum {
	HOW_OOB = 1, /* MSG_OOB, MSG_PEEK, MSG_ERRQUEUE */
	HOW_PEEK = 2,
	HOW_ERRQUEUE = 4,
	HOW_NOTHING = 8, /* it asked for no byte */
	HOW_FULL = 16    /* it got all that it asked for */
};

/* What a call does to what its socket carries. */
enum exchange_way {
	WAY_OTHER,
	WAY_SEND,
	WAY_RECV,
	WAY_OPEN, /* connect */
	WAY_TAKE, /* accept */
	WAY_END   /* the last byte this way: shutdown, release */
};

/* The client's or sender's end, the other one, or that of an accept. */
enum exchange_side { SIDE_FIRST, SIDE_SECOND, SIDE_LISTENER };

struct exchange_file {
	uint32_t host; /* in names */
	uint32_t name; /* in names; EXCHANGE_NONE: not known */
	int64_t trace;
};

struct exchange_thread {
	uint32_t host; /* in names */
	int64_t thread, process;
	uint32_t calls;
};

struct exchange_socket {
	uint32_t host; /* in names */
	int64_t number;
	uint32_t first, n; /* its calls, in by_socket */
	uint32_t maker;    /* the accept that made it, or EXCHANGE_NONE */
};

/* A connection or a datagram flow.  End 0 is the client, or the sender. */
struct exchange_link {
	const struct nc_connection *connection; /* NULL: a flow */
	const struct nc_flow *flow;
	uint32_t socket[2]; /* EXCHANGE_NONE: not traced */
	uint32_t opener;    /* the connect */
	uint32_t next;      /* a later connection of the same first socket */
	uint32_t first[2], n[2]; /* each end's calls, in by_link */
};

enum exchange_kind {
	MESSAGE_OPEN, /* connect to accept */
	MESSAGE_DATA,
	MESSAGE_END /* shutdown or release to the end of file or reset */
};

struct exchange_message {
	uint32_t from, to; /* calls; EXCHANGE_NONE: not traced or never */
	uint32_t link;
	uint8_t kind; /* enum exchange_kind */
	uint8_t side; /* which end of the link sent it */
	bool lost;    /* the other end is traced and did not get it */
	uint64_t len; /* bytes */
};

/* A call, by where it stands in its trace. */
struct exchange_line {
	uint32_t file, line, call;
};

struct exchange {
	struct collected c;
	bool texts;     /* keep the calls as rendered */
	size_t payload; /* bytes of payload to keep of a call */
	struct shelf *shelf;
	struct exchange_call *calls; /* by effect, once resolved */
	struct exchange_file *files;
	struct exchange_thread *threads;
	struct exchange_socket *sockets;
	struct exchange_link *links;
	struct exchange_message *messages; /* in order of what happened */
	const char **names;
	uint32_t *by_socket, *by_link;
	uint32_t ncalls, nfiles, nthreads, nsockets, nlinks, nmessages, nnames;
	size_t calls_cap, files_cap, threads_cap, sockets_cap, links_cap;
	size_t messages_cap, names_cap;
	uint32_t records; /* calls and begins so far */
	struct table by_name, by_file, by_thread, by_number;
	struct table under_way, releasing;
	/* For exchange_at: (host, name) -> struct exchange_file. */
	struct table by_path;
	uint32_t *same; /* by file: the first one of its host and name */
	struct exchange_line *lines;
};

void exchange_init(struct exchange *x, bool texts, size_t payload);
void exchange_record(struct exchange *x, const struct nc_record *rec);

/* Puts the calls into their places and finds the messages; once, at the end. */
void exchange_resolve(struct exchange *x);
void exchange_fini(struct exchange *x);

/*
 * The call as rendered, if texts were kept, and what was kept of its payload.
 * Borrowed until the next call of either.
 */
struct nc_bytes exchange_text(
    const struct exchange *x, const struct exchange_call *k);
struct nc_bytes exchange_data(
    const struct exchange *x, const struct exchange_call *k);

/* The names of a call's host and file; "?" where not known. */
const char *exchange_host(
    const struct exchange *x, const struct exchange_call *k);
const char *exchange_file(
    const struct exchange *x, const struct exchange_call *k);

/* The number of a name; EXCHANGE_NONE if no call or trace is of it. */
uint32_t exchange_name_known(const struct exchange *x, struct nc_bytes name);

/* Bytes that a call put into its stream, or took out of it. */
uint64_t exchange_moved(const struct exchange_call *k);

/* True if it tells that the other end of its connection is gone. */
bool exchange_notices_end(
    const struct exchange *x, const struct exchange_call *k);

/* The call that a message stands at: its sender's if that was traced. */
uint32_t exchange_place(const struct exchange_message *m);

/*
 * The steps of exchange_resolve: give each call its link, and find what was
 * sent from call to call.
 */
void exchange_find_links(struct exchange *x);
void exchange_match(struct exchange *x);

/* For exchange_find_links: the number of a name, of a host's socket. */
uint32_t exchange_name(struct exchange *x, struct nc_bytes name);
uint32_t exchange_socket_of(
    struct exchange *x, struct nc_bytes host, int64_t number);

/*
 * The first call at that line of that host's file, EXCHANGE_NONE if there is
 * none.  Calls must be resolved; the first use makes an index.
 */
uint32_t exchange_at(struct exchange *x, struct nc_bytes host,
    struct nc_bytes file, int64_t line);

#endif
