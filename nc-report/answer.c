/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The answer in one sentence.
 */
#include "answer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char answer_incomplete[] =
    "the records were cut short, or an earlier stage failed: there may be\n"
    "more than this report shows.";

static const char *
plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* Who is to blame, by the finding's id or else its category. */
static const struct {
	const char *id, *category, *blamed;
	bool between; /* the hosts, not on one of them */
} blames[] = {
	/* That it is late, or says no, is not the network's doing. */
	{ "name-resolution", NULL, "the name service", false },
	{ NULL, "application", "the application", false },
	{ NULL, "configuration", "the configuration", false },
	{ NULL, "host", "the system", false },
	{ NULL, "middlebox", "a device on the way", true },
	{ NULL, "network", "the network", true },
	{ NULL, "portability", "what another system does differently", false },
	{ NULL, "trace", "the way it was traced", false },
};

static void
add_hosts(struct nc_buf *b, struct nc_bytes hosts, bool between)
{
	struct nc_cursor cur = nc_cursor(hosts);
	size_t n = nc_cursor_array(&cur), i;
	struct nc_value v;

	for (i = 0; i < n && nc_cursor_next(&cur, &v) == 1; i++) {
		if (i == 0)
			nc_buf_f(b, between && n > 1 ? " between " : " (");
		else
			nc_buf_f(b, i + 1 == n ? " and " : ", ");
		nc_buf_add(b, v.bytes.p, v.bytes.len);
	}
	if (n > 0 && !(between && n > 1))
		nc_buf_f(b, ")");
}

/* Up to the first full stop that ends a sentence. */
static size_t
first_sentence(struct nc_bytes s)
{
	size_t i;

	for (i = 0; i + 1 < s.len; i++)
		if (s.p[i] == '.' && s.p[i + 1] == ' ')
			return i + 1;
	return s.len;
}

static void
advise(struct nc_buf *b, const struct nc_finding *f)
{
	size_t i, n = sizeof(blames) / sizeof(blames[0]);

	for (i = 0; i < n; i++)
		if (blames[i].id ? nc_str_eq(f->id, blames[i].id) :
				   nc_str_eq(f->category, blames[i].category))
			break;
	if (i < n) {
		nc_buf_f(b, "To blame: %s", blames[i].blamed);
		add_hosts(b, f->hosts, blames[i].between);
		nc_buf_f(b, ".");
	}
	if (f->remedy.len > 0) {
		nc_buf_f(b, i < n ? " Next: " : "Next: ");
		nc_buf_add(b, f->remedy.p, first_sentence(f->remedy));
	}
}

/* Of one that is shown: what the user suppressed explains nothing to him. */
static bool
is_consequence(const struct collected *c, const struct nc_finding *f)
{
	return f->because_of >= 0 && (uint64_t)f->because_of < c->findings.n &&
	    !finding_is_suppressed(c->findings.v[f->because_of]);
}

static void
problem_found(
    struct answer *a, const struct collected *c, const struct nc_finding *first)
{
	uint64_t errors = 0, warnings = 0;

	for (size_t i = 0; i < c->findings.n; i++) {
		const struct nc_finding *f = c->findings.v[i];

		/* What follows from another is not counted. */
		if (!finding_is_problem(f) || is_consequence(c, f))
			continue;
		if (nc_str_eq(f->severity, "error"))
			errors++;
		else
			warnings++;
	}
	a->kind = nc_str_eq(first->severity, "error") ? ANSWER_ERROR :
							ANSWER_WARNING;
	a->verdict = "Problem found:";
	nc_buf_add(&a->sentence, first->summary.p, first->summary.len);
	if (first->summary.len > 0 &&
	    first->summary.p[first->summary.len - 1] != '.')
		nc_buf_f(&a->sentence, ".");
	advise(&a->advice, first);
	if (errors + warnings < 2)
		return;
	nc_buf_f(&a->more, "In all ");
	if (errors > 0)
		nc_buf_f(
		    &a->more, "%" PRIu64 " error%s", errors, plural(errors));
	if (errors > 0 && warnings > 0)
		nc_buf_f(&a->more, " and ");
	if (warnings > 0)
		nc_buf_f(&a->more, "%" PRIu64 " warning%s", warnings,
		    plural(warnings));
	nc_buf_f(&a->more, "; the first is the most likely cause.");
}

static void
nothing_there(struct answer *a, const struct collected *c)
{
	a->kind = ANSWER_UNKNOWN;
	a->verdict = "Nothing to check:";
	nc_buf_f(&a->sentence,
	    "what was traced on %" PRIu64 " host%s shows no connection and no "
	    "datagram.",
	    c->nhosts, plural(c->nhosts));
}

static void
nothing_found(struct answer *a, const struct collected *c)
{
	int64_t received = collect_count(c, "nc-model", "bytes_received");
	int64_t compared = collect_count(c, "nc-model", "bytes_compared");
	uint64_t suppressed = 0;

	for (size_t i = 0; i < c->findings.n; i++)
		suppressed += finding_is_suppressed(c->findings.v[i]);
	a->kind = ANSWER_GOOD;
	a->verdict = "No problem found:";
	nc_buf_f(&a->sentence,
	    "%" PRIu64 " connection%s and %" PRIu64
	    " datagram flow%s of %" PRIu64 " host%s were checked",
	    c->connections.total, plural(c->connections.total), c->flows.total,
	    plural(c->flows.total), c->nhosts, plural(c->nhosts));
	if (c->warnings > 0)
		nc_buf_f(&a->sentence,
		    "; %" PRIu64 " deviation%s from the model amount%s to "
		    "none",
		    c->warnings, plural(c->warnings),
		    c->warnings == 1 ? "s" : "");
	if (suppressed > 0)
		nc_buf_f(&a->sentence, "; %" PRIu64 " finding%s suppressed",
		    suppressed, suppressed == 1 ? " is" : "s are");
	if (compared == NC_NIL)
		compared = 0;
	if (received > 0)
		nc_buf_f(&a->sentence,
		    "; %" PRId64 " of %" PRId64
		    " byte%s received (%.2f %%) %s compared "
		    "with what was sent",
		    compared, received, plural((uint64_t)received),
		    100.0 * (double)compared / (double)received,
		    received == 1 ? "was" : "were");
	nc_buf_f(&a->sentence, ".");
}

/* Neither an exchange, nor anything that went wrong on the way to one. */
static bool
is_empty(const struct collected *c)
{
	for (size_t i = 0; i < c->findings.n; i++) {
		const struct nc_finding *f = c->findings.v[i];

		if (!nc_str_eq(f->category, "trace"))
			return false;
	}
	return c->connections.total + c->flows.total + c->warnings == 0;
}

bool
answer_is_modelled(const struct collected *c)
{
	return c->findings.n > 0 || c->deviations.total > 0 ||
	    c->connections.total > 0 || c->flows.total > 0 ||
	    collect_has_stage(c, "nc-model");
}

/* Nothing is diagnosed from a stream that is not whole. */
static void
nothing_known(struct answer *a, const struct collected *c)
{
	a->kind = ANSWER_UNKNOWN;
	a->verdict = "Not diagnosed:";
	nc_buf_f(&a->sentence,
	    "%" PRIu64 " connection%s and %" PRIu64
	    " datagram flow%s of %" PRIu64 " host%s were read.",
	    c->connections.total, plural(c->connections.total), c->flows.total,
	    plural(c->flows.total), c->nhosts, plural(c->nhosts));
}

void
answer_make(struct answer *a, const struct collected *c, bool whole)
{
	size_t first = 0;

	memset(a, 0, sizeof(*a));
	while (
	    first < c->findings.n && !finding_is_problem(c->findings.v[first]))
		first++;
	if (first < c->findings.n) {
		problem_found(a, c, c->findings.v[first]);
		return;
	}
	if (answer_is_modelled(c)) {
		if (!whole)
			nothing_known(a, c);
		else if (is_empty(c))
			nothing_there(a, c);
		else
			nothing_found(a, c);
		return;
	}
	a->kind = ANSWER_UNKNOWN;
	a->verdict = "Not diagnosed:";
	nc_buf_f(&a->sentence,
	    "%" PRIu64 " call record%s of %" PRIu64
	    " host%s that %s not been through nc-model.",
	    c->calls, plural(c->calls), c->nhosts, plural(c->nhosts),
	    c->calls == 1 ? "has" : "have");
}

void
answer_fini(struct answer *a)
{
	nc_buf_fini(&a->sentence);
	nc_buf_fini(&a->advice);
	nc_buf_fini(&a->more);
}
