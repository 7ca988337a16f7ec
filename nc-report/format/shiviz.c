/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A log with vector clocks, as ShiViz reads it by default: a line with the
 * call, and one with where it ran and its clock.
 *
 * The clocks come from the order and the messages that were found, not from
 * times.  A row is a thread where there are few, else a host, whose calls the
 * order puts into one line.  Calls that are no part of an exchange are left
 * out.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../exchange/exchange.h"
#include "../format.h"
#include "escape.h"
#include "util.h"

#define THREADS_MAX 16 /* beyond, hosts stand for their threads */
#define NODES_MAX 1000 /* beyond, the last stands for the others */

struct shiviz {
	FILE *out;
	struct exchange x;
	struct nc_buf scratch;
	bool by_thread;
	uint32_t nodes;
	uint32_t *node_of_host; /* by name */
	char **names;           /* of the nodes */
	uint32_t *clocks;       /* nodes times nodes */
	uint32_t **sent;        /* by call: the clock that its bytes carry */
	uint32_t *waiting;      /* by call: messages of it not received yet */
	uint32_t *got; /* by call: its messages received, in incoming */
	uint32_t *incoming;
};

static void *
shiviz_open(const struct format_options *opt)
{
	struct shiviz *s = nc_xcalloc(1, sizeof(*s));

	s->out = opt->out;
	exchange_init(&s->x, true, 0);
	return s;
}

static void
shiviz_record(void *state, const struct nc_record *rec)
{
	struct shiviz *s = state;

	exchange_record(&s->x, rec);
}

/* A name without blanks, as the second line wants it. */
static char *
node_name(struct shiviz *s, const char *host, int64_t thread)
{
	char number[24] = "";

	s->scratch.len = 0;
	nc_escape_json(&s->scratch, host, strlen(host));
	for (size_t i = 0; i < s->scratch.len; i++)
		if (s->scratch.p[i] == ' ')
			s->scratch.p[i] = '_';
	if (thread != NC_NIL)
		snprintf(number, sizeof(number), "/%" PRId64, thread);
	nc_buf_add(&s->scratch, number, strlen(number) + 1);
	return nc_xstrdup(s->scratch.p);
}

static void
make_nodes(struct shiviz *s)
{
	const struct exchange *x = &s->x;

	s->by_thread = x->nthreads <= THREADS_MAX;
	s->node_of_host =
	    nc_xcalloc((size_t)x->nnames + 1, sizeof(*s->node_of_host));
	s->names =
	    nc_xcalloc((size_t)x->nthreads + x->nfiles + 1, sizeof(*s->names));
	for (uint32_t i = 0; i < x->nthreads && s->by_thread; i++)
		s->names[s->nodes++] = node_name(
		    s, x->names[x->threads[i].host], x->threads[i].thread);
	for (uint32_t i = 0; i < x->nfiles && !s->by_thread; i++) {
		uint32_t host = x->files[i].host;

		if (s->node_of_host[host] != 0)
			continue;
		if (s->nodes < NODES_MAX)
			s->names[s->nodes++] =
			    node_name(s, x->names[host], NC_NIL);
		s->node_of_host[host] = s->nodes;
	}
	s->clocks =
	    nc_xcalloc((size_t)s->nodes * s->nodes + 1, sizeof(*s->clocks));
}

static uint32_t
node_of(const struct shiviz *s, const struct exchange_call *k)
{
	return s->by_thread ? k->thread :
			      s->node_of_host[s->x.files[k->file].host] - 1;
}

/* The messages each call receives, by call. */
static void
index_incoming(struct shiviz *s)
{
	const struct exchange *x = &s->x;
	uint32_t n = 0;

	s->sent = nc_xcalloc((size_t)x->ncalls + 1, sizeof(*s->sent));
	s->waiting = nc_xcalloc((size_t)x->ncalls + 1, sizeof(*s->waiting));
	s->got = nc_xcalloc((size_t)x->ncalls + 2, sizeof(*s->got));
	s->incoming =
	    nc_xcalloc((size_t)x->nmessages + 1, sizeof(*s->incoming));
	for (uint32_t i = 0; i < x->nmessages; i++) {
		const struct exchange_message *m = &x->messages[i];

		if (m->from == EXCHANGE_NONE || m->to == EXCHANGE_NONE ||
		    m->from >= m->to)
			continue;
		s->waiting[m->from]++;
		s->got[m->to + 1]++;
	}
	for (uint32_t i = 0; i <= x->ncalls; i++) {
		n += s->got[i];
		s->got[i] = n;
	}
	for (uint32_t i = 0; i < x->nmessages; i++) {
		const struct exchange_message *m = &x->messages[i];

		if (m->from != EXCHANGE_NONE && m->to != EXCHANGE_NONE &&
		    m->from < m->to)
			s->incoming[s->got[m->to]++] = m->from;
	}
	for (uint32_t i = x->ncalls; i > 0; i--)
		s->got[i] = s->got[i - 1];
	s->got[0] = 0;
}

static void
merge(const struct shiviz *s, uint32_t *clock, const uint32_t *other)
{
	for (uint32_t i = 0; i < s->nodes; i++)
		if (other[i] > clock[i])
			clock[i] = other[i];
}

static void
put_event(struct shiviz *s, uint32_t node, const struct exchange_call *k)
{
	const uint32_t *clock = s->clocks + (size_t)node * s->nodes;
	struct nc_bytes text = exchange_text(&s->x, k);
	const char *file = exchange_file(&s->x, k);
	bool first = true;

	s->scratch.len = 0;
	nc_escape_terminal(&s->scratch, text.p, text.len);
	nc_buf_add(&s->scratch, " ", 1);
	nc_escape_terminal(&s->scratch, file, strlen(file));
	fwrite(s->scratch.p, 1, s->scratch.len, s->out);
	if (k->line != 0)
		fprintf(s->out, ":%" PRIu32, k->line);
	fprintf(s->out, "\n%s {", s->names[node]);
	for (uint32_t i = 0; i < s->nodes; i++) {
		if (clock[i] == 0)
			continue;
		fprintf(s->out, "%s\"%s\":%" PRIu32, first ? "" : ", ",
		    s->names[i], clock[i]);
		first = false;
	}
	fputs("}\n", s->out);
}

static void
put_call(struct shiviz *s, uint32_t call)
{
	const struct exchange_call *k = &s->x.calls[call];
	uint32_t node = node_of(s, k);
	uint32_t *clock = s->clocks + (size_t)node * s->nodes;
	size_t size = (size_t)s->nodes * sizeof(*clock);

	for (uint32_t i = s->got[call]; i < s->got[call + 1]; i++) {
		uint32_t from = s->incoming[i];

		if (s->sent[from] == NULL)
			continue;
		merge(s, clock, s->sent[from]);
		if (--s->waiting[from] > 0)
			continue;
		free(s->sent[from]);
		s->sent[from] = NULL;
	}
	clock[node]++;
	if (s->waiting[call] > 0) {
		s->sent[call] = nc_xmalloc(size);
		memcpy(s->sent[call], clock, size);
	}
	put_event(s, node, k);
}

static void
put_log(struct shiviz *s)
{
	struct exchange *x = &s->x;

	exchange_resolve(x);
	make_nodes(s);
	index_incoming(s);
	for (uint32_t i = 0; i < x->ncalls; i++)
		if (x->calls[i].link != EXCHANGE_NONE)
			put_call(s, i);
	for (uint32_t i = 0; i < x->ncalls; i++)
		free(s->sent[i]);
	for (uint32_t i = 0; i < s->nodes; i++)
		free(s->names[i]);
	free(s->names);
	free(s->node_of_host);
	free(s->clocks);
	free(s->sent);
	free(s->waiting);
	free(s->got);
	free(s->incoming);
}

static void
shiviz_finish(void *state, bool started, bool whole)
{
	struct shiviz *s = state;

	(void)whole;
	if (started)
		put_log(s);
	nc_buf_fini(&s->scratch);
	exchange_fini(&s->x);
	free(s);
}

const struct format format_shiviz = { "shiviz", shiviz_open, shiviz_record,
	shiviz_finish, NULL };
