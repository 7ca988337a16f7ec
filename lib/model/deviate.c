/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Deviation records, and calls kept as evidence.
 */
#include "deviate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clear.h"
#include "offer.h"
#include "render.h"
#include "rows.h"
#include "stream/conn.h"

#define BASE_EXACT 90
#define BASE_HOST 80
#define BASE_INFERRED 60
#define BASE_LATE 40
#define WEAKER 20
#define TIMED 5

static const struct {
	const char *name;
	bool warning;
	const char *tag;
} codes[DEV_CODES] = {
#define WARNING true
#define INFO false
#define APPLICATION "application"
#define NETWORK "network"
#define PORTABILITY "portability"
#define TRACE "trace"
#define NC_DEVIATION(code, severity, tag, args) { #code, severity, tag },
#include "deviation.def"
#undef NC_DEVIATION
};

/* Evidence */

/* Lays what can be read over the redacted data. */
static void
keep_clear(struct ref *r, const struct nc_call *c)
{
	struct nc_clear clear =
	    nc_clear((struct nc_bytes){ c->data.p, r->ndata }, c->clear);
	struct nc_bytes text;
	size_t at, i;

	r->clear = 0;
	while (nc_clear_next(&clear, &at, &text)) {
		memcpy(r->data + at, text.p, text.len);
		for (i = at; i < at + text.len; i++)
			r->clear |= UINT64_C(1) << i;
	}
}

/* The field clear again, of what is kept. */
static void
pack_clear(struct nc_buf *b, const struct ref *r)
{
	struct nc_span spans[sizeof(r->data) / 2 + 1];
	size_t i, n = 0;

	for (i = 0; i < r->ndata; i++) {
		if (!(r->clear >> i & 1))
			continue;
		if (n && spans[n - 1].to == i)
			spans[n - 1].to++;
		else
			spans[n++] = (struct nc_span){ i, i + 1 };
	}
	nc_clear_pack(b, spans, n, r->data);
}

static int16_t
number_of(enum nc_space space, struct nc_bytes name)
{
	int64_t v = name.p ? nc_name_number(space, name.p, name.len) : -1;

	return (int16_t)(v >= 0 && v <= INT16_MAX ? v : -1);
}

static struct nc_bytes
name_of(enum nc_space space, int16_t number)
{
	return nc_str(number >= 0 ? nc_name_of(space, number) : NULL);
}

void
ref_set(struct ref *r, const struct offer *o)
{
	const struct nc_call *c = o->call;
	size_t n = c->data.len < sizeof(r->data) ? c->data.len :
						   sizeof(r->data);

	r->host = o->host;
	r->line = c->line == NC_NIL ? c->entry : c->line;
	r->at = nc_call_at(c);
	r->time = c->time;
	r->duration = c->duration;
	r->entry = c->entry;
	r->seq = (int64_t)o->m->seq;
	r->thread = c->thread;
	if (!o->m->sink)
		return;
	r->trace = c->trace;
	r->process = c->process;
	r->fd = c->fd;
	r->result = c->result;
	r->asked = c->asked;
	r->socket = c->socket;
	r->value = c->value;
	r->timeout = c->timeout;
	r->id = o->step->id;
	r->error = o->step->error;
	r->peer = o->step->id == NC_CALL_BIND ? o->step->local : o->step->peer;
	r->flags = o->step->id == NC_CALL_SOCKET ? c->flags : NC_NIL;
	r->domain = number_of(NC_SPACE_DOMAIN, c->domain);
	r->type = number_of(NC_SPACE_TYPE, c->type);
	r->protocol = number_of(NC_SPACE_PROTOCOL, c->protocol);
	r->cause = NULL;
	if (c->cause.p)
		r->cause = nc_str_eq(c->cause, "exit") ? "exit" :
		    nc_str_eq(c->cause, "kill")        ? "kill" :
		    nc_str_eq(c->cause, "exec")        ? "exec" :
		    nc_str_eq(c->cause, "dup2")        ? "dup2" :
		    nc_str_eq(c->cause, "close_range") ? "close_range" :
		    nc_str_eq(c->cause, "close")       ? "close" :
							 "other";
	r->option[0] = '\0';
	if (c->option.p)
		snprintf(r->option, sizeof(r->option), "%.*s",
		    (int)(c->option.len < 23 ? c->option.len : 23),
		    c->option.p);
	r->cut = c->data.len > n ||
	    (c->marks != NC_NIL && (c->marks & NC_MARK_CUT));
	r->ndata = (uint16_t)n;
	if (n)
		memcpy(r->data, c->data.p, n);
	r->redacted = c->clear.p != NULL;
	if (r->redacted)
		keep_clear(r, c);
}

size_t
ref_render(const struct ref *r, char *buf, size_t size)
{
	struct nc_buf clear = { NULL, 0, 0 };
	struct nc_call c;
	char addr[NC_ADDR_TEXT];
	size_t n;

	nc_record_init(NC_KIND_call, &c);
	c.host = nc_str(r->host->name);
	c.trace = r->trace;
	c.line = r->line;
	c.entry = r->entry;
	c.thread = r->thread;
	c.process = r->process;
	c.name = nc_str(nc_call_name(r->id));
	c.socket = r->socket;
	c.fd = r->fd;
	c.result = r->result;
	c.value = r->value;
	c.timeout = r->timeout;
	if (r->error > 0)
		c.error = nc_str(nc_errno_name(r->error));
	c.asked = r->asked;
	if (r->ndata)
		c.data = (struct nc_bytes){ r->data, r->ndata };
	if (r->redacted) {
		pack_clear(&clear, r);
		c.clear = (struct nc_bytes){ clear.p, clear.len };
	}
	if (r->cut)
		c.marks = NC_MARK_CUT;
	if (r->peer.family) {
		struct nc_bytes text =
		    nc_str(nc_addr_print_port(&r->peer, addr));

		if (r->id == NC_CALL_BIND)
			c.local = text;
		else
			c.peer = text;
	}
	if (r->option[0])
		c.option = nc_str(r->option);
	if (r->id == NC_CALL_SOCKET) {
		c.domain = name_of(NC_SPACE_DOMAIN, r->domain);
		c.type = name_of(NC_SPACE_TYPE, r->type);
		c.protocol = name_of(NC_SPACE_PROTOCOL, r->protocol);
		c.flags = r->flags;
	}
	c.cause = nc_str(r->cause);
	n = nc_call_render(&c, buf, size);
	nc_buf_fini(&clear);
	return n;
}

void
ref_pack(struct nc_buf *b, const struct ref *r)
{
	char text[NC_RENDER_MAX + 1];

	ref_render(r, text, sizeof(text));
	nc_pack_array(b, 4);
	nc_pack_str(b, r->host->name);
	nc_pack_int(b, r->trace);
	nc_pack_int(b, r->line);
	nc_pack_str(b, text);
}

/* Deviations */

static bool
open_code(
    struct dev *d, struct nc_model *m, enum dev_code code, const char *rule)
{
	memset(d, 0, sizeof(*d));
	if (!m->sink)
		return false;
	d->m = m;
	row_named(m, rule);
	if (code == DEV_UNEXPECTED_FAILURE)
		row_taken(m, ROW_any_unlisted);
	nc_record_init(NC_KIND_deviation, &d->rec);
	d->rec.code = nc_str(codes[code].name);
	d->rec.severity = nc_str(codes[code].warning ? "warning" : "info");
	d->rec.tag = nc_str(codes[code].tag);
	d->rec.rule = nc_str(rule);
	d->rec.weak = 0;
	d->base = BASE_EXACT;
	d->most = 100;
	return true;
}

bool
dev_open(struct dev *d, struct offer *o, enum dev_code code, const char *rule)
{
	const struct nc_call *c = o->call;

	if (!open_code(d, o->m, code, rule))
		return false;
	d->rec.host = nc_str(o->host->name);
	d->rec.trace = c->trace;
	d->rec.line = c->line == NC_NIL ? c->entry : c->line;
	d->rec.entry = c->entry;
	d->rec.thread = c->thread;
	d->rec.process = c->process;
	d->rec.time = c->time;
	d->rec.duration = c->duration;
	d->rec.socket = c->socket;
	nc_call_render(c, d->text, NC_RENDER_MAX + 1);
	d->rec.text = nc_str(d->text);
	if (o->sock && o->sock->local.family)
		d->rec.local =
		    nc_str(nc_addr_print_port(&o->sock->local, d->local));
	if (o->step->peer.family)
		dev_peer(d, host_owning(o->m, o->host, &o->step->peer),
		    &o->step->peer);
	if (o->sock && o->sock->late)
		dev_base(d, BASE_LATE);
	return true;
}

bool
dev_open_ref(struct dev *d, struct nc_model *m, const struct ref *r,
    enum dev_code code, const char *rule)
{
	if (!r->host || !open_code(d, m, code, rule))
		return false;
	d->rec.host = nc_str(r->host->name);
	d->rec.trace = r->trace;
	d->rec.line = r->line;
	d->rec.entry = r->entry;
	d->rec.thread = r->thread;
	d->rec.process = r->process;
	d->rec.time = r->time;
	d->rec.duration = r->duration;
	d->rec.socket = r->socket;
	ref_render(r, d->text, sizeof(d->text));
	d->rec.text = nc_str(d->text);
	if (r->peer.family)
		dev_peer(d, host_owning(m, r->host, &r->peer), &r->peer);
	return true;
}

void
dev_peer(struct dev *d, const struct nc_host_state *h, const struct nc_addr *a)
{
	if (!d->m)
		return;
	if (a && a->family)
		d->rec.peer = nc_str(nc_addr_print_port(a, d->peer));
	if (h)
		d->rec.peer_host = nc_str(h->name);
}

void
dev_conn(struct dev *d, const struct conn *c, int side)
{
	const struct ep *mine = c->ep[side], *other = c->ep[!side];

	if (!d->m)
		return;
	d->rec.connection = (int64_t)c->number;
	if (side == SIDE_CLIENT) {
		if (c->client_local.family)
			d->rec.local = nc_str(
			    nc_addr_print_port(&c->client_local, d->local));
		dev_peer(d, NULL, &c->target);
	} else {
		if (c->server_local.family)
			d->rec.local = nc_str(
			    nc_addr_print_port(&c->server_local, d->local));
		dev_peer(d, NULL, &c->server_peer);
	}
	if (mine && d->rec.socket == NC_NIL)
		d->rec.socket = mine->number;
	if (other) {
		d->rec.peer_host = nc_str(other->host->name);
		d->rec.peer_socket = other->number;
	} else if (side == SIDE_CLIENT && c->port && c->port->host) {
		d->rec.peer_host = nc_str(c->port->host->name);
	}
	dev_base(d, conn_confidence(c));
	/* Whoever did something else may have done what is missing here. */
	if (c->state != CONN_FAILED &&
	    ((mine && mine->host->mixed) || (other && other->host->mixed) ||
		(c->port && c->port->host && c->port->host->mixed)))
		dev_weak(d);
}

void
dev_flow(struct dev *d, const struct flow *f, bool at_receiver)
{
	if (!d->m)
		return;
	d->rec.flow = (int64_t)f->number;
	if (at_receiver) {
		dev_peer(d, f->host, &f->source);
		d->rec.local =
		    nc_str(nc_addr_print_port(&f->destination, d->local));
		d->rec.peer_socket = f->sender_number;
	} else {
		dev_peer(d, f->to_host, &f->destination);
		if (f->source.family)
			d->rec.local =
			    nc_str(nc_addr_print_port(&f->source, d->local));
		if (f->receiver)
			d->rec.peer_socket = f->receiver_number;
	}
	if (f->match == MATCH_HOST || f->match == MATCH_NAT)
		dev_base(d, BASE_HOST);
	if (f->match == MATCH_INFERRED)
		dev_base(d, BASE_INFERRED);
	if ((f->sender && f->sender->late) || (f->port && f->port->unseen))
		dev_base(d, BASE_LATE);
}

void
dev_base(struct dev *d, int percent)
{
	if (d->m && d->base > percent)
		d->base = percent;
}

void
dev_weak(struct dev *d)
{
	if (!d->m)
		return;
	d->weak = true;
	d->rec.weak = 1;
	d->rec.severity = nc_str("info");
}

void
dev_timed(struct dev *d)
{
	d->timed = true;
}

void
dev_confidence(struct dev *d, int percent)
{
	if (d->m && d->most > percent)
		d->most = percent;
}

void
dev_int(struct dev *d, const char *name, int64_t v)
{
	if (!d->m || v == NC_NIL)
		return;
	nc_pack_str(&d->args, name);
	nc_pack_int(&d->args, v);
	d->nargs++;
}

void
dev_str(struct dev *d, const char *name, const char *v)
{
	if (!d->m || !v)
		return;
	nc_pack_str(&d->args, name);
	nc_pack_str(&d->args, v);
	d->nargs++;
}

void
dev_addr(struct dev *d, const char *name, const struct nc_addr *a)
{
	char text[NC_ADDR_TEXT];

	if (d->m && a->family)
		dev_str(d, name, nc_addr_print_port(a, text));
}

void
dev_cause(struct dev *d, const struct ref *r)
{
	if (!d->m || !r->host)
		return;
	ref_pack(&d->causes, r);
	d->ncauses++;
}

void
dev_close(struct dev *d)
{
	struct nc_buf args = { 0 }, causes = { 0 };

	if (!d->m)
		return;
	d->rec.confidence =
	    d->base - (d->weak ? WEAKER : 0) + (d->timed ? TIMED : 0);
	if (d->rec.confidence > d->most)
		d->rec.confidence = d->most;
	if (d->nargs) {
		nc_pack_map(&args, d->nargs);
		nc_buf_add(&args, d->args.p, d->args.len);
		d->rec.args = (struct nc_bytes){ args.p, args.len };
	}
	if (d->ncauses) {
		nc_pack_array(&causes, d->ncauses);
		nc_buf_add(&causes, d->causes.p, d->causes.len);
		d->rec.causes = (struct nc_bytes){ causes.p, causes.len };
	}
	d->m->sink->put(d->m->sink->ctx, NC_KIND_deviation, &d->rec);
	nc_buf_fini(&args);
	nc_buf_fini(&causes);
	nc_buf_fini(&d->args);
	nc_buf_fini(&d->causes);
}

static void
follow(struct nc_bytes *b, const char *from, const char *to)
{
	if (b->p == from)
		b->p = to;
}

struct dev *
dev_keep(struct dev *d)
{
	struct dev *k = nc_xmalloc(sizeof(*k));

	*k = *d;
	follow(&k->rec.local, d->local, k->local);
	follow(&k->rec.peer, d->peer, k->peer);
	follow(&k->rec.text, d->text, k->text);
	d->m = NULL;
	return k;
}

void
dev_free(struct dev *d)
{
	nc_buf_fini(&d->args);
	nc_buf_fini(&d->causes);
	free(d);
}

void
dev_simple(struct offer *o, enum dev_code code, const char *rule)
{
	struct dev d;

	if (!dev_open(&d, o, code, rule))
		return;
	if (o->sock && o->sock->ep)
		dev_conn(&d, o->sock->ep->conn, o->sock->ep->side);
	dev_close(&d);
}
