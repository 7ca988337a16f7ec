/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Takes the calls in and puts them into the places where they take effect.
 */
#include "exchange.h"

#include <stdlib.h>
#include <string.h>

#include "render.h"
#include "util.h"

/* Linux numbers, as the records have them. */
#define MSG_OOB_BIT 0x1
#define MSG_PEEK_BIT 0x2
#define MSG_ERRQUEUE_BIT 0x2000

/* A number in a table's void pointer; 0 is none. */
#define AS_VALUE(n) ((void *)(uintptr_t)((n) + 1u))
#define AS_NUMBER(p) ((uint32_t)((uintptr_t)(p)-1u))

/* What a thread, or a socket's release, has begun and not ended. */
struct begun {
	int64_t trace, entry;
	uint32_t place;
	uint8_t id;
};

void
exchange_init(struct exchange *x, bool texts, size_t payload)
{
	static const struct collect_limits most = { .infos = 1 };

	memset(x, 0, sizeof(*x));
	collect_init(&x->c, &most);
	x->shelf = shelf_new();
	x->texts = texts;
	x->payload = payload;
}

uint32_t
exchange_name(struct exchange *x, struct nc_bytes name)
{
	struct table_entry *e;

	if (name.p == NULL)
		return EXCHANGE_NONE;
	e = table_get(&x->by_name, name, 0);
	if (e->value == NULL) {
		x->names = nc_grow(
		    x->names, x->nnames, &x->names_cap, sizeof(*x->names));
		x->names[x->nnames] = e->host;
		e->value = AS_VALUE(x->nnames++);
	}
	return AS_NUMBER(e->value);
}

uint32_t
exchange_name_known(const struct exchange *x, struct nc_bytes name)
{
	const struct table_entry *e = table_find(&x->by_name, name, 0);

	return e != NULL ? AS_NUMBER(e->value) : EXCHANGE_NONE;
}

static uint32_t
file_of(struct exchange *x, struct nc_bytes host, int64_t trace)
{
	struct table_entry *e = table_get(&x->by_file, host, trace);
	struct exchange_file *f;

	if (e->value == NULL) {
		x->files = nc_grow(
		    x->files, x->nfiles, &x->files_cap, sizeof(*x->files));
		f = &x->files[x->nfiles];
		f->host = exchange_name(x, host);
		f->name = exchange_name(x, collect_file(&x->c, host, trace));
		f->trace = trace;
		e->value = AS_VALUE(x->nfiles++);
	}
	return AS_NUMBER(e->value);
}

static uint32_t
thread_of(struct exchange *x, const struct nc_call *c)
{
	struct table_entry *e = table_get(&x->by_thread, c->host, c->thread);
	struct exchange_thread *t;

	if (e->value == NULL) {
		x->threads = nc_grow(x->threads, x->nthreads, &x->threads_cap,
		    sizeof(*x->threads));
		t = &x->threads[x->nthreads];
		*t = (struct exchange_thread){ exchange_name(x, c->host),
			c->thread, c->process, 0 };
		e->value = AS_VALUE(x->nthreads++);
	}
	return AS_NUMBER(e->value);
}

uint32_t
exchange_socket_of(struct exchange *x, struct nc_bytes host, int64_t number)
{
	struct table_entry *e;
	struct exchange_socket *s;

	if (host.p == NULL || number == NC_NIL)
		return EXCHANGE_NONE;
	e = table_get(&x->by_number, host, number);
	if (e->value == NULL) {
		x->sockets = nc_grow(x->sockets, x->nsockets, &x->sockets_cap,
		    sizeof(*x->sockets));
		s = &x->sockets[x->nsockets];
		*s = (struct exchange_socket){ exchange_name(x, host), number,
			0, 0, EXCHANGE_NONE };
		e->value = AS_VALUE(x->nsockets++);
	}
	return AS_NUMBER(e->value);
}

static enum exchange_way
way_of(enum nc_call_id id, const struct nc_call *c)
{
	switch (nc_call_family(id)) {
	case NC_FAMILY_SEND:
		return id == NC_CALL_SPLICE && nc_str_eq(c->option, "in") ?
		    WAY_RECV :
		    WAY_SEND;
	case NC_FAMILY_RECV:
		return WAY_RECV;
	case NC_FAMILY_ACCEPT:
		return WAY_TAKE;
	default:
		return id == NC_CALL_CONNECT ? WAY_OPEN :
		    id == NC_CALL_RELEASE    ? WAY_END :
		    id == NC_CALL_SHUTDOWN   ? WAY_END :
					       WAY_OTHER;
	}
}

static enum nc_call_id
id_of(const struct nc_call *c)
{
	return c->name.p != NULL ? nc_call_of(c->name.p, c->name.len) :
				   NC_CALL_NONE;
}

/* A thread is in one call at a time; a release is in none. */
static struct table_entry *
begun_entry(struct exchange *x, const struct nc_call *c, enum nc_call_id id)
{
	return id == NC_CALL_RELEASE ?
	    table_get(&x->releasing, c->host, c->socket) :
	    table_get(&x->under_way, c->host, c->thread);
}

static void
add_begin(struct exchange *x, const struct nc_call *c)
{
	enum nc_call_id id = id_of(c);
	struct table_entry *e = begun_entry(x, c, id);
	struct begun *b = e->value;

	if (b == NULL)
		b = e->value = nc_xmalloc(sizeof(*b));
	b->trace = c->trace;
	b->entry = c->entry;
	b->id = (uint8_t)id;
	b->place = x->records++;
}

/* Where the call began: at its begin, else where it stands itself. */
static uint32_t
begin_of(struct exchange *x, const struct nc_call *c, enum nc_call_id id)
{
	const struct table_entry *e = id == NC_CALL_RELEASE ?
	    table_find(&x->releasing, c->host, c->socket) :
	    table_find(&x->under_way, c->host, c->thread);
	const struct begun *b = e != NULL ? e->value : NULL;

	return b != NULL && b->trace == c->trace && b->entry == c->entry &&
		b->id == (uint8_t)id ?
	    b->place :
	    x->records;
}

static uint32_t
line_number(int64_t line)
{
	return line > 0 && line < UINT32_MAX ? (uint32_t)line : 0;
}

/* Up to the first hole; enough to tell a datagram from others, at least. */
static void
keep_payload(
    struct exchange *x, struct exchange_call *k, const struct nc_call *c)
{
	size_t most = x->payload > EXCHANGE_HEAD ? x->payload : EXCHANGE_HEAD;
	struct nc_bytes data = c->data;
	struct nc_cursor runs = nc_cursor(c->runs);
	int64_t known;

	if (nc_cursor_array(&runs) > 0) {
		known = nc_cursor_int(&runs);
		if (known >= 0 && (uint64_t)known < data.len)
			data.len = (size_t)known;
	}
	k->data_len = (uint32_t)(data.len < most ? data.len : most);
	shelf_add(x->shelf, data.p, k->data_len);
}

static uint8_t
how_of(const struct nc_call *c)
{
	int64_t flags = c->flags != NC_NIL ? c->flags : 0;

	return (uint8_t)(((flags & MSG_OOB_BIT) != 0 ? HOW_OOB : 0) |
	    ((flags & MSG_PEEK_BIT) != 0 ? HOW_PEEK : 0) |
	    ((flags & MSG_ERRQUEUE_BIT) != 0 ? HOW_ERRQUEUE : 0) |
	    (c->asked == 0 ? HOW_NOTHING : 0) |
	    (c->asked == c->result ? HOW_FULL : 0));
}

static void
add_call(struct exchange *x, const struct nc_call *c)
{
	char text[NC_RENDER_MAX + 1];
	enum nc_call_id id = id_of(c);
	struct exchange_call *k;

	x->calls =
	    nc_grow(x->calls, x->ncalls, &x->calls_cap, sizeof(*x->calls));
	k = &x->calls[x->ncalls++];
	memset(k, 0, sizeof(*k));
	k->time = c->time;
	k->duration = c->duration;
	k->result = c->result;
	k->line = line_number(c->line);
	k->entry = line_number(c->entry);
	k->file = file_of(x, c->host, c->trace);
	k->thread = thread_of(x, c);
	x->threads[k->thread].calls++;
	k->socket = exchange_socket_of(x, c->host, c->socket);
	k->made = exchange_socket_of(x, c->host, c->made);
	k->peer = exchange_name(x, c->peer);
	k->begin = begin_of(x, c, id);
	k->end = x->records++;
	k->effect = nc_call_is_producer(id) ? k->begin : k->end;
	k->link = EXCHANGE_NONE;
	k->how = how_of(c);
	k->marks = c->marks != NC_NIL ? (uint16_t)c->marks : 0;
	k->id = (uint8_t)id;
	k->way = (uint8_t)way_of(id, c);
	k->error = exchange_name(x, c->error);
	/* Reading no more is no end of what goes the other way. */
	if (id == NC_CALL_SHUTDOWN && (c->value == 0 || c->error.p != NULL))
		k->way = WAY_OTHER;
	if (x->texts)
		k->text_len = (uint16_t)nc_call_render(c, text, sizeof(text));
	k->place = shelf_add(x->shelf, text, k->text_len);
	keep_payload(x, k, c);
}

void
exchange_record(struct exchange *x, const struct nc_record *rec)
{
	struct nc_call c;

	collect_record(&x->c, rec);
	if ((rec->kind != NC_KIND_call && rec->kind != NC_KIND_begin) ||
	    nc_record_decode(rec, &c) < 0 || c.host.p == NULL ||
	    x->records >= EXCHANGE_NONE - 1)
		return;
	if (rec->kind == NC_KIND_begin)
		add_begin(x, &c);
	else
		add_call(x, &c);
}

static int
by_value(const void *a, const void *b)
{
	const uint64_t *p = a, *q = b;

	return *p < *q ? -1 : *p > *q;
}

/* Puts calls[i] where order[i] says that it comes from, without a copy. */
static void
permute(struct exchange_call *calls, uint64_t *order, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct exchange_call first = calls[i];
		uint32_t to = i, from = (uint32_t)order[i];

		while (from != i) {
			calls[to] = calls[from];
			order[to] = to;
			to = from;
			from = (uint32_t)order[to];
		}
		calls[to] = first;
		order[to] = to;
	}
}

/* Calls came in the order of their ends, which decides between two. */
static void
sort_calls(struct exchange *x)
{
	uint64_t *order = nc_xcalloc((size_t)x->ncalls + 1, sizeof(*order));

	for (uint32_t i = 0; i < x->ncalls; i++)
		order[i] = (uint64_t)x->calls[i].effect << 32 | i;
	qsort(order, x->ncalls, sizeof(*order), by_value);
	for (uint32_t i = 0; i < x->ncalls; i++)
		order[i] &= UINT32_MAX;
	permute(x->calls, order, x->ncalls);
	free(order);
}

/* The calls of each socket, in order: an accept is the first of both. */
static void
index_sockets(struct exchange *x)
{
	uint32_t total = 0;

	for (uint32_t i = 0; i < x->ncalls; i++) {
		const struct exchange_call *k = &x->calls[i];

		if (k->socket != EXCHANGE_NONE)
			x->sockets[k->socket].n++;
		if (k->made != EXCHANGE_NONE)
			x->sockets[k->made].maker = i;
	}
	for (uint32_t i = 0; i < x->nsockets; i++) {
		x->sockets[i].first = total;
		total += x->sockets[i].n;
		x->sockets[i].n = 0;
	}
	x->by_socket = nc_xcalloc((size_t)total + 1, sizeof(*x->by_socket));
	for (uint32_t i = 0; i < x->ncalls; i++) {
		uint32_t s = x->calls[i].socket;

		if (s != EXCHANGE_NONE)
			x->by_socket[x->sockets[s].first + x->sockets[s].n++] =
			    i;
	}
}

void
exchange_resolve(struct exchange *x)
{
	sort_calls(x);
	index_sockets(x);
	exchange_find_links(x);
	free(x->by_socket);
	x->by_socket = NULL;
	exchange_match(x);
	free(x->by_link);
	x->by_link = NULL;
}

struct nc_bytes
exchange_text(const struct exchange *x, const struct exchange_call *k)
{
	return shelf_get(x->shelf, k->place, k->text_len);
}

struct nc_bytes
exchange_data(const struct exchange *x, const struct exchange_call *k)
{
	return shelf_get(x->shelf, k->place + k->text_len, k->data_len);
}

const char *
exchange_host(const struct exchange *x, const struct exchange_call *k)
{
	return x->names[x->files[k->file].host];
}

const char *
exchange_file(const struct exchange *x, const struct exchange_call *k)
{
	uint32_t name = x->files[k->file].name;

	return name != EXCHANGE_NONE ? x->names[name] : "?";
}

void
exchange_fini(struct exchange *x)
{
	collect_fini(&x->c);
	shelf_free(x->shelf);
	free(x->calls);
	free(x->files);
	free(x->threads);
	free(x->sockets);
	free(x->links);
	free(x->messages);
	free(x->names);
	free(x->by_socket);
	free(x->by_link);
	table_fini(&x->by_name, NULL);
	table_fini(&x->by_file, NULL);
	table_fini(&x->by_thread, NULL);
	table_fini(&x->by_number, NULL);
	table_fini(&x->by_path, NULL);
	free(x->same);
	free(x->lines);
	table_fini(&x->under_way, free);
	table_fini(&x->releasing, free);
}
