/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A sequence diagram for Mermaid: the exchange that a finding is about, the
 * first one unless another is asked for, or without any the beginning of the
 * whole.
 */
#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../exchange/exchange.h"
#include "../format.h"
#include "addr.h"
#include "escape.h"
#include "util.h"

#define SHOWN 60     /* messages; what is more nobody reads in a picture */
#define TEXT_MAX 72  /* bytes of a call shown */
#define NOTES_MAX 20 /* evidence that is no message */

struct mermaid {
	FILE *out;
	const char *wanted; /* the finding: a number or an id, or NULL */
	bool *failed;
	struct exchange x;
	struct nc_buf scratch;
	struct table lines; /* lifelines: name -> number + 1 */
	bool *chosen;       /* links */
	uint32_t *evidence; /* calls, in order */
	size_t nevidence, evidence_cap;
};

/* Something to draw: a message, or a call that is none. */
struct item {
	const struct exchange_message *message;
	uint32_t call; /* where it stands */
	uint32_t far;  /* calls to the next evidence */
};

static void *
mermaid_open(const struct format_options *opt)
{
	struct mermaid *m = nc_xcalloc(1, sizeof(*m));

	m->out = opt->out;
	m->wanted = opt->finding;
	m->failed = opt->failed;
	exchange_init(&m->x, true, 0);
	return m;
}

static void
mermaid_record(void *state, const struct nc_record *rec)
{
	struct mermaid *m = state;

	exchange_record(&m->x, rec);
}

static void
put(struct mermaid *m, struct nc_bytes s, size_t most)
{
	bool cut = s.len > most;

	m->scratch.len = 0;
	nc_escape_mermaid(&m->scratch, s.p, cut ? most : s.len);
	if (m->scratch.len > 0)
		fwrite(m->scratch.p, 1, m->scratch.len, m->out);
	if (cut)
		fputs("...", m->out);
}

static const struct nc_finding *
first_problem(const struct mermaid *m)
{
	for (size_t i = 0; i < m->x.c.findings.n; i++)
		if (finding_is_problem(m->x.c.findings.v[i]))
			return m->x.c.findings.v[i];
	return NULL;
}

/* The finding asked for: by the number that the reports give it, or by id. */
static const struct nc_finding *
wanted(const struct mermaid *m)
{
	int64_t number, n = 0;

	if (nc_parse_int(m->wanted, strlen(m->wanted), 1, INT64_MAX, &number) <
	    0)
		number = 0;
	for (size_t i = 0; i < m->x.c.findings.n; i++) {
		const struct nc_finding *f = m->x.c.findings.v[i];

		if (finding_is_suppressed(f))
			continue;
		if (++n == number || nc_str_eq(f->id, m->wanted))
			return f;
	}
	warnx("there is no finding %s, but %" PRId64, m->wanted, n);
	*m->failed = true;
	return NULL;
}

static int
by_value(const void *a, const void *b)
{
	const uint32_t *p = a, *q = b;

	return *p < *q ? -1 : *p > *q;
}

/* What the finding's evidence points at: calls, and what they were part of. */
static void
choose(struct mermaid *m, const struct nc_finding *f)
{
	struct nc_cursor cur =
	    nc_cursor(f != NULL ? f->evidence : nc_str(NULL));
	size_t n = nc_cursor_array(&cur);

	m->chosen = nc_xcalloc((size_t)m->x.nlinks + 1, sizeof(*m->chosen));
	for (size_t i = 0; i < n && cur.p < cur.end; i++) {
		struct ref r = ref_read(&m->x.c, &cur);
		uint32_t call = exchange_at(&m->x, r.host, r.file, r.line);

		if (call == EXCHANGE_NONE)
			continue;
		m->evidence = nc_grow(m->evidence, m->nevidence,
		    &m->evidence_cap, sizeof(*m->evidence));
		m->evidence[m->nevidence++] = call;
		if (m->x.calls[call].link != EXCHANGE_NONE)
			m->chosen[m->x.calls[call].link] = true;
	}
	if (f == NULL)
		memset(m->chosen, true, m->x.nlinks);
	if (m->nevidence > 1)
		qsort(
		    m->evidence, m->nevidence, sizeof(*m->evidence), by_value);
}

static uint32_t
distance(const struct mermaid *m, uint32_t call)
{
	size_t low = 0, high = m->nevidence;
	uint32_t d = call;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (m->evidence[mid] < call)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < m->nevidence)
		d = m->evidence[low] - call;
	if (low > 0 && call - m->evidence[low - 1] < d)
		d = call - m->evidence[low - 1];
	return d;
}

static int
by_distance(const void *a, const void *b)
{
	const struct item *p = a, *q = b;

	if (p->far != q->far)
		return p->far < q->far ? -1 : 1;
	return p->call < q->call ? -1 : p->call > q->call;
}

static int
by_call(const void *a, const void *b)
{
	const struct item *p = a, *q = b;

	if (p->call != q->call)
		return p->call < q->call ? -1 : 1;
	return p->message < q->message ? -1 : p->message > q->message;
}

/* The other end of a link, as the end that is traced calls it. */
static struct nc_bytes
address_of(const struct exchange_link *l, int side)
{
	const struct nc_connection *k = l->connection;

	if (k == NULL)
		return side == 0 ? l->flow->source : l->flow->destination;
	if (side == 0)
		return k->server_peer.p != NULL ? k->server_peer :
						  k->client_local;
	return k->client_target.p != NULL ? k->client_target : k->server_local;
}

/* The number of a lifeline; declares it at its first use. */
static unsigned int
lifeline(struct mermaid *m, struct nc_bytes name, bool traced)
{
	struct table_entry *e = table_get(&m->lines, name, traced);

	if (e->value == NULL) {
		e->value = (void *)(uintptr_t)m->lines.n;
		fprintf(m->out, "    participant p%zu as ", m->lines.n);
		put(m, name, TEXT_MAX);
		fputs(traced ? "\n" : " (not traced)\n", m->out);
	}
	return (unsigned int)(uintptr_t)e->value;
}

static unsigned int
lifeline_of(struct mermaid *m, const struct exchange_message *msg, bool from)
{
	const struct exchange_link *l = &m->x.links[msg->link];
	uint32_t call = from ? msg->from : msg->to;
	int side = from ? msg->side : !msg->side;
	char text[NC_ADDR_TEXT];
	struct nc_addr a;
	struct nc_bytes b;

	if (call != EXCHANGE_NONE)
		return lifeline(
		    m, nc_str(exchange_host(&m->x, &m->x.calls[call])), true);
	if (l->socket[side] != EXCHANGE_NONE)
		return lifeline(m,
		    nc_str(m->x.names[m->x.sockets[l->socket[side]].host]),
		    true);
	b = l->connection == NULL ? nc_str(NULL) :
	    side == 0             ? l->connection->client_host :
				    l->connection->server_host;
	if (l->flow != NULL)
		b = side == 0 ? l->flow->sender_host : l->flow->receiver_host;
	if (b.p != NULL)
		return lifeline(m, b, true);
	b = address_of(l, side);
	if (b.p != NULL && nc_addr_parse(b.p, b.len, &a) == 0)
		b = nc_str(nc_addr_print_ip(&a, text));
	return lifeline(m, b.p != NULL ? b : nc_str("?"), false);
}

static void
put_place(struct mermaid *m, const struct exchange_call *k)
{
	put(m, nc_str(exchange_file(&m->x, k)), TEXT_MAX);
	if (k->line != 0)
		fprintf(m->out, ":%" PRIu32, k->line);
}

static void
put_call(struct mermaid *m, const struct exchange_call *k)
{
	put(m, exchange_text(&m->x, k), TEXT_MAX);
	fputs("<br/>", m->out);
	put_place(m, k);
}

static void
put_message(struct mermaid *m, const struct exchange_message *msg)
{
	const struct exchange_link *l = &m->x.links[msg->link];
	const struct exchange_call *k = &m->x.calls[exchange_place(msg)];
	unsigned int from = lifeline_of(m, msg, true);
	unsigned int to = lifeline_of(m, msg, false);

	fprintf(m->out, "    p%u%sp%u: ", from,
	    msg->lost                    ? "-x" :
		msg->kind == MESSAGE_END ? "-->>" :
					   "->>",
	    to);
	put_call(m, k);
	if (msg->from != EXCHANGE_NONE && msg->to != EXCHANGE_NONE) {
		fputs(" to ", m->out);
		put_place(m, &m->x.calls[msg->to]);
	}
	if (msg->kind == MESSAGE_DATA && k->result != NC_NIL &&
	    (uint64_t)k->result != msg->len)
		fprintf(m->out, " (%" PRIu64 " bytes of it)", msg->len);
	if (msg->lost && msg->kind == MESSAGE_OPEN) {
		fputs(": ", m->out);
		put(m, l->connection->opened, TEXT_MAX);
	} else if (msg->lost) {
		fputs(": never received", m->out);
	}
	fputc('\n', m->out);
}

static void
put_note(struct mermaid *m, uint32_t call)
{
	const struct exchange_call *k = &m->x.calls[call];
	unsigned int p = lifeline(m, nc_str(exchange_host(&m->x, k)), true);

	fprintf(m->out, "    Note over p%u: ", p);
	put_call(m, k);
	fputc('\n', m->out);
}

/* Evidence that no message of the diagram shows. */
static size_t
add_notes(struct mermaid *m, struct item *items, size_t n)
{
	size_t from = n;
	uint32_t last = EXCHANGE_NONE;

	for (size_t i = 0; i < m->nevidence && n < from + NOTES_MAX; i++) {
		uint32_t call = m->evidence[i];
		bool shown = call == last;

		for (size_t j = 0; j < from && !shown; j++)
			shown = items[j].message->from == call ||
			    items[j].message->to == call;
		last = call;
		if (!shown)
			items[n++] = (struct item){ NULL, call, 0 };
	}
	return n;
}

static void
put_items(struct mermaid *m)
{
	struct item *items =
	    nc_xcalloc((size_t)m->x.nmessages + NOTES_MAX, sizeof(*items));
	size_t n = 0, left = 0;

	for (uint32_t i = 0; i < m->x.nmessages; i++) {
		const struct exchange_message *msg = &m->x.messages[i];
		uint32_t call = msg->from != EXCHANGE_NONE ? msg->from :
							     msg->to;

		if (m->chosen[msg->link])
			items[n++] =
			    (struct item){ msg, call, distance(m, call) };
	}
	if (n > SHOWN) {
		qsort(items, n, sizeof(*items), by_distance);
		left = n - SHOWN;
		n = SHOWN;
	}
	n = add_notes(m, items, n);
	if (n > 1)
		qsort(items, n, sizeof(*items), by_call);
	for (size_t i = 0; i < n; i++)
		if (items[i].message != NULL)
			put_message(m, items[i].message);
		else
			put_note(m, items[i].call);
	if (n == 0)
		fputs("    participant p1 as no message\n", m->out);
	else if (left > 0)
		fprintf(m->out,
		    "    Note over p1: %zu more message%s not shown\n", left,
		    left == 1 ? "" : "s");
	free(items);
}

static void
put_diagram(struct mermaid *m, bool whole)
{
	const struct nc_finding *f = m->wanted != NULL ? wanted(m) :
							 first_problem(m);

	if (*m->failed)
		return;
	exchange_resolve(&m->x);
	choose(m, f);
	fputs("sequenceDiagram\n    title: ", m->out);
	if (f != NULL) {
		put(m, f->id, TEXT_MAX);
		fputs(": ", m->out);
		put(m, f->summary, 300);
	} else {
		fputs(whole ? "No problem found" : "Incomplete, not diagnosed",
		    m->out);
	}
	fputc('\n', m->out);
	put_items(m);
}

static void
mermaid_finish(void *state, bool started, bool whole)
{
	struct mermaid *m = state;

	if (started)
		put_diagram(m, whole);
	table_fini(&m->lines, NULL);
	free(m->chosen);
	free(m->evidence);
	nc_buf_fini(&m->scratch);
	exchange_fini(&m->x);
	free(m);
}

const struct format format_mermaid = { "mermaid", mermaid_open, mermaid_record,
	mermaid_finish, NULL };
