/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The call of a truss of Solaris that details are read for.
 */
#include "solaris_held.h"

#include "foreign_args.h"
#include "foreign_text.h"
#include "vis.h"

#include <string.h>

/* Payload kept of one call. */
#define DATA_MAX (2u << 20)

static const struct nc_text none = { NULL, NULL };

void
nc_solaris_hold(struct nc_solaris_held *held, struct nc_text body,
    struct nc_text name, struct nc_text args, const struct nc_solaris_result *r)
{
	const char *shape = nc_foreign_shape(name);
	const char *text;

	held->there = true;
	held->text.len = 0;
	nc_foreign_add_text(&held->text, body);
	text = held->text.p;
	held->name = (struct nc_text){ text, text + (name.end - name.p) };
	held->args = (struct nc_text){ text + (args.p - body.p),
		text + (args.end - body.p) };
	held->moves = shape != NULL && strpbrk(shape, "Svh") != NULL;
	held->sleeping = r->sleeping;
	held->result = r->value;
	held->second = r->second;
	held->error = none;
	if (r->error.p != NULL)
		held->error = (struct nc_text){ text + (r->error.p - body.p),
			text + (r->error.end - body.p) };
	held->data.len = held->address.len = held->fds.len = 0;
	held->ready.len = held->timeout.len = 0;
}

/* "AF_INET  name = 10.0.0.1  port = 80" */
static bool
take_address(struct nc_solaris_held *held, struct nc_text t)
{
	bool six = nc_text_starts(t, "AF_INET6 ");
	struct nc_text ip = none, port = none;
	const char *p;

	if (!six && !nc_text_starts(t, "AF_INET ")) {
		if (!nc_text_starts(t, "AF_UNIX "))
			return false;
		p = memchr(t.p, '=', (size_t)(t.end - t.p));
		held->address.len = 0;
		if (p != NULL)
			nc_foreign_path(&held->address,
			    nc_text_trim((struct nc_text){ p + 1, t.end }));
		return true;
	}
	for (p = t.p; p < t.end; p++) {
		if (*p != '=' || t.end - p < 3 || p[1] != ' ')
			continue;
		if (ip.p == NULL)
			ip.p = p + 2;
		else if (port.p == NULL)
			port.p = p + 2;
	}
	if (ip.p == NULL || port.p == NULL)
		return true;
	ip.end = memchr(ip.p, ' ', (size_t)(t.end - ip.p));
	for (port.end = port.p;
	     port.end < t.end && *port.end >= '0' && *port.end <= '9';
	     port.end++)
		;
	held->address.len = 0;
	if (ip.end != NULL)
		nc_foreign_address(&held->address, six, ip, port);
	return true;
}

/* "fd=4  ev=POLLRDNORM rev=0" */
static bool
take_fd(struct nc_solaris_held *held, struct nc_text t)
{
	struct nc_text list = t, e, name, v, fd = none;

	if (!nc_text_starts(t, "fd="))
		return false;
	while (nc_text_next(&list, &e)) {
		v = nc_text_field(e, &name);
		if (nc_text_is(name, "fd"))
			fd = v;
		else if (nc_text_is(name, "ev"))
			nc_foreign_add_fd(&held->fds, fd, ", events=", v);
		else if (nc_text_is(name, "rev") && !nc_text_is(v, "0"))
			nc_foreign_add_fd(&held->ready, fd, ", revents=", v);
	}
	return true;
}

static void
take_timeout(struct nc_solaris_held *held, struct nc_text t)
{
	t.p += 6;
	held->timeout.len = 0;
	if (!nc_foreign_seconds(&held->timeout, 'n', nc_text_trim(t)))
		held->timeout.len = 0;
}

bool
nc_solaris_detail(struct nc_solaris_held *held, struct nc_text t)
{
	size_t before = held->data.len;

	if (t.p == t.end || !held->there)
		return false;
	/* Two blanks, then cells; other details are no cells throughout. */
	if (held->moves && t.end - t.p > 3 && t.p[0] == ' ' && t.p[1] == ' ') {
		t.p += 2;
		if (before > DATA_MAX)
			return true;
		if (nc_vis_cells(t, false, &held->data) != NULL)
			return true;
		held->data.len = before;
	}
	t = nc_text_trim(t);
	if (take_address(held, t) || take_fd(held, t))
		return true;
	if (!nc_text_starts(t, "tmout:"))
		return false;
	take_timeout(held, t);
	return true;
}

void
nc_solaris_put(
    struct nc_foreign *f, struct nc_solaris_held *h, struct nc_foreign_call *c)
{
	nc_foreign_payload(f, c, &h->data);
	if (h->address.len > 0)
		c->address = nc_foreign_text(&h->address);
	if (h->timeout.len > 0)
		c->timeout = nc_foreign_text(&h->timeout);
	if (h->fds.len > 0)
		c->fds = nc_foreign_closed(&h->fds);
	if (h->ready.len > 0)
		c->ready = nc_foreign_closed(&h->ready);
}

void
nc_solaris_held_fini(struct nc_solaris_held *h)
{
	nc_buf_fini(&h->text);
	nc_buf_fini(&h->data);
	nc_buf_fini(&h->address);
	nc_buf_fini(&h->fds);
	nc_buf_fini(&h->ready);
	nc_buf_fini(&h->timeout);
}
