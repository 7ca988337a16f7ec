/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Payload on its way into a redacted stream.
 */
#include "wire.h"

#include "../trace.h"
#include "dns.h"
#include "names.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

void
nc_wire_ref(struct nc_wire *w)
{
	w->refs++;
}

void
nc_wire_unref(struct nc_wire *w)
{
	if (w == NULL || --w->refs > 0)
		return;
	nc_framing_fini(&w->way[0].framing);
	nc_framing_fini(&w->way[1].framing);
	free(w);
}

static bool
is_send(const struct nc_op *op)
{
	return op->call == NC_CALL_SPLICE ?
	    op->splice_out :
	    nc_call_family(op->call) == NC_FAMILY_SEND;
}

static struct nc_wire *
wire_of(struct nc_sock *s)
{
	if (s->wire != NULL)
		return s->wire;
	s->wire = nc_xcalloc(1, sizeof(*s->wire));
	s->wire->refs = 1;
	/* What a socket began with is not known if it is older than us. */
	if (s->late)
		s->wire->way[0].framing.protocol =
		    s->wire->way[1].framing.protocol = NC_FRAMING_OTHER;
	return s->wire;
}

/*
 * What tells traces apart whose lines are not in one order: of two such, it
 * is not known which one's bytes were first.
 */
static const void *
order_of(const struct nc_trace *t)
{
	return t->lane;
}

void
nc_wire_enter(struct nc_trace *t, struct nc_op *op)
{
	enum nc_call_family family = nc_call_family(op->call);
	struct nc_way *way;

	if (op->sock == NULL ||
	    (family != NC_FAMILY_SEND && family != NC_FAMILY_RECV))
		return;
	way = &wire_of(op->sock)->way[is_send(op)];
	op->wired = true;
	if (way->inside++ > 0)
		way->crowded = true;
	if (way->order != NULL && way->order != order_of(t))
		way->lost = true;
	way->order = order_of(t);
}

void
nc_wire_leave(struct nc_op *op)
{
	struct nc_way *way;

	if (!op->wired)
		return;
	way = &op->sock->wire->way[is_send(op)];
	/*
	 * A call without an exit, or whose line is damaged: nobody knows what
	 * was sent.  A receive that never came back took nothing.
	 */
	if (!op->returned && (op->whole || is_send(op)))
		way->lost = true;
	if (--way->inside == 0)
		way->crowded = false;
	op->wired = false;
}

void
nc_wire_restart(struct nc_sock *s)
{
	struct nc_wire *w = s->wire;

	if (w == NULL)
		return;
	if (w->way[0].inside > 0 || w->way[1].inside > 0) {
		w->way[0].lost = w->way[1].lost = true;
		return;
	}
	nc_wire_unref(w);
	s->wire = NULL;
}

/* No payload in the record, as if the tracer had shown none. */
static void
leave_out(struct nc_call *rec)
{
	if (rec->data.len > 0)
		rec->marks = (rec->marks == NC_NIL ? 0 : rec->marks) |
		    NC_MARK_CUT;
	rec->data = rec->runs = rec->clear = (struct nc_bytes){ NULL, 0 };
}

/* Stretches of known bytes in data, and how many unknown ones follow each. */
struct runs {
	struct nc_cursor c;
	size_t left; /* numbers */
	struct nc_bytes data;
	size_t at;      /* in data */
	uint64_t place; /* from the call's first byte on */
};

static struct runs
runs_of(const struct nc_call *rec)
{
	struct runs r = { nc_cursor(rec->runs), 0, rec->data, 0, 0 };

	r.left = nc_cursor_array(&r.c);
	return r;
}

/* The next stretch: its length, and the place of its first byte. */
static bool
next_run(struct runs *r, size_t *at, uint64_t *place, size_t *len)
{
	int64_t known, hole = 0;

	if (r->at == r->data.len)
		return false;
	known = (int64_t)r->data.len;
	if (r->left > 0)
		known = nc_cursor_int(&r->c);
	if (r->left > 1)
		hole = nc_cursor_int(&r->c);
	r->left -= r->left < 2 ? r->left : 2;
	*at = r->at;
	*place = r->place;
	*len = r->data.len - r->at;
	if (known >= 0 && (uint64_t)known < *len)
		*len = (size_t)known;
	r->at += *len;
	r->place += *len + (hole > 0 ? (uint64_t)hole : 0);
	/* The last one has no hole behind it that anybody counted. */
	return *len > 0 || r->left > 0;
}

/*
 * Shows the first limit bytes of a call to a scanner; what is not known is a
 * gap.
 */
static void
feed(struct nc_framing *f, const struct nc_framing *other,
    const struct nc_call *rec, uint64_t limit, struct nc_spans *spans)
{
	struct runs runs = runs_of(rec);
	uint64_t place, to, done = 0;
	size_t at, len;

	while (done < limit && next_run(&runs, &at, &place, &len)) {
		to = place + len < limit ? place + len : limit;
		if (place >= to)
			continue;
		nc_framing_gap(f, place - done);
		nc_framing_feed(f, other, rec->data.p + at,
		    (size_t)(to - place), at, spans);
		done = to;
	}
	if (done < limit && limit != UINT64_MAX)
		nc_framing_gap(f, limit - done);
}

/*
 * What stays of a stream's bytes.  The scanner itself sees those that moved;
 * all others will come again, so a copy of it looks at them.
 */
static void
mark_stream(struct nc_wire *w, bool send, const struct nc_call *rec,
    uint64_t moved, struct nc_spans *spans)
{
	struct nc_framing *f = &w->way[send].framing, copy;
	const struct nc_framing *other = &w->way[!send].framing;
	bool all = rec->runs.p == NULL && rec->data.len <= moved;

	if (!all)
		nc_framing_copy(&copy, f);
	if (moved > 0) {
		nc_framing_call(f);
		feed(f, other, rec, moved, spans);
	}
	if (all)
		return;
	spans->n = 0;
	nc_framing_call(&copy);
	feed(&copy, other, rec, UINT64_MAX, spans);
	nc_framing_fini(&copy);
}

/* A datagram's: only DNS is told. */
static void
mark_datagram(const struct nc_call *rec, struct nc_spans *spans)
{
	int64_t len = rec->result != NC_NIL && rec->result >= 0 ? rec->result :
								  rec->asked;

	if (rec->runs.p != NULL || rec->data.len == 0 ||
	    len < (int64_t)rec->data.len)
		return;
	nc_dns_mark(rec->data.p, rec->data.len, (uint64_t)len, 0, spans);
}

/* True if the call takes or gives bytes of the stream in their order. */
static bool
in_order(const struct nc_call *rec, bool send)
{
	int64_t aside = NC_MSG_ERRQUEUE | (send ? 0 : NC_MSG_OOB);

	return rec->flags == NC_NIL || (rec->flags & aside) == 0;
}

/* How many bytes of the stream the call moved. */
static uint64_t
moved(const struct nc_call *rec, bool send)
{
	if (rec->result == NC_NIL || rec->result <= 0 || !in_order(rec, send))
		return 0;
	if (rec->marks != NC_NIL && (rec->marks & NC_MARK_NOT_RUN) != 0)
		return 0;
	if (!send && rec->flags != NC_NIL && (rec->flags & NC_MSG_PEEK) != 0)
		return 0;
	return (uint64_t)rec->result;
}

void
nc_wire_place(const struct nc_op *op, const struct nc_call *rec, bool final,
    struct nc_wire_part *part)
{
	struct nc_way *way;

	memset(part, 0, sizeof(*part));
	if (!op->wired)
		return;
	part->wire = op->sock->wire;
	part->send = is_send(op);
	part->stream = op->sock->stream;
	part->known = true;
	if (!part->stream)
		return;
	way = &part->wire->way[part->send];
	part->known = !way->crowded && !way->lost && in_order(rec, part->send);
	part->place = way->place;
	if (!final)
		return;
	part->moved = moved(rec, part->send);
	way->place += part->moved;
	if (rec->result == NC_NIL &&
	    (rec->marks == NC_NIL || (rec->marks & NC_MARK_INTERRUPTED) == 0))
		way->lost = true;
}

/* Sets clear, then replaces the bytes. */
static void
permute(const struct nc_redact *r, uint64_t first, struct nc_call *rec,
    char *data, struct nc_buf *clear, const struct nc_spans *spans)
{
	struct runs runs;
	uint64_t place;
	size_t at, len;

	clear->len = 0;
	nc_clear_pack(clear, spans->v, spans->n, rec->data.p);
	rec->clear = (struct nc_bytes){ clear->p, clear->len };
	runs = runs_of(rec);
	while (next_run(&runs, &at, &place, &len))
		nc_redact_apply(r, first + place, data + at, len);
}

void
nc_wire_redact(const struct nc_redact *r, const struct nc_wire_part *part,
    struct nc_call *rec, char *data, struct nc_buf *clear)
{
	struct nc_spans spans = { NULL, 0, 0 };

	if (part->wire == NULL || !part->known) {
		leave_out(rec);
		if (part->wire != NULL)
			nc_framing_gap(
			    &part->wire->way[part->send].framing, part->moved);
		return;
	}
	if (part->stream)
		mark_stream(part->wire, part->send, rec, part->moved, &spans);
	else
		mark_datagram(rec, &spans);
	if (rec->data.p != NULL)
		permute(r, part->place, rec, data, clear, &spans);
	nc_spans_fini(&spans);
}
