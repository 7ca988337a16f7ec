/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The model's state: hosts, sockets, ports, connections, datagrams.
 * For lib/model only.
 *
 * A connection joins two endpoints, either of which may be missing: not
 * accepted yet, or outside of all traces.  What an endpoint sends (tx) and
 * how far it has read (rx) belong to the endpoint, so that two connections
 * whose ends were matched wrongly are mended by exchanging two pointers.
 */
#ifndef NC_MODEL_STATE_H
#define NC_MODEL_STATE_H

#include "map.h"
#include "model.h"
#include "names.h"
#include "util.h"

#define NC_AT_END UINT64_MAX /* threshold of END and RST */

/* A call as evidence: what is needed to show it later. */
struct ref {
	const struct nc_host_state *host; /* NULL: none */
	int64_t trace, line, entry, time, duration, thread, process;
	int64_t at; /* its exit's place in its lane */
	int64_t fd, result, asked, socket, value, timeout, seq;
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
	bool unsure; /* which socket some of its calls used, nobody knows */
	bool seen;   /* a peer saw one of its own addresses */
	bool ring_sockets;      /* a process with a ring had sockets */
	bool sets_flags;        /* fcntl or ioctl that set them are shown */
	bool reports;           /* what was ready is shown in its traces */
	bool waits_hidden;      /* a tracer shows no calls in progress */
	bool bsd;               /* one of the BSDs, not Solaris */
	struct nc_map socks;    /* number -> struct sock */
	struct nc_map inside;   /* thread -> struct inside */
	struct nc_map rings;    /* process + 1 -> struct ring, see untraced.c */
	struct nc_map epolls;   /* epoll instance -> struct wait */
	struct nc_map programs; /* process -> struct program */
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
	struct nc_map denied;  /* process + 1 -> struct denied: denied.h */
	struct nc_map askers;  /* process + 1 -> struct asker */
	struct nc_map lookups; /* hash of process and name -> struct lookup */
	struct nc_map asked;   /* hash of socket and number -> struct asked */
	struct nc_addr *addrs;
	size_t naddrs, addrcap;
	uint64_t *heard; /* by host: its last event known here */
	size_t nheard;
};

enum sock_type { SOCK_OTHER, SOCK_TCP, SOCK_UDP };

/* A call in progress, from its begin record. */
struct inside {
	struct inside *next; /* others in the same socket */
	enum nc_call_id id;
	int64_t thread, process, entry, socket, fd, time, timeout;
	bool early;        /* took effect already */
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
	uint64_t seq; /* in the order; 0 none */
	int64_t end;  /* time of its end, or NC_NIL */
	bool blocked; /* it lasts to the end of the trace */
	bool cut;     /* by a signal, and no duration tells when */
	/* The last one that timed out, and how many did in a row. */
	int64_t up_begin, up_end;
	unsigned ups;
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

struct sock {
	struct nc_host_state *host;
	int64_t number, trace;
	struct ref *told[SOCK_TOLD]; /* the last; NULL: none, or no sink */
	enum sock_type type;
	bool v6, late, nonblock, listening, released;
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
	bool own_port;       /* bind named it, not the kernel */
	bool own_address;    /* a specific one that bind asked for */
	bool set_v4_option;  /* one of the IP_ ones worked on it */
	bool used;           /* since an option failed */
	struct ref *denied;  /* its bind was, which is undecided; or NULL */
	bool nodelay, cork;  /* TCP_NODELAY, TCP_CORK */
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
	struct ep *ep; /* TCP */
	struct udp *udp;
	struct flow *flows; /* of datagrams that it sent */
	struct heard heard;
	struct cast_sock *cast; /* multicast; or NULL */
	struct inside *inside;
	struct taken taken;
	struct wait wait;
	struct wait *epoll;        /* of the instance that watches it */
	struct ref closed;         /* the last close of a descriptor of it */
	struct blocked *blocked;   /* closed under a blocked call */
	struct timeouts *timeouts; /* see timeout.h; or NULL */
	/* Of datagrams: the last sent and received; the first was sent. */
	uint64_t sent_seq, got_seq;
	bool asks;
};

/* A close under a blocked call of the same process, until it is decided. */
struct blocked {
	int64_t thread;
	enum nc_call_id id;
	int64_t timeout;
	struct ref close, begin;
};

struct listener {
	struct port *port;
	struct listener *next; /* at the same port */
	struct sock *sock;     /* NULL once released */
	struct nc_addr local;
	bool v6only, v6, open;
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
	bool confused;   /* datagrams from it were not told apart for certain */
	bool segmented;  /* its datagrams are cut where no trace tells */
	uint64_t credit; /* if so: bytes that left it and are not taken */
	uint64_t credit_flow; /* key of the flow of the last of them */
	uint64_t id;
	struct listener *listeners;          /* closed ones too: newest first */
	struct conn *pending, *pending_last; /* asking, in order */
	size_t npending;
	unsigned guesses; /* accepts that no address told from others */
	size_t adopted;   /* addresses of the host whose connects it has */
	struct conn *unresolved; /* matched, but not for certain */
	struct udp *receivers;
	uint64_t accepted;  /* by all its listeners */
	bool wanted;        /* an accept would take one whose outcome is open */
	uint64_t live;      /* of these, not released yet */
	uint64_t replied;   /* of these, got something */
	uint64_t successes; /* connects that reached it */
	uint64_t last_success; /* its place in the order */
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
	int64_t asked;      /* when its connect began, or NC_NIL */
	bool covered, same_lane, nonblocking;
	const char *reason;
	struct nc_host_state *host;
};

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

struct tx {
	uint64_t key;        /* of its content: see host_comparable */
	uint64_t ahead;      /* bytes read that the next sends bring again */
	uint64_t sent, base; /* base: offset of the first chunk kept */
	struct chunk *first, *last;
	bool fin, mixed, lossy;
	bool concurrent;               /* sends overlapped, and that was told */
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
	struct tx tx;
	struct rx rx;
	bool wr_shut, rd_shut, released, killed, at_exit;
	bool left;     /* who used it has closed it; others may have, unseen */
	bool rst;      /* the peer has reset: an error waits */
	bool rst_seen; /* and was delivered */
	bool died;
	const char *rst_cause; /* static */
	uint64_t rst_bytes;
	struct use use;
	struct port *counted; /* it is one of its live ones; or NULL */
	bool blocked;         /* closed under a blocked call: that is told */
	bool sent_after_close;
	bool waited_for_more; /* when it was released */
	int64_t shut_by;      /* the thread that shut down its output */
	struct ref release;
	struct timeouts *timeouts; /* of its socket, once that is released */
	struct stall *stall;       /* its buffer is full: see stall.h */
	struct quiet quiet;
	struct mutual *mutual; /* its last wait without end, or NULL */
	/* What it has read last: when it was sent, and came; or NC_NIL. */
	int64_t heard_sent, heard_came;
	struct ref *cut_short; /* MSG_WAITALL that got less, or NULL */
};

enum conn_state {
	CONN_FLOATING, /* SYN sent, outcome unknown */
	CONN_PENDING,  /* established for the client */
	CONN_OPEN,     /* both ends known */
	CONN_HALF,     /* the other end is outside of all traces */
	CONN_FAILED
};

enum match {
	MATCH_NONE,
	MATCH_EXACT,
	MATCH_HOST,
	MATCH_NAT,
	MATCH_INFERRED,
	MATCH_EXTERNAL
};

struct conn {
	uint64_t number;
	enum conn_state state;
	enum match match;
	bool success; /* the client knows that it is established */
	bool foreign; /* its target is on no traced host */
	bool maybe;   /* a foreign one that may yet be matched */
	bool in_port, indexed, index_forwarded, confirmed;
	bool nonblocking, late, unseen, untraced, written, tls_c, tls_s;
	bool sole;                 /* no other could have been matched */
	const char *nat_confirmed; /* static: payload, declared; NULL */
	bool learned;              /* its host got the address by this match */
	bool local_told;           /* its own local address was shown */
	bool self;                 /* both its ends are one socket */
	bool misused;              /* and that was told */
	bool undelivered;  /* one end waited in vain for the other's bytes */
	bool disappointed; /* its end was told: ending.h */
	uint64_t floating_key;    /* its place in the map of them, or 0 */
	bool network_reset;       /* what it still carried went with it */
	bool given_up;            /* a blocking connect ended by a signal */
	bool undone;              /* an accept gave it back: it was a guess */
	bool outcome_hidden;      /* the program learned it, unseen */
	bool listening_reset;     /* its listener went before it was accepted */
	struct ref listener_gone; /* that release, or none */
	struct ep *ep[2];
	struct port *port;
	struct conn *next, *prev; /* in the port's list of pending ones */
	struct conn *also_next, *also_prev; /* in its list of unresolved ones */
	struct conn *all_next, *all_prev;   /* in the model's list */
	bool unresolved;
	uint64_t seq;   /* of the connect, or else of the accept */
	uint64_t heard; /* last event of the target's host known then */
	struct nc_addr client_local, target, server_local, server_peer;
	uint64_t index_key;
	const char *opened; /* static */
	int error;
	const char *error_text;
	int64_t pending_then; /* queue length at the connect, or -1 */
	int64_t backlog_then;
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
	struct pace *pace; /* or NULL */
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
	bool tls_close, was_half_closed;
	bool waiting;   /* its reader had been waiting for them */
	int64_t waited; /* ns since they had been sent, or NC_NIL */
	uint64_t largest, delivered;
	int status; /* of the HTTP answer whose head was read, or 0 */
	struct denied_file *file; /* that could not be written, or NULL */
	struct ref release;
};

/* A socket that can receive datagrams: its port is known. */
struct udp {
	struct sock *sock;  /* NULL once released */
	struct flow *flows; /* that it has received from */
	struct nc_host_state *host;
	struct port *port;
	struct udp *next; /* at the same port, newest first */
	struct nc_addr local;
	struct ref bind, release;
	bool released, v6only;
	bool inferred; /* its port was told by what came through it */
	uint64_t bound_seq, released_seq;
	struct wait wait;
	struct wait *epoll;
	int64_t rcvbuf;
	bool used;              /* it has received */
	int64_t number;         /* of its socket */
	struct cast_sock *cast; /* once released; or NULL */
	struct share *share;    /* of its port with an older one, or NULL */
	struct program *program;
};

/* The lists that an outstanding datagram is in. */
enum { BY_CONTENT, BY_PORT, BY_HOST, BY_AGE, DGRAM_LISTS };

struct held_dev; /* doubt.h */
struct ahead;

struct dgram_list {
	uint64_t key;
	struct dgram *first, *last;
};

struct dgram {
	struct dgram *next[DGRAM_LISTS], *prev[DGRAM_LISTS];
	struct dgram_list *in[DGRAM_LISTS];
	struct flow *flow;
	uint64_t fifo; /* its number within the flow, from 1 */
	uint64_t seq;
	int64_t time;
	int64_t thread;
	/* What its sender had last received from where it goes. */
	int64_t asked, answered; /* sent there, came here; or NC_NIL */
	uint64_t question;       /* key of that one's flow */
	struct ref *ref;         /* NULL without a sink */
	uint32_t len;
	uint8_t known;
	char data[64];
};

/* What was received lately at a port, in a ring: to know a copy. */
#define RECENT_MIN 64
#define RECENT_MAX 1024
struct received {
	uint64_t hash, flow, number; /* key and number of the flow */
	struct nc_host_state *from;
	const struct port *source; /* NULL: not shown */
	int64_t trace, line;
};
struct recent {
	struct received *v;
	unsigned size; /* a power of two */
	uint64_t n;    /* received so far */
};

#define LATELY 16   /* datagrams of a flow that are compared */
#define OVERTAKEN 8 /* datagrams of a flow that are checked for repeats */

struct flow {
	uint64_t number, key;
	struct flow *next, *prev; /* all flows, in order */
	struct nc_host_state *host, *to_host;
	int64_t sender_number, receiver_number;
	struct sock *sender; /* NULL once released */
	struct udp *past; /* it as a receiver, if its port is not known; own */
	struct flow *of_next, *of_prev; /* of the same sender */
	struct flow *at_next, *at_prev; /* at the same receiver */
	struct nc_addr source, destination;
	struct udp *receiver; /* NULL: none has received yet */
	struct port *port;    /* of the destination; NULL foreign */
	enum match match;
	bool multicast, external;
	bool segmented; /* bytes of it are under way: segment.h */
	bool inferred;  /* its source: told by what came */
	uint64_t sent, received, bytes_sent, bytes_received, dups, reordered;
	uint64_t truncated, refused, outstanding, retired, compared;
	uint64_t last_fifo; /* highest received */
	/* Of that one: who sent it, so that it is known to be later. */
	int64_t last_thread;
	uint64_t late_hash[OVERTAKEN]; /* contents of overtaken datagrams */
	struct ref *overtaken, *late;  /* the first: sent, received; or NULL */
	bool repeats;     /* of those, one was sent again: nothing is certain */
	uint64_t missing; /* bits of lengths, see doubt.h */
	uint64_t lately[LATELY]; /* contents sent last */
	bool alike; /* some are equal: which of them came is not certain */
	uint64_t max_received, written;
	struct ref first_send, last_send, first_recv, last_recv;
	uint64_t first_seq;
	/* Of what is lost; filled in at the end. */
	uint64_t lost_seen, min_lost, max_lost, large, first_large, tail;
	uint64_t outside, run, longest_run, last_lost, last_lost_seq;
	int64_t last_lost_time;
	struct ref first_lost;
};

/* Multicast: what a socket has set, and its place in its port's log. */
struct cast_member {
	struct cast_member *next;
	struct nc_addr group, interface; /* its address; wildcard, 0: any */
};
struct cast_sock {
	struct cast_member *members; /* newest first */
	unsigned nmembers;
	bool unknown;  /* some of them the trace does not show */
	bool no_loop;  /* IP_MULTICAST_LOOP is off */
	bool only_own; /* IP_MULTICAST_ALL is off */
	bool ttl_set;  /* IP_MULTICAST_TTL */
	int64_t ttl;
	struct nc_addr interface; /* IP_MULTICAST_IF */
	uint64_t next;            /* entries below were received or passed */
	uint64_t taken;           /* bit i: entry next - 1 - i was received */
};

/* A group that some socket of a host has joined. */
struct cast_join {
	struct ref call; /* the first */
	uint64_t times;  /* joined, and not left by IP_DROP_MEMBERSHIP */
	bool left;       /* all have left it so */
	bool outside;    /* not on the loopback interface alone */
	uint64_t left_seq;
};

/* What a host sent to a group or broadcast address. */
#define CAST_ENOUGH 3 /* datagrams that are no accident */
#define CAST_GOT 32   /* sockets that received some */
struct cast_stat {
	struct cast_stat *next;
	struct nc_host_state *host;
	struct nc_addr to, source, interface;
	uint64_t sent;
	uint64_t no_loop, ttl0, far, by_interface; /* of these: sent so */
	uint64_t first_seq, late_seq[CAST_ENOUGH]; /* of the last ones */
	struct ref first;
	struct {
		const struct nc_host_state *host;
		int64_t socket;
	} got[CAST_GOT];
	size_t ngot;
	bool many; /* more than these */
};

struct nc_model {
	const struct nc_sink *sink;
	struct nc_host_state **hosts;
	size_t nhosts, hostcap;
	struct nc_map by_name; /* hash of name -> host */
	/* Found last, by the name's last byte: each call names its host. */
	struct nc_host_state *named[NAMED_HOSTS];
	struct nc_map by_addr;    /* hash of address -> host */
	struct nc_map external;   /* hash of address -> decided external */
	struct nc_map strangers;  /* sources of datagrams that nobody owned */
	struct nc_map guessed;    /* addresses that datagrams gave a host */
	struct nc_map nat_public; /* hash of public address -> struct nat */
	struct nc_map ports;      /* hash of (host, protocol, number) */
	struct nc_map by_client;  /* hash of client address (, port) -> conn */
	struct nc_map by_pair;    /* hash of (local, peer) -> ep */
	struct nc_map dgrams[DGRAM_LISTS]; /* key -> list */
	struct nc_map udp_nat; /* public address and port -> struct nat */
	struct nc_map ahead;   /* host and length -> struct ahead */
	unsigned nahead;
	struct held_dev *held, *last_held; /* see doubt.h */
	unsigned nheld;
	struct nc_map recent; /* port -> struct recent */
	struct nc_map flows;  /* hash of (sender, destination) -> flow */
	struct nc_map groups; /* port -> struct cast_log */
	struct nc_map casts;  /* hash of (host, address) -> struct cast_stat */
	struct nc_map joins;  /* hash of (host, group) -> struct cast_join */
	struct cast_stat *first_cast, *last_cast;
	uint64_t nentries; /* of all logs */
	struct flow *first_flow, *last_flow;
	uint64_t ndgrams;
	struct conn *open, *open_last; /* for the end */
	uint64_t seq, conns, nflows, ids;
	struct nc_event *events;
	size_t nevents, eventcap;
	bool forced;
	unsigned undeclared; /* hosts whose addresses are learned */
	uint64_t ordered, received, compared;
	uint64_t by_match[6], elastic;
	uint64_t *rows; /* how often each was taken; NULL: not counted */
	struct nc_map floating; /* process and target -> last conn under way */
	struct nc_map clocks;   /* (host pair) -> struct bounds */
};

/* A declared translation. */
struct nat {
	struct nat *next;
	struct nc_host_state *host;
	struct nc_addr private_, public_;
};

/* One offer, while it is being answered. */
struct offer {
	struct nc_model *m;
	const struct nc_step *step;
	const struct nc_call *call;
	struct nc_host_state *host;
	struct lane *lane;
	struct sock *sock; /* of call->socket, or NULL */
	enum nc_mode mode;
	struct nc_wait *wait;
	bool early;         /* a begin placed early */
	struct inside *was; /* its begin, if there was one */
};

#endif
