/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The rule deadlock: both ends of a connection wait for each other.
 */
#include "../rules.h"

static bool
is(const struct dev *d, const char *name, const char *value)
{
	return nc_str_eq(nc_find_str(d->d.args, name), value);
}

/* It waited for long, or for nobody knows how long. */
static bool
for_long(const struct rules *r, const struct dev *d, const char *name)
{
	return nc_find_int(d->d.args, name) == NC_NIL ||
	    lasted(d, name, r->limits->deadlock);
}

static bool
want(struct rules *r, const struct dev *d)
{
	if (!strong(r, d) || !map_true(d->d.args, "mutual") || !d->conn ||
	    !paired(r, d) || nc_find_int(d->conn->c.facts, "complete") == 0 ||
	    !for_long(r, d, "waited") || !for_long(r, d, "peer_waited"))
		return false;
	if (map_true(d->d.args, "sending") || !map_true(d->d.args, "threads"))
		return true;
	/*
	 * Another thread may be at work, and one that only reads what is sent
	 * unasked may have got all there was; not so after a question.
	 */
	return is(d, "last", "client") &&
	    lasted(d, "waited", r->limits->deadlock) &&
	    lasted(d, "peer_waited", r->limits->deadlock);
}

/* The shorter of the two, of those that are known. */
static int64_t
waited(const struct dev *d)
{
	int64_t a = nc_find_int(d->d.args, "waited");
	int64_t b = nc_find_int(d->d.args, "peer_waited");

	return a == NC_NIL || (b != NC_NIL && b < a) ? b : a;
}

static const char *
what(struct rules *r, const struct dev *d)
{
	if (map_true(d->d.args, "sending"))
		return "both send, and neither reads what the other has sent";
	if (is(d, "last", "none"))
		return "both receive, and neither has ever sent anything";
	return text(r, "both receive, and all that %s had sent last was read",
	    is(d, "last", "client") ? text_host(r, dev_client(d), NULL) :
				      text_host(r, dev_server(d), NULL));
}

static void
emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f = make(r, "deadlock", least(p), p);

	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f, "%s and %s wait for each other%s: %s",
	    text_host(r, dev_client(d), NULL), text_at(r, dev_server(d), &a),
	    waited(d) != NC_NIL ? text(r, ", for %s", text_time(r, waited(d))) :
				  "",
	    what(r, d));
}

void
rule_deadlock(struct rules *r)
{
	static const enum code codes[] = { CODE_BLOCKED_AT_END, CODE_NONE };

	rules_each(r, codes, want, key_target, emit);
}
