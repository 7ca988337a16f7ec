/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What strace sees of a host, and the files that it writes.
 *
 * strace stops a thread at a call's entry and at its exit, and writes then:
 * the effect lies strictly between.  A call is one line if nothing else was
 * written in between.
 */
#ifndef LAWFUL_LOG_H
#define LAWFUL_LOG_H

#include <stdio.h>

#include "world.h"

/*
 * A call begins: what is printed of its arguments at entry.  tail: the rest
 * of the line, should it never return by itself; NULL: all is printed.
 */
void log_enter(
    struct thread *t, const char *name, const char *args, const char *tail);
/* It ends: the rest of its arguments, and the result. */
void log_leave(struct thread *t, const char *tail, const char *result);
/* It ends with its thread, or by a signal that ends the thread. */
void log_killed(struct thread *t);
void log_interrupted(struct thread *t);
/* Any other line of the thread. */
void log_line(struct thread *t, const char *text);
/* strace lets go of the thread, perhaps inside a call. */
void log_detach(struct thread *t);

/* Writes the traces and hosts.csv; 0, or -1 with errno set. */
int log_write(struct world *w, const char *folder);

#endif
