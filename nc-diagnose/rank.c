/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The order of the findings: root causes first, each followed by what it
 * explains (explain.def).
 */
#include "finding.h"

#include <stdlib.h>
#include <string.h>

#include "map.h"
#include "util.h"

/* Findings about a trace, not the network: always last, in this order. */
static const char *const last_ids[] = {
	"untraced-io",
	"redaction-mismatch",
	"incomplete-trace",
};
/* Generic findings: never before a specific one on the same object. */
static const char *const generic_ids[] = {
	"connect-failure",
	"datagram-loss",
	"connection-reset",
};

static bool
id_in(const struct finding *f, const char *const *ids, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(f->diag->id, ids[i]) == 0)
			return true;
	return false;
}

/* Among those that come last, from 1; 0: it is none of them. */
static size_t
last_place(const struct finding *f)
{
	size_t i, n = sizeof(last_ids) / sizeof(last_ids[0]);

	for (i = 0; i < n; i++)
		if (strcmp(f->diag->id, last_ids[i]) == 0)
			return i + 1;
	return 0;
}

static bool
is_last(const struct finding *f)
{
	return last_place(f) > 0;
}

static bool
is_generic(const struct finding *f)
{
	return id_in(
	    f, generic_ids, sizeof(generic_ids) / sizeof(generic_ids[0]));
}

static bool
explains(const struct finding *cause, const struct finding *effect)
{
	static const struct {
		const char *cause, *effect;
	} table[] = {
#define EXPLAINS(c, e) { c, e },
#include "explain.def"
#undef EXPLAINS
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(cause->diag->id, table[i].cause) == 0 &&
		    strcmp(effect->diag->id, table[i].effect) == 0)
			return finding_share(cause, effect);
	return false;
}

/* Which of two roots is read first: below 0 if a. */
static int
compare(const struct finding *a, const struct finding *b)
{
	int c;

	if (last_place(a) != last_place(b))
		return last_place(a) > last_place(b) ? 1 : -1;
	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->confidence != b->confidence)
		return a->confidence > b->confidence ? -1 : 1;
	if (a->npairs != b->npairs)
		return a->npairs > b->npairs ? -1 : 1;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	c = strcmp(a->diag->id, b->diag->id);
	if (c != 0)
		return c;
	return a->made < b->made ? -1 : a->made > b->made;
}

static int
compare_p(const void *a, const void *b)
{
	struct finding *const *x = a, *const *y = b;

	return compare(*x, *y);
}

/* Merging */

static uint64_t
hash_texts(uint64_t k, char *const *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		k = nc_hash(v[i], strlen(v[i]), k);
	return nc_hash_int(k ^ n);
}

/* Findings of the same key are one; 0: this one stays alone. */
static uint64_t
hosts_key(const struct finding *f)
{
	const char *id = f->diag->id;

	if (is_last(f))
		return 0;
	return hash_texts(nc_hash(id, strlen(id), 0), f->hosts, f->nhosts);
}

static uint64_t
ends_key(const struct finding *f)
{
	uint64_t k = hosts_key(f);

	if (k == 0 || f->nendpoints == 0)
		return 0;
	return hash_texts(
	    k ^ (uint64_t)f->severity, f->endpoints, f->nendpoints);
}

/* Moves what from is about to into; from is freed. */
static void
merge(struct finding *into, struct finding *from)
{
	size_t i;

	into->count += from->count;
	if (from->confidence > into->confidence)
		into->confidence = from->confidence;
	if (from->severity > into->severity)
		into->severity = from->severity;
	into->mild = into->mild && from->mild;
	into->own = into->own || from->own;
	into->echo = into->echo && from->echo;
	if (from->at < into->at)
		into->at = from->at;
	for (i = 0; i < from->nobjects; i++)
		finding_object(
		    into, from->objects[i].type, from->objects[i].key);
	for (i = 0; i < from->npairs; i++)
		finding_pair(into, from->pairs[i]);
	for (i = 0; i < from->nevidence; i++) {
		const struct evidence *e = &from->evidence[i];

		finding_evidence(into, e->host, e->trace, e->file, e->file_len,
		    e->line, nc_str(e->call));
	}
	finding_free(from);
}

static void
squeeze(struct findings *fs)
{
	size_t i, n = 0;

	for (i = 0; i < fs->n; i++)
		if (fs->v[i])
			fs->v[n++] = fs->v[i];
	fs->n = n;
}

static void
merge_equal(struct findings *fs)
{
	struct nc_map firsts = { 0 };
	size_t i;

	for (i = 0; i < fs->n; i++) {
		uint64_t key = ends_key(fs->v[i]);
		struct finding *first;

		if (key == 0)
			continue;
		first = nc_map_get(&firsts, key);
		if (!first) {
			nc_map_put(&firsts, key, fs->v[i]);
			continue;
		}
		merge(first, fs->v[i]);
		fs->v[i] = NULL;
	}
	nc_map_fini(&firsts);
	squeeze(fs);
}

/* Findings of an id between the same hosts. */
struct crowd {
	struct finding *first;
	size_t n;
};

static void
crowd_say(struct finding *f, size_t more)
{
	char *first = f->summary;

	f->summary = NULL;
	finding_say(f, "%s (and %zu more like it%s%s)",
	    first ? first : f->diag->meaning, more,
	    f->nhosts > 1 ? " between the same hosts" :
		f->nhosts ? " on " :
			    "",
	    f->nhosts == 1 ? f->hosts[0] : "");
	free(first);
}

static void
merge_many(struct findings *fs, int64_t objects)
{
	struct crowd *crowds = nc_xcalloc(fs->n, sizeof(*crowds)), *c;
	struct nc_map by_key = { 0 };
	size_t i, n = 0;

	for (i = 0; i < fs->n; i++) {
		uint64_t key = hosts_key(fs->v[i]);

		if (key == 0)
			continue;
		c = nc_map_get(&by_key, key);
		if (!c) {
			c = &crowds[n++];
			c->first = fs->v[i];
			nc_map_put(&by_key, key, c);
		}
		c->n++;
	}
	for (i = 0; i < fs->n; i++) {
		c = nc_map_get(&by_key, hosts_key(fs->v[i]));
		if (!c || c->n <= (size_t)objects || c->first == fs->v[i])
			continue;
		merge(c->first, fs->v[i]);
		fs->v[i] = NULL;
	}
	for (i = 0; i < n; i++)
		if (crowds[i].n > (size_t)objects)
			crowd_say(crowds[i].first, crowds[i].n - 1);
	nc_map_fini(&by_key);
	free(crowds);
	squeeze(fs);
}

/* Causes */

/*
 * An info is no problem, so it explains none: except where the rule says that
 * what follows from it is none either.
 */
static bool
can_explain(const struct finding *cause, const struct finding *effect)
{
	if (cause->severity > NC_SEVERITY_INFO ||
	    effect->severity == NC_SEVERITY_INFO)
		return true;
	return cause->mild && !effect->own;
}

static void
find_causes(struct findings *fs)
{
	size_t i, j;

	for (i = 0; i < fs->n; i++)
		for (j = 0; j < fs->n; j++) {
			struct finding *f = fs->v[i], *c = fs->v[j];

			if (i != j && explains(c, f) && can_explain(c, f) &&
			    (!f->cause || compare(c, f->cause) < 0))
				f->cause = c;
		}
}

/* Causes before effects, however they stand: as often as the table is deep. */
static void
lower_effects(struct findings *fs)
{
	bool again = true;
	size_t i;

	for (i = 0; i < fs->n; i++)
		if (fs->v[i]->echo && !fs->v[i]->cause)
			finding_lower(fs->v[i], NC_SEVERITY_INFO);
	while (again) {
		again = false;
		for (i = 0; i < fs->n; i++) {
			struct finding *f = fs->v[i];

			if (!f->cause || !f->cause->mild || f->mild || f->own)
				continue;
			finding_lower(f, f->cause->severity);
			f->mild = again = true;
		}
	}
}

/* The table has no circles, so a chain is no longer than it has lines. */
static struct finding *
root_of(struct finding *f)
{
	while (f->cause)
		f = f->cause;
	return f;
}

/*
 * A generic root moves behind the last specific one on its objects.  An info
 * is no problem, so it pushes nothing back.
 */
static void
generic_last(struct finding **roots, size_t n)
{
	size_t i, j, to;

	for (i = n; i-- > 0;) {
		struct finding *g = roots[i];

		if (!is_generic(g))
			continue;
		to = i;
		for (j = i + 1; j < n; j++)
			if (!is_generic(roots[j]) && !is_last(roots[j]) &&
			    roots[j]->severity > NC_SEVERITY_INFO &&
			    finding_share(g, roots[j]))
				to = j;
		memmove(&roots[i], &roots[i + 1], (to - i) * sizeof(*roots));
		roots[to] = g;
	}
}

/* A finding, then its effects, each before its own: as deep as the table. */
static size_t
emit(const struct findings *fs, struct finding *f, struct finding **out,
    size_t n)
{
	size_t i;

	out[n++] = f;
	for (i = 0; i < fs->n; i++)
		if (fs->v[i]->cause == f)
			n = emit(fs, fs->v[i], out, n);
	return n;
}

static void
order(struct findings *fs)
{
	struct finding **roots, **out;
	size_t i, nroots = 0, n = 0;

	qsort(fs->v, fs->n, sizeof(*fs->v), compare_p);
	roots = nc_xcalloc(fs->n, sizeof(*roots));
	out = nc_xcalloc(fs->n, sizeof(*out));
	for (i = 0; i < fs->n; i++)
		if (!fs->v[i]->cause)
			roots[nroots++] = fs->v[i];
	generic_last(roots, nroots);
	for (i = 0; i < nroots; i++)
		n = emit(fs, roots[i], out, n);
	if (n)
		memcpy(fs->v, out, n * sizeof(*out));
	free(roots);
	free(out);
}

void
findings_rank(struct findings *fs, int64_t confidence, int64_t objects)
{
	size_t i;

	for (i = 0; i < fs->n; i++)
		if (fs->v[i]->confidence <= confidence) {
			finding_free(fs->v[i]);
			fs->v[i] = NULL;
		}
	squeeze(fs);
	merge_equal(fs);
	merge_many(fs, objects);
	find_causes(fs);
	lower_effects(fs);
	order(fs);
	/* A consequence is shown under the root, whatever stands between. */
	for (i = 0; i < fs->n; i++)
		if (fs->v[i]->cause)
			fs->v[i]->cause = root_of(fs->v[i]);
}
