/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The rule idle-drop: a connection that passed data, was quiet, and then did
 * not pass any more, though neither end had closed it.
 */
#include "../rules.h"

static bool
want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d) || !d->conn || !paired(r, d) ||
	    !lasted(d, "quiet", r->limits->idle_drop))
		return false;
	if (d->code != CODE_DATA_UNDELIVERED)
		return true;
	/* It was there, and waited long enough for them. */
	return map_true(d->d.args, "waiting") &&
	    lasted(d, "waited", r->limits->waited) &&
	    nc_find_int(d->conn->c.facts, "complete") != 0;
}

static const char *
failure(struct rules *r, const struct dev *d)
{
	switch (d->code) {
	case CODE_CONN_DIED:
		return text(r, "was never answered (%s)",
		    text_bytes(r, nc_find_str(d->d.args, "error")));
	case CODE_RESET_BY_NETWORK:
		return "was answered with a reset that neither end sent";
	default:
		return "never arrived";
	}
}

static void
emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	int64_t n = count_conns(p), quiet = 0;
	int confidence = least(p);
	struct finding *f;
	size_t i;

	/* Once it may be chance that the network failed after a pause. */
	if (confidence > (n > 1 ? 80 : 60))
		confidence = n > 1 ? 80 : 60;
	f = make(r, "idle-drop", confidence, p);
	f->count = n;
	for (i = 0; i < p->n; i++)
		if (nc_find_int(p->v[i]->d.args, "quiet") > quiet)
			quiet = nc_find_int(p->v[i]->d.args, "quiet");
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f,
	    "%s between %s and %s stopped passing data while quiet for %s: "
	    "what %s sent then %s, though neither end had closed",
	    text_count(r, n, "connection"), text_host(r, dev_client(d), NULL),
	    text_at(r, dev_server(d), &a), text_time(r, quiet),
	    facts_host_name(r->facts, d->host), failure(r, d));
}

/* All between the two hosts: a second one makes it certain. */
static uint64_t
key(const struct dev *d)
{
	return facts_pair_key(dev_client(d), dev_server(d));
}

void
rule_idle_drop(struct rules *r)
{
	static const enum code codes[] = { CODE_CONN_DIED,
		CODE_RESET_BY_NETWORK, CODE_DATA_UNDELIVERED, CODE_NONE };

	rules_each(r, codes, want, key, emit);
}
