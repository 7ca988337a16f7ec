/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * truss of FreeBSD: a call is one line, written when it returns, so that a call
 * that never returns is in no line.
 *
 * Before FreeBSD 9 the calls of a process can fall out of phase with their
 * results after it executes a program (the result of one call is the number of
 * the next one) until it calls what looks like exit; these lines are left out.
 */
#define _GNU_SOURCE /* memmem */
#include "../table/tasks.h"
#include "dialect.h"
#include "foreign_args.h"
#include "foreign_text.h"
#include "scan.h"
#include "truss_args.h"
#include "truss_line.h"
#include "truss_torn.h"
#include "util.h"

#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Errors have smaller numbers, descriptors too. */
#define ERRNO_MAX 128
#define FD_MAX 10000000

struct truss {
	struct nc_truss_args a;
	struct nc_truss_torn torn; /* a call that goes on in a later line */
	struct nc_buf plain, rest; /* a line without messages, or a prefix */
	struct nc_map out;         /* pids that are out of phase */
	struct nc_map main;        /* pid -> id of its first thread */
	int64_t executed; /* pid that could fall out of phase, NC_NIL */
	int64_t last_pid;
	int64_t only_pid; /* the one process so far, or NC_NIL */
};

static const char *const lacks[] = { "calls in progress", "option values",
	"readiness results", NULL };

/* Says once of a process that its lines are left out. */
static void
fall_out(struct truss *s, int64_t pid)
{
	struct nc_trace *t = s->a.f.trace;

	if (pid == NC_NIL || nc_map_get(&s->out, (uint64_t)pid) != NULL)
		return;
	nc_map_put(&s->out, (uint64_t)pid, s);
	t->ledger.lacked = "calls out of phase";
	if (!t->quiet)
		warnx("%s:%lld: process %" PRId64
		      ": results belong to other calls from here on; left out",
		    t->file, (long long)t->line, pid);
}

/* True if a call cannot be what it says: results and names do not belong. */
static bool
is_impossible(const struct nc_foreign_call *c, const struct nc_truss_result *r)
{
	const char *shape = nc_foreign_shape(c->name);
	int64_t fd;

	if (r->error >= ERRNO_MAX)
		return true;
	if (shape == NULL || shape[0] != 'd' || c->nargs == 0 ||
	    nc_foreign_ends_process(c->name))
		return false;
	fd = nc_text_number(c->arg[0]);
	return fd != NC_NIL && fd > FD_MAX && fd < 0xff000000 && r->error == 0;
}

/* False if the process is out of phase at this line. */
static bool
in_phase(struct truss *s, int64_t pid, const struct nc_foreign_call *c,
    const struct nc_truss_result *r)
{
	struct nc_trace *t = s->a.f.trace;
	bool out = nc_map_get(&s->out, (uint64_t)pid) != NULL;

	if (!out && is_impossible(c, r)) {
		fall_out(s, pid);
		out = true;
	}
	if (!out)
		return true;
	nc_trace_pass(t, NC_IGNORED_PHASE);
	/* The tracer does not wait for exit to return: that puts it right. */
	if (nc_foreign_ends_process(c->name))
		nc_map_del(&s->out, (uint64_t)pid);
	return false;
}

static void
set_times(const struct nc_truss_head *h, struct nc_foreign_call *c)
{
	/* One column could be either; both give the entry. */
	if (h->times < 2)
		return;
	c->duration = h->time[1];
	c->time = h->time[0] > h->time[1] ? h->time[0] - h->time[1] : 0;
}

/*
 * The thread of a line, as the core is to know it: a process's first one by the
 * pid.  A child's lines may come before the fork that made it; where there was
 * one process, that was its parent.
 */
static int64_t
thread_of(struct truss *s, const struct nc_truss_head *h)
{
	struct nc_trace *t = s->a.f.trace;
	const void *first;

	if (h->pid == NC_NIL)
		return NC_NIL;
	first = nc_map_get(&s->main, (uint64_t)h->pid);
	if (first == NULL) {
		if (s->main.n == 1 && s->only_pid != NC_NIL)
			nc_task_born(t, h->pid, s->only_pid);
		s->only_pid = s->main.n == 0 ? h->pid : NC_NIL;
		nc_map_put(&s->main, (uint64_t)h->pid,
		    (void *)(uintptr_t)(h->tid + 1));
		return h->pid;
	}
	if ((int64_t)(uintptr_t)first == h->tid + 1)
		return h->pid;
	nc_task_join(t, h->tid, h->pid);
	return h->tid;
}

static void
run_call(struct truss *s, const struct nc_truss_head *h,
    struct nc_foreign_call *c, const struct nc_truss_result *r)
{
	static const char missing[] = "<missing argument>";

	c->tid = thread_of(s, h);
	c->result = r->missing ? NC_NIL : r->value;
	c->error = r->error;
	set_times(h, c);
	s->a.ready_known = r->error != 0 || r->value <= 0;
	if (nc_foreign_shape(c->name) != NULL &&
	    (nc_text_is(c->name, "kevent") ||
		nc_text_is(c->name, "freebsd11_kevent")))
		nc_truss_kevent(&s->a, c);
	/* How much went is not told. */
	if (nc_text_is(c->name, "sendfile") && r->error == 0)
		c->result = NC_NIL;
	if (nc_foreign_ends_process(c->name))
		c->result = NC_NIL;
	nc_foreign_whole(&s->a.f, c);
	if (nc_text_is(c->name, "execve") && r->error == 0 &&
	    memmem(h->body.p, (size_t)(h->body.end - h->body.p), missing,
		sizeof(missing) - 1) != NULL)
		s->executed = h->pid;
}

/* Reads a call; false if the line is no whole call. */
static bool
take_call(struct truss *s, const struct nc_truss_head *h)
{
	struct nc_text name = nc_scan_name(h->body, true), args;
	struct nc_foreign_call c;
	struct nc_truss_result r;
	const char *shape;

	if (name.p == NULL || !nc_truss_result(h->body, name, &r, &args))
		return false;
	/* Its pid is lost: it stood in a line of another process. */
	if (h->pid == NC_NIL && s->last_pid != NC_NIL)
		return false;
	nc_foreign_call_init(&c);
	c.name = name;
	shape = nc_foreign_shape(name);
	if (shape != NULL && *shape != '\0' &&
	    !nc_truss_split(args, strchr(shape, 'S') != NULL, c.arg, &c.nargs))
		return false;
	if (h->pid != NC_NIL)
		s->last_pid = h->pid;
	if (h->pid != NC_NIL && !in_phase(s, h->pid, &c, &r))
		return true;
	run_call(s, h, &c, &r);
	return true;
}

/* What is no call; false if it is of no known form. */
static bool
take_event(struct truss *s, const struct nc_truss_head *h)
{
	struct nc_trace *t = s->a.f.trace;
	struct nc_text b = h->body;

	if (nc_text_starts(b, "SIGNAL ")) {
		nc_trace_pass(t, NC_IGNORED_SIGNAL);
		return true;
	}
	if (nc_text_starts(b, "process exit") ||
	    nc_text_starts(b, "process killed")) {
		nc_trace_pass(t, NC_IGNORED_EXIT);
		if (h->pid != NC_NIL || nc_task_is_alone(t))
			nc_foreign_exit(&s->a.f,
			    h->pid != NC_NIL          ? h->pid :
				s->last_pid != NC_NIL ? s->last_pid :
							0,
			    nc_text_starts(b, "process killed"));
		if (h->pid != NC_NIL) {
			nc_map_del(&s->out, (uint64_t)h->pid);
			nc_map_del(&s->main, (uint64_t)h->pid);
		}
		return true;
	}
	if (nc_text_starts(b, "truss: ") ||
	    nc_text_starts(b, "can not attach to target process")) {
		nc_trace_pass(t, NC_IGNORED_MESSAGE);
		return true;
	}
	if (nc_text_starts(b, "<new ") || nc_text_starts(b, "<thread ")) {
		if (nc_text_starts(b, "<thread ") && h->pid != NC_NIL)
			nc_foreign_gone(&s->a.f, thread_of(s, h));
		nc_trace_pass(t, NC_IGNORED_MESSAGE);
		return true;
	}
	return false;
}

static bool
take_whole(struct truss *s, struct nc_text line)
{
	struct nc_truss_head h;

	nc_truss_head(line, &h);
	return take_call(s, &h) || take_event(s, &h);
}

/* The rest of the call that goes on will not come. */
static void
give_up_torn(struct truss *s)
{
	struct nc_trace *t = s->a.f.trace;
	struct nc_foreign_late late;

	if (s->torn.text.len == 0)
		return;
	late = nc_foreign_before(&s->a.f, s->torn.line);
	nc_trace_reject(t, "line is cut");
	/* Another's line stands in it: that is what became of it. */
	if (s->torn.within)
		nc_foreign_back(&s->a.f, late);
	else
		nc_foreign_after(&s->a.f, late);
	s->torn.text.len = 0;
}

/* The call that goes on is part of what has been read. */
static void
use_torn(struct truss *s)
{
	if (s->torn.text.len > 0 && !s->torn.within)
		nc_foreign_passed(&s->a.f, NC_IGNORED_DUMP);
	s->torn.text.len = 0;
}

/*
 * A piece of a call before another's line.  What cannot be put together is told
 * once: the pieces that follow are the same call's.
 */
static void
take_piece(struct truss *s, struct nc_text piece)
{
	struct nc_trace *t = s->a.f.trace;
	struct nc_truss_head h;

	nc_truss_head(piece, &h);
	if (h.pid != NC_NIL) {
		give_up_torn(s);
		s->torn.lost = false;
		if (nc_truss_torn_begin(&s->torn, piece, t->line, true))
			return;
	} else if (s->torn.text.len > 0 && s->torn.within &&
	    nc_truss_torn_add(&s->torn, piece)) {
		return;
	}
	if (!s->torn.lost)
		nc_trace_reject(t, "another line begins within it");
	s->torn.text.len = 0;
	s->torn.lost = true;
}

/* Numbers that are results of other calls: of who executed last. */
static void
take_unknown(struct truss *s)
{
	fall_out(s, s->executed);
	s->executed = NC_NIL;
	nc_trace_pass(s->a.f.trace, NC_IGNORED_PHASE);
}

static void
take_inner(struct truss *s, struct nc_text line, const char *inner)
{
	struct nc_text rest = { inner, line.end };

	take_piece(s, (struct nc_text){ line.p, inner });
	if (nc_text_starts(rest, NC_TRUSS_UNKNOWN))
		take_unknown(s);
	else
		take_whole(s, rest);
}

/* The last piece of the call that goes on; false if this is none. */
static bool
take_rest(struct truss *s, struct nc_text line)
{
	struct nc_truss_result r;
	struct nc_truss_head h;

	nc_truss_head(line, &h);
	if (s->torn.text.len == 0)
		return false;
	if (h.pid != NC_NIL) {
		if (!s->torn.within || h.pid == nc_truss_torn_pid(&s->torn))
			give_up_torn(s);
		return false;
	}
	/* Where no other's line came between, the newline is a name's. */
	if (!s->torn.within) {
		if (nc_scan_name(h.body, true).p != NULL &&
		    nc_truss_result_at(h.body, &r) != NULL) {
			give_up_torn(s);
			return false;
		}
		nc_foreign_add(&s->torn.text, "\n");
	}
	if (!nc_truss_torn_add(&s->torn, line)) {
		give_up_torn(s);
		return false;
	}
	line = nc_foreign_text(&s->torn.text);
	if (!nc_truss_is_whole(line) || !take_whole(s, line)) {
		if (s->torn.within)
			give_up_torn(s);
		return false;
	}
	use_torn(s);
	return true;
}

/* A line that is none of another's, nor has one in it. */
static void
take_line(struct truss *s, struct nc_text line)
{
	struct nc_trace *t = s->a.f.trace;
	struct nc_truss_result r;
	bool rest;

	if (take_rest(s, line) || take_whole(s, line))
		return;
	rest = s->torn.lost && nc_truss_result_at(line, &r) != NULL;
	if (s->torn.text.len > 0 || rest) {
		nc_trace_pass(t, NC_IGNORED_DUMP);
	} else if (!t->last_line &&
	    nc_truss_torn_begin(&s->torn, line, t->line, false)) {
		t->fate = NC_FATE_HELD;
	} else {
		nc_trace_reject(t, "not a line of a trace");
	}
	s->torn.lost = false;
}

/* Where a line ends with another one's begin, that begins a call. */
static bool
take_before_prefix(struct truss *s, struct nc_text line)
{
	struct nc_text prefix;

	if (!nc_truss_without_prefix(line, &s->rest, &prefix))
		return false;
	take_line(s, nc_foreign_text(&s->rest));
	if (s->torn.text.len > 0)
		give_up_torn(s);
	nc_truss_torn_begin(&s->torn, prefix, s->a.f.trace->line, true);
	return true;
}

static void
truss_line(struct nc_foreign *f, struct nc_text line)
{
	struct truss *s = (struct truss *)(void *)f;
	struct nc_trace *t = f->trace;
	const char *inner;
	bool cut;

	if (nc_truss_without_messages(line, &s->plain, &cut)) {
		line = nc_foreign_text(&s->plain);
		if (cut || line.p == line.end) {
			if (line.p < line.end)
				take_piece(s, line);
			nc_trace_pass(t, NC_IGNORED_MESSAGE);
			return;
		}
	}
	if (nc_text_trim(line).p == nc_text_trim(line).end) {
		nc_trace_pass(t, NC_IGNORED_BLANK);
		return;
	}
	if (nc_text_starts(line, NC_TRUSS_UNKNOWN)) {
		take_unknown(s);
		return;
	}
	inner = nc_truss_inner(line);
	if (inner != NULL)
		take_inner(s, line, inner);
	else if (!take_before_prefix(s, line))
		take_line(s, line);
}

static void
truss_free(void *state)
{
	struct truss *s = state;

	nc_truss_torn_fini(&s->torn);
	nc_buf_fini(&s->plain);
	nc_buf_fini(&s->rest);
	nc_buf_fini(&s->a.bytes);
	nc_kevents_fini(&s->a.kevents);
	nc_map_fini(&s->out);
	nc_map_fini(&s->main);
	nc_foreign_fini(&s->a.f);
	free(s);
}

void
nc_truss_begin(struct nc_trace *t)
{
	struct truss *s = nc_xcalloc(1, sizeof(*s));

	s->a.f.system = NC_SYSTEM_BSD;
	s->a.f.line = truss_line;
	s->a.f.arg = nc_truss_arg;
	s->executed = s->last_pid = s->only_pid = NC_NIL;
	nc_foreign_init(&s->a.f, t);
	t->foreign_free = truss_free;
	t->ledger.lacks = lacks;
}

void
nc_truss_end(struct nc_trace *t)
{
	give_up_torn(t->foreign);
	nc_trace_end(t);
}

/* 2 if only this tracer writes such a line, 1 if it may have. */
int
nc_truss_probe(struct nc_text line)
{
	struct nc_text name, args;
	struct nc_truss_result r;
	struct nc_truss_head h;

	nc_truss_head(line, &h);
	name = nc_scan_name(h.body, true);
	if (name.p == NULL) {
		return h.pid != NC_NIL && nc_text_starts(h.body, "SIGNAL ");
	}
	if (!nc_truss_result(h.body, name, &r, &args) || r.missing)
		return 0;
	return 2;
}
