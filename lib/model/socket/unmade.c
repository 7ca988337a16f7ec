/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Sockets that the kernel would not make.
 */
#include "unmade.h"

#include <stdlib.h>
#include <string.h>

#include "../deviate.h"
#include "socket.h"

#define UNMADE_MAX 1024 /* threads with one, of a host */

/* The last that a thread was refused; those before it are told. */
struct unmade {
	struct ref call;
	char family[24], protocol[24];
	bool inet, v6;
};

static void
copy_name(char *out, size_t size, struct nc_bytes name)
{
	if (name.p && name.len < size)
		memcpy(out, name.p, name.len);
}

static void
tell(struct nc_model *m, const struct unmade *u, bool recovered)
{
	const char *error = nc_errno_name(u->call.error);
	bool denied = u->call.error == NC_EACCES || u->call.error == NC_EPERM;
	struct dev d;

	if (!dev_open_ref(&d, m, &u->call,
		denied                             ? DEV_EACCES :
		    u->call.error == NC_EPROTOTYPE ? DEV_EPROTOTYPE :
						     DEV_EAFNOSUPPORT,
		"socket_fail"))
		return;
	/* What it tried first, or what is none of a network's business. */
	if (recovered || (!u->inet && !denied))
		d.rec.severity = nc_str("info");
	if (!denied) {
		dev_str(&d, "family", u->family[0] ? u->family : NULL);
		dev_str(&d, "protocol", u->protocol[0] ? u->protocol : NULL);
	}
	dev_str(&d, "error", error ? error : "unknown");
	dev_int(&d, "recovered", recovered);
	dev_close(&d);
}

static void
decide(struct offer *o, bool recovered)
{
	struct unmade *u =
	    nc_map_del(&o->host->unmade, (uint64_t)o->call->thread);

	if (u)
		tell(o->m, u, recovered);
	free(u);
}

void
unmade_keep(struct offer *o)
{
	struct unmade *u;

	if (!o->m->sink || o->call->thread == NC_NIL)
		return;
	/* Another try before anything else. */
	decide(o, true);
	if (o->host->unmade.n >= UNMADE_MAX)
		unmade_finish(o->m, o->host);
	u = nc_xcalloc(1, sizeof(*u));
	ref_set(&u->call, o);
	copy_name(u->family, sizeof(u->family), o->call->domain);
	copy_name(u->protocol, sizeof(u->protocol), o->call->protocol);
	u->inet = sock_is_inet(o->call);
	u->v6 = nc_str_eq(o->call->domain, "AF_INET6");
	nc_map_put(&o->host->unmade, (uint64_t)o->call->thread, u);
}

void
unmade_decide(struct offer *o)
{
	const struct unmade *u =
	    nc_map_get(&o->host->unmade, (uint64_t)o->call->thread);

	if (!u || o->step->error)
		return;
	switch (o->step->id) {
	case NC_CALL_SOCKET:
		if (sock_is_inet(o->call))
			decide(o, true);
		return;
	case NC_CALL_EXIT_GROUP:
		decide(o, false);
		return;
	case NC_CALL_CLOSE:
	case NC_CALL_LEAVE:
	case NC_CALL_RELEASE:
		return;
	default:
		break;
	}
	if (!o->sock || o->sock->type == SOCK_OTHER)
		return;
	/* With the other family it has what it needs; a protocol it lacks. */
	decide(o, u->call.error == NC_EAFNOSUPPORT && o->sock->v6 != u->v6);
}

void
unmade_finish(struct nc_model *m, struct nc_host_state *h)
{
	struct nc_slot *slot;
	size_t at = 0;

	while ((slot = nc_map_next(&h->unmade, &at)))
		tell(m, slot->value, false);
	unmade_free(h);
}

void
unmade_free(struct nc_host_state *h)
{
	nc_map_free(&h->unmade);
	memset(&h->unmade, 0, sizeof(h->unmade));
}
