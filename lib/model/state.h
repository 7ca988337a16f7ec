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

#include "pool.h"
#include "state_conn.h"
#include "state_dgram.h"
#include "state_host.h"

struct nc_model {
	const struct nc_sink *sink;
	/* Of all sockets, ends, connections and calls in progress. */
	struct nc_pool socks, eps, all_conns, insides;
	struct nc_host_state **hosts;
	size_t nhosts, hostcap;
	struct nc_map by_name; /* hash of name -> host */
	/* Found last, by the name's last byte: each call names its host. */
	struct nc_host_state *named[NAMED_HOSTS];
	struct nc_map by_addr; /* hash of address -> host */
	struct gone_queue gone_listeners, gone_epolls, gone_udps, gone_conns;
	struct gone_queue stray_flows;
	struct nc_map external;   /* hash of address -> decided external */
	struct nc_map strangers;  /* sources of datagrams that nobody owned */
	struct nc_map guessed;    /* addresses that datagrams gave a host */
	struct nc_map nat_public; /* hash of public address -> struct nat */
	/* Foreign addresses under which a traced client seems to have come. */
	struct nc_map seen_as;
	struct nc_map ports;     /* hash of (host, protocol, number) */
	struct nc_map by_client; /* hash of client address (, port) -> conn */
	struct nc_map by_pair;   /* hash of (local, peer) -> ep */
	/* Hash of (port, peer) -> conn that was accepted, the model: it is over. */
	struct nc_map orphans;
	struct nc_map dgrams[DGRAM_LISTS]; /* key -> list */
	struct nc_map udp_nat;  /* public address and port -> struct nat */
	struct nc_map ahead;    /* host and length -> struct ahead */
	struct nc_map sent_out; /* (host, port, length): dgram_out.h */
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
	bool unproven; /* no port says so, or another */
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
	bool stuck;         /* nothing else can run: NC_STUCK, NC_DOUBT */
	bool doubt;         /* NC_DOUBT */
	struct inside *was; /* its begin, if there was one */
};

#endif
