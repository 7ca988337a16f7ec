/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * no-listener at a host that nobody traced: the client's side is all there is.
 */
#include "../rules.h"

#define UNTRACED 60
#define ATTEMPTS_MIN 2
#define PLACES_MAX 2 /* that a process asks for what it needs; more: a search */

static bool
is_outside(const struct dev *d)
{
	return dev_client(d) >= 0 && dev_server(d) < 0 &&
	    nc_str_eq(nc_find_str(d->d.args, "reason"), "foreign");
}

/* It got to that port of another host: one of several that serve it. */
static bool
served_elsewhere(const struct rules *r, const struct dev *d)
{
	struct nc_addr target = dev_service(d);
	size_t i;

	for (i = 0; i < r->facts->nreaches; i++) {
		const struct reach *o = r->facts->reaches[i];

		if (o->client == dev_client(d) && o->port == target.port &&
		    o->worked > 0)
			return true;
	}
	return r->facts->reaches_full;
}

static bool
outside_want(struct rules *r, const struct dev *d)
{
	return is_outside(d) && strong(r, d) && !eyeballs(r, d) &&
	    !reached(r, d) && !called(r, d, "proxy");
}

static uint64_t
outside_key(const struct dev *d)
{
	return (uint64_t)dev_client(d);
}

static bool
same_target(const struct dev *a, const struct dev *b)
{
	struct nc_addr x = dev_service(a), y = dev_service(b);

	return nc_addr_same(&x, &y);
}

static void
target_emit(struct rules *r, const struct picked *own)
{
	const struct dev *d = own->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f;

	/* What is asked for once may be an extra, or one way of several. */
	if (count_conns(own) < ATTEMPTS_MIN)
		return;
	f = make(r, "no-listener", UNTRACED, own);
	make_target(f, d);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s is refused at %s (%s): nothing listens there, or "
	    "something on the way rejects it",
	    text_host(r, dev_client(d), NULL), text_addr(r, &a),
	    text_count(r, count_conns(own), "attempt"));
	finding_more(f,
	    "That host is not traced: which of the two it is, a "
	    "trace of the server would tell.");
}

static void
outside_emit(struct rules *r, const struct picked *p)
{
	struct picked own = { nc_xcalloc(p->n, sizeof(*own.v)), 0, 0 };
	const struct dev *at[PLACES_MAX];
	size_t i, j, n = 0;

	for (i = 0; i < p->n && n <= PLACES_MAX; i++) {
		for (j = 0; j < n && !same_target(p->v[i], at[j]); j++)
			;
		if (j == n && n++ < PLACES_MAX)
			at[j] = p->v[i];
	}
	/* Who looks for what is open, or alive, takes a refusal for a no. */
	for (j = 0; n <= PLACES_MAX && j < n; j++) {
		if (served_elsewhere(r, at[j]))
			continue;
		for (own.n = i = 0; i < p->n; i++)
			if (same_target(p->v[i], at[j]))
				own.v[own.n++] = p->v[i];
		target_emit(r, &own);
	}
	free(own.v);
}

void
rule_outside(struct rules *r)
{
	static const enum code codes[] = { CODE_ECONNREFUSED, CODE_NONE };

	rules_each(r, codes, outside_want, outside_key, outside_emit);
}
