/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * kevent() as the wait that it is: what was asked for in the very call and
 * what it reported, in the form of poll.  What was registered earlier is not
 * told by the call, and nothing is said of it.
 */
#ifndef NC_KEVENT_H
#define NC_KEVENT_H

#include "foreign.h"

struct nc_kevent {
	int fd;
	int64_t events, revents; /* of poll */
};

struct nc_kevents {
	struct nc_kevent *v; /* one for each descriptor */
	size_t n, cap;
	struct nc_buf fds, ready; /* as text */
};

void nc_kevents_clear(struct nc_kevents *k);
void nc_kevents_fini(struct nc_kevents *k);

/*
 * One kevent of the list of changes or of events: filter EVFILT_READ or
 * EVFILT_WRITE, flags by their names; others are passed over.
 */
void nc_kevents_change(struct nc_kevents *k, struct nc_text ident,
    struct nc_text filter, struct nc_text flags);
void nc_kevents_event(struct nc_kevents *k, struct nc_text ident,
    struct nc_text filter, struct nc_text flags);

/* Sets what is known in the call; nothing if no descriptor is. */
void nc_kevents_put(struct nc_kevents *k, struct nc_foreign_call *c);

#endif
