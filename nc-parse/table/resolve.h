/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * From a descriptor and its annotation to the socket behind it.
 */
#ifndef NC_RESOLVE_H
#define NC_RESOLVE_H

#include "../trace.h"

/*
 * The socket or epoll instance of a descriptor; NULL if it stands for nothing
 * that is followed.  Where annotation or call show a socket of unknown origin
 * one is made, with its attach record.
 */
struct nc_sock *nc_resolve(struct nc_trace *t, struct nc_op *op, int fd,
    struct nc_text note, const struct nc_sockaddr *sa);

/* The socket of a new descriptor, found or made from its annotation. */
struct nc_sock *nc_resolve_new(
    struct nc_trace *t, enum nc_object object, struct nc_text note);

/* Learns from an annotation; sets the operation's news. */
void nc_resolve_learn(struct nc_trace *t, struct nc_op *op, struct nc_sock *s,
    const struct nc_note *note);

/* Lets a number of the table stand for a socket; counts a reference. */
void nc_resolve_install(struct nc_trace *t, struct nc_thread *th, int fd,
    struct nc_sock *s, bool cloexec);

/* The socket is used in the line being read. */
void nc_resolve_used(struct nc_trace *t, struct nc_sock *s);

/* True if the annotation cannot be that socket's. */
bool nc_resolve_contradicts(
    const struct nc_sock *s, const struct nc_note *note);

/* The socket that the annotation names, if one is open or kept; or NULL. */
struct nc_sock *nc_resolve_known(
    struct nc_trace *t, const struct nc_note *note);

/* Writes the attach record of a socket of unknown origin, with marks. */
void nc_resolve_attached(struct nc_trace *t, const struct nc_op *op,
    struct nc_sock *s, int fd, const struct nc_note *note, int64_t marks);

/* The number was returned or shows to be no socket: its close was missed. */
void nc_resolve_missed(struct nc_trace *t, struct nc_thread *th, int fd);

#endif
