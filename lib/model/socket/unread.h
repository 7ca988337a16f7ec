/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * How long what a socket receives may have lain there before its program
 * looked.  A program that was busy elsewhere makes the same trace as a slow
 * network, but for its waits: one that lasted ended when something came, and
 * where one ended without the socket, nothing had come to it until then.
 * For lib/model only.
 */
#ifndef NC_MODEL_UNREAD_H
#define NC_MODEL_UNREAD_H

#include "../state.h"

/* The offered readiness call reports the socket readable. */
void unread_reported(const struct offer *o, struct sock *s);
/* The offered epoll_ctl has its instance watch the socket from now on. */
void unread_watched(const struct offer *o, struct sock *s);
/*
 * The offered readiness call does not report it, though asked to; the offered
 * receive found nothing.
 */
void unread_none(const struct offer *o, struct sock *s);
/*
 * ns from the arrival of what the offered call takes to the call's end, at
 * most; NC_NIL: nothing tells.  After it unread_taken is due.
 */
int64_t unread_for(const struct offer *o);
/* The offered accept made the socket, with what had come to it by then. */
void unread_made(const struct offer *o, struct sock *made);
/* The offered receive took n bytes, or a datagram. */
void unread_taken(const struct offer *o, uint64_t n);

#endif
