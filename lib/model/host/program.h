/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which processes run the same program: those that one made by fork since it
 * was executed.  Kept only where there is a sink: no order depends on it.
 * For lib/model only.
 */
#ifndef NC_MODEL_PROGRAM_H
#define NC_MODEL_PROGRAM_H

#include "../state.h"

/* A call that makes, executes or ends a process has been accepted. */
void program_note(struct offer *o);
/* What a process runs, or NULL; keeping it takes a reference. */
struct program *program_of(const struct nc_host_state *h, int64_t process);
struct program *program_ref(struct program *p);
void program_unref(struct program *p);
/*
 * False only if it is known that they are not the same program and that none
 * was started, at whatever distance, by the other.
 */
bool program_related(const struct program *a, const struct program *b);
void programs_free(struct nc_host_state *h);

#endif
