/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The model's state: datagrams, their flows and groups.
 * For lib/model only, through state.h.
 */
#ifndef NC_MODEL_STATE_DGRAM_H
#define NC_MODEL_STATE_DGRAM_H

#include "state_host.h"

/* A socket that can receive datagrams: its port is known. */
struct udp {
	struct gone gone;   /* once released */
	struct sock *sock;  /* NULL once released */
	struct flow *flows; /* that it has received from */
	struct nc_host_state *host;
	struct port *port;
	struct udp *next; /* at the same port, newest first */
	struct nc_addr local;
	struct ref bind, release;
	bool released, v6only;
	bool late;     /* made before its trace began */
	bool inferred; /* its port was told by what came through it */
	uint64_t bound_seq, released_seq;
	struct wait wait;
	struct epoll *epoll;
	int64_t rcvbuf;
	bool used;              /* it has received */
	bool had_peer;          /* it was connected, once */
	int64_t number;         /* of its socket */
	struct cast_sock *cast; /* once released; or NULL */
	struct share *share;    /* of its port with an older one, or NULL */
	struct program *program;
	struct overrun *overrun; /* how it keeps up: overrun.h; or NULL */
};

/* The lists that an outstanding datagram is in. */
enum { BY_CONTENT, BY_PORT, BY_HOST, BY_AGE, DGRAM_LISTS };

struct held_dev; /* doubt.h */
struct overrun;
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
#define RECENT_MIN 4
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
	struct gone gone; /* while nobody in a trace can receive it */
	bool used;        /* sent on since it was last looked at there */
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
	bool late_sender;   /* made before its trace began */
	bool segmented;     /* bytes of it are under way: segment.h */
	bool inferred;      /* its source: told by what came */
	uint16_t seen_port; /* translated to; 0: not known */
	bool unproven;      /* that it goes to that host, see struct nat */
	uint64_t sent, received, bytes_sent, bytes_received, dups, reordered;
	uint64_t truncated, refused, outstanding, retired, compared;
	uint64_t first_fifo, last_fifo; /* that were received; 0: none */
	uint64_t unshown; /* answers to it from a trace that is not whole */
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
	uint64_t lost_seen, overrun, min_lost, max_lost, large, first_large,
	    tail;
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

#endif
