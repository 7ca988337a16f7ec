/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The files of one strace -ff without times: a lane each, related by who made
 * whom.  A task's file is read only after the call that made it, so that it
 * begins with its parent's descriptors, and from there on in step with the
 * others, byte for byte, so that short-lived tasks do not stay open.
 */
#ifndef NC_APART_H
#define NC_APART_H

#include "merge.h"

/*
 * Looks through all files for the calls that made their tasks and sets each
 * source's parent.  Once, before the first step.
 */
void nc_apart_open(struct nc_group *g);

/* Reads until so many bytes are taken in all; false at the end. */
bool nc_apart_step(struct nc_group *g, int64_t stop);

void nc_apart_free(struct nc_group *g);

#endif
