/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The order of findings: tables of findings and how they come out.
 */
#include "finding.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

#define MAX 6

struct in {
	const char *id;
	int confidence;
	unsigned objects; /* bits: connections that it is about */
	unsigned pairs;
	size_t at;
	const char *endpoint;
};

static const struct {
	const char *name;
	struct in in[MAX];
	const char *out; /* ids in order, "<n" after a consequence */
} table[] = {
	{ "severity comes first",
	    { { "nat", 95, 1, 1, 1, "a" }, { "mtu", 60, 2, 1, 2, "b" } },
	    "mtu nat" },
	{ "then confidence",
	    { { "mtu", 60, 1, 1, 1, "a" }, { "no-route", 90, 2, 1, 2, "b" } },
	    "no-route mtu" },
	{ "then the host pairs affected",
	    { { "mtu", 90, 1, 1, 1, "a" }, { "no-route", 90, 2, 2, 2, "b" } },
	    "no-route mtu" },
	{ "then the earliest position",
	    { { "mtu", 90, 1, 1, 9, "a" }, { "no-route", 90, 2, 1, 2, "b" } },
	    "no-route mtu" },
	{ "an effect follows its cause, whatever its severity",
	    { { "connection-reset", 95, 1, 1, 1, "a" },
		{ "unread-data", 60, 1, 1, 2, "a" } },
	    "unread-data connection-reset<0" },
	{ "effects of effects stand under the root",
	    { { "send-after-close", 95, 1, 1, 1, "a" },
		{ "connection-reset", 95, 1, 1, 2, "a" },
		{ "unread-data", 60, 1, 1, 3, "a" } },
	    "unread-data connection-reset<0 send-after-close<0" },
	{ "nothing explains another object's finding",
	    { { "connection-reset", 95, 1, 1, 1, "a" },
		{ "unread-data", 60, 2, 1, 2, "a" } },
	    "connection-reset unread-data" },
	{ "the highest cause takes an effect",
	    { { "connection-timeout", 90, 1, 1, 1, "a" },
		{ "nonblocking-connect-failure", 80, 1, 1, 2, "a" },
		{ "firewall", 70, 1, 1, 3, "a" } },
	    "firewall nonblocking-connect-failure<0 connection-timeout<0" },
	{ "hosts that never meet explain what a filter seems to do to one",
	    { { "firewall", 90, 1, 1, 1, "a" },
		{ "nonblocking-connect-failure", 90, 1, 1, 2, "a" },
		{ "non-transitive-connectivity", 90, 1, 1, 3, "a" } },
	    "non-transitive-connectivity firewall<0 "
	    "nonblocking-connect-failure<0" },
	{ "a generic finding stands behind a specific one on its object",
	    { { "connection-reset", 95, 1, 1, 1, "a" },
		{ "nat", 60, 1, 1, 2, "a" } },
	    "nat connection-reset" },
	{ "but an info pushes nothing back",
	    { { "connection-reset", 95, 1, 1, 1, "a" },
		{ "port-forwarding", 90, 1, 1, 2, "a" } },
	    "connection-reset port-forwarding" },
	{ "what concerns the trace comes last",
	    { { "incomplete-trace", 100, 0, 0, 1, NULL },
		{ "port-forwarding", 60, 1, 1, 2, "a" } },
	    "port-forwarding incomplete-trace" },
	{ "same id and ends are one",
	    { { "mtu", 60, 1, 1, 5, "a" }, { "mtu", 80, 2, 1, 2, "a" },
		{ "mtu", 70, 4, 1, 3, "b" } },
	    "mtu*2 mtu" },
	{ "what is not certain enough goes",
	    { { "mtu", 50, 1, 1, 1, "a" }, { "nat", 51, 2, 1, 2, "b" } },
	    "nat" },
	{ "the effect of what is gone stands alone",
	    { { "mtu", 50, 1, 1, 1, "a" },
		{ "datagram-loss", 90, 1, 1, 2, "b" } },
	    "datagram-loss" },
};

static void
make(struct findings *fs, const struct in *in)
{
	struct finding *f = finding_new(fs, in->id, in->confidence);
	unsigned i;

	f->at = in->at;
	for (i = 0; i < 8; i++)
		if (in->objects >> i & 1)
			finding_object(f, OBJECT_CONNECTION, i);
	for (i = 0; i < in->pairs; i++)
		finding_pair(f, i + 1);
	finding_host(f, "client");
	finding_endpoint(f, nc_str(in->endpoint));
}

static void
show(const struct findings *fs, char *out, size_t size)
{
	size_t i, j, at = 0;

	out[0] = '\0';
	for (i = 0; i < fs->n && at < size; i++) {
		const struct finding *f = fs->v[i];

		at += (size_t)snprintf(
		    out + at, size - at, "%s%s", i ? " " : "", f->diag->id);
		if (f->count > 1)
			at += (size_t)snprintf(
			    out + at, size - at, "*%d", (int)f->count);
		for (j = 0; f->cause && j < fs->n; j++)
			if (fs->v[j] == f->cause)
				at += (size_t)snprintf(
				    out + at, size - at, "<%zu", j);
	}
}

/* Hundreds of findings between two hosts come out as one. */
static void
crowd(void)
{
	struct findings fs = { 0 };
	char endpoint[32];
	size_t i;

	for (i = 0; i < 300; i++) {
		snprintf(endpoint, sizeof(endpoint), "10.0.0.2:%zu", i);
		make(&fs, &(struct in){ "no-listener", 90, 1, 1, i, endpoint });
	}
	findings_rank(&fs, 50, 20);
	ok(fs.n == 1 && fs.v[0]->count == 300, "300 targets are one finding");
	findings_fini(&fs);
}

int
main(void)
{
	size_t i, j;
	char out[512];

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct findings fs = { 0 };

		for (j = 0; j < MAX && table[i].in[j].id; j++)
			make(&fs, &table[i].in[j]);
		findings_rank(&fs, 50, 20);
		show(&fs, out, sizeof(out));
		if (!ok(strcmp(out, table[i].out) == 0, table[i].name))
			printf("# wanted %s, got %s\n", table[i].out, out);
		findings_fini(&fs);
	}
	crowd();
	return done();
}
