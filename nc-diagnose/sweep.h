/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Processes that look which ports of a host are open: port scanners, and the
 * checks of monitors.  They connect to one port after another and say nothing
 * where they are accepted; to be refused is an answer to them, no failure.
 */
#ifndef NC_SWEEP_H
#define NC_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "map.h"

#define SWEEP_PORTS 8

/* What a process has tried at a host. */
struct sweep {
	uint16_t ports[SWEEP_PORTS]; /* that refused; more are only counted */
	int64_t refused;             /* different ports */
	int64_t attempts;            /* at these */
	int64_t mute;                /* connections without a byte from it */
	int64_t spoke;               /* the others */
};

struct sweeps {
	struct nc_map by_key;
	size_t n;
};

/* A connection that ended; key is of its process and the server. */
void sweep_refused(struct sweeps *s, uint64_t key, uint16_t port);
void sweep_accepted(struct sweeps *s, uint64_t key, int64_t sent);

/* That process only looked; or NULL. */
const struct sweep *sweep_get(const struct sweeps *s, uint64_t key);

void sweeps_fini(struct sweeps *s);

#endif
