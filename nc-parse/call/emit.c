/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Records on their way out: begins before them, connects held back.
 */
#include "emit.h"

#include "call.h"
#include "fill.h"
#include "op.h"
#include "util.h"

#include <assert.h>
#include <string.h>

void
nc_emit_fields(struct nc_trace *t, const struct nc_op *op, struct nc_call *rec)
{
	nc_record_init(NC_KIND_call, rec);
	rec->host = (struct nc_bytes){ t->machine->name, t->machine->name_len };
	rec->trace = op->home->number;
	rec->entry = op->entry;
	if (op->home->lane->traces > 1) {
		rec->from = op->from;
		rec->at = op->home->lane->at;
	}
	rec->thread = op->tid;
	rec->process = op->pid;
	rec->time = op->time;
	rec->name.p = nc_call_name_len(op->call, &rec->name.len);
	if (op->fd >= 0)
		rec->fd = op->fd;
	if (op->sock != NULL && nc_sock_relevant(op->sock))
		rec->socket = op->sock->id;
	if (op->news_local)
		rec->local = nc_str(
		    nc_addr_print_port(&op->sock->told_local, t->s->local));
	if (op->news_peer)
		rec->peer = nc_str(
		    nc_addr_print_port(&op->sock->told_peer, t->s->peer));
}

/* Bytes that the fields of a record point to. */
static size_t
bytes_of(enum nc_kind kind, const void *rec)
{
	const struct nc_schema *schema = nc_schema(kind);
	const struct nc_bytes *b;
	size_t i, n = 0;

	for (i = 0; i < schema->nfields; i++) {
		if (schema->fields[i].type == NC_INT)
			continue;
		b = (const void *)((const char *)rec +
		    schema->fields[i].offset);
		n += b->len;
	}
	return n;
}

/* Copies one field's bytes into the slot; false offsets never meet. */
static void
keep_bytes(struct nc_held *h)
{
	const struct nc_schema *schema = nc_schema(h->kind);
	struct nc_bytes *b;
	size_t i, at;

	h->bytes.len = 0;
	/* Twice: the buffer moves while it grows. */
	for (i = 0; i < schema->nfields; i++) {
		if (schema->fields[i].type == NC_INT)
			continue;
		b = (struct nc_bytes *)(void *)((char *)&h->rec +
		    schema->fields[i].offset);
		if (b->p != NULL)
			nc_buf_add(&h->bytes, b->p, b->len);
	}
	for (i = 0, at = 0; i < schema->nfields; i++) {
		if (schema->fields[i].type == NC_INT)
			continue;
		b = (struct nc_bytes *)(void *)((char *)&h->rec +
		    schema->fields[i].offset);
		if (b->p != NULL) {
			b->p = h->bytes.len > 0 ? h->bytes.p + at : "";
			at += b->len;
		}
	}
}

static bool
is_call(enum nc_kind kind)
{
	return kind == NC_KIND_call || kind == NC_KIND_begin;
}

/* Nothing leaves that --redact has not seen. */
static void
write_record(const struct nc_trace *t, enum nc_kind kind, const void *rec)
{
	const struct nc_call *call = rec;

	assert(t->redact == NULL || !is_call(kind) || call->data.len == 0 ||
	    call->clear.p != NULL);
	nc_writer_put(t->out, kind, rec);
}

/* The record waits for a dump no longer. */
static void
end_dump(struct nc_held *h)
{
	const struct nc_trace *t = h->home;
	struct nc_bytes data = h->rec.data;

	if (h->dumps && t->redact != NULL) {
		nc_wire_redact(t->redact, &h->part, &h->rec,
		    h->payload.len > 0 ? h->payload.p :
			data.len > 0   ? h->bytes.p + (data.p - h->bytes.p) :
					 NULL,
		    &h->clear);
		nc_wire_unref(h->part.wire);
		memset(&h->part, 0, sizeof(h->part));
	}
	h->dumps = false;
}

static void
write_first(struct nc_lane *l)
{
	struct nc_held *h = &l->held[l->held_first];

	end_dump(h);
	if (h->waits && h->sock != NULL && h->sock->held_in == l &&
	    h->sock->held == (long)l->held_first + 1)
		h->sock->held = 0;
	h->waits = false;
	if (h->open_ended)
		h->home->open_ended = h->open_ended = false;
	write_record(h->home, h->kind, &h->rec);
	l->held_bytes -= h->bytes.len + sizeof(h->rec);
	nc_buf_fini(&h->payload);
	nc_buf_trim(&h->bytes, NC_OP_KEEP);
	l->held_first = (l->held_first + 1) % NC_HELD_MAX;
	l->held_len--;
}

/* Writes what no longer waits. */
static void
drain(struct nc_lane *l)
{
	struct nc_held *h;

	while (l->held_len > 0) {
		h = &l->held[l->held_first];
		if (h->waits || h->dumps || h->open_ended)
			return;
		write_first(l);
	}
}

void
nc_emit_flush(struct nc_trace *t)
{
	while (t->lane->held_len > 0)
		write_first(t->lane);
}

/* What is held for a socket waits no longer. */
void
nc_emit_forget(struct nc_sock *s)
{
	struct nc_lane *l = s->held_in;
	struct nc_held *h;
	size_t i;

	if (s->held == 0)
		return;
	for (i = 0; i < l->held_len; i++) {
		h = &l->held[(l->held_first + i) % NC_HELD_MAX];
		if (h->sock == s) {
			h->sock = NULL;
			h->waits = false;
		}
	}
	s->held = 0;
	drain(l);
}

/* Redacts a record whose payload lies in the scratch. */
static void
redact(struct nc_trace *t, struct nc_call *call)
{
	nc_wire_redact(
	    t->redact, &t->s->part, call, t->s->data.p, &t->s->clear);
	memset(&t->s->part, 0, sizeof(t->s->part));
}

/* What may be completed is redacted later: its place is known now. */
static void
keep_part(struct nc_trace *t, struct nc_held *h)
{
	h->part = t->s->part;
	if (h->part.wire != NULL)
		nc_wire_ref(h->part.wire);
	memset(&t->s->part, 0, sizeof(t->s->part));
}

/* What a record is held for. */
enum {
	FOR_DUMP = 1,
	FOR_NEXT = 2, /* line of its trace */
};

/*
 * A record of a kind whose struct is no larger than a call's.  holds: its
 * local address is awaited; why: FOR_ bits, or 0.
 */
static void
put(struct nc_trace *t, enum nc_kind kind, const void *rec,
    struct nc_sock *holds, int why)
{
	struct nc_call call;
	struct nc_held *h;
	size_t at;

	/* One that is too long to be held waits for nothing, and ends waits. */
	if ((t->lane->held_len > 0 || holds != NULL || why) &&
	    bytes_of(kind, rec) > NC_HELD_BYTES) {
		nc_emit_flush(t);
		holds = NULL;
		why = 0;
	}
	if (t->redact != NULL && is_call(kind) && !(why & FOR_DUMP)) {
		call = *(const struct nc_call *)rec;
		redact(t, &call);
		rec = &call;
	}
	if (t->lane->held_len == 0 && holds == NULL && !why) {
		write_record(t, kind, rec);
		return;
	}
	while (t->lane->held_len == NC_HELD_MAX ||
	    (t->lane->held_len > 0 && t->lane->held_bytes > NC_HELD_BYTES)) {
		write_first(t->lane);
		drain(t->lane);
	}
	if (t->lane->held_len == 0 && holds == NULL && !why) {
		write_record(t, kind, rec);
		return;
	}
	if (t->lane->held == NULL)
		t->lane->held = nc_xcalloc(NC_HELD_MAX, sizeof(*t->lane->held));
	at = (t->lane->held_first + t->lane->held_len) % NC_HELD_MAX;
	h = &t->lane->held[at];
	h->kind = kind;
	memcpy(&h->rec, rec, nc_schema(kind)->size);
	keep_bytes(h);
	h->waits = holds != NULL;
	h->dumps = (why & FOR_DUMP) != 0;
	h->open_ended = (why & FOR_NEXT) != 0;
	t->open_ended = t->open_ended || h->open_ended;
	h->home = t;
	if (h->dumps && t->redact != NULL)
		keep_part(t, h);
	h->sock = holds;
	if (holds != NULL) {
		if (holds->held != 0 && holds->held_in != t->lane)
			nc_emit_forget(holds);
		holds->held = (long)at + 1;
		holds->held_in = t->lane;
	}
	t->lane->held_bytes += h->bytes.len + sizeof(h->rec);
	t->lane->held_len++;
}

/* A record is out: nothing points into its long buffers any more. */
static void
give_back(struct nc_scratch *s)
{
	nc_buf_trim(&s->data, NC_LINE_KEEP);
	nc_buf_trim(&s->ready, NC_LINE_KEEP);
	nc_buf_trim(&s->runs, NC_LINE_KEEP);
}

static void
announce(struct nc_trace *t)
{
	struct nc_op *op;
	struct nc_call rec;
	struct nc_scratch *call = t->s;

	/* The record after them is made already: it keeps its scratch. */
	t->s = &t->lane->scratch[1];
	while ((op = t->lane->unannounced) != NULL) {
		t->lane->unannounced = op->next;
		if (!op->relevant)
			continue;
		op->announced = true;
		nc_fill_begin(t, op, &rec);
		rec.at = NC_NIL;
		put(t, NC_KIND_begin, &rec,
		    nc_fill_holds(op, rec.local) ? op->sock : NULL, 0);
		give_back(t->s);
	}
	t->s = call;
}

void
nc_emit_call(struct nc_trace *t, struct nc_trace *home,
    const struct nc_call *rec, struct nc_sock *holds)
{
	announce(t);
	put(t, NC_KIND_call, rec, holds, 0);
	home->ledger.records++;
	give_back(t->s);
}

void
nc_emit_cut(struct nc_trace *t, const struct nc_call *rec, bool open_ended)
{
	announce(t);
	put(t, NC_KIND_call, rec, NULL,
	    open_ended ? FOR_DUMP | FOR_NEXT : FOR_DUMP);
	t->ledger.records++;
	t->dump.waits = true;
}

void
nc_emit_open(
    struct nc_trace *t, const struct nc_call *rec, struct nc_sock *holds)
{
	announce(t);
	put(t, NC_KIND_call, rec, holds, FOR_NEXT);
	t->ledger.records++;
	give_back(t->s);
}

void
nc_emit_until(struct nc_trace *t)
{
	struct nc_lane *l = t->lane;
	struct nc_held *h;
	size_t i;

	t->open_ended = false;
	for (i = 0; i < l->held_len; i++) {
		h = &l->held[(l->held_first + i) % NC_HELD_MAX];
		if (!h->open_ended || h->home != t)
			continue;
		h->open_ended = false;
		if (t->now >= h->rec.time)
			h->rec.until = t->now;
	}
	drain(l);
}

struct nc_call *
nc_emit_waiting(struct nc_trace *t, size_t *at)
{
	struct nc_held *h;

	while (*at < t->lane->held_len) {
		h = &t->lane
			 ->held[(t->lane->held_first + (*at)++) % NC_HELD_MAX];
		if (h->dumps && h->home == t)
			return &h->rec;
	}
	return NULL;
}

void
nc_emit_complete(struct nc_trace *t, size_t at, struct nc_bytes bytes)
{
	struct nc_held *h =
	    &t->lane->held[(t->lane->held_first + at) % NC_HELD_MAX];
	struct nc_call *rec = &h->rec;
	int64_t whole = rec->asked;

	/* What was sent, or what came of what was asked for. */
	if (!nc_call_is_producer(nc_call_of(rec->name.p, rec->name.len)) &&
	    (whole == NC_NIL || rec->result < whole))
		whole = rec->result;
	if (whole != NC_NIL && whole >= 0 && (int64_t)bytes.len > whole)
		bytes.len = (size_t)whole;
	if (bytes.len <= rec->data.len ||
	    (rec->runs.p == NULL && rec->data.len > 0 &&
		memcmp(bytes.p, rec->data.p, rec->data.len) != 0))
		return;
	nc_buf_add(&h->payload, bytes.p, bytes.len);
	rec->data = (struct nc_bytes){ h->payload.p, h->payload.len };
	rec->runs = nc_str(NULL);
	if ((int64_t)bytes.len != whole)
		return;
	rec->marks &= ~NC_MARK_CUT;
	if (rec->marks == 0)
		rec->marks = NC_NIL;
	t->ledger.truncated--;
}

void
nc_emit_dumped(struct nc_trace *t)
{
	struct nc_lane *l = t->lane;
	struct nc_held *h;
	size_t i;

	for (i = 0; i < l->held_len; i++) {
		h = &l->held[(l->held_first + i) % NC_HELD_MAX];
		if (h->home == t)
			end_dump(h);
	}
	drain(l);
}

void
nc_emit_address(struct nc_trace *t, const struct nc_addr *a, const char *source)
{
	struct nc_address rec;
	char text[NC_ADDR_TEXT];

	if (!nc_machine_learn(t->machine, a))
		return;
	nc_record_init(NC_KIND_address, &rec);
	rec.host = nc_str(t->machine->name);
	rec.trace = t->number;
	rec.address = nc_str(nc_addr_print_ip(a, text));
	rec.source = nc_str(source);
	announce(t);
	put(t, NC_KIND_address, &rec, NULL, 0);
}

/* Fills the address into every held record that waits for it. */
static void
fill_held(struct nc_sock *s, const struct nc_addr *local)
{
	struct nc_lane *l = s->held_in;
	struct nc_held *h;
	size_t i;

	for (i = 0; i < l->held_len; i++) {
		h = &l->held[(l->held_first + i) % NC_HELD_MAX];
		if (!h->waits || h->sock != s)
			continue;
		h->rec.local = nc_str(nc_addr_print_port(local, h->local));
		h->waits = false;
	}
	s->held = 0;
	drain(l);
}

bool
nc_emit_local(struct nc_trace *t, struct nc_sock *s,
    const struct nc_addr *local, const char *source)
{
	if (!nc_sock_relevant(s))
		return false;
	nc_emit_address(t, local, source);
	/* A datagram socket may have no more than a port of its own. */
	if (s->held != 0 && local->port != 0 &&
	    !(s->stream && nc_addr_is_wildcard(local))) {
		fill_held(s, local);
		s->told_local = *local;
	}
	if (s->told_local.family != 0 && nc_addr_same(&s->told_local, local))
		return false;
	s->told_local = *local;
	return true;
}
