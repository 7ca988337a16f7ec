/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The model's state: connections and what is under way on them.
 * For lib/model only, through state.h.
 */
#ifndef NC_MODEL_STATE_CONN_H
#define NC_MODEL_STATE_CONN_H

#include "state_host.h"

struct chunk {
	struct chunk *next;
	uint64_t offset; /* of its first byte in the stream */
	uint64_t len;
	size_t known; /* first bytes that are known */
	/* Redacted: the call's field clear, and where in its data ours is. */
	struct nc_bytes clear;
	size_t clear_at;
	uint64_t mark; /* of the early call that appended it */
	bool optional; /* its call has not returned yet */
	bool head;     /* begins a write */
	bool second;   /* a small one, at once after a small one: pace.h */
	uint64_t seq;  /* of its call in the order */
	int64_t time;  /* of its call's entry */
	/* What its end had read last: sent there, came here; or NC_NIL. */
	int64_t asked, answered;
	char data[];
};

/* A byte sent with MSG_OOB. */
#define URGENT_MAX 64 /* marks kept of one stream */
struct urgent {
	struct urgent *next;
	uint64_t at; /* offset in the stream */
	bool taken;  /* read with MSG_OOB */
};

struct dev;

struct tx {
	uint64_t key;        /* of its content: see host_comparable */
	uint64_t ahead;      /* bytes read that the next sends bring again */
	uint64_t sent, base; /* base: offset of the first chunk kept */
	struct chunk *first, *last;
	bool fin, mixed, lossy;
	bool concurrent;     /* sends overlapped, and that was told */
	bool in_doubt;       /* other bytes came than a send in progress has */
	struct dev *doubted; /* what that is unless sends overlap; or NULL */
	uint64_t mixed_from, mixed_to; /* in no order that is known */
	/* The last send, or those that overlap it: see send.c. */
	uint64_t run_from, run_len; /* offset, bytes of the last */
	int64_t run_at, run_entry;  /* places: last exit, last one's entry */
	int64_t run_thread;
	int64_t fin_time; /* of the call that ended it, or NC_NIL */
	int64_t lane;     /* number + 1 of the last send's, 0: none */
	bool apart;       /* sends of lanes whose order nobody knows */
	uint64_t writes, largest;
	uint64_t appending;    /* calls with optional bytes */
	uint64_t answer;       /* where the last HTTP answer begins */
	int status;            /* and its status, 0: none was seen */
	struct urgent *urgent; /* not yet passed, in order */
	unsigned nurgent;
	char opening[16]; /* its first bytes, as far as they can be read */
	uint8_t nopening;
	bool opening_cut; /* the tracer showed fewer than there were */
	struct ref last_ref;
};

struct rx {
	uint64_t rcvd, compared, reads;
	uint64_t urgent;  /* bytes read with MSG_OOB */
	uint64_t largest; /* write all of whose bytes were received */
	uint64_t mismatches;
	bool eof, elastic;
	bool split;        /* between threads, in an order that nobody knows */
	bool apart;        /* receives of lanes whose order nobody knows */
	uint64_t last_seq; /* of the last receive */
	struct taken taken;
	struct ref last_ref;
};

/* The last pause of an end before a send: see quiet.h; times in ns. */
struct quiet {
	int64_t last;          /* the end of its last transfer, if timed */
	int64_t time;          /* how long the pause was; 0 none */
	uint64_t at, received; /* bytes sent and received by then */
	bool timed;
};

enum { SIDE_CLIENT, SIDE_SERVER };

/* How an end was used until it ended its stream: ending.h. Its host's ns. */
struct use {
	int64_t last;    /* end of its last transfer, or NC_NIL */
	int64_t before;  /* the same, of the one before a farewell */
	bool sent;       /* the last one was a send */
	bool ended;      /* what follows is known */
	uint64_t read;   /* bytes that it had read by then */
	int64_t quiet;   /* since the last transfer, or the accept; or NC_NIL */
	bool answered;   /* it had had the last word */
	bool waited;     /* in vain, since its last receive */
	uint64_t others; /* that its listener had accepted and were in use */
};

/* One end of a connection. */
struct ep {
	uint64_t pair_key; /* its place in by_pair, or 0 */
	struct sock *sock; /* NULL once released */
	struct nc_host_state *host;
	int64_t number; /* of the socket */
	struct conn *conn;
	int side;
	uint64_t id; /* of its events */
	bool wr_shut, rd_shut, released, killed, crashed, at_exit;
	bool left;     /* who used it has closed it; others may have, unseen */
	bool handed;   /* when it was, a child without lines had it as well */
	bool rst;      /* the peer has reset: an error waits */
	bool rst_seen; /* and was delivered */
	bool died;
	const char *rst_cause; /* static */
	uint64_t rst_bytes;
	struct use use;
	struct port *counted; /* it is one of its live ones; or NULL */
	bool blocked;         /* closed under a blocked call: that is told */
	bool sent_after_close;
	bool sent_late;       /* EPIPE has shown that its peer had closed */
	bool waited_for_more; /* when it was released */
	bool may_have_waited; /* likewise, but how long, no times tell */
	int64_t wait_end;     /* of that wait, its host's ns; or NC_NIL */
	int64_t shut_by;      /* the thread that shut down its output */
	struct timeouts *timeouts; /* of its socket, once that is released */
	struct stall *stall;       /* its buffer is full: see stall.h */
	struct quiet quiet;
	struct mutual *mutual; /* its last wait without end, or NULL */
	/* What it has read last: when it was sent, and came; or NC_NIL. */
	int64_t heard_sent, heard_came;
	struct ref *cut_short; /* MSG_WAITALL that got less, or NULL */
	struct tx *seen;       /* what it has read: rematch.h; or NULL */
	struct tx tx;
	struct rx rx;
	struct ref release;
};

enum conn_state {
	CONN_FLOATING, /* SYN sent, outcome unknown */
	CONN_PENDING,  /* established for the client */
	CONN_OPEN,     /* both ends known */
	CONN_HALF,     /* the other end is outside of all traces */
	CONN_FAILED
};

struct conn {
	uint64_t number;
	enum conn_state state;
	enum match match;
	bool success; /* the client knows that it is established */
	bool told;    /* by its own calls, whatever was accepted */
	bool foreign; /* its target is on no traced host */
	bool maybe;   /* a foreign one that may yet be matched */
	bool in_port, indexed, index_forwarded, confirmed;
	bool nonblocking, late, unseen, untraced, written, tls_c, tls_s;
	bool sole;                 /* no other could have been matched */
	bool exchanged;            /* it was matched anew: rematch.h */
	const char *nat_confirmed; /* static: payload, declared; NULL */
	bool learned;              /* its host got the address by this match */
	bool local_told;           /* its own local address was shown */
	bool self;                 /* both its ends are one socket */
	bool misused;              /* and that was told */
	bool undelivered;  /* one end waited in vain for the other's bytes */
	bool disappointed; /* its end was told: ending.h */
	uint64_t floating_key; /* its place in the map of them, or 0 */
	bool network_reset;    /* what it still carried went with it */
	bool given_up;         /* a blocking connect ended by a signal */
	bool undone;           /* an accept gave it back: it was a guess */
	bool outcome_hidden;   /* the program learned it, unseen */
	bool listening_reset;  /* its listener went before it was accepted */
	struct ep *ep[2];
	struct port *port;
	struct conn *next, *prev; /* in the port's list of pending ones */
	struct conn *also_next, *also_prev; /* in its list of unresolved ones */
	struct conn *all_next, *all_prev;   /* in the model's list */
	/* In its client's list: port not known, nothing listens on its target. */
	struct conn *redir_next, *redir_prev;
	bool in_redirects;
	bool redirected; /* its accept was found by that list */
	bool strangers;  /* or by another port: a stranger's is as likely */
	bool unresolved;
	uint64_t seq;   /* of the connect, or else of the accept */
	uint64_t heard; /* last event of the target's host known then */
	struct nc_addr client_local, target, server_local, server_peer;
	uint64_t index_key;
	uint64_t orphan_key; /* its place in orphans, or 0 */
	const char *opened;  /* static */
	int error;
	const char *error_text;
	int64_t pending_then; /* queue length at the connect, or -1 */
	int64_t backlog_then;
	/* ns from its connect until which looks found it unanswered; 0 none */
	int64_t unanswered_for;
	bool rejected; /* its failure was reported as none by its peer is */
	struct nc_addr listener_then;  /* listener that covered the target */
	struct nc_addr listener_other; /* one that did not fit */
	const char *other_why;         /* static */
	struct listener *listener;     /* covered it, or went with it waiting */
	uint64_t accepted_then; /* by that listener before this connect */
	int first_closed;       /* side + 1, 0 open */
	bool reset;
	struct ref connect, accept, outcome;
	/* A release with unread bytes, until it is known what it was. */
	struct held *held;
	/* Its client saw the end of a stream that never had a byte; or NULL. */
	struct ref *unanswered;
	char *asks_for;  /* the host that a request to outside names, or NULL */
	struct tls *tls; /* see tls.h; or NULL */
	struct pace *pace;        /* or NULL */
	struct ref listener_gone; /* the release that reset it, or none */
	struct gone gone;         /* its ends are, and nobody has accepted it */
};

/* What one side sends of a TLS session, record by record. */
struct tls_side {
	unsigned char header[5], body[2]; /* of the record that it is at */
	uint8_t nheader, nbody;
	bool lost;     /* until a call begins with a record */
	bool foreign;  /* it began with something else */
	bool changed;  /* ChangeCipherSpec */
	bool finished; /* a handshake message after that */
	unsigned len, left;
	uint64_t records, application; /* the latter encrypted ones */
	uint64_t after;  /* of these, after the other side's first */
	uint64_t alerts; /* encrypted ones, told by their length */
};

/* Writes of one side that waited for delayed acknowledgements. */
struct pace {
	int side;
	int64_t delays, lost;   /* ns */
	int64_t least, most;    /* ns, of one delay */
	struct ref write, read; /* about the first */
	bool bound;             /* the readers may have computed in that time */
};

struct tls {
	int client; /* the side that began it */
	bool hello; /* the server answered */
	bool told;
	uint64_t before; /* bytes that the server had sent by then */
	struct tls_side side[2];
};

struct held {
	int side; /* that released */
	uint64_t bytes;
	const char *confirmed;
	bool tls_close, no_data, line_end, was_half_closed;
	bool waiting;   /* its reader had been waiting for them */
	int64_t waited; /* ns since they had been sent, or NC_NIL */
	uint64_t largest, delivered;
	int status; /* of the HTTP answer whose head was read, or 0 */
	struct denied_file *file; /* that could not be written, or NULL */
	struct ref release;
};

#endif
