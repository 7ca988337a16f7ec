/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The parts of a call as strace prints them.  All text lasts as long as the
 * world.
 */
#ifndef LAWFUL_SHOW_H
#define LAWFUL_SHOW_H

#include "world.h"

/* A string, cut as -s says. */
const char *show_data(struct world *w, const char *p, size_t len);
/* A descriptor with what -y or -yy say of it. */
const char *show_fd(const struct thread *t, int fd);
/* An address as that socket's family has it, and its size. */
const char *show_addr(struct file *f, struct addr a);
int show_addr_size(const struct file *f);
/* POLLIN|POLLOUT, with that prefix; "0" if none. */
const char *show_events(struct world *w, int bits, const char *prefix);

enum { POLL_IN = 1, POLL_OUT = 4, POLL_ERR = 8, POLL_HUP = 16 };

#endif
