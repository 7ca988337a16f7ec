/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Part 2 of the text report: what each connection and flow came to, as
 * sent/received/lost, and who caused a loss.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "../print.h"

static int64_t
zero_if_nil(int64_t v)
{
	return v == NC_NIL ? 0 : v;
}

/* sent/received/lost, with the share that was lost. */
static void
print_triple(struct print *p, int64_t sent, int64_t received, int64_t lost)
{
	sent = zero_if_nil(sent);
	lost = zero_if_nil(lost);
	print_f(p, "%" PRId64 "/%" PRId64 "/%" PRId64, sent,
	    zero_if_nil(received), lost);
	if (lost > 0 && sent > 0)
		print_f(p, " = %.2f %%", 100.0 * (double)lost / (double)sent);
}

static void
print_cause(struct print *p, int64_t lost, struct nc_bytes cause)
{
	if (zero_if_nil(lost) <= 0)
		return;
	print_style(p, STYLE_WARNING);
	if (cause.p == NULL || nc_str_eq(cause, "unknown")) {
		print_f(p, "; lost, cause unknown");
	} else {
		print_f(p, "; lost by the ");
		print_text(p, cause);
	}
	print_style(p, STYLE_NONE);
}

static void
print_end_point(struct print *p, struct nc_bytes host, struct nc_bytes address)
{
	if (host.p != NULL) {
		print_text(p, host);
		if (address.p == NULL)
			return;
		print_f(p, " ");
	}
	print_text(p, address);
	if (host.p == NULL)
		print_f(p, " (not traced)");
}

static void
print_direction(
    struct print *p, const char *to, struct nc_bytes host, struct nc_bytes raw)
{
	static const char *const extra[][2] = { { "writes", "write" },
		{ "reads", "read" } };
	int64_t lost = nc_find_int(raw, "lost"), n;
	bool first = true;

	print_f(p, "       to ");
	if (host.p != NULL)
		print_text(p, host);
	else
		print_f(p, "%s", to);
	print_f(p, "  ");
	print_triple(
	    p, nc_find_int(raw, "sent"), nc_find_int(raw, "received"), lost);
	print_cause(p, lost, nc_find_str(raw, "loss_cause"));
	for (size_t i = 0; i < 2; i++) {
		n = nc_find_int(raw, extra[i][0]);
		if (n <= 0)
			continue;
		/* Who lost it takes up the line. */
		print_f(p, !first ? ", " : lost > 0 ? "\n         " : "; ");
		print_count(p, (uint64_t)n, extra[i][1]);
		first = false;
	}
	n = nc_find_int(raw, "largest_write");
	if (n > 0)
		print_f(p, ", largest write %" PRId64, n);
	print_f(p, "\n");
}

/* An attempt that failed moved nothing: its zeros tell nothing. */
static bool
has_traffic(const struct nc_connection *k)
{
	return nc_str_eq(k->opened, "connected") ||
	    nc_find_int(k->to_server, "sent") > 0 ||
	    nc_find_int(k->to_client, "sent") > 0;
}

static void
print_connection(struct print *p, const struct nc_connection *k)
{
	print_f(p, "  %3" PRId64 "  ", zero_if_nil(k->connection));
	print_end_point(p, k->client_host,
	    k->client_local.p != NULL ? k->client_local : k->server_peer);
	print_f(p, " -> ");
	print_end_point(p, k->server_host,
	    k->server_local.p != NULL ? k->server_local : k->client_target);
	print_f(p, "\n       ");
	print_text(p, k->opened);
	if (nc_str_eq(k->opened, "connected") && k->closed.p != NULL) {
		if (nc_str_eq(k->closed, "open"))
			print_f(p, ", left open");
		else if (nc_str_eq(k->closed, "reset"))
			print_f(p, ", reset");
		else if (nc_str_eq(k->closed, "died"))
			print_f(p, ", died");
		else
			print_f(p, ", closed by %s",
			    nc_str_eq(k->closed, "both")       ? "both" :
				nc_str_eq(k->closed, "client") ? "the client" :
				nc_str_eq(k->closed, "server") ? "the server" :
								 "?");
	}
	if (k->match.p != NULL && !nc_str_eq(k->match, "none")) {
		print_f(p, "; match ");
		print_text(p, k->match);
	}
	if (k->elastic != NC_NIL && k->elastic != 0)
		print_f(p, ", offsets unknown");
	print_f(p, "\n");
	if (k->to_server.p != NULL && has_traffic(k))
		print_direction(p, "server", k->server_host, k->to_server);
	if (k->to_client.p != NULL && has_traffic(k))
		print_direction(p, "client", k->client_host, k->to_client);
}

static void
print_flow(struct print *p, const struct nc_flow *f)
{
	print_f(p, "  %3" PRId64 "  ", zero_if_nil(f->flow));
	print_end_point(p, f->sender_host, f->source);
	print_f(p, " -> ");
	print_end_point(p, f->receiver_host, f->destination);
	print_f(p, "\n       datagrams ");
	print_triple(p, f->sent, f->received, f->lost);
	print_f(p, ", bytes ");
	print_triple(p, f->bytes_sent, f->bytes_received, f->bytes_lost);
	print_cause(p, f->lost, f->loss_cause);
	if (f->duplicated > 0)
		print_f(p, "; %" PRId64 " duplicated", f->duplicated);
	if (f->reordered > 0)
		print_f(p, "; %" PRId64 " reordered", f->reordered);
	if (f->truncated > 0)
		print_f(p, "; %" PRId64 " truncated", f->truncated);
	print_f(p, "\n");
}

static void
print_left_out(struct print *p, const struct list *l, uint64_t lossy)
{
	uint64_t left = l->total - l->n;

	if (left == 0)
		return;
	print_f(p,
	    "       %" PRIu64 " more not shown; in all %" PRIu64 " of %" PRIu64
	    " lost something.\n",
	    left, lossy, l->total);
}

static void
print_clock(struct print *p, const struct nc_clock *k)
{
	print_f(p, "\n  ");
	print_hold(p);
	print_f(p, "The clock of ");
	print_text(p, k->b);
	print_f(p, " less that of ");
	print_text(p, k->a);
	if (k->low != NC_NIL && k->high != NC_NIL)
		print_f(p, " is between %+.6f s and %+.6f s",
		    (double)k->low / 1e9, (double)k->high / 1e9);
	else if (k->low != NC_NIL)
		print_f(p, " is at least %+.6f s", (double)k->low / 1e9);
	else if (k->high != NC_NIL)
		print_f(p, " is at most %+.6f s", (double)k->high / 1e9);
	else
		print_f(p, " is unknown");
	if (k->pairs != NC_NIL) {
		print_f(p, " (");
		print_count(p, (uint64_t)k->pairs, "exchange");
		print_f(p, ")");
	}
	if (nc_str_eq(k->change, "drift") && k->drift_low != NC_NIL &&
	    k->drift_high != NC_NIL)
		print_f(p,
		    ", and grows by %+.3f to %+.3f us each second: "
		    "they drift apart",
		    (double)k->drift_low / 1e3, (double)k->drift_high / 1e3);
	else if (nc_str_eq(k->change, "set"))
		print_f(p, ": one of them was set meanwhile");
	print_f(p, ".");
	print_release(p, 2, 2);
}

/* Connections come as they end; people look for their numbers. */
static int
by_number(const void *a, const void *b)
{
	const struct nc_connection *const *p = a, *const *q = b;

	return (*p)->connection < (*q)->connection ?
	    -1 :
	    (*p)->connection > (*q)->connection;
}

void
print_stats(struct print *p, const struct collected *c)
{
	print_f(p, "\n");
	print_style(p, STYLE_HEAD);
	print_f(p, "2. Connection and flow statistics");
	print_style(p, STYLE_NONE);
	print_f(p, "\n\n  ");
	print_count(p, c->connections.total, "connection");
	print_f(
	    p, c->connections.n > 0 ? ", bytes sent/received/lost:\n" : ".\n");
	if (c->connections.n > 0)
		qsort(c->connections.v, c->connections.n,
		    sizeof(*c->connections.v), by_number);
	for (size_t i = 0; i < c->connections.n; i++)
		print_connection(p, c->connections.v[i]);
	print_left_out(p, &c->connections, c->lossy_connections);
	print_f(p, c->connections.n > 0 ? "\n  " : "  ");
	print_count(p, c->flows.total, "datagram flow");
	print_f(p, c->flows.n > 0 ? ", sent/received/lost:\n" : ".\n");
	for (size_t i = 0; i < c->flows.n; i++)
		print_flow(p, c->flows.v[i]);
	print_left_out(p, &c->flows, c->lossy_flows);
	for (size_t i = 0; i < c->clocks.n && i < 20; i++)
		print_clock(p, c->clocks.v[i]);
	if (c->clocks.n > 20)
		print_f(p, "  %zu more pair%s of clocks not shown.\n",
		    c->clocks.n - 20, c->clocks.n == 21 ? "" : "s");
}
