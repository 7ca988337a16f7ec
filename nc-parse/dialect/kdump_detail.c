/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What STRU records tell of a call: addresses, lists of descriptors, times.
 */
#include "kdump_detail.h"

#include "foreign_args.h"
#include "foreign_text.h"

#include <string.h>

/* "{ AF_INET, 10.0.0.1:80 }" */
static void
take_address(struct nc_kdump_lane *l, struct nc_text t)
{
	struct nc_text in = nc_text_inside(t), port;
	const char *p;
	bool six;

	if (in.p == NULL)
		return;
	in = nc_text_trim(in);
	l->address.len = 0;
	if (nc_text_starts(in, "AF_UNIX, ") ||
	    nc_text_starts(in, "AF_LOCAL, ")) {
		in.p =
		    (const char *)memchr(in.p, ' ', (size_t)(in.end - in.p)) +
		    1;
		if (in.p < in.end && *in.p == '"')
			in.p++;
		nc_foreign_path(&l->address, in);
		return;
	}
	six = nc_text_starts(in, "AF_INET6, [");
	if (!six && !nc_text_starts(in, "AF_INET, "))
		return;
	for (p = in.end; p > in.p && p[-1] != ':'; p--)
		;
	port = (struct nc_text){ p, in.end };
	in.p += six ? 11 : 9;
	in.end = p > in.p ? p - 1 : in.p;
	if (six && in.end > in.p && in.end[-1] == ']')
		in.end--;
	if (in.end > in.p && port.p < port.end)
		nc_foreign_address(&l->address, six, in, port);
}

/* The next "name=value" in a list of structs; false at the end. */
static bool
next_field(struct nc_text *t, struct nc_text *name, struct nc_text *value)
{
	const char *eq, *p;

	eq = memchr(t->p, '=', (size_t)(t->end - t->p));
	if (eq == NULL)
		return false;
	for (p = eq;
	     p > t->p && ((p[-1] >= 'a' && p[-1] <= 'z') || p[-1] == '_'); p--)
		;
	*name = (struct nc_text){ p, eq };
	for (p = eq + 1; p < t->end && *p != ',' && *p != ' ' && *p != '}'; p++)
		;
	*value = (struct nc_text){ eq + 1, p };
	t->p = p;
	return true;
}

static void
take_pollfds(struct nc_kdump_lane *l, struct nc_text t)
{
	static const char unknown[] = "-1";
	struct nc_text name, value, fd = { unknown, unknown + 2 };

	l->fds.len = l->ready.len = 0;
	while (next_field(&t, &name, &value)) {
		if (nc_text_is(name, "fd"))
			fd = value;
		else if (nc_text_is(name, "events"))
			nc_foreign_add_fd(&l->fds, fd, ", events=", value);
		else if (nc_text_is(name, "revents"))
			nc_foreign_add_fd(&l->ready, fd, ", revents=", value);
	}
	if (l->fds.len > 0)
		nc_foreign_closed(&l->fds);
	if (l->ready.len > 0)
		nc_foreign_closed(&l->ready);
}

/* "{ 3,5-7 }" as "[3 5 6 7]" */
static void
take_set(struct nc_kdump_lane *l, struct nc_text t)
{
	struct nc_text in = nc_text_inside(t), e;
	int64_t from, to;
	struct nc_buf *b;
	const char *q;

	if (l->nsets == 6)
		return;
	b = &l->set[l->nsets++];
	b->len = 0;
	nc_foreign_add(b, "[");
	while (in.p != NULL && nc_text_next(&in, &e)) {
		q = nc_text_int(e, &from);
		if (q == NULL)
			break;
		to = from;
		if (q < e.end && *q == '-' &&
		    nc_text_int((struct nc_text){ q + 1, e.end }, &to) == NULL)
			break;
		for (; from <= to && to < 65536; from++) {
			if (b->len > 1)
				nc_foreign_add(b, " ");
			nc_foreign_add_int(b, from);
		}
	}
	nc_foreign_add(b, "]");
}

/* The first list is that of changes, if there is one. */
static void
take_kevents(struct nc_kdump_lane *l, struct nc_text t)
{
	struct nc_text name, value, ident = { NULL, NULL }, filter = ident;
	struct nc_foreign_call c;
	bool changes;

	nc_foreign_call_init(&c);
	nc_kdump_lane_args(l, &c);
	changes = l->kevent_lists++ == 0 && c.nargs > 2 &&
	    nc_text_number(c.arg[2]) > 0;
	while (next_field(&t, &name, &value)) {
		if (nc_text_is(name, "ident"))
			ident = value;
		else if (nc_text_is(name, "filter"))
			filter = value;
		else if (nc_text_is(name, "flags") && changes)
			nc_kevents_change(&l->kevents, ident, filter, value);
		else if (nc_text_is(name, "flags"))
			nc_kevents_event(&l->kevents, ident, filter, value);
	}
}

void
nc_kdump_details_take(struct nc_kdump_lane *l,
    const struct nc_kdump_lane *fresh, struct nc_text t)
{
	const char *p;
	char kind = 'n';

	if (!nc_text_starts(t, "struct "))
		return;
	t.p += 7;
	p = memchr(t.p, '{', (size_t)(t.end - t.p));
	if (p == NULL)
		return;
	if (nc_text_starts(t, "sockaddr ")) {
		l = nc_kdump_lane_for(l, fresh, "Ah");
		if (l != NULL)
			take_address(l, (struct nc_text){ p, t.end });
	} else if (nc_text_starts(t, "pollfd")) {
		l = nc_kdump_lane_for(l, fresh, "p");
		if (l != NULL)
			take_pollfds(l, (struct nc_text){ p, t.end });
	} else if (nc_text_starts(t, "kevent")) {
		l = nc_kdump_lane_for(l, fresh, "p");
		if (l != NULL)
			take_kevents(l, (struct nc_text){ p, t.end });
	} else if (nc_text_starts(t, "fd_set ")) {
		l = nc_kdump_lane_for(l, fresh, "s");
		if (l != NULL)
			take_set(l, (struct nc_text){ p, t.end });
	} else if (nc_text_starts(t, "timespec ") ||
	    nc_text_starts(t, "timeval ")) {
		l = nc_kdump_lane_for(l, fresh, "tn");
		if (l == NULL || l->timeout.len > 0)
			return;
		if (strchr(nc_foreign_shape(nc_kdump_lane_name(l)), 't') !=
		    NULL)
			kind = 't';
		if (!nc_foreign_seconds(
			&l->timeout, kind, (struct nc_text){ p + 1, t.end }))
			l->timeout.len = 0;
	}
}

static bool
is_kevent(struct nc_text name)
{
	return nc_text_is(name, "kevent") || nc_text_is(name, "__kevent50") ||
	    nc_text_is(name, "freebsd11_kevent");
}

/* The sets of select, in the order of the arguments that are no NULL. */
static void
put_sets(struct nc_kdump_lane *l, struct nc_foreign_call *c)
{
	static const char *const names[] = { "in ", "out ", "except " };
	size_t i, n = 0, k = 0;

	for (i = 1; i < 4 && i < c->nargs; i++)
		n += nc_text_number(c->arg[i]) != 0;
	if (l->nsets < n || n == 0)
		return;
	/* Sets that came back are missing after an error. */
	if (l->nsets < 2 * n && c->result > 0)
		return;
	l->ready.len = 0;
	for (i = 1; i < 4 && i < c->nargs; i++) {
		if (nc_text_number(c->arg[i]) == 0)
			continue;
		c->set[i - 1] = nc_foreign_text(&l->set[k]);
		if (c->result > 0) {
			nc_foreign_add(&l->ready, l->ready.len > 0 ? ", " : "");
			nc_foreign_add(&l->ready, names[i - 1]);
			nc_foreign_add_text(
			    &l->ready, nc_foreign_text(&l->set[n + k]));
		}
		k++;
	}
	if (c->result > 0)
		c->ready = nc_foreign_text(&l->ready);
}

void
nc_kdump_details_put(
    struct nc_foreign *f, struct nc_kdump_lane *l, struct nc_foreign_call *c)
{
	nc_foreign_payload(f, c, &l->data);
	if (l->address.len > 0)
		c->address = nc_foreign_text(&l->address);
	if (l->timeout.len > 0)
		c->timeout = nc_foreign_text(&l->timeout);
	put_sets(l, c);
	/* Both lists of poll come at its end, with what was ready. */
	if (l->fds.len > 0)
		c->fds = nc_foreign_text(&l->fds);
	if (l->ready.len > 0 && c->result > 0)
		c->ready = nc_foreign_text(&l->ready);
	if (is_kevent(c->name) && c->nargs >= 6) {
		nc_kevents_put(&l->kevents, c);
		c->arg[1] = c->arg[2];
		c->arg[2] = c->arg[5];
		c->nargs = 3;
	}
}
