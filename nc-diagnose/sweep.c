/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Processes that look which ports are open (sweep.h).
 */
#include "sweep.h"

#include "util.h"

/* Processes and hosts remembered; of others nothing is known. */
#define SWEEPS_MAX 65536
/*
 * So many ports refuse, at most twice each: a client of several services that
 * are down asks again and again, and with one of them up it speaks to it.
 */
#define REFUSED_MIN 3
#define ATTEMPTS_MAX 2

static struct sweep *
sweep_make(struct sweeps *s, uint64_t key)
{
	struct sweep *w = nc_map_get(&s->by_key, key);

	if (w || s->n >= SWEEPS_MAX)
		return w;
	w = nc_xcalloc(1, sizeof(*w));
	nc_map_put(&s->by_key, key, w);
	s->n++;
	return w;
}

void
sweep_refused(struct sweeps *s, uint64_t key, uint16_t port)
{
	struct sweep *w = sweep_make(s, key);
	int64_t i, kept;

	if (!w)
		return;
	w->attempts++;
	kept = w->refused < SWEEP_PORTS ? w->refused : SWEEP_PORTS;
	for (i = 0; i < kept; i++)
		if (w->ports[i] == port)
			return;
	if (kept < SWEEP_PORTS)
		w->ports[kept] = port;
	w->refused++;
}

void
sweep_accepted(struct sweeps *s, uint64_t key, int64_t sent)
{
	struct sweep *w = sweep_make(s, key);

	if (w && sent > 0)
		w->spoke++;
	else if (w)
		w->mute++;
}

const struct sweep *
sweep_get(const struct sweeps *s, uint64_t key)
{
	const struct sweep *w = nc_map_get(&s->by_key, key);

	return w && w->refused >= REFUSED_MIN && w->mute > 0 && w->spoke == 0 &&
		w->attempts <= ATTEMPTS_MAX * w->refused ?
	    w :
	    NULL;
}

void
sweeps_fini(struct sweeps *s)
{
	nc_map_free(&s->by_key);
}
