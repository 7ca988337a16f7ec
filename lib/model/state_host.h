/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The model's state: hosts, their sockets, listeners and ports.
 * For lib/model only, through state.h.
 */
#ifndef NC_MODEL_STATE_HOST_H
#define NC_MODEL_STATE_HOST_H

#include "gone.h"
#include "map.h"
#include "model.h"
#include "names.h"
#include "util.h"

#define NC_AT_END UINT64_MAX /* threshold of END and RST */

/*
 * A call as evidence: what is needed to show it later.  First a cache line of
 * what an ordering needs, and the only part that it sets.
 */
struct ref {
	const struct nc_host_state *host; /* NULL: none */
	int64_t line, entry, time, duration, thread, seq;
	int64_t at; /* its exit's place in its lane */
	int64_t trace, process, fd, result, asked, socket, value, timeout;
	enum nc_call_id id;
	int error;
	bool cut;
	struct nc_addr peer;
	/* Of a socket() call, Linux numbers; -1 not known. */
	int16_t domain, type, protocol;
	int64_t flags;     /* ... NC_NIL of other calls */
	const char *cause; /* of a release, static */
	char option[24];
	uint16_t ndata;
	bool redacted;
	uint64_t clear; /* redacted: bit i: data[i] is as it was sent */
	char data[64];
};

/* A trace of a host, and the lane that it belongs to. */
struct lane {
	struct nc_host_state *host;
	int64_t number; /* traces of one lane have the same */
	bool of_thread; /* it has the lines of one thread alone */
	bool done;
	bool cut;
	bool missed_told;      /* MISSED_CLOSE */
	struct nc_map skipped; /* hash of a reason: told */
};

#define NAMED_HOSTS 16

struct nc_host_state {
	char *name;
	size_t name_len;
	unsigned index;
	uint64_t key;       /* of the redaction of its payload; 0 plain */
	struct lane *lanes; /* by trace number; a slot may be unused */
	size_t nlanes;
	unsigned lanes_left; /* not done */
	bool apart;          /* lanes of its own tasks do not compare */
	bool declared;       /* the hosts file names its addresses */
	bool known;          /* at least one address is known */
	bool uncertain;      /* a trace is cut, late or lacks a process */
	bool begun_late;     /* sockets had been made before one began */
	bool cut;            /* a trace ends before its programs do */
	bool lean;   /* a trace shows network calls only: uncertain, too */
	bool omits;  /* ... or calls, other than reads and writes */
	bool unsure; /* which socket some of its calls used, nobody knows */
	bool seen;   /* a peer saw one of its own addresses */
	bool ring_sockets;      /* a process with a ring had sockets */
	bool sets_flags;        /* fcntl or ioctl that set them are shown */
	bool reports;           /* what was ready is shown in its traces */
	bool hides_reports;     /* ... but not all of it */
	bool waits_hidden;      /* a tracer shows no calls in progress */
	bool bsd;               /* one of the BSDs, not Solaris */
	bool linux_kernel;      /* its own strace recorded it */
	struct nc_map socks;    /* number -> struct sock */
	struct nc_map inside;   /* thread -> struct inside */
	struct nc_map rings;    /* process + 1 -> struct ring, see untraced.c */
	struct nc_map epolls;   /* epoll instance -> struct epoll */
	struct nc_map programs; /* process -> struct program */
	struct nc_map copes;    /* process + 1 -> struct cope: cope.h */
	struct nc_map failures; /* process + 1: it ended with an error */
	struct nc_map threaded; /* processes with more than one thread */
	int64_t last_threaded;  /* the last one put there */
	/* The last process that ended by itself, and its status. */
	int64_t exit_process, exit_status;
	int64_t first_time;           /* of its first timed call */
	int64_t last_time, last_line; /* of its last call */
	int64_t grain, took_grain;    /* its times and durations are multiples
				    * of, ns; 0 none yet */
	struct nc_map unended; /* thread -> struct unended, see clock.c */
	bool mixed; /* which of its sockets some calls are of, nobody knows */
	bool confused; /* datagrams of its were not told apart for certain */
	bool doubtful; /* nor which of its datagram sockets has which port */
	unsigned nameless; /* datagram sockets that sent from no known port */
	uint64_t rejects;  /* of what it had to send and did not show */
	/* Bits of lengths of datagrams, see doubt.h. */
	uint64_t strange, foreign, missing;
	bool guessed;    /* an address of its is no more than that */
	bool hides;      /* it sent datagrams from ports that no trace has */
	bool translated; /* what a stranger sent was taken for its own */
	struct taken_port *taken_ports; /* binds that failed, newest first */
	size_t ntaken;
	struct nc_map unmade; /* thread -> struct unmade */
	/* What is asked of name servers: lookup.h. */
	struct local *local; /* UNIX sockets that failed it, or NULL: local.h */
	struct nc_map denied;  /* process + 1 -> struct denied: denied.h */
	struct nc_map askers;  /* process + 1 -> struct asker */
	struct nc_map lookups; /* hash of process and name -> struct lookup */
	struct nc_map asked;   /* hash of socket and number -> struct asked */
	struct conn *redirects, *redirects_last; /* oldest first: conn.h */
	/* An accept from the host that waits for its connect: port's id, or 0. */
	uint64_t awaited;
	struct nc_addr awaited_peer;
	struct nc_map waits; /* keys: they wait for what it may still send */
	/* Asked for last of those where nothing listens: inherited.h */
	struct port *unserved;
	const struct nc_host_state *unserved_by;
	bool unserved_several; /* ports */
	/* Of one without a port, whose accept waits for a connect from there. */
	uint64_t accepting;
	const struct nc_host_state *accepting_from; /* or NULL */
	struct nc_addr *addrs;
	size_t naddrs, addrcap;
	uint64_t *heard; /* by host: its last event known here */
	size_t nheard;
};

enum match {
	MATCH_NONE,
	MATCH_EXACT,
	MATCH_HOST,
	MATCH_NAT,
	MATCH_INFERRED,
	MATCH_EXTERNAL
};

enum sock_type { SOCK_OTHER, SOCK_TCP, SOCK_UDP };

/* A call in progress, from its begin record. */
struct inside {
	struct sock *sock;          /* NULL: none, or it is gone */
	struct inside *next, *prev; /* others in the same socket */
	enum nc_call_id id;
	int64_t thread, process, entry, socket, fd, time, timeout;
	bool early;        /* took effect already */
	bool for_input;    /* it waits until there is something to read */
	uint64_t amount;   /* bytes appended early */
	uint64_t skipped;  /* that it brings as well, and that were read */
	uint64_t mark;     /* of the chunks that it appended; 0 none */
	struct conn *conn; /* of an early connect */
	struct ref ref;
};

/* A bind that met a taken port: told when it shows whether others did. */
struct taken_port {
	struct taken_port *next;
	struct ref call;   /* its peer is the address asked for */
	struct ref holder; /* or none */
	bool served;       /* the process has the port, in the other family */
	const char *rule;  /* static */
};

/* The last wait for something to come. */
struct wait {
	uint64_t seq;   /* in the order; 0 none */
	int64_t end;    /* time of its end, or NC_NIL */
	int64_t before; /* and of the one before */
	int64_t took;   /* ns, at least; 0 not known */
	bool blocked;   /* it lasts to the end of the trace */
	bool cut;       /* by a signal or an end, and no duration tells when */
	/* The last one that timed out, and how many did in a row. */
	int64_t up_begin, up_end;
	unsigned ups;
	uint64_t up_seq;
	/* That one, if deviations are written; copies do not own it. */
	struct ref *up;
};

/* An epoll instance. */
struct epoll {
	struct gone gone; /* while it watches nothing */
	struct wait wait; /* on it */
	struct nc_host_state *host;
	int64_t number;
	size_t watched; /* sockets */
};

/* The last datagram that a socket received: when it was sent, and came. */
struct heard {
	const struct nc_host_state *from; /* NULL: none, or without times */
	int64_t sent, came;
	uint64_t flow; /* key of its flow */
};

/* The place of the last call that took something away. */
struct taken {
	int64_t lane; /* its number + 1; 0: nothing was taken */
	int64_t at;
};

/* Calls on a socket that explain what comes of later ones. */
enum sock_told {
	TOLD_MADE, /* by socket */
	TOLD_BIND,
	TOLD_LINGER, /* SO_LINGER, with a time of 0 */
	TOLD_RCVTIMEO,
	TOLD_SNDTIMEO,
	TOLD_SNDBUF,
	TOLD_SHUT, /* of its sending side */
	SOCK_TOLD
};

/* What each call looks at stands first, calls kept as evidence last. */
struct sock {
	struct nc_host_state *host;
	int64_t number, trace;
	struct ep *ep; /* TCP */
	struct inside *inside;
	struct epoll *epoll;       /* that watches it, or NULL */
	struct blocked *blocked;   /* closed under a blocked call */
	struct timeouts *timeouts; /* see timeout.h; or NULL */
	enum sock_type type;
	bool v6, late, nonblock, listening, released;
	bool alone; /* late, and its trace has no other task that is */
	bool v6only, broadcast, joined, oobinline;
	bool joins;          /* UDP_GRO: several datagrams in one receive */
	uint32_t segment;    /* UDP_SEGMENT: bytes of a datagram; 0 unset */
	bool v6only_default; /* the system's, not told by the program */
	bool writable_seen;
	bool knows_unconnected; /* getpeername told; no connect since */
	bool touched;           /* sent, received, accepted or polled */
	bool looked_at;         /* by a readiness call since its last connect */
	bool lazy;              /* TCP_FASTOPEN_CONNECT: connects as it sends */
	bool reported;          /* readable, and not read since */
	bool from_nonblock;     /* accepted by a nonblocking listener */
	bool inherited_nonblock;      /* has the flag from it alone */
	bool flags_unknown;           /* set to something not shown */
	struct ref *inherited_eagain; /* EAGAIN for that, or NULL */
	bool bound;                   /* by bind, or local is known */
	bool shut;                    /* shutdown was called */
	int64_t rcvtimeo, sndtimeo;   /* ns, 0 none */
	int64_t rcvbuf, sndbuf;       /* as set by the program, 0 not */
	bool over_sndbuf;             /* a datagram was larger; that was told */
	bool reuseaddr, reuseport;
	bool own_port;      /* bind named it, not the kernel */
	bool own_address;   /* a specific one that bind asked for */
	bool set_v4_option; /* one of the IP_ ones worked on it */
	bool used;          /* since an option failed */
	struct ref *denied; /* its bind was, which is undecided; or NULL */
	bool nodelay, cork; /* TCP_NODELAY, TCP_CORK */
	/* When nothing unread was there, and a watch began: see unread.h. */
	int64_t empty, watched;
	int64_t ready_after; /* ns that the wait lasted which reported it */
	bool names;          /* queries of a name server: lookup.h */
	unsigned nfailed;
	struct failed_option *failed; /* newest first: option.h */
	int64_t linger;               /* s; -1 off */
	bool local_inferred; /* its port was told by what came through it */
	uint64_t made_seq;
	int64_t process;            /* that made it */
	struct nc_addr local, peer; /* family 0: not known */
	struct listener *listener;
	struct udp *udp;
	struct flow *flows; /* of datagrams that it sent */
	struct heard heard;
	struct cast_sock *cast; /* multicast; or NULL */
	struct taken taken;
	struct wait wait;
	/* Of datagrams: the last sent and received; the first was sent. */
	uint64_t sent_seq, got_seq;
	bool asks;
	struct ref *told[SOCK_TOLD]; /* the last; NULL: none, or no sink */
	struct ref closed;           /* the last close of a descriptor of it */
};

/* A close under a blocked call of the same process, until it is decided. */
struct blocked {
	int64_t thread;
	enum nc_call_id id;
	int64_t timeout;
	struct ref close, begin;
};

struct listener {
	struct gone gone; /* once released */
	struct port *port;
	struct listener *next, *prev; /* at the same port */
	unsigned refs;     /* the port's, those of connections and of sharers */
	struct sock *sock; /* NULL once released */
	struct nc_addr local;
	bool v6only, v6, open;
	bool needed; /* by a refusal: kept to the end */
	int64_t backlog;
	struct wait last_wait; /* on it, by the time of its release */
	uint64_t accepted, opened_seq, closed_seq;
	uint64_t *heard; /* by its host from others, at the release */
	size_t nheard;
	int64_t listen_after; /* ns from the trace's start, or NC_NIL */
	struct taken taken;
	struct ref listen, release;
	/* The open one whose address it took as well, and how: share.h. */
	struct listener *shares;
	uint64_t shares_accepted; /* by that one until then */
	bool shares_related;
	struct program *program; /* that listens; NULL not known */
};

/* (host, protocol, port): who listens, who asks to come in. */
struct port {
	struct nc_host_state *host; /* NULL: on a foreign address */
	uint16_t number;
	bool udp;
	bool unseen; /* held by a process that is in no trace */
	bool astray; /* took some of hosts that could be others' than thought */
	bool
	    nameless; /* accepts without a peer, in lanes that do not compare */
	bool blurred; /* equal ones came to tasks that no clock orders */
	bool confused;   /* datagrams from it were not told apart for certain */
	bool segmented;  /* its datagrams are cut where no trace tells */
	uint64_t credit; /* if so: bytes that left it and are not taken */
	uint64_t credit_flow; /* key of the flow of the last of them */
	uint64_t id;
	struct listener *listeners; /* open ones, then closed, newest first */
	struct conn *pending, *pending_last; /* asking, in order */
	size_t npending;
	unsigned guesses; /* accepts that no address told from others */
	size_t adopted;   /* addresses of the host whose connects it has */
	struct conn *unresolved; /* matched, but not for certain */
	struct udp *receivers;
	uint64_t first_sent; /* of what they received: its place; 0 none */
	unsigned nneeded;    /* of its listeners */
	uint64_t accepted;   /* by all its listeners */
	bool wanted;        /* an accept would take one whose outcome is open */
	uint64_t live;      /* of these, not released yet */
	uint64_t replied;   /* of these, got something */
	uint64_t successes; /* connects that reached it */
	uint64_t last_success;                   /* its place in the order */
	const struct nc_host_state *last_client; /* whose connect it was */
	uint64_t last_reached; /* when the listener that it reached opened */
	uint64_t nrefusals;
	struct refusal *refusals; /* told when all has come */
};

/* A refusal by a port that was open; decided when the order is complete. */
struct refusal {
	struct refusal *next;
	struct ref call;
	struct nc_addr local, target, listener, other;
	uint64_t connection, successes, heard;
	uint64_t from, seq; /* places of its connect and where it was told */
	uint64_t reached;   /* when the one opened that its host had reached */
	int64_t asked;      /* when its connect began, or NC_NIL */
	int64_t took;       /* ns for which nothing had come; 0 not known */
	bool covered, same_lane, nonblocking;
	bool rejected; /* by an ICMP message, not by a reset */
	const char *reason;
	struct nc_host_state *host;
};

#endif
