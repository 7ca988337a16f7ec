/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * EACCES and EPERM: ports that may not be bound, files that may not be opened.
 */
#include "denied.h"

#include <stdlib.h>
#include <string.h>

#include "../deviate.h"
#include "../offer.h"
#include "../stream/conn.h"

#define FILES 4 /* of a process, kept for its next use of a connection */
#define PROCESSES 1024
#define PATH_MAX_KEPT 255
#define PART_MIN 3 /* letters of a name that are no accident */

struct denied_file {
	struct ref call; /* no host: none, or told */
	bool written;    /* it was to be */
	char path[PATH_MAX_KEPT + 1];
};

struct denied {
	struct denied_file files[FILES];
	unsigned next;
};

/* Ports */

void
denied_bind(struct offer *o)
{
	struct sock *s = o->sock;

	if (!o->m->sink || s->denied)
		return;
	s->denied = nc_xcalloc(1, sizeof(*s->denied));
	ref_set(s->denied, o);
}

static void
tell_bind(struct nc_model *m, struct sock *s, bool recovered)
{
	char text[NC_ADDR_TEXT];
	struct dev d;

	if (dev_open_ref(&d, m, s->denied, DEV_EACCES, "bind_fail")) {
		if (recovered)
			d.rec.severity = nc_str("info");
		d.rec.peer = nc_str(NULL);
		d.rec.local =
		    nc_str(nc_addr_print_port(&s->denied->peer, text));
		dev_str(&d, "error", nc_errno_name(s->denied->error));
		dev_int(&d, "recovered", recovered);
		dev_close(&d);
	}
	free(s->denied);
	s->denied = NULL;
}

void
denied_gone(struct nc_model *m, struct sock *s)
{
	if (s->denied)
		tell_bind(m, s, false);
}

/* It is used all the same, from another port. */
static void
decide_bind(struct offer *o)
{
	enum nc_call_family f = nc_call_family(o->step->id);

	if (o->step->error && o->step->error != NC_EINPROGRESS)
		return;
	if (o->step->id == NC_CALL_LISTEN)
		tell_bind(o->m, o->sock, false);
	else if (o->step->id == NC_CALL_BIND ||
	    o->step->id == NC_CALL_CONNECT || f == NC_FAMILY_SEND)
		tell_bind(o->m, o->sock, true);
}

/* Files */

static void
keep_file(struct offer *o)
{
	struct nc_map *map = &o->host->denied;
	struct nc_bytes path = o->call->option;
	struct denied *p = nc_map_get(map, (uint64_t)o->call->process + 1);
	struct denied_file *f;

	if (!path.p || path.len > PATH_MAX_KEPT || path.len == 0)
		return;
	if (!p) {
		if (map->n >= PROCESSES)
			return;
		p = nc_xcalloc(1, sizeof(*p));
		nc_map_put(map, (uint64_t)o->call->process + 1, p);
	}
	f = &p->files[p->next++ % FILES];
	memset(f, 0, sizeof(*f));
	ref_set(&f->call, o);
	f->written = o->call->flags != NC_NIL && o->call->flags != 0;
	memcpy(f->path, path.p, path.len);
}

static bool
ends_name(char c)
{
	return c == ' ' || c == '/' || c == '?' || c == '\r' || c == '\n';
}

/* The message has that name as a part of a path, or as a word. */
static bool
names(const struct ref *message, const char *name, size_t n)
{
	size_t i, len = message->ndata;
	const char *p = message->data;

	if (n < PART_MIN)
		return false;
	for (i = 1; i + n <= len; i++)
		if ((p[i - 1] == '/' || p[i - 1] == ' ') &&
		    memcmp(p + i, name, n) == 0 &&
		    (i + n == len || ends_name(p[i + n])))
			return true;
	return false;
}

/* A folder was asked for, whose index it would have been. */
static bool
asks_index(const struct ref *message, const char *name)
{
	size_t i;

	if (strncmp(name, "index.", 6) != 0)
		return false;
	for (i = 1; i + 1 < message->ndata && message->data[i] != '\r'; i++)
		if (message->data[i] == '/' && message->data[i + 1] == ' ')
			return true;
	return false;
}

/* The file's name, or that of the folder that it is in. */
static bool
is_about(const struct ref *message, const char *path)
{
	const char *name = strrchr(path, '/'), *folder;

	if (!name)
		return names(message, path, strlen(path));
	name++;
	for (folder = name - 1; folder > path && folder[-1] != '/'; folder--)
		continue;
	return names(message, name, strlen(name)) ||
	    asks_index(message, name) ||
	    (name - folder > 1 &&
		names(message, folder, (size_t)(name - folder - 1)));
}

static void
tell_file(struct nc_model *m, const struct ep *e, struct denied_file *f,
    const struct ref *message, bool weak)
{
	struct dev d;

	if (dev_open_ref(&d, m, &f->call, DEV_EACCES, "process_order")) {
		dev_conn(&d, e->conn, e->side);
		dev_str(&d, "error", nc_errno_name(f->call.error));
		dev_str(&d, "file", f->path);
		dev_cause(&d, message);
		if (weak)
			dev_weak(&d);
		dev_close(&d);
	}
	f->call.host = NULL;
}

static void
decide_files(struct offer *o)
{
	const struct ep *e = o->sock ? o->sock->ep : NULL;
	struct denied *p =
	    nc_map_get(&o->host->denied, (uint64_t)o->call->process + 1);
	const struct ref *message;
	size_t i;

	if (!p || !e)
		return;
	message = e->side == SIDE_SERVER ? &e->rx.last_ref : &e->tx.last_ref;
	if (!message->host)
		return;
	for (i = 0; i < FILES; i++) {
		struct denied_file *f = &p->files[i];

		if (f->call.host && message->seq < f->call.seq &&
		    is_about(message, f->path))
			tell_file(o->m, e, f, message, false);
	}
}

struct denied_file *
denied_take(struct offer *o, const struct ep *e)
{
	struct denied *p =
	    nc_map_get(&o->host->denied, (uint64_t)o->call->process + 1);
	struct denied_file *taken;
	size_t i;

	for (i = 0; p && i < FILES; i++) {
		struct denied_file *f = &p->files[i];

		if (!f->call.host || !f->written || !e->rx.last_ref.host ||
		    e->rx.last_ref.seq > f->call.seq)
			continue;
		taken = nc_xmalloc(sizeof(*taken));
		*taken = *f;
		f->call.host = NULL;
		return taken;
	}
	return NULL;
}

void
denied_left(
    struct nc_model *m, const struct ep *e, struct denied_file *f, bool weak)
{
	tell_file(m, e, f, &e->rx.last_ref, weak);
}

void
denied_see(struct offer *o)
{
	if (!o->m->sink)
		return;
	if (o->sock && o->sock->denied &&
	    o->call->entry != o->sock->denied->entry)
		decide_bind(o);
	if (nc_call_is_open(o->step->id) &&
	    (o->step->error == NC_EACCES || o->step->error == NC_EPERM))
		keep_file(o);
	else if (o->host->denied.n)
		decide_files(o);
}

void
denied_free(struct nc_host_state *h)
{
	nc_map_free(&h->denied);
}
