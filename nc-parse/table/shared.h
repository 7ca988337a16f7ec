/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Descriptors of a table that lanes apart share (strace -ff without times):
 * nobody sees what its threads do in one true order.
 */
#ifndef NC_SHARED_H
#define NC_SHARED_H

#include "../trace.h"

/*
 * Before any trace is read: a thread makes a socket of that number and leaves
 * it to others to close.  Which of several such sockets others mean, nobody
 * can tell without annotations.
 */
void nc_shared_count(struct nc_family *f, int64_t fd);

/*
 * Likewise: a thread makes a socket of that number; or what may be a file, and
 * leaves that to others to close.
 */
void nc_shared_note(struct nc_family *f, int64_t fd, bool file);

/*
 * Why a line has to wait for a part of another trace not read yet.  Where all
 * do, the first ones here do least harm if they wait no longer.
 */
enum nc_early {
	NC_EARLY_NOT,
	NC_EARLY_EPOLL,  /* it uses an epoll instance that is made there */
	NC_EARLY_NUMBER, /* it makes a descriptor whose number is closed there */
	NC_EARLY_USE,    /* it uses a socket that is made there */
	NC_EARLY_EXIT,   /* it ends the threads that go on there */
	NC_EARLY_REASONS
};

enum nc_early nc_shared_is_early(
    struct nc_trace *t, const char *p, const char *end);

/*
 * What a number of the thread's table, of which d is the entry or NULL, stands
 * for, with its annotation.  False if the usual way tells (resolve.h).
 */
bool nc_shared_resolve(struct nc_trace *t, struct nc_op *op, int fd,
    struct nc_text text, struct nc_descriptor *d, struct nc_sock **s);

/* The thread is about to get the number for a socket, or for a file. */
void nc_shared_install(
    struct nc_trace *t, struct nc_thread *th, int fd, struct nc_sock *s);
void nc_shared_file(struct nc_thread *th, int fd);

/* The line copies what is a file to the thread: its result is one, too. */
bool nc_shared_copies_file(
    const struct nc_thread *th, enum nc_call_id call, struct nc_text body);

/* The thread closes what is no socket. */
void nc_shared_close_file(struct nc_thread *th, int fd);

/*
 * The descriptor no longer stands for its socket, but is kept in mind.  open:
 * its close is still to come; that of one kept before has come.
 */
void nc_shared_keep(struct nc_trace *t, const struct nc_thread *th,
    struct nc_descriptor *d, bool open);

/* What the number may still have been is over, as its table is: of by. */
void nc_shared_forget(struct nc_trace *t, struct nc_descriptor *d,
    const struct nc_op *by, const char *cause);
/* The same without records. */
void nc_shared_abandon(struct nc_trace *t, struct nc_descriptor *d);

/*
 * The thread closes op->fd, which is op->sock.  True if it was open: *kept is
 * the socket that was kept in mind as open, or NULL if the number still
 * stands for it.
 */
bool nc_shared_close(struct nc_op *op, struct nc_sock **kept);

#endif
