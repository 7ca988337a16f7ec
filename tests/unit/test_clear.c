/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * lib/clear: what of a payload can be read.
 */
#include "clear.h"

#include "tap.h"

static const char sent[] = "GET /secret HTTP/1.1";
static const struct nc_span spans[] = { { 0, 4 }, { 11, 20 } };

/* The stretches as "offset:text ". */
static void
reads(struct nc_bytes data, struct nc_bytes clear, const char *want)
{
	struct nc_clear c = nc_clear(data, clear);
	struct nc_bytes text;
	char got[200];
	size_t at, n = 0;

	got[0] = '\0';
	while (nc_clear_next(&c, &at, &text))
		n += (size_t)snprintf(got + n, sizeof(got) - n, "%zu:%.*s ", at,
		    (int)text.len, text.p);
	is_str(got, want, want);
}

static void
copies(struct nc_bytes data, struct nc_bytes clear, size_t from, size_t n,
    const char *want)
{
	char buf[32] = "";
	size_t got = nc_clear_copy(data, clear, from, buf, n);

	is_bytes(buf, got, want, strlen(want), want);
}

static void
damaged(struct nc_bytes data)
{
	struct nc_buf b = { NULL, 0, 0 };
	struct nc_bytes clear;

	nc_pack_array(&b, 6);
	nc_pack_int(&b, -1);
	nc_pack_bin(&b, "evil", 4);
	clear = (struct nc_bytes){ b.p, b.len };
	reads(data, clear, "");
	b.len = 0;
	nc_pack_array(&b, 4);
	nc_pack_int(&b, 18);
	nc_pack_bin(&b, "too long for it", 15);
	nc_pack_int(&b, 100);
	nc_pack_bin(&b, "far", 3);
	clear = (struct nc_bytes){ b.p, b.len };
	reads(data, clear, "18:to ");
	clear.len = 2;
	reads(data, clear, "");
	clear = nc_str("no array");
	reads(data, clear, "");
	nc_buf_fini(&b);
}

int
main(void)
{
	struct nc_bytes data = nc_str(sent), none = { NULL, 0 }, clear, cut;
	struct nc_buf b = { NULL, 0, 0 };

	reads(data, none, "0:GET /secret HTTP/1.1 ");
	reads(none, none, "");
	copies(data, none, 4, 7, "/secret");
	copies(data, none, 16, 30, "/1.1");
	copies(data, none, 30, 1, "");
	nc_clear_pack(&b, spans, 2, sent);
	clear = (struct nc_bytes){ b.p, b.len };
	data = nc_str("xxxxxxxxxxxxxxxxxxxx");
	reads(data, clear, "0:GET  11: HTTP/1.1 ");
	copies(data, clear, 0, 4, "GET ");
	copies(data, clear, 0, 8, "GET ");
	copies(data, clear, 4, 4, "");
	copies(data, clear, 12, 4, "HTTP");
	/* Data that was cut since. */
	cut = (struct nc_bytes){ data.p, 13 };
	reads(cut, clear, "0:GET  11: H ");
	cut.len = 3;
	reads(cut, clear, "0:GET ");
	/* Nothing stays. */
	b.len = 0;
	nc_clear_pack(&b, NULL, 0, sent);
	clear = (struct nc_bytes){ b.p, b.len };
	reads(data, clear, "");
	ok(nc_clear(data, clear).redacted, "an empty array is redacted");
	damaged(data);
	nc_buf_fini(&b);
	return done();
}
