/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Calls of other tracers, brought to the form of strace.
 */
#include "foreign.h"

#include "../input/input.h"
#include "../table/tasks.h"
#include "foreign_args.h"
#include "foreign_text.h"
#include "vis.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void
nc_foreign_init(struct nc_foreign *f, struct nc_trace *t)
{
	f->trace = t;
	t->foreign = f;
	t->bsd = true;
	t->lane->clones = true; /* forks are shown */
}

void
nc_foreign_fini(struct nc_foreign *f)
{
	nc_buf_fini(&f->body);
	nc_buf_fini(&f->quoted);
	nc_buf_fini(&f->vector);
}

void
nc_foreign_line(
    struct nc_trace *t, const char *p, const char *end, bool newline)
{
	struct nc_foreign *f = t->foreign;
	struct nc_text line = { p, end };

	nc_trace_count(t, end - p, newline);
	while (line.end > line.p && line.end[-1] == '\r')
		line.end--;
	f->line(f, line);
	nc_trace_settle(t);
}

void
nc_foreign_call_init(struct nc_foreign_call *c)
{
	memset(c, 0, sizeof(*c));
	c->tid = NC_NIL;
	c->time = NC_NIL;
	c->duration = NC_NIL;
	c->result = NC_NIL;
}

void
nc_foreign_payload(
    struct nc_foreign *f, struct nc_foreign_call *c, const struct nc_buf *data)
{
	if (data->len == 0)
		return;
	f->quoted.len = 0;
	nc_vis_quote(&f->quoted, data->p, data->len);
	c->data = nc_foreign_text(&f->quoted);
	if (c->result == NC_NIL || c->result < 0)
		return;
	f->vector.len = 0;
	nc_foreign_add(&f->vector, "[{iov_base=");
	nc_foreign_add_text(&f->vector, c->data);
	nc_foreign_add(&f->vector, ", iov_len=");
	nc_foreign_add_int(&f->vector, c->result);
	nc_foreign_add(&f->vector, "}]");
	c->vector = nc_foreign_text(&f->vector);
}

void
nc_foreign_trim(struct nc_foreign *f)
{
	nc_buf_trim(&f->quoted, NC_LINE_KEEP);
	nc_buf_trim(&f->vector, NC_LINE_KEEP);
}

static void
add_error(struct nc_foreign *f, const struct nc_foreign_call *c)
{
	const char *name = NULL;

	nc_foreign_add(&f->body, "-1 ");
	if (c->error_name.p != NULL) {
		nc_foreign_add_text(&f->body, c->error_name);
	} else {
		name = nc_system_errno(f->system, c->error);
		nc_foreign_add(&f->body, name != NULL ? name : "ERRNO_");
		if (name == NULL)
			nc_foreign_add_int(&f->body, c->error);
	}
	/* A line that ends with the name would look cut. */
	nc_foreign_add(&f->body, " (-)");
}

static void
add_result(struct nc_foreign *f, const struct nc_foreign_call *c)
{
	char small[48];

	nc_foreign_add(&f->body, ") = ");
	if (c->error != 0 || c->error_name.p != NULL) {
		add_error(f, c);
	} else if (c->result == NC_NIL) {
		nc_foreign_add(&f->body, "?");
	} else {
		nc_foreign_add_int(&f->body, c->result);
		if (c->ready.p != NULL) {
			nc_foreign_add(&f->body, " (");
			nc_foreign_add_text(&f->body, c->ready);
			nc_foreign_add(&f->body, ")");
		}
	}
	if (c->duration == NC_NIL)
		return;
	snprintf(small, sizeof(small), " <%" PRId64 ".%09" PRId64 ">",
	    c->duration / 1000000000, c->duration % 1000000000);
	nc_foreign_add(&f->body, small);
}

static void
hand_on(struct nc_foreign *f, const struct nc_foreign_call *c,
    enum nc_line_kind kind, struct nc_text name, int64_t time)
{
	struct nc_line l;

	memset(&l, 0, sizeof(l));
	l.kind = kind;
	l.pid = c->tid;
	l.stamp = time != NC_NIL ? NC_STAMP_EPOCH : NC_STAMP_NONE;
	l.time = time;
	l.name = name;
	l.body.p = f->body.p;
	l.body.end = f->body.p + f->body.len;
	l.entry = kind == NC_LINE_CALL ? c->entry : 0;
	l.again = true;
	nc_trace_dispatch(f->trace, &l);
	nc_buf_trim(&f->body, NC_LINE_KEEP);
}

/* Where it goes to is shown only when it returns. */
static bool
lacks_address(const struct nc_foreign_call *c)
{
	if (c->address.p != NULL)
		return false;
	return nc_text_is(c->name, "connect") ||
	    (nc_text_is(c->name, "sendto") && c->nargs > 5 &&
		nc_text_number(c->arg[4]) != 0 &&
		nc_text_number(c->arg[5]) != 0);
}

bool
nc_foreign_can_begin(const struct nc_foreign_call *c)
{
	const char *shape = nc_foreign_shape(c->name);

	if (shape == NULL)
		return true;
	if (strchr(shape, 'p') != NULL || strchr(shape, 's') != NULL)
		return c->fds.p != NULL || c->set[0].p != NULL ||
		    c->set[1].p != NULL;
	return !lacks_address(c);
}

void
nc_foreign_whole(struct nc_foreign *f, const struct nc_foreign_call *c)
{
	struct nc_text name;

	f->body.len = 0;
	name = nc_foreign_args(f, c);
	add_result(f, c);
	hand_on(f, c, NC_LINE_CALL, name, c->time);
}

void
nc_foreign_begin(struct nc_foreign *f, const struct nc_foreign_call *c)
{
	struct nc_text name;

	f->body.len = 0;
	name = nc_foreign_args(f, c);
	nc_foreign_add(&f->body, " <unfinished ...>");
	hand_on(f, c, NC_LINE_CALL, name, c->time);
}

void
nc_foreign_end(struct nc_foreign *f, const struct nc_foreign_call *c)
{
	int64_t time = c->time;
	struct nc_text name;

	f->body.len = 0;
	name = nc_foreign_args(f, c);
	add_result(f, c);
	if (time != NC_NIL && c->duration != NC_NIL)
		time += c->duration;
	hand_on(f, c, NC_LINE_RESUMED, name, time);
}

struct nc_foreign_late
nc_foreign_before(struct nc_foreign *f, int64_t line)
{
	struct nc_trace *t = f->trace;
	struct nc_foreign_late late = { t->line, t->fate, t->last_line };

	t->line = line;
	t->fate = NC_FATE_LOST;
	t->last_line = false;
	return late;
}

void
nc_foreign_back(struct nc_foreign *f, struct nc_foreign_late late)
{
	struct nc_trace *t = f->trace;

	t->line = late.line;
	t->fate = late.fate;
	t->last_line = late.last_line;
}

void
nc_foreign_after(struct nc_foreign *f, struct nc_foreign_late late)
{
	f->trace->ledger.fates[f->trace->fate]++;
	nc_foreign_back(f, late);
}

void
nc_foreign_passed(struct nc_foreign *f, enum nc_ignored why)
{
	f->trace->ledger.ignored[why]++;
	f->trace->ledger.fates[NC_FATE_PASSED]++;
}

void
nc_foreign_gone(struct nc_foreign *f, int64_t tid)
{
	struct nc_thread *th = nc_task_find(f->trace, tid);

	if (th != NULL)
		nc_task_gone(f->trace, th, false);
}

void
nc_foreign_exit(struct nc_foreign *f, int64_t pid, bool killed)
{
	nc_task_end(f->trace, pid, killed);
}
