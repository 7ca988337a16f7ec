/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Payload on its way into a redacted stream: which place in its stream each
 * byte has, and what of it stays readable.
 *
 * The place of a byte on a TCP connection is the number of bytes that the
 * socket has sent, or received, before it: the same on both ends.  It is
 * counted from the results of the calls, as the model counts.  Where calls in
 * one direction overlap, or one did not tell how much it moved, places are
 * not known, and the payload is left out.  Each datagram begins at place 0.
 */
#ifndef NC_WIRE_H
#define NC_WIRE_H

#include "framing.h"
#include "redact.h"

struct nc_op;
struct nc_sock;
struct nc_trace;

/* One direction of a socket. */
struct nc_way {
	uint64_t place;  /* of the next byte */
	unsigned inside; /* calls in progress */
	bool crowded;    /* since there was none, there were several at once */
	bool lost;       /* the place is not known any more */
	const void *order; /* of the trace that used it last: see order_of */
	struct nc_framing framing;
};

/* Of a socket; made when it is first needed.  Freed with its last reference. */
struct nc_wire {
	struct nc_way way[2]; /* received, sent */
	unsigned refs;
};

void nc_wire_ref(struct nc_wire *w);
void nc_wire_unref(struct nc_wire *w); /* may be NULL */

/* Where the payload of one record belongs. */
struct nc_wire_part {
	struct nc_wire *wire; /* NULL: it is left out */
	bool send, stream;
	bool known;     /* its place is; else it is left out */
	uint64_t place; /* of its first byte */
	uint64_t moved; /* bytes of the stream that went, and will not again */
};

/* A call that moves data enters a socket; op->wired until nc_wire_leave. */
void nc_wire_enter(struct nc_trace *t, struct nc_op *op);
void nc_wire_leave(struct nc_op *op);
/* The socket has no connection any more: the next one's streams begin anew. */
void nc_wire_restart(struct nc_sock *s);

/*
 * Finds where the payload of a record of that call belongs, for
 * nc_wire_redact.  final: the record tells the result, and what it moved
 * counts; a begin may be made of the same call before.
 */
void nc_wire_place(const struct nc_op *op, const struct nc_call *rec,
    bool final, struct nc_wire_part *part);

/*
 * Redacts a record's payload; records of a stream come in its order.  data
 * are the bytes that rec->data points to; clear, emptied first, is what
 * rec->clear will.
 */
void nc_wire_redact(const struct nc_redact *r, const struct nc_wire_part *part,
    struct nc_call *rec, char *data, struct nc_buf *clear);

#endif
