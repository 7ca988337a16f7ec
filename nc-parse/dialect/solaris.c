/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * truss of Solaris and illumos.
 *
 * Lines with details (addresses, payload) follow the call; so it is held until
 * the next one.  A call that sleeps is written a second time when it returns.
 */
#include "../input/input.h"
#include "../table/tasks.h"
#include "dialect.h"
#include "foreign_args.h"
#include "foreign_text.h"
#include "pending.h"
#include "solaris_held.h"
#include "util.h"
#include "vis.h"

#include <stdlib.h>
#include <string.h>

/* Threads after a process's first get ids of their own from here on. */
#define LWP_STEP 1000000

/* A thread that sleeps in a call. */
struct sleeper {
	struct nc_buf name; /* empty: it does not */
	struct nc_buf args;
	struct nc_pending pending;
};

struct solaris {
	struct nc_foreign f;
	struct nc_solaris_held held;
	struct nc_map sleepers;     /* tid -> sleeper */
	int64_t base;               /* of times, NC_NIL */
	int64_t bare_pid, bare_tid; /* who a pid alone stands for */
	int64_t exiting; /* its other threads' calls may still come; NC_NIL */
	struct nc_buf bytes, pair;
};

static const char *const lacks[] = { "entry times", "option values",
	"payload without -r and -w", NULL };

/* A short payload, " h e l l o".. */
static bool
solaris_arg(struct nc_foreign *f, char kind, struct nc_text t)
{
	struct solaris *s = (struct solaris *)(void *)f;
	const char *q;

	if (kind != 'S' || t.p == NULL || *t.p != '"')
		return false;
	s->bytes.len = 0;
	t.p++;
	q = nc_vis_cells(t, true, &s->bytes);
	if (q == NULL)
		return false;
	nc_vis_quote(&f->body, s->bytes.p, s->bytes.len);
	if (t.end - q > 1)
		nc_foreign_add(&f->body, "...");
	return true;
}

/* What the calls return that strace shows otherwise. */
static void
put_result(struct solaris *s, struct nc_foreign_call *c)
{
	struct nc_solaris_held *h = &s->held;

	c->result = h->result;
	c->error_name = h->error;
	if (nc_foreign_ends_process(c->name) || nc_foreign_ends_thread(c->name))
		c->result = NC_NIL;
	if ((nc_text_is(c->name, "pipe") || nc_text_is(c->name, "pipe2")) &&
	    h->error.p == NULL && h->second != NC_NIL) {
		s->pair.len = 0;
		nc_foreign_add(&s->pair, "[");
		nc_foreign_add_int(&s->pair, h->result);
		nc_foreign_add(&s->pair, ", ");
		nc_foreign_add_int(&s->pair, h->second);
		c->pair = nc_foreign_closed(&s->pair);
		c->result = 0;
	}
}

static void
sleep_begins(struct solaris *s, struct nc_foreign_call *c)
{
	struct sleeper *z = nc_map_get(&s->sleepers, (uint64_t)c->tid);

	if (z == NULL) {
		z = nc_xcalloc(1, sizeof(*z));
		nc_map_put(&s->sleepers, (uint64_t)c->tid, z);
	} else if (z->name.len > 0) {
		/* It was told already. */
		nc_trace_pass(s->f.trace, NC_IGNORED_MESSAGE);
		return;
	}
	s->f.trace->fate = NC_FATE_HELD;
	nc_foreign_add_text(&z->name, c->name);
	z->args.len = 0;
	nc_foreign_add_text(&z->args, s->held.args);
	z->pending.line = s->held.line;
	z->pending.time = c->time;
	z->pending.begun = nc_foreign_can_begin(c);
	if (z->pending.begun)
		nc_foreign_begin(&s->f, c);
}

/* It did not return, so that nothing tells what it waits for. */
static void
sleeps_on(struct solaris *s, struct sleeper *z, int64_t tid)
{
	struct nc_foreign_call c;

	if (z->name.len == 0 || z->pending.begun)
		return;
	nc_foreign_call_init(&c);
	c.tid = tid;
	c.name = nc_foreign_text(&z->name);
	nc_solaris_args(nc_foreign_text(&z->args), false, &c);
	nc_pending_begin(&s->f, &z->pending, &c);
}

/* At the end of the trace. */
static void
all_sleep_on(struct solaris *s)
{
	struct nc_slot *slot;
	struct sleeper *z;
	size_t pos = 0;

	while ((slot = nc_map_next(&s->sleepers, &pos)) != NULL) {
		z = slot->value;
		if (nc_task_find(s->f.trace, (int64_t)slot->key) != NULL)
			sleeps_on(s, z, (int64_t)slot->key);
		else if (z->name.len > 0 && !z->pending.begun)
			nc_foreign_passed(&s->f, NC_IGNORED_MESSAGE);
		z->name.len = 0;
	}
}

/* The call returned; it may be one that slept. */
static void
call_ends(struct solaris *s, struct nc_foreign_call *c)
{
	struct sleeper *z = nc_map_get(&s->sleepers, (uint64_t)c->tid);
	bool same = z != NULL && z->name.len > 0 &&
	    (size_t)(c->name.end - c->name.p) == z->name.len &&
	    memcmp(c->name.p, z->name.p, z->name.len) == 0;

	if (z != NULL && !same)
		sleeps_on(s, z, c->tid);
	if (z != NULL)
		z->name.len = 0;
	if (same)
		nc_pending_end(
		    &s->f, &z->pending, c, c->time, NC_IGNORED_MESSAGE);
	else
		nc_foreign_whole(&s->f, c);
}

static void
run_held(struct solaris *s, struct nc_foreign_call *c)
{
	static const char accept4[] = "accept4";
	struct nc_solaris_held *h = &s->held;

	/* (fd, address, length, version, flags) */
	if (nc_text_is(c->name, "accept") && c->nargs > 4 &&
	    !nc_text_is(c->arg[4], "0")) {
		c->name = (struct nc_text){ accept4, accept4 + 7 };
		c->arg[3] = c->arg[4];
	}
	put_result(s, c);
	nc_solaris_put(&s->f, h, c);
	if (h->sleeping) {
		sleep_begins(s, c);
		return;
	}
	call_ends(s, c);
	if (nc_foreign_ends_thread(c->name)) {
		nc_foreign_gone(&s->f, h->tid);
		s->bare_pid = NC_NIL;
	}
	if (nc_foreign_ends_process(c->name))
		s->exiting = h->pid;
}

static void
end_exiting(struct solaris *s)
{
	if (s->exiting == NC_NIL)
		return;
	nc_foreign_exit(&s->f, s->exiting, false);
	s->exiting = s->bare_pid = NC_NIL;
}

/* Hands on the call whose details are over. */
static void
flush(struct solaris *s)
{
	struct nc_trace *t = s->f.trace;
	struct nc_solaris_held *h = &s->held;
	struct nc_foreign_call c;
	struct nc_foreign_late late;
	const char *shape;

	if (!h->there)
		return;
	h->there = false;
	late = nc_foreign_before(&s->f, h->line);
	nc_foreign_call_init(&c);
	c.tid = h->tid;
	c.time = h->time;
	c.name = h->name;
	shape = nc_foreign_shape(c.name);
	if (shape != NULL && *shape != '\0' &&
	    !nc_solaris_args(h->args, strchr(shape, 'S') != NULL, &c)) {
		t->ledger.calls++;
		nc_trace_refuse(t, "string without end");
	} else {
		run_held(s, &c);
	}
	nc_foreign_after(&s->f, late);
	nc_buf_trim(&h->text, NC_LINE_KEEP);
	nc_buf_trim(&h->data, NC_LINE_KEEP);
	nc_foreign_trim(&s->f);
	nc_buf_trim(&s->bytes, NC_LINE_KEEP);
}

/* The thread of a line; a pid alone is the only one that lives. */
static int64_t
thread_of(struct solaris *s, const struct nc_solaris_head *h)
{
	struct nc_trace *t = s->f.trace;
	int64_t pid = h->pid == NC_NIL ? 0 : h->pid, tid;
	const struct nc_thread *th;

	if (h->lwp == NC_NIL) {
		if (s->bare_pid == pid)
			return s->bare_tid;
		th = nc_task_any(t, pid);
		s->bare_pid = pid;
		s->bare_tid = th != NULL ? th->tid : pid;
		return s->bare_tid;
	}
	tid = h->lwp <= 1 ? pid : h->lwp * LWP_STEP + pid;
	if (nc_task_find(t, tid) == NULL) {
		nc_task_join(t, tid, pid);
		s->bare_pid = NC_NIL;
	}
	return tid;
}

/* Starts to hold a call; false if the line is no whole one. */
static bool
take_call(struct solaris *s, const struct nc_solaris_head *h)
{
	struct nc_text name = nc_solaris_name(h), args;
	struct nc_solaris_held *held = &s->held;
	struct nc_solaris_result r;

	if (name.p == NULL || !nc_solaris_result(h->body, name, &r, &args))
		return false;
	flush(s);
	if (r.child) {
		nc_trace_pass(s->f.trace, NC_IGNORED_MESSAGE);
		if (h->pid != NC_NIL)
			nc_task_born(s->f.trace, h->pid, r.value);
		return true;
	}
	if (s->exiting != (h->pid == NC_NIL ? 0 : h->pid))
		end_exiting(s);
	s->f.trace->fate = NC_FATE_HELD;
	nc_solaris_hold(held, h->body, name, args, &r);
	held->line = s->f.trace->line;
	held->pid = h->pid == NC_NIL ? 0 : h->pid;
	held->tid = thread_of(s, h);
	held->time =
	    s->base != NC_NIL && h->time != NC_NIL ? s->base + h->time : NC_NIL;
	return true;
}

static void
set_base(struct solaris *s, struct nc_text t)
{
	t.p += 16;
	if (nc_foreign_time(nc_text_trim(t), &s->base) == NULL)
		s->base = NC_NIL;
}

static bool
take_event(struct solaris *s, const struct nc_solaris_head *h, bool indented)
{
	struct nc_trace *t = s->f.trace;
	struct nc_text b = nc_text_trim(h->body);

	if (nc_text_starts(b, "Received signal #")) {
		flush(s);
		nc_trace_pass(t, NC_IGNORED_SIGNAL);
		return true;
	}
	if (nc_text_starts(b, "*** process ")) {
		flush(s);
		end_exiting(s);
		nc_trace_pass(t, NC_IGNORED_EXIT);
		nc_foreign_exit(&s->f, h->pid == NC_NIL ? 0 : h->pid, true);
		return true;
	}
	if (nc_text_starts(b, "Base time stamp:")) {
		set_base(s, b);
		nc_trace_pass(t, NC_IGNORED_MESSAGE);
		return true;
	}
	if (nc_solaris_detail(&s->held, h->body) || indented ||
	    nc_text_starts(b, "siginfo:")) {
		nc_trace_pass(t, NC_IGNORED_DUMP);
		return true;
	}
	return false;
}

static void
solaris_line(struct nc_foreign *f, struct nc_text line)
{
	struct solaris *s = (struct solaris *)(void *)f;
	struct nc_trace *t = f->trace;
	struct nc_solaris_head h;
	const char *p;

	if (nc_text_trim(line).p == line.end) {
		nc_trace_pass(t, NC_IGNORED_BLANK);
		return;
	}
	nc_solaris_head(line, &h);
	if (take_call(s, &h))
		return;
	/* After a prefix, one more tab than calls have. */
	p = h.body.p;
	if (take_event(s, &h,
		p < h.body.end &&
		    (*p == ' ' || *p == '\t' ||
			nc_solaris_name(&h).p == NULL) &&
		    (h.pid != NC_NIL || h.lwp != NC_NIL || *p == ' ' ||
			*p == '\t')))
		return;
	nc_trace_reject(t, "not a line of a trace");
}

static void
solaris_free(void *state)
{
	struct solaris *s = state;
	struct nc_slot *slot;
	struct sleeper *z;
	size_t pos = 0;

	while ((slot = nc_map_next(&s->sleepers, &pos)) != NULL) {
		z = slot->value;
		nc_buf_fini(&z->name);
		nc_buf_fini(&z->args);
		free(z);
	}
	nc_map_fini(&s->sleepers);
	nc_solaris_held_fini(&s->held);
	nc_buf_fini(&s->bytes);
	nc_buf_fini(&s->pair);
	nc_foreign_fini(&s->f);
	free(s);
}

void
nc_solaris_begin(struct nc_trace *t)
{
	struct solaris *s = nc_xcalloc(1, sizeof(*s));

	s->f.system = NC_SYSTEM_SOLARIS;
	s->f.line = solaris_line;
	s->f.arg = solaris_arg;
	s->base = s->bare_pid = s->exiting = NC_NIL;
	nc_foreign_init(&s->f, t);
	t->foreign_free = solaris_free;
	t->ledger.lacks = lacks;
}

void
nc_solaris_end(struct nc_trace *t)
{
	flush(t->foreign);
	end_exiting(t->foreign);
	all_sleep_on(t->foreign);
	nc_machine_sweep(t->machine);
	nc_trace_end(t);
}

int
nc_solaris_probe(struct nc_text line)
{
	struct nc_text name, args, before;
	struct nc_solaris_result r;
	struct nc_solaris_head h;

	nc_solaris_head(line, &h);
	if (h.pid != NC_NIL || h.lwp != NC_NIL)
		return 2;
	name = nc_solaris_name(&h);
	if (name.p == NULL)
		return nc_text_starts(nc_text_trim(line), "Received signal #") ?
		    2 :
		    0;
	if (!nc_solaris_result(h.body, name, &r, &args))
		return 0;
	/* What strace writes after its padding of blanks stands after tabs. */
	before = (struct nc_text){ args.end + 1, line.end };
	if (r.sleeping || r.error.p != NULL ||
	    (before.p < before.end && *before.p == '\t'))
		return 2;
	return !r.missing;
}
