/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The payload that a GIO record announces, in the lines below it.
 */
#include "kdump_io.h"

#include "foreign_args.h"
#include "foreign_text.h"
#include "scan.h"
#include "vis.h"

#include <string.h>

/* Payload kept of one call; of one record as text. */
#define DATA_MAX (2u << 20)
#define IO_TEXT_MAX (4 * DATA_MAX)

void
nc_kdump_io_begin(struct nc_kdump_io *io, struct nc_kdump_lane *l,
    const struct nc_kdump_lane *fresh, struct nc_text t)
{
	struct nc_foreign_call c;
	struct nc_kdump_lane *in;
	int64_t fd = NC_NIL;
	const char *p = NULL;

	io->lane = NULL;
	io->text.len = 0;
	if (!nc_text_starts(t, "fd "))
		return;
	t.p += 3;
	p = nc_text_int(t, &fd);
	if (p == NULL)
		return;
	t.p = p;
	while (t.p < t.end && (*t.p < '0' || *t.p > '9'))
		t.p++;
	if (nc_text_int(t, &io->size) == NULL)
		return;
	io->lane = nc_kdump_lane_for(l, fresh, "Svh");
	for (in = l; in != NULL && l->next != NULL; in = in->next) {
		if (!in->busy)
			continue;
		nc_foreign_call_init(&c);
		nc_kdump_lane_args(in, &c);
		if (c.nargs > 0 && nc_text_number(c.arg[0]) == fd &&
		    nc_foreign_shape(nc_kdump_lane_name(in)) != NULL &&
		    strpbrk(nc_foreign_shape(nc_kdump_lane_name(in)), "Svh") !=
			NULL)
			io->lane = in;
	}
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	    c >= 'a' && c <= 'f'    ? c - 'a' + 10 :
				      -1;
}

/* Pairs of digits with blanks between, up to two blanks or another character. */
static void
add_hex(struct nc_buf *b, const char *p, const char *end)
{
	char c;

	while (end - p >= 2 && hex_digit(p[0]) >= 0 && hex_digit(p[1]) >= 0) {
		c = (char)(hex_digit(p[0]) * 16 + hex_digit(p[1]));
		nc_buf_add(b, &c, 1);
		p += 2;
		if (p < end && *p == ' ')
			p++;
	}
}

/* A line of payload in one of the forms of a hex dump; false if it is none. */
static bool
take_hex(struct nc_kdump_io *io, struct nc_text line)
{
	struct nc_text t = line;
	const char *p;

	t.p = nc_scan_past(t.p, t.end, " ");
	if (nc_text_starts(t, "0x")) {
		p = memchr(t.p, ' ', (size_t)(t.end - t.p));
		if (p == NULL)
			return false;
		add_hex(&io->lane->data, p + 1, t.end);
		return true;
	}
	if (t.p > line.p && t.end - t.p > 7 && t.p[4] == ':' &&
	    hex_digit(t.p[0]) >= 0 && hex_digit(t.p[3]) >= 0) {
		add_hex(
		    &io->lane->data, nc_scan_past(t.p + 5, t.end, " "), t.end);
		return true;
	}
	if (io->text.len == 0 && line.end - line.p >= 3 && line.p[0] == '\t' &&
	    hex_digit(line.p[1]) >= 0 && hex_digit(line.p[2]) >= 0) {
		add_hex(&io->lane->data, line.p + 1, line.end);
		return true;
	}
	return false;
}

bool
nc_kdump_io_line(struct nc_kdump_io *io, struct nc_text line)
{

	if (io->lane == NULL || line.p == line.end)
		return false;
	if (io->text.len == 0 && take_hex(io, line)) {
		nc_trace_pass(io->trace, NC_IGNORED_DUMP);
		return true;
	}
	if (line.end - line.p >= 8 && memcmp(line.p, "       \"", 8) == 0) {
		line.p += 7;
	} else if (*line.p == '\t' && io->text.len > 0) {
		line.p++;
	} else if (io->text.len > 0 && line.end - line.p >= 8 &&
	    memcmp(line.p, "        ", 8) == 0) {
		line.p += 8; /* the tab, where a terminal or a page had it */
	} else {
		return false;
	}
	nc_trace_pass(io->trace, NC_IGNORED_DUMP);
	if (io->text.len > IO_TEXT_MAX)
		return true;
	if (io->text.len > 0)
		nc_foreign_add(&io->text, "\n");
	nc_foreign_add_text(&io->text, line);
	return true;
}

void
nc_kdump_io_end(struct nc_kdump_io *io)
{
	struct nc_text t = nc_foreign_text(&io->text);
	struct nc_kdump_lane *l = io->lane;
	size_t before;

	io->lane = NULL;
	if (l == NULL || io->text.len == 0)
		return;
	io->text.len = 0;
	while (t.end > t.p && t.end[-1] != '"')
		t.end--;
	if (t.end <= t.p + 1) {
		nc_trace_reject(io->trace, "payload without end");
		return;
	}
	t.p++;
	t.end--;
	before = l->data.len;
	if (before > DATA_MAX)
		return;
	if (!nc_vis_decode(t, &l->data)) {
		l->data.len = before;
		nc_trace_reject(io->trace, "damaged string");
	} else if ((int64_t)(l->data.len - before) > io->size) {
		/* More than was moved: lines of something else. */
		l->data.len = before;
		nc_trace_reject(io->trace, "payload of another length");
	}
}

void
nc_kdump_io_fini(struct nc_kdump_io *io)
{
	nc_buf_fini(&io->text);
}
