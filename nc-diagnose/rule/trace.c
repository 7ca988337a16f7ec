/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on the traces themselves: clock-offset, redaction-mismatch,
 * untraced-io, incomplete-trace.
 */
#include "../rules.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* clock-offset */

#define SET_PAIRS 20 /* exchanges that show that a clock was set */

static const char *
offset(struct rules *r, int64_t ns)
{
	return text(r, "%.3f s", (double)ns / (1000.0 * (double)MS));
}

static struct finding *
clock_finding(struct rules *r, const struct clock *c)
{
	struct finding *f = finding_new(r->findings, "clock-offset", 90);

	finding_host(f, facts_host_name(r->facts, c->a));
	finding_host(f, facts_host_name(r->facts, c->b));
	finding_pair(f, facts_pair_key(c->a, c->b));
	return f;
}

/* By more than a user would let pass, and seen in enough exchanges. */
static bool
was_set(const struct rules *r, const struct clock *c)
{
	return c->set && c->pairs >= SET_PAIRS && c->low != NC_NIL &&
	    c->high != NC_NIL &&
	    c->high - c->low > r->limits->clock_offset * MS;
}

void
rule_clock_offset(struct rules *r)
{
	int64_t limit = r->limits->clock_offset * MS;
	size_t i;

	for (i = 0; i < r->facts->nclocks; i++) {
		const struct clock *c = &r->facts->clocks[i];
		bool later = c->low != NC_NIL && c->low > limit;
		bool earlier = c->high != NC_NIL && c->high < -limit;
		struct finding *f;
		const char *a, *b;

		if (c->a == c->b)
			continue;
		if (was_set(r, c)) {
			f = clock_finding(r, c);
			finding_say(f,
			    "a clock of %s or %s was set: the difference lay "
			    "between %s and %s",
			    facts_host_name(r->facts, c->a),
			    facts_host_name(r->facts, c->b), offset(r, c->low),
			    offset(r, c->high));
			continue;
		}
		if (later == earlier)
			continue;
		a = facts_host_name(r->facts, later ? c->a : c->b);
		b = facts_host_name(r->facts, later ? c->b : c->a);
		f = clock_finding(r, c);
		finding_say(f, "the clock of %s is at least %s ahead of %s's",
		    b, offset(r, later ? c->low : -c->high), a);
	}
}

/* redaction-mismatch */

static bool
redacted_alike(const struct trace *a, const struct trace *b)
{
	return a->key && b->key ? strcmp(a->key, b->key) == 0 :
				  a->key == b->key;
}

/*
 * Payload of hosts with different keys cannot be compared: the model does
 * not, and the user has to know why.
 */
void
rule_redaction_mismatch(struct rules *r)
{
	const struct trace *first = NULL, *other = NULL, *t;
	struct finding *f = NULL;
	size_t i;

	for (i = 0; i < r->facts->ntraces; i++) {
		t = &r->facts->traces[i];
		if (t->host < 0 || !t->file)
			continue;
		first = first ? first : t;
		if (redacted_alike(first, t))
			continue;
		if (!f) {
			f = finding_new(r->findings, "redaction-mismatch", 100);
			finding_host(f, facts_host_name(r->facts, first->host));
			other = t;
		}
		finding_host(f, facts_host_name(r->facts, t->host));
	}
	if (!f)
		return;
	if (first->key && other->key)
		finding_say(f,
		    "the payloads of %s and %s are redacted with different "
		    "keys, so what passed between them was not compared",
		    facts_host_name(r->facts, first->host),
		    facts_host_name(r->facts, other->host));
	else
		finding_say(f,
		    "the payload of %s is redacted, that of %s is not, so "
		    "what passed between them was not compared",
		    facts_host_name(
			r->facts, (first->key ? first : other)->host),
		    facts_host_name(
			r->facts, (first->key ? other : first)->host));
}

/* untraced-io */

/* What a process with a ring does is told once for all of a host. */
void
rule_untraced_io(struct rules *r)
{
	size_t i, j;

	for (i = 0; i < r->facts->ndevs; i++) {
		const struct dev *d = r->facts->devs[i];
		const struct trace *t;
		struct nc_bytes call;
		struct finding *f;
		int64_t count = 0;

		if (d->code != CODE_UNTRACED_IO)
			continue;
		for (j = 0; j < r->facts->ndevs; j++) {
			const struct dev *o = r->facts->devs[j];

			if (o->code != CODE_UNTRACED_IO || o->host != d->host)
				continue;
			if (j < i)
				break;
			count++;
		}
		if (j < r->facts->ndevs)
			continue; /* with an earlier one of the host */
		f = finding_new(r->findings, "untraced-io", 100);
		finding_host(f, facts_host_name(r->facts, d->host));
		t = facts_trace(r->facts, d->d.host, d->d.trace);
		finding_evidence(f, facts_host_name(r->facts, d->host),
		    d->d.trace, t ? t->file : NULL, t ? t->len : 0, d->d.line,
		    d->d.text);
		f->count = count;
		call = nc_find_str(d->d.args, "call");
		finding_say(f,
		    "%s of %s %s data through a ring of memory shared with the "
		    "kernel (%s), which no trace of calls shows",
		    count == 1 ? text(r, "process %" PRId64, d->d.process) :
				 text(r, "%" PRId64 " processes", count),
		    facts_host_name(r->facts, d->host),
		    count == 1 ? "moves" : "move", text_bytes(r, call));
	}
}

/* incomplete-trace */

/* Reasons past this are more than a reader wants of one kind. */
#define REASONS_MAX 8

struct reasons {
	const char *v[REASONS_MAX];
	size_t n;
};

static void
reason(struct reasons *rs, const char *s)
{
	size_t i;

	for (i = 0; i < rs->n; i++)
		if (strcmp(rs->v[i], s) == 0)
			return;
	if (rs->n < REASONS_MAX)
		rs->v[rs->n++] = s;
}

/* What the tracer's options took away; "" if nothing. */
static const char *
hidden(struct rules *r, struct nc_bytes raw)
{
	struct nc_cursor c = nc_cursor(raw);
	size_t n = nc_cursor_array(&c), i;
	const char *s = "";

	for (i = 0; i < n && i < REASONS_MAX; i++) {
		struct nc_bytes item = nc_cursor_str(&c);

		/* Done by nc-parse, and no check is the worse for it. */
		if (!nc_str_eq(item, "payload redacted"))
			s = text(r, "%s%s%s", s, *s ? ", " : "",
			    text_bytes(r, item));
	}
	return s;
}

/* Cut payloads matter where most bytes could not be compared for them. */
static bool
uncompared(const struct rules *r)
{
	const struct facts *f = r->facts;

	return f->received > 0 && f->compared <= f->received &&
	    (double)(f->received - f->compared) * 100 >
	    (double)f->received * (double)r->limits->uncompared;
}

static void
ledger_reasons(struct rules *r, const struct trace *t, struct reasons *rs)
{
	const struct nc_end *e = &t->end;
	const char *taken = hidden(r, e->hidden);

	if (e->cut > 0)
		reason(rs, "it ends while its programs still run");
	if (e->late > 0)
		reason(rs,
		    text(r, "%s had been made before it began",
			text_count(r, e->late, "socket")));
	if (e->unfollowed > 0)
		reason(rs,
		    text(r,
			"%s no lines in it (strace -f follows "
			"them)",
			e->unfollowed == 1 ?
			    "a child of its programs has" :
			    text(r, "%" PRId64 " children of its programs have",
				e->unfollowed)));
	if (*taken)
		reason(rs,
		    text(r, "the tracer or its options left out: %s", taken));
	if (e->rejected > 0)
		reason(rs,
		    text(r, "%s could not be read",
			text_count(r, e->rejected, "line")));
	if (e->timed == 0)
		reason(rs,
		    "it has no times, so waits could not be judged "
		    "(strace -ttt -T adds them)");
	if (e->truncated > 0 && uncompared(r))
		reason(rs,
		    text(r,
			"%s cut short, and most of the bytes "
			"received could not be compared "
			"(strace -s sets the length; what sendfile and "
			"splice move is never shown)",
			e->truncated == 1 ?
			    "a payload is" :
			    text(r, "%" PRId64 " payloads are", e->truncated)));
}

/* A trace of one task is one of many that strace -ff wrote. */
static bool
of_family(const struct trace *t)
{
	return t->thread != NC_NIL;
}

static void
deviation_reasons(struct rules *r, const struct trace *t, struct finding *f,
    struct reasons *rs)
{
	size_t i;

	for (i = 0; i < r->facts->ndevs; i++) {
		const struct dev *d = r->facts->devs[i];
		struct nc_bytes why;

		if (d->code != CODE_INCOMPLETE_TRACE || d->host != t->host ||
		    (d->d.trace != t->trace && !of_family(t)))
			continue;
		why = nc_find_str(d->d.args, "why");
		reason(rs,
		    why.p && why.len ? text_bytes(r, why) :
				       "some checks were skipped");
		finding_evidence(f, facts_host_name(r->facts, t->host),
		    t->trace, t->file, t->len, d->d.line, d->d.text);
	}
}

/* n: how many files the trace's ledger is the sum of. */
static void
trace_check(struct rules *r, const struct trace *t, size_t n)
{
	const char *host = facts_host_name(r->facts, t->host), *s = "";
	struct reasons rs = { 0 };
	struct finding *f;
	size_t i;

	f = finding_new(r->findings, "incomplete-trace", 100);
	if (t->raw)
		ledger_reasons(r, t, &rs);
	deviation_reasons(r, t, f, &rs);
	if (rs.n == 0) {
		finding_free(f);
		r->findings->n--;
		return;
	}
	for (i = 0; i < rs.n; i++)
		s = text(r, "%s%s%s", s, i ? "; " : "", rs.v[i]);
	finding_host(f, host);
	f->count = (int64_t)rs.n;
	if (n > 1)
		finding_say(
		    f, "the %zu traces of %s are not whole: %s", n, host, s);
	else
		finding_say(f, "the trace %s of %s is not whole: %s",
		    t->file ? text(r, "%.*s", (int)t->len, t->file) : "", host,
		    s);
}

static void
add_ledger(struct nc_end *sum, const struct nc_end *e)
{
	struct nc_cursor c = nc_cursor(sum->hidden);

	sum->cut |= e->cut;
	sum->late += e->late;
	sum->unfollowed += e->unfollowed;
	sum->rejected += e->rejected;
	sum->truncated += e->truncated;
	sum->timed |= e->timed;
	if (nc_cursor_array(&c) == 0)
		sum->hidden = e->hidden;
}

/* The host's traces of one task each, told as one. */
static void
family_check(struct rules *r, const struct trace *first)
{
	const struct trace *end = r->facts->traces + r->facts->ntraces, *t;
	struct trace sum = *first;
	size_t n = 1;

	for (t = first + 1; t < end; t++) {
		if (t->host != first->host || !of_family(t))
			continue;
		n++;
		if (t->raw && sum.raw)
			add_ledger(&sum.end, &t->end);
		else if (t->raw)
			sum.end = t->end;
		sum.raw = t->raw ? t->raw : sum.raw;
	}
	trace_check(r, &sum, n);
}

void
rule_incomplete_trace(struct rules *r)
{
	const struct trace *t;
	struct nc_map told = { 0 }; /* host + 1 */
	size_t i;

	for (i = 0; i < r->facts->ntraces; i++) {
		t = &r->facts->traces[i];
		if (t->host < 0)
			continue;
		if (!of_family(t))
			trace_check(r, t, 1);
		else if (!nc_map_put(&told, (uint64_t)t->host + 1, r))
			family_check(r, t);
	}
	nc_map_fini(&told);
}
