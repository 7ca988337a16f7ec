/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The ports of listeners that were made before the trace began.
 *
 * Without annotations no call on such a listener shows its port, but those
 * that it hands out have it too (accept(2)), and most servers ask one of them
 * for its address soon.  That comes after the accept that wants to know it, so
 * the first lines are looked at before they are read.
 */
#ifndef NC_INHERITED_H
#define NC_INHERITED_H

#include "addr.h"

#include <stdbool.h>
#include <stddef.h>

#define NC_INHERITED_MAX 8

struct nc_inherited {
	bool alone; /* one task began before the trace, no more: see marks */
	size_t n;
	struct {
		int64_t fd;
		struct nc_addr local; /* any address; port 0: not just one */
	} v[NC_INHERITED_MAX];
};

/* Looks at the first n bytes of a trace. */
void nc_inherited_look(const char *p, size_t n, struct nc_inherited *h);

/* Where the listener of that number listens, or NULL if that is not known. */
const struct nc_addr *nc_inherited_local(
    const struct nc_inherited *h, int64_t fd);

#endif
