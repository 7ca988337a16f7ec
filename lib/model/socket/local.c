/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Connects to UNIX sockets that fail, and what fails with them.
 */
#include "local.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../deviate.h"
#include "../host/cope.h"
#include "../offer.h"
#include "../stream/conn.h"
#include "render.h"

#define PROCESSES 1024
#define OUTAGES 64
#define NAME_KEPT 127
#define SECOND_NS INT64_C(1000000000)
/* What a failure brings about comes within this time. */
#define FOLLOWS_NS (10 * SECOND_NS)
/* A socket that is there so soon was only late (model.md 6). */
#define RETRY_NS (30 * SECOND_NS)

/* A process has been denied a socket; the last name that it asked for. */
struct plea {
	struct ref call; /* the last try */
	char name[NAME_KEPT + 1];
	char text[NC_RENDER_MAX + 1]; /* the call, shown */
	int64_t tries;
};

/* One that something failed with. */
struct outage {
	struct outage *next; /* newest first */
	struct plea plea;
	int64_t exit;      /* status of the process, or 0: it served */
	struct ref served; /* the request that it failed, or no host */
	uint64_t conn;     /* ... and its connection's number */
	struct nc_addr client;
};

struct local {
	struct nc_map pleas; /* process + 1 -> struct plea */
	struct outage *outages;
	unsigned noutages;
};

/*
 * Services of the C library, the system and the desktop, which a program looks
 * for wherever it runs: a machine without them is in order.
 */
static bool
is_optional(const char *name)
{
	static const char *const parts[] = { "/nscd/", "/dev/log", "/systemd/",
		"/dbus", "/.X11-unix/", "/.ICE-unix/", "/run/user/",
		"/avahi-daemon/", "/sss/", "/winbindd", "/gnupg/", "/udev/",
		"/pcscd/", "/keyring", "/pulse/", "/ssh-", "/nslcd/",
		"/.setrans-unix", "/.heim_org.h5l" };
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strstr(name, parts[i]))
			return true;
	return false;
}

/* The name that a call on a UNIX socket is about, or nil. */
static struct nc_bytes
name_of(const struct offer *o)
{
	static const char head[] = "unix:";
	const size_t n = sizeof(head) - 1;
	struct nc_bytes peer = o->call->peer;

	if (o->step->id != NC_CALL_CONNECT || o->sock || !peer.p ||
	    peer.len <= n || peer.len > n + NAME_KEPT ||
	    memcmp(peer.p, head, n) != 0)
		return nc_str(NULL);
	return (struct nc_bytes){ peer.p + n, peer.len - n };
}

static bool
denies(const struct ref *call)
{
	return call->error == NC_EACCES || call->error == NC_EPERM;
}

/* From a to b no more than that passed, as far as times tell. */
static bool
within(int64_t a, int64_t b, int64_t ns)
{
	return a == NC_NIL || b == NC_NIL || b < a || b - a <= ns;
}

static uint64_t
key_of_process(const struct offer *o)
{
	return (uint64_t)o->call->process + 1;
}

static void
plea_drop(struct local *l, uint64_t key)
{
	free(nc_map_del(&l->pleas, key));
}

static void
ask(struct offer *o, struct nc_bytes name)
{
	struct nc_host_state *h = o->host;
	struct plea *p;

	if (!h->local)
		h->local = nc_xcalloc(1, sizeof(*h->local));
	p = nc_map_get(&h->local->pleas, key_of_process(o));
	if (!p) {
		if (h->local->pleas.n >= PROCESSES)
			return;
		p = nc_xcalloc(1, sizeof(*p));
		nc_map_put(&h->local->pleas, key_of_process(o), p);
	}
	if (!nc_str_eq(name, p->name))
		p->tries = 0;
	p->tries++;
	memcpy(p->name, name.p, name.len);
	p->name[name.len] = '\0';
	ref_set(&p->call, o);
	nc_call_render(o->call, p->text, sizeof(p->text));
}

/* The socket is there now. */
static void
found(struct offer *o, struct nc_bytes name)
{
	struct local *l = o->host->local;
	const struct plea *p;
	struct outage **at, *gone;

	if (!l)
		return;
	p = nc_map_get(&l->pleas, key_of_process(o));
	if (p && nc_str_eq(name, p->name))
		plea_drop(l, key_of_process(o));
	for (at = &l->outages; *at;) {
		const struct ref *r = &(*at)->plea.call;

		if (!nc_str_eq(name, (*at)->plea.name) ||
		    (denies(r) && r->process != o->call->process) ||
		    !within(r->time, o->call->time, RETRY_NS)) {
			at = &(*at)->next;
			continue;
		}
		gone = *at;
		*at = gone->next;
		l->noutages--;
		free(gone);
	}
}

/* The same had failed before: counted. */
static bool
repeats(const struct local *l, const struct plea *p)
{
	struct outage *w;

	for (w = l->outages; w; w = w->next)
		if (strcmp(w->plea.name, p->name) == 0 &&
		    w->plea.call.error == p->call.error) {
			w->plea.tries += p->tries;
			return true;
		}
	return false;
}

/* What the process was at has failed; e: whom it served, or NULL. */
static void
fail(struct offer *o, const struct ep *e, int64_t status)
{
	struct local *l = o->host->local;
	struct plea *p = nc_map_get(&l->pleas, key_of_process(o));
	struct outage *w;

	if (within(p->call.time, o->call->time, FOLLOWS_NS) && !repeats(l, p) &&
	    l->noutages < OUTAGES) {
		w = nc_xcalloc(1, sizeof(*w));
		w->plea = *p;
		w->exit = status;
		if (e) {
			w->served = e->rx.last_ref;
			w->conn = e->conn->number;
			w->client = e->conn->server_peer;
		}
		w->next = l->outages;
		l->outages = w;
		l->noutages++;
	}
	plea_drop(l, key_of_process(o));
}

/* It was asked for something over e before, and looked for the socket then. */
static bool
served(const struct plea *p, const struct ep *e)
{
	return e && e->side == SIDE_SERVER && e->rx.last_ref.host &&
	    e->rx.last_ref.seq < p->call.seq;
}

static void
goes_on(struct offer *o, const struct plea *p)
{
	const struct ep *e = o->sock ? o->sock->ep : NULL;

	switch (nc_call_family(o->step->id)) {
	case NC_FAMILY_SEND:
		if (served(p, e) && cope_is_failure(o->call))
			fail(o, e, 0);
		else if (o->sock && !e)
			plea_drop(o->host->local, key_of_process(o));
		return;
	default:
		break;
	}
	switch (o->step->id) {
	case NC_CALL_CONNECT:
		/* It tries something else. */
		if (o->sock)
			plea_drop(o->host->local, key_of_process(o));
		return;
	case NC_CALL_EXECVE:
		plea_drop(o->host->local, key_of_process(o));
		return;
	case NC_CALL_EXIT:
	case NC_CALL_EXIT_GROUP:
		if (o->call->value != NC_NIL && o->call->value > 0 &&
		    o->call->value < 128)
			fail(o, NULL, o->call->value);
		else
			plea_drop(o->host->local, key_of_process(o));
		return;
	default:
		return;
	}
}

void
local_see(struct offer *o)
{
	struct nc_bytes name = name_of(o);
	const struct plea *p;

	if (name.p) {
		int error = o->step->error;
		char text[NAME_KEPT + 1];

		memcpy(text, name.p, name.len);
		text[name.len] = '\0';
		if (!error)
			found(o, name);
		else if ((error == NC_EACCES || error == NC_EPERM ||
			     error == NC_ENOENT || error == NC_ECONNREFUSED ||
			     error == NC_EAGAIN) &&
		    !is_optional(text))
			ask(o, name);
		return;
	}
	if (!o->host->local || o->host->local->pleas.n == 0)
		return;
	p = nc_map_get(&o->host->local->pleas, key_of_process(o));
	if (p && p->call.entry != o->call->entry)
		goes_on(o, p);
}

void
local_released(struct offer *o)
{
	const struct ep *e = o->sock->ep;
	const struct plea *p;

	if (!o->host->local || o->host->local->pleas.n == 0 || !e)
		return;
	p = nc_map_get(&o->host->local->pleas, key_of_process(o));
	if (p && served(p, e) && !e->tx.last_ref.host)
		fail(o, e, 0);
}

static void
tell(struct nc_model *m, const struct outage *w)
{
	struct dev d;

	if (!dev_open_ref(
		&d, m, &w->plea.call, DEV_LOCAL_FAILED, "connect_fail"))
		return;
	snprintf(d.text, sizeof(d.text), "%s", w->plea.text);
	d.rec.text = nc_str(d.text);
	dev_str(&d, "error", nc_errno_name(w->plea.call.error));
	dev_str(&d, "name", w->plea.name);
	dev_int(&d, "tries", w->plea.tries);
	if (w->served.host) {
		d.rec.connection = (int64_t)w->conn;
		if (w->client.family)
			dev_addr(&d, "client", &w->client);
		dev_cause(&d, &w->served);
	} else {
		dev_int(&d, "status", w->exit);
	}
	dev_close(&d);
}

void
local_finish(struct nc_model *m, struct nc_host_state *h)
{
	struct outage *w, *oldest = NULL, *next;

	if (!h->local || !m->sink)
		return;
	for (w = h->local->outages; w; w = next) {
		next = w->next;
		w->next = oldest;
		oldest = w;
	}
	h->local->outages = oldest;
	for (w = oldest; w; w = w->next)
		tell(m, w);
}

void
local_free(struct nc_host_state *h)
{
	struct outage *w, *next;

	if (!h->local)
		return;
	nc_map_free(&h->local->pleas);
	for (w = h->local->outages; w; w = next) {
		next = w->next;
		free(w);
	}
	free(h->local);
	h->local = NULL;
}
