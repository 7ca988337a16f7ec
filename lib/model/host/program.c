/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Which processes run the same program.
 */
#include "program.h"

#include <stdlib.h>

#define DEPTH_MAX 64 /* of programs that start one another */

struct program {
	struct program *up; /* that started it; NULL: none that is traced */
	unsigned refs;
	bool executed; /* its start was seen */
};

struct program *
program_of(const struct nc_host_state *h, int64_t process)
{
	return nc_map_get(&h->programs, (uint64_t)process);
}

struct program *
program_ref(struct program *p)
{
	if (p)
		p->refs++;
	return p;
}

void
program_unref(struct program *p)
{
	while (p && --p->refs == 0) {
		struct program *up = p->up;

		free(p);
		p = up;
	}
}

/* The reference to up becomes the new one's. */
static struct program *
program_new(struct program *up, bool executed)
{
	struct program *p = nc_xcalloc(1, sizeof(*p));

	p->up = up;
	p->executed = executed;
	p->refs = 1;
	return p;
}

/* The reference becomes the table's. */
static void
put(struct nc_host_state *h, int64_t process, struct program *p)
{
	program_unref(nc_map_put(&h->programs, (uint64_t)process, p));
}

static void
forked(struct nc_host_state *h, int64_t parent, int64_t child)
{
	struct program *p = program_of(h, parent), *c = program_of(h, child);

	if (!p) {
		p = program_new(NULL, false);
		put(h, parent, p);
	}
	/* After vfork the child has executed its own before this returns. */
	if (c && c->executed && !c->up && c != p)
		c->up = program_ref(p);
	else
		put(h, child, program_ref(p));
}

void
program_note(struct offer *o)
{
	const struct nc_call *c = o->call;
	struct nc_host_state *h = o->host;

	if (!o->m->sink || o->step->error || c->process == NC_NIL)
		return;
	if (nc_call_forks(o->step->id)) {
		if (c->result != NC_NIL && c->result > 0 &&
		    !(c->flags != NC_NIL && (c->flags & NC_CLONE_THREAD)))
			forked(h, c->process, c->result);
	} else if (o->step->id == NC_CALL_EXECVE) {
		if (c->result == 0)
			put(h, c->process,
			    program_new(
				program_ref(program_of(h, c->process)), true));
	} else if (o->step->id == NC_CALL_EXIT_GROUP) {
		program_unref(nc_map_del(&h->programs, (uint64_t)c->process));
	}
}

/* b is a, or was started by it; *top becomes the first that is traced. */
static bool
leads_to(const struct program *a, const struct program *b,
    const struct program **top)
{
	int n;

	for (n = 0; b && n < DEPTH_MAX; b = b->up, n++) {
		if (b == a)
			return true;
		*top = b;
	}
	return n == DEPTH_MAX;
}

bool
program_related(const struct program *a, const struct program *b)
{
	const struct program *top[2] = { a, b };

	if (!a || !b)
		return true;
	return leads_to(a, b, &top[1]) || leads_to(b, a, &top[0]) ||
	    !top[0]->executed || !top[1]->executed;
}

void
programs_free(struct nc_host_state *h)
{
	struct nc_slot *slot;
	size_t at = 0;

	while ((slot = nc_map_next(&h->programs, &at)))
		program_unref(slot->value);
	nc_map_fini(&h->programs);
}
