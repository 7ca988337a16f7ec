/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Datagrams: under way, sent, received; their flows.
 * For lib/model only.
 */
#ifndef NC_MODEL_DGRAM_H
#define NC_MODEL_DGRAM_H

#include "../state.h"

enum nc_answer dgram_send(struct offer *o);
enum nc_answer dgram_recv(struct offer *o);
enum nc_answer dgram_connect(struct offer *o);
/* The socket's local port is known: it can receive. */
void dgram_bound(struct nc_model *m, struct sock *s);
/* Its last reference goes. */
void dgram_released(struct offer *o, struct sock *s);
/* Something is under way to it, for a readiness report. */
bool dgram_waiting(struct nc_model *m, const struct sock *s);
/* ECONNREFUSED: an ICMP answer to an earlier datagram. */
void dgram_refused(struct offer *o);
/* No way there: by the routing table, or an ICMP answer to an earlier one. */
void dgram_unreachable(struct offer *o);
/* Everything has come: what is under way is lost. */
void dgram_finish(struct nc_model *m);
void dgram_free(struct nc_model *m);

/* The port that the offered call receives on; NULL: not known. */
struct port *local_port(struct offer *o);

/*
 * Bytes from the first on that the call shows of a datagram of len: of several
 * buffers, each cut, those of the first.
 */
size_t dgram_shown(const struct nc_call *call, uint64_t len);

/* The key of BY_CONTENT; known: bytes of data that there are. */
uint64_t content_key(
    const struct port *p, uint64_t len, const char *data, size_t known);

/* Counts the oldest one under way as lost; false if there is none. */
bool dgram_retire_oldest(struct nc_model *m);

/* A receiver is released: the last ones that were are kept. */
void udp_gone(struct nc_model *m, struct udp *u);
/* It is in no port's list. */
void udp_free(struct nc_model *m, struct udp *u);

/* Takes a datagram off its lists and frees it. */
void dgram_del(struct nc_model *m, struct dgram *d);

/* The datagrams under a key of a list, oldest first; or NULL. */
const struct dgram_list *list_get(
    const struct nc_model *m, int which, uint64_t key);

/* The key of BY_HOST. */
uint64_t host_key(const struct nc_host_state *h);

/* A datagram of len bytes leaves on its flow. */
void put_under_way(struct offer *o, struct flow *f, uint64_t len);
/* Something is under way on a flow: who waits for it is woken. */
void dgram_wake(struct nc_model *m, const struct flow *f);

/*
 * How well d fits what the offered receive gives, n bytes from an address; 0
 * not at all.  It is taken.
 */
int dgram_fits(struct offer *o, const struct dgram *d,
    const struct nc_addr *from, uint64_t n);
void dgram_take(struct offer *o, struct dgram *d, const struct nc_addr *from);

/*
 * Received by the offered call at a port (NULL: not known), from a host (NULL:
 * one behind a translator), before the call that sends it has told its
 * messages; true if what the offered call sends on the flow was received so.
 * A deviation of it is then dropped.
 */
struct ahead *dgram_ahead(struct offer *o, const struct port *p,
    const struct nc_host_state *from, const struct nc_addr *source,
    uint64_t len);
void dgram_ahead_told(struct ahead *a, struct held_dev *h);
/* ... that nobody sent it: what is sent much like it may have been altered. */
void dgram_ahead_unsent(struct offer *o, struct ahead *a, struct held_dev *h);
bool dgram_was_ahead(struct offer *o, struct flow *f, uint64_t len);
/* No call comes any more that could have sent it. */
void dgram_ahead_finish(struct nc_model *m);
void dgram_ahead_free(struct nc_model *m);

/*
 * What the offered call received: as it is remembered at its port, of a flow
 * from a source port (0: not shown); known to be a copy (or NULL); told, open
 * if a call in progress may have sent it.
 */
struct received dgram_received(
    struct offer *o, uint64_t n, const struct nc_addr *from);
void dgram_keep(struct nc_model *m, const struct port *p, const struct flow *f,
    uint16_t source, struct received e);
const struct received *dgram_kept(
    const struct nc_model *m, const struct port *p, uint64_t hash);
const struct received *dgram_copy_of(struct offer *o, const struct port *p,
    uint64_t n, const struct nc_addr *from);
void dgram_tell_copy(struct offer *o, const struct received *first, uint64_t n,
    const struct nc_addr *from, bool open);

/* Nobody has held the port for long: what was received there is forgotten. */
void dgram_forget_copies(struct nc_model *m, const struct port *p);

/* Its socket is bound to no known port any more. */
void dgram_unbound(struct nc_model *m, struct sock *s);

/* The flow from the offered socket to an address; made if need be. */
struct flow *flow_get(struct offer *o, const struct nc_addr *to);

/* Counts an outstanding datagram as lost. */
void count_lost(struct nc_model *m, struct flow *f, const struct dgram *d);
/* Who is bound to a port (or NULL) and takes what comes for that address. */
const struct udp *port_receiver(const struct port *p, const struct nc_addr *to);

/* Who received it, or else could have; or was bound to its port. */
const struct udp *flow_receiver(const struct flow *f);

/* u has received from the flow (NULL: nobody any more). */
void flow_received_by(struct nc_model *m, struct flow *f, struct udp *u);

/*
 * The offered receive takes d, of the flow, which others have overtaken: told
 * at the flow's end, unless one like it is sent again.
 */
void flow_overtaken(struct offer *o, struct flow *f, const struct dgram *d);
/* d is sent: overtaken ones that look like it may have been it. */
void flow_repeats(struct flow *f, const struct dgram *d);

/* Writes and forgets all flows. */
void flows_finish(struct nc_model *m);

/* Writes and forgets the flow if nothing more can come of it. */
void flow_settle(struct nc_model *m, struct flow *f);

/* One end of flows is released; those that are settled are forgotten. */
/*
 * The offered release ends a sender that could receive as well, if only the
 * trace had told at which port: kept with what it has sent.
 */
void flow_keep_past(struct offer *o, const struct sock *s);
void flow_sender_gone(struct nc_model *m, struct sock *s);
void flow_receiver_gone(struct nc_model *m, struct udp *u);

#endif
