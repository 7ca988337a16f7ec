/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What goes wrong in an execution, on purpose: one kind, or two of them.
 */
#ifndef LAWFUL_FAULT_H
#define LAWFUL_FAULT_H

#include "world.h"

enum {
	FAULT_NONE,
	FAULT_LOST, /* datagrams */
	FAULT_DUPLICATED,
	FAULT_REORDERED,
	FAULT_ALTERED,
	FAULT_RESET,   /* connections, by the network */
	FAULT_REFUSED, /* connects to a port where nobody listens */
	FAULT_DROPPED, /* whatever is sent to one open port */
	FAULT_CHANGED, /* a byte of a stream, on the way */
	FAULT_CUT,     /* the path of a connection, from some byte on */
	FAULTS
};

#define FAULT_PORT 8099 /* of refused and dropped ones */

bool fault_is(const struct world *w, int kind);
/* One of the kinds that datagrams meet, or FAULT_NONE. */
int fault_of_datagrams(struct world *w);

/* The fate of a datagram. */
struct fate {
	const char *p; /* its bytes, perhaps others */
	int copies;
	int64_t late; /* us */
};
struct fate fault_datagram(struct world *w, const char *p, size_t len);

/* What becomes of bytes that a stream's end sends. */
const char *fault_stream(struct file *f, const char *p, size_t len);

/* A reset from the network reaches both ends of a connection. */
void fault_reset(struct file *f);

/*
 * From now on the network loses what a connection's client sends, or its
 * server, or both: all but the first bytes of the request or reply that is
 * next.  Whether the client's kernel will tell it.
 */
bool fault_cut(struct file *f, size_t request, size_t reply);
/* How much of so many bytes arrives. */
size_t fault_arrives(struct file *f, size_t len);

/* Choices that the fault needs. */
void fault_choose(struct choices *c);

#endif
