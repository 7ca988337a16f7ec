/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * How programs start, as a sign of what the tracer leaves out.
 *
 * The loader of the GNU C library asks for /etc/ld.so.preload, which hardly
 * any system has, before it opens /etc/ld.so.cache (rtld.c, dl_main).  Where
 * the second is shown and the first is not, although calls of no class are
 * traced, failed calls are hidden (-z).  A static program that loads a module
 * opens the cache too, but only after its C library has set up the thread.
 */
#ifndef NC_STARTUP_H
#define NC_STARTUP_H

#include "../trace.h"

/* A program was started in the process: its first calls are looked at. */
void nc_startup_begin(struct nc_process *p);

/* A call of a process whose start is looked at; half: not all of it. */
void nc_startup_call(struct nc_trace *t, struct nc_process *p,
    const struct nc_line *l, bool half);

#endif
