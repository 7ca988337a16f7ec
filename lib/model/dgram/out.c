/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Datagrams that left for nobody's address, and came to somebody.
 */
#include "out.h"

#include <stdlib.h>

#include "../deviate.h"
#include "../offer.h"

#define OUT_MAX 16384 /* lengths of senders that are kept */

struct sent_out {
	struct nc_addr to;
	bool told;
};

static uint64_t
out_key(const struct nc_host_state *h, uint16_t port, uint64_t n)
{
	return key_of(9, (uint64_t)h->index << 16 | port, n);
}

void
dgram_out_sent(struct nc_model *m, const struct flow *f, uint64_t n)
{
	uint64_t key = out_key(f->host, f->source.port, n);
	struct sent_out *out;

	if (m->sent_out.n >= OUT_MAX || nc_map_get(&m->sent_out, key))
		return;
	out = nc_xcalloc(1, sizeof(*out));
	out->to = f->destination;
	nc_map_put(&m->sent_out, key, out);
}

static void
tell(struct offer *o, struct sent_out *out, struct nc_host_state *h,
    const struct nc_addr *from)
{
	struct dev d;

	if (out->told || !dev_open(&d, o, DEV_PORT_FORWARDED, "dgram_recv"))
		return;
	out->told = true;
	dev_peer(&d, h, from);
	dev_addr(&d, "target", &out->to);
	dev_addr(&d, "local", &o->sock->local);
	dev_str(&d, "confirmed", "port");
	dev_close(&d);
}

bool
dgram_out_came(struct offer *o, struct nc_host_state *h,
    const struct nc_addr *from, uint64_t n)
{
	struct nc_model *m = o->m;
	struct sent_out *out =
	    nc_map_get(&m->sent_out, out_key(h, from->port, n));

	/* From a socket whose port no line has told. */
	if (!out)
		return nc_map_get(&m->sent_out, out_key(h, 0, n)) != NULL;
	/* Where hosts are not declared, any address may be anybody's. */
	if (!m->undeclared && o->sock->local.port)
		tell(o, out, h, from);
	return true;
}
