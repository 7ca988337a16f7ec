/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * kdump of ktrace, as FreeBSD, OpenBSD and NetBSD have it.
 *
 *	  1234 [tid] command [time] CALL  connect(0x3,0x7fffffffe6c0,0x10)
 *	  1234       command        STRU  struct sockaddr { AF_INET, a:p }
 *	  1234       command        GIO   fd 3 wrote 18 bytes
 *	       "GET / HTTP/1.0\r
 *	  1234       command        RET   connect -1 errno 36 Operation ...
 *
 * A call is two records, with what it read and wrote between them; a call
 * whose RET is missing is in progress.
 */
#include "../input/input.h"
#include "../table/tasks.h"
#include "dialect.h"
#include "foreign_args.h"
#include "foreign_text.h"
#include "kdump_detail.h"
#include "kdump_head.h"
#include "kdump_io.h"
#include "kdump_lane.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

struct kdump {
	struct nc_foreign f;
	struct nc_kdump_clock clock;
	struct nc_kdump_lanes lanes;
	struct nc_kdump_lane *fresh; /* its call is not told to the core yet */
	struct nc_kdump_io io;
};

static const char *const lacks[] = { "option values", NULL };

/* All that is known of a lane's call, but for its begin. */
static void
fill(struct kdump *s, struct nc_kdump_lane *l, struct nc_foreign_call *c)
{
	c->tid = l->tid;
	c->name = nc_kdump_lane_name(l);
	nc_kdump_lane_args(l, c);
	nc_kdump_details_put(&s->f, l, c);
	if (c->tid != l->pid)
		nc_task_join(s->f.trace, c->tid, l->pid);
}

/* Tells the core of a call in progress; a wait for unknown ones by force. */
static void
begin(struct kdump *s, struct nc_kdump_lane *l, bool force)
{
	struct nc_foreign_call c;

	if (!l->busy || l->pending.begun)
		return;
	nc_foreign_call_init(&c);
	fill(s, l, &c);
	if (force || nc_foreign_can_begin(&c))
		nc_pending_begin(&s->f, &l->pending, &c);
}

/* Another record comes before the call's end: the core must know of it. */
static void
begin_fresh(struct kdump *s)
{
	struct nc_kdump_lane *l = s->fresh;

	s->fresh = NULL;
	if (l != NULL)
		begin(s, l, false);
}

/* Its return will not come. */
static void
give_up(struct kdump *s, struct nc_kdump_lane *l)
{
	if (s->fresh != NULL && s->fresh == l)
		s->fresh = NULL;
	begin(s, l, true);
	nc_kdump_lane_clear(l);
}

/* The threads of a process will return from no call any more. */
static void
give_up_process(struct kdump *s, int64_t pid)
{
	struct nc_kdump_lane *of = nc_kdump_lanes_first(&s->lanes, pid), *l;

	for (; of != NULL; of = of->others)
		for (l = of; l != NULL; l = l->next)
			give_up(s, l);
}

/* A process is gone. */
static void
end_process(struct kdump *s, int64_t pid, bool killed)
{
	nc_foreign_exit(&s->f, pid, killed);
	nc_kdump_lanes_end(&s->lanes, pid);
}

/* Calls that do not return; the lane may be gone then. */
static void
end_at_once(struct kdump *s, struct nc_kdump_lane *l)
{
	struct nc_foreign_call c;
	bool process = nc_foreign_ends_process(nc_kdump_lane_name(l));

	nc_kdump_lane_clear(l);
	if (process)
		give_up_process(s, l->pid);
	nc_foreign_call_init(&c);
	c.time = l->pending.time;
	fill(s, l, &c);
	nc_foreign_whole(&s->f, &c);
	if (process)
		end_process(s, l->pid, false);
	else
		nc_foreign_gone(&s->f, l->tid);
}

/* -A: without "F64  ", the kind of program. */
static struct nc_text
without_abi(struct nc_text t)
{
	if (t.end - t.p > 5 && t.p[3] == ' ' && t.p[4] == ' ' &&
	    strchr("FLU", t.p[0]) != NULL)
		t.p += 5;
	return t;
}

static void
take_call(struct kdump *s, const struct nc_kdump_head *h,
    struct nc_kdump_lane *l, int64_t now)
{
	static const char via[] = "(via syscall) ";
	struct nc_text t = h->body;
	struct nc_kdump_lane *first;
	const char *p;

	if (nc_text_starts(t, via))
		t.p += sizeof(via) - 1;
	t = without_abi(t);
	for (p = t.p; p < t.end && *p != '(' && *p != ' '; p++)
		;
	if (p == t.p || (p < t.end && t.end[-1] != ')')) {
		nc_trace_reject(s->f.trace, "line is cut");
		return;
	}
	begin_fresh(s);
	if (h->tid == NC_NIL) {
		first = l;
		l = nc_kdump_lane_idle(l);
		if (l != first)
			s->f.trace->ledger.lacked = "thread ids (kdump -H)";
	}
	/* With thread ids: its return is missing. */
	give_up(s, l);
	l->seen = l->busy = true;
	l->pending.line = s->f.trace->line;
	l->pending.time = now;
	l->text.len = 0;
	nc_foreign_add_text(&l->text, t);
	l->name_len = (size_t)(p - t.p);
	if (nc_foreign_ends_process(nc_kdump_lane_name(l)) ||
	    nc_foreign_ends_thread(nc_kdump_lane_name(l))) {
		end_at_once(s, l);
	} else {
		s->f.trace->fate = NC_FATE_HELD;
		s->fresh = l;
	}
}

/* "18/0x12", "-1 errno 36 text", RESTART, JUSTRETURN; false if it is cut. */
static bool
take_value(struct nc_text t, struct nc_foreign_call *c)
{
	static const char restart[] = "ERESTARTSYS";
	const char *q;

	if (nc_text_is(t, "RESTART")) {
		c->error_name =
		    (struct nc_text){ restart, restart + sizeof(restart) - 1 };
		return true;
	}
	if (nc_text_is(t, "JUSTRETURN")) {
		c->result = 0;
		return true;
	}
	q = nc_text_int(t, &c->result);
	if (q == NULL || (q < t.end && *q != '/' && *q != ' '))
		return false;
	if (c->result != -1 || t.end - q < 8 || memcmp(q, " errno ", 7) != 0)
		return q == t.end || *q == '/';
	t.p = q + 7;
	q = nc_text_int(t, &c->error);
	return q != NULL && c->error > 0;
}

/* What no CALL was read for. */
static void
take_lost(struct kdump *s, const struct nc_kdump_lane *l, struct nc_text name,
    int64_t value)
{
	bool born = value == 0 && nc_foreign_shape(name) != NULL &&
	    (nc_text_starts(name, "fork") || nc_text_starts(name, "vfork") ||
		nc_text_starts(name, "rfork") || nc_text_is(name, "pdfork"));

	/* The child's own return, or what the trace began in. */
	if (born || !l->seen) {
		nc_trace_pass(s->f.trace, NC_IGNORED_MESSAGE);
		return;
	}
	nc_trace_reject(s->f.trace, "return of a call that never began");
}

static void
take_return(struct kdump *s, const struct nc_kdump_head *h,
    struct nc_kdump_lane *l, int64_t now)
{
	struct nc_text t = without_abi(h->body), name, value;
	struct nc_foreign_call c;
	struct nc_kdump_lane *in;
	const char *p;

	p = memchr(t.p, ' ', (size_t)(t.end - t.p));
	nc_foreign_call_init(&c);
	name = (struct nc_text){ t.p, p != NULL ? p : t.end };
	value = (struct nc_text){ p != NULL ? p + 1 : t.end, t.end };
	if (!take_value(value, &c)) {
		nc_trace_reject(s->f.trace, "line is cut");
		return;
	}
	in = nc_kdump_lane_in(l, name);
	if (in == NULL) {
		begin_fresh(s);
		take_lost(s, l, name, c.result);
		return;
	}
	if (s->fresh == in)
		s->fresh = NULL;
	begin_fresh(s);
	fill(s, in, &c);
	/* How much went is not told. */
	if (nc_text_is(c.name, "sendfile") && c.error == 0)
		c.result = NC_NIL;
	nc_pending_end(&s->f, &in->pending, &c, now, NC_IGNORED_DUMP);
	nc_kdump_lane_clear(in);
	nc_foreign_trim(&s->f);
	nc_buf_trim(&s->io.text, NC_LINE_KEEP);
}

/* Signals whose default is to end the process. */
static bool
is_deadly(struct nc_text t)
{
	static const char *const names[] = { "SIGHUP ", "SIGINT ", "SIGQUIT ",
		"SIGILL ", "SIGTRAP ", "SIGABRT ", "SIGIOT ", "SIGEMT ",
		"SIGFPE ", "SIGKILL ", "SIGBUS ", "SIGSEGV ", "SIGSYS ",
		"SIGPIPE ", "SIGALRM ", "SIGTERM ", "SIGXCPU ", "SIGXFSZ ",
		"SIGVTALRM ", "SIGPROF ", "SIGUSR1 ", "SIGUSR2 " };
	size_t i, n;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		n = strlen(names[i]);
		if (nc_text_starts(t, names[i]) && t.end - t.p >= (long)n + 7 &&
		    memcmp(t.p + n, "SIG_DFL", 7) == 0)
			return true;
	}
	return false;
}

static void
take_signal(struct kdump *s, const struct nc_kdump_head *h)
{
	nc_trace_pass(s->f.trace, NC_IGNORED_SIGNAL);
	if (!is_deadly(h->body))
		return;
	give_up_process(s, h->pid);
	end_process(s, h->pid, true);
}

static void
take_record(struct kdump *s, const struct nc_kdump_head *h)
{
	struct nc_trace *t = s->f.trace;
	int64_t now = nc_kdump_clock(&s->clock, h->stamp);
	struct nc_kdump_lane *l = nc_kdump_lane_of(&s->lanes, h);

	nc_kdump_io_end(&s->io);
	switch (h->kind) {
	case NC_KDUMP_CALL:
		take_call(s, h, l, now);
		break;
	case NC_KDUMP_RET:
		take_return(s, h, l, now);
		break;
	case NC_KDUMP_GIO:
		nc_kdump_io_begin(&s->io, l, s->fresh, h->body);
		nc_trace_pass(t, NC_IGNORED_DUMP);
		break;
	case NC_KDUMP_STRU:
		nc_kdump_details_take(l, s->fresh, h->body);
		nc_trace_pass(t, NC_IGNORED_DUMP);
		break;
	case NC_KDUMP_PSIG:
		take_signal(s, h);
		break;
	default:
		nc_trace_pass(t, NC_IGNORED_MESSAGE);
		break;
	}
}

static void
kdump_line(struct nc_foreign *f, struct nc_text line)
{
	struct kdump *s = (struct kdump *)(void *)f;
	struct nc_trace *t = f->trace;
	struct nc_kdump_head h;

	if (nc_kdump_io_line(&s->io, line))
		return;
	if (nc_text_trim(line).p == line.end) {
		nc_trace_pass(t, NC_IGNORED_BLANK);
		return;
	}
	if (nc_kdump_head(line, &h)) {
		take_record(s, &h);
		return;
	}
	/* Details of ARGS, ENV and USER, or payload of what is not kept. */
	if (*line.p == '\t' || *line.p == ' ')
		nc_trace_pass(t, NC_IGNORED_DUMP);
	else
		nc_trace_reject(t, "not a line of a trace");
}

static void
kdump_free(void *state)
{
	struct kdump *s = state;

	nc_kdump_lanes_fini(&s->lanes);
	nc_kdump_io_fini(&s->io);
	nc_foreign_fini(&s->f);
	free(s);
}

/* All that these calls show was read from other records. */
static bool
kdump_arg(struct nc_foreign *f, char kind, struct nc_text t)
{
	(void)f;
	(void)kind;
	(void)t;
	return false;
}

void
nc_kdump_begin(struct nc_trace *t)
{
	struct kdump *s = nc_xcalloc(1, sizeof(*s));

	s->f.system = NC_SYSTEM_BSD;
	s->f.line = kdump_line;
	s->f.arg = kdump_arg;
	s->clock.now = NC_NIL;
	s->io.trace = t;
	nc_foreign_init(&s->f, t);
	t->foreign_free = kdump_free;
	t->ledger.lacks = lacks;
}

/* The trace ends: these are in progress. */
static void
begin_all(struct kdump *s)
{
	struct nc_slot *slot;
	struct nc_kdump_lane *of, *l;
	size_t pos = 0;

	while ((slot = nc_map_next(&s->lanes.mains, &pos)) != NULL)
		for (of = slot->value; of != NULL; of = of->others)
			for (l = of; l != NULL; l = l->next)
				begin(s, l, true);
}

void
nc_kdump_end(struct nc_trace *t)
{
	struct kdump *s = t->foreign;

	nc_kdump_io_end(&s->io);
	begin_all(s);
	nc_machine_sweep(t->machine);
	nc_trace_end(t);
}

int
nc_kdump_probe(struct nc_text line)
{
	struct nc_kdump_head h;

	return nc_kdump_head(line, &h) ? 2 : 0;
}
