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
#include "../dialect.h"
#include "../input/input.h"
#include "../tasks.h"
#include "foreign.h"
#include "kevent.h"
#include "util.h"
#include "vis.h"

#include <stdlib.h>
#include <string.h>

/* Without thread ids (-H): calls of one process at a time, at most. */
#define SLOTS_MAX 64

/* Threads that have no ids get some from here on; pids are below. */
#define SLOT_STEP 1000000

/* Payload kept of one call; of one record as text. */
#define DATA_MAX (2u << 20)
#define IO_TEXT_MAX (4 * DATA_MAX)

/* A thread and the call that it is in. */
struct lane {
	uint64_t key;        /* in the table of lanes */
	int64_t pid, tid;    /* as the core knows it */
	struct lane *next;   /* of the same process, without thread ids */
	struct lane *others; /* of the process's other threads */
	bool seen;           /* a CALL was read */
	bool busy, begun;
	int64_t line, time;
	struct nc_buf text; /* "name(args)" */
	size_t name_len;
	struct nc_buf data, address, fds, ready, timeout;
	struct nc_buf set[6]; /* of select: before, after */
	size_t nsets;
	struct nc_kevents kevents;
	size_t kevent_lists;
};

enum mode {
	MODE_UNKNOWN,
	MODE_ABSOLUTE, /* -T */
	MODE_ELAPSED,  /* -E: since the first record */
	MODE_DELTA     /* -R: since the record before */
};

struct kdump {
	struct nc_foreign f;
	struct nc_map lanes; /* thread id, or pid where there are none */
	struct nc_map mains; /* pid -> lane of its first thread */
	struct lane *fresh;  /* its call is not told to the core yet */
	enum mode mode;
	int64_t clock, last; /* ns; NC_NIL */
	struct lane *io;     /* whose payload the next lines are */
	struct nc_buf io_text;
	int64_t io_len;
	struct nc_buf quoted, vector, ready;
};

enum kind {
	KIND_NONE,
	KIND_CALL,
	KIND_RET,
	KIND_GIO,
	KIND_STRU,
	KIND_PSIG,
	KIND_OTHER
};

struct head {
	int64_t pid, tid; /* tid NC_NIL where there is none */
	int64_t stamp;    /* ns; NC_NIL */
	enum kind kind;
	struct nc_text body;
};

static const char *const lacks[] = { "option values", NULL };

static const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && *p == ' ')
		p++;
	return p;
}

static const char *
digits(const char *p, const char *end, int64_t *v)
{
	const char *q = p;

	for (*v = 0; q < end && *q >= '0' && *q <= '9' && q - p < 15; q++)
		*v = *v * 10 + (*q - '0');
	return q;
}

/* The record's type, with p at a blank before it; *size is its length. */
static enum kind
kind_at(const char *p, const char *end, size_t *size)
{
	static const struct {
		const char *word;
		enum kind kind;
	} kinds[] = {
		{ " CALL  ", KIND_CALL },
		{ " RET   ", KIND_RET },
		{ " GIO   ", KIND_GIO },
		{ " STRU  ", KIND_STRU },
		{ " PSIG  ", KIND_PSIG },
		{ " NAMI  ", KIND_OTHER },
		{ " CSW   ", KIND_OTHER },
		{ " USER  ", KIND_OTHER },
		{ " SCTL  ", KIND_OTHER },
		{ " CAP   ", KIND_OTHER },
		{ " CAPS  ", KIND_OTHER },
		{ " PFLT  ", KIND_OTHER },
		{ " PRET  ", KIND_OTHER },
		{ " ARGS  ", KIND_OTHER },
		{ " ENV   ", KIND_OTHER },
		{ " PLDG  ", KIND_OTHER },
		{ " MISC  ", KIND_OTHER },
		{ " MIB   ", KIND_OTHER },
		{ " EMUL  ", KIND_OTHER },
		{ " SARG  ", KIND_OTHER },
		{ " ARGV  ", KIND_OTHER },
		{ " ENVP  ", KIND_OTHER },
		{ " Events dropped.", KIND_OTHER },
	};
	size_t i, n;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		n = strlen(kinds[i].word);
		/* Blanks at the end of a line may be lost. */
		while (n > (size_t)(end - p) && kinds[i].word[n - 1] == ' ')
			n--;
		if ((size_t)(end - p) < n || n < 5 ||
		    memcmp(p, kinds[i].word, n) != 0)
			continue;
		*size = n;
		return kinds[i].kind;
	}
	return KIND_NONE;
}

/* Thread id, name and time stand between the pid and the type. */
static void
take_middle(const char *p, const char *end, struct head *h)
{
	const char *q, *r;
	int64_t v;

	if (p < end && *p == '/') {
		q = digits(p + 1, end, &v);
		if (q > p + 1)
			h->tid = v;
		p = q;
	} else {
		q = skip_blanks(p, end);
		r = digits(q, end, &v);
		/* A name follows, so that a number is none itself. */
		if (r > q && r < end && *r == ' ' &&
		    skip_blanks(r, end) < end) {
			h->tid = v;
			p = r;
		}
	}
	while (end > p && end[-1] == ' ')
		end--;
	for (q = end; q > p && q[-1] != ' '; q--)
		;
	r = digits(q, end, &v);
	if (r > q && end - r == 7 && *r == '.' &&
	    nc_foreign_time((struct nc_text){ q, end }, &h->stamp) != end)
		h->stamp = NC_NIL;
}

static bool
take_head(struct nc_text t, struct head *h)
{
	const char *p = skip_blanks(t.p, t.end), *q, *limit;
	size_t size = 0;

	h->tid = h->stamp = NC_NIL;
	h->kind = KIND_NONE;
	q = digits(p, t.end, &h->pid);
	if (q == p || q == t.end || (*q != ' ' && *q != '/'))
		return false;
	limit = t.end - q > 96 ? q + 96 : t.end;
	for (p = q; p < limit; p++) {
		if (*p != ' ')
			continue;
		h->kind = kind_at(p, t.end, &size);
		if (h->kind != KIND_NONE)
			break;
	}
	if (h->kind == KIND_NONE)
		return false;
	take_middle(q, p, h);
	h->body.p = p + size <= t.end ? p + size : t.end;
	h->body.end = t.end;
	return true;
}

/* The time of a record, whatever its option made of it. */
static int64_t
clock_of(struct kdump *s, int64_t stamp)
{
	if (stamp == NC_NIL)
		return NC_NIL;
	switch (s->mode) {
	case MODE_UNKNOWN:
		s->mode = stamp >= INT64_C(100000000) * 1000000000 ?
		    MODE_ABSOLUTE :
		    MODE_ELAPSED;
		break;
	case MODE_ABSOLUTE:
		/* -R begins with the time of day. */
		if (stamp < s->last / 2)
			s->mode = MODE_DELTA;
		break;
	case MODE_ELAPSED:
		if (stamp < s->last / 2)
			s->mode = MODE_DELTA;
		break;
	default:
		break;
	}
	s->last = stamp;
	if (s->mode == MODE_DELTA && s->clock != NC_NIL &&
	    stamp < INT64_MAX / 2 && s->clock < INT64_MAX / 2)
		s->clock += stamp;
	else
		s->clock = stamp;
	return s->clock;
}

static void
lane_clear(struct lane *l)
{
	size_t i;

	l->busy = l->begun = false;
	l->data.len = l->address.len = l->fds.len = l->ready.len = 0;
	l->timeout.len = 0;
	nc_buf_trim(&l->data, NC_LINE_KEEP);
	for (i = 0; i < 6; i++)
		l->set[i].len = 0;
	l->nsets = 0;
	l->kevent_lists = 0;
	nc_kevents_clear(&l->kevents);
}

static struct lane *
lane_new(int64_t pid, int64_t tid)
{
	struct lane *l = nc_xcalloc(1, sizeof(*l));

	l->pid = pid;
	l->tid = tid;
	return l;
}

static void
lane_free(struct lane *l)
{
	size_t i;

	nc_buf_fini(&l->text);
	nc_buf_fini(&l->data);
	nc_buf_fini(&l->address);
	nc_buf_fini(&l->fds);
	nc_buf_fini(&l->ready);
	nc_buf_fini(&l->timeout);
	for (i = 0; i < 6; i++)
		nc_buf_fini(&l->set[i]);
	nc_kevents_fini(&l->kevents);
	free(l);
}

/* The lane of a record; the first of its process where there are no tids. */
static struct lane *
lane_of(struct kdump *s, const struct head *h)
{
	uint64_t key = (uint64_t)(h->tid != NC_NIL ? h->tid : h->pid);
	struct lane *l = nc_map_get(&s->lanes, key), *first;

	/* Ids are used again: then it is another process's now. */
	if (l != NULL && l->pid == h->pid)
		return l;
	l = lane_new(h->pid, h->pid);
	l->key = key;
	first = nc_map_get(&s->mains, (uint64_t)h->pid);
	if (first == NULL) {
		nc_map_put(&s->mains, (uint64_t)h->pid, l);
	} else {
		l->tid = h->tid != NC_NIL ? h->tid : h->pid;
		l->others = first->others;
		first->others = l;
	}
	nc_map_put(&s->lanes, key, l);
	return l;
}

static struct nc_text
name_of(const struct lane *l)
{
	return (struct nc_text){ l->text.p, l->text.p + l->name_len };
}

/* The lane of a process that is in a call of that name. */
static struct lane *
lane_in(struct lane *l, struct nc_text name)
{
	size_t n = (size_t)(name.end - name.p);

	for (; l != NULL; l = l->next)
		if (l->busy && l->name_len == n &&
		    memcmp(l->text.p, name.p, n) == 0)
			return l;
	return NULL;
}

/* A lane that is in no call; without thread ids there are more threads. */
static struct lane *
lane_idle(struct kdump *s, struct lane *l)
{
	struct lane *last = l;
	size_t n;

	for (n = 1; last->busy; last = last->next, n++)
		if (last->next == NULL)
			break;
	if (!last->busy)
		return last;
	if (n == SLOTS_MAX)
		return last;
	l = lane_new(last->pid, last->pid + (int64_t)n * SLOT_STEP);
	last->next = l;
	s->f.trace->ledger.lacked = "thread ids (kdump -H)";
	return l;
}

/* Where a call's arguments stand; pointers into its text. */
static void
split(const struct lane *l, struct nc_foreign_call *c)
{
	const char *p = l->text.p + l->name_len, *end = l->text.p + l->text.len;
	const char *from;
	int depth = 0;

	if (p == end || *p != '(')
		return;
	for (from = ++p; p < end; p++) {
		if (*p == '(' || *p == '<' || *p == '{') {
			depth++;
		} else if (depth > 0 && (*p == ')' || *p == '>' || *p == '}')) {
			depth--;
		} else if (depth == 0 && (*p == ',' || *p == ')')) {
			if (c->nargs < NC_ARGS_MAX && p > from)
				c->arg[c->nargs++] =
				    nc_text_trim((struct nc_text){ from, p });
			from = p + 1;
			if (*p == ')')
				return;
		}
	}
}

static bool
is_kevent(struct nc_text name)
{
	return nc_text_is(name, "kevent") || nc_text_is(name, "__kevent50") ||
	    nc_text_is(name, "freebsd11_kevent");
}

static struct nc_text
closed(struct nc_buf *b)
{
	nc_foreign_add(b, "]");
	return nc_foreign_text(b);
}

/* The sets of select, in the order of the arguments that are no NULL. */
static void
put_sets(struct kdump *s, struct lane *l, struct nc_foreign_call *c)
{
	static const char *const names[] = { "in ", "out ", "except " };
	size_t i, n = 0, k = 0;

	for (i = 1; i < 4 && i < c->nargs; i++)
		n += nc_text_number(c->arg[i]) != 0;
	if (l->nsets < n || n == 0)
		return;
	/* Sets that came back are missing after an error. */
	if (l->nsets < 2 * n && c->result > 0)
		return;
	s->ready.len = 0;
	for (i = 1; i < 4 && i < c->nargs; i++) {
		if (nc_text_number(c->arg[i]) == 0)
			continue;
		c->set[i - 1] = nc_foreign_text(&l->set[k]);
		if (c->result > 0) {
			nc_foreign_add(&s->ready, s->ready.len > 0 ? ", " : "");
			nc_foreign_add(&s->ready, names[i - 1]);
			nc_foreign_add_text(
			    &s->ready, nc_foreign_text(&l->set[n + k]));
		}
		k++;
	}
	if (c->result > 0)
		c->ready = nc_foreign_text(&s->ready);
}

static void
put_payload(struct kdump *s, struct lane *l, struct nc_foreign_call *c)
{
	if (l->data.len == 0)
		return;
	s->quoted.len = 0;
	nc_vis_quote(&s->quoted, l->data.p, l->data.len);
	c->data = nc_foreign_text(&s->quoted);
	if (c->result == NC_NIL || c->result < 0)
		return;
	s->vector.len = 0;
	nc_foreign_add(&s->vector, "[{iov_base=");
	nc_foreign_add_text(&s->vector, c->data);
	nc_foreign_add(&s->vector, ", iov_len=");
	nc_foreign_add_int(&s->vector, c->result);
	nc_foreign_add(&s->vector, "}]");
	c->vector = nc_foreign_text(&s->vector);
}

/* Everything that is known of a lane's call. */
static void
fill(struct kdump *s, struct lane *l, struct nc_foreign_call *c)
{
	c->tid = l->tid;
	c->time = l->time;
	c->name = name_of(l);
	split(l, c);
	put_payload(s, l, c);
	if (l->address.len > 0)
		c->address = nc_foreign_text(&l->address);
	if (l->timeout.len > 0)
		c->timeout = nc_foreign_text(&l->timeout);
	put_sets(s, l, c);
	/* Both lists of poll come at its end, with what was ready. */
	if (l->fds.len > 0)
		c->fds = nc_foreign_text(&l->fds);
	if (l->ready.len > 0 && c->result > 0)
		c->ready = nc_foreign_text(&l->ready);
	if (is_kevent(c->name) && c->nargs >= 6) {
		nc_kevents_put(&l->kevents, c);
		c->arg[1] = c->arg[2];
		c->arg[2] = c->arg[5];
		c->nargs = 3;
	}
	if (c->tid != l->pid)
		nc_task_join(s->f.trace, c->tid, l->pid);
}

/* Tells the core of a call in progress; a wait for unknown ones by force. */
static void
begin(struct kdump *s, struct lane *l, bool force)
{
	struct nc_foreign_late late;
	struct nc_foreign_call c;

	if (!l->busy || l->begun)
		return;
	nc_foreign_call_init(&c);
	fill(s, l, &c);
	if (!force && !nc_foreign_can_begin(&c))
		return;
	l->begun = true;
	late = nc_foreign_before(&s->f, l->line);
	nc_foreign_begin(&s->f, &c);
	nc_foreign_after(&s->f, late);
}

/* Another record comes before the call's end: the core must know of it. */
static void
begin_fresh(struct kdump *s)
{
	struct lane *l = s->fresh;

	s->fresh = NULL;
	if (l != NULL)
		begin(s, l, false);
}

/* Its return will not come. */
static void
give_up(struct kdump *s, struct lane *l)
{
	if (s->fresh == l)
		s->fresh = NULL;
	begin(s, l, true);
	lane_clear(l);
}

static bool
ends_process(struct nc_text name)
{
	return nc_text_is(name, "exit") || nc_text_is(name, "sys_exit") ||
	    nc_text_is(name, "_exit");
}

static bool
ends_thread(struct nc_text name)
{
	return nc_text_is(name, "thr_exit") || nc_text_is(name, "__threxit") ||
	    nc_text_is(name, "_lwp_exit");
}

/* The threads of a process will return from no call any more. */
static void
give_up_process(struct kdump *s, int64_t pid)
{
	struct lane *of = nc_map_get(&s->mains, (uint64_t)pid), *l;

	for (; of != NULL; of = of->others)
		for (l = of; l != NULL; l = l->next)
			give_up(s, l);
}

/* A lane with those that share it and those of its process's other threads. */
static void
lanes_free(struct lane *of)
{
	struct lane *others, *l, *next;

	for (; of != NULL; of = others) {
		others = of->others;
		for (l = of; l != NULL; l = next) {
			next = l->next;
			lane_free(l);
		}
	}
}

/* A process is gone. */
static void
end_process(struct kdump *s, int64_t pid, bool killed)
{
	struct lane *first = nc_map_get(&s->mains, (uint64_t)pid), *of;

	nc_foreign_exit(&s->f, pid, killed);
	for (of = first; of != NULL; of = of->others)
		if (nc_map_get(&s->lanes, of->key) == of)
			nc_map_del(&s->lanes, of->key);
	nc_map_del(&s->mains, (uint64_t)pid);
	lanes_free(first);
}

/* Calls that do not return; the lane may be gone then. */
static void
end_at_once(struct kdump *s, struct lane *l)
{
	struct nc_foreign_call c;
	bool process = ends_process(name_of(l));

	lane_clear(l);
	if (process)
		give_up_process(s, l->pid);
	nc_foreign_call_init(&c);
	fill(s, l, &c);
	nc_foreign_whole(&s->f, &c);
	if (process)
		end_process(s, l->pid, false);
	else
		nc_foreign_gone(&s->f, l->tid);
}

static void
take_call(struct kdump *s, const struct head *h, struct lane *l, int64_t now)
{
	static const char via[] = "(via syscall) ";
	struct nc_text t = h->body;
	const char *p;

	if (nc_text_starts(t, via))
		t.p += sizeof(via) - 1;
	/* "F64  ", of -A */
	if (t.end - t.p > 5 && t.p[3] == ' ' && t.p[4] == ' ' &&
	    strchr("FLU", t.p[0]) != NULL)
		t.p += 5;
	for (p = t.p; p < t.end && *p != '(' && *p != ' '; p++)
		;
	if (p == t.p || (p < t.end && t.end[-1] != ')')) {
		nc_trace_reject(s->f.trace, "line is cut");
		return;
	}
	begin_fresh(s);
	l = h->tid != NC_NIL ? l : lane_idle(s, l);
	/* With thread ids: its return is missing. */
	give_up(s, l);
	l->seen = l->busy = true;
	l->line = s->f.trace->line;
	l->time = now;
	l->text.len = 0;
	nc_foreign_add_text(&l->text, t);
	l->name_len = (size_t)(p - t.p);
	if (ends_process(name_of(l)) || ends_thread(name_of(l))) {
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
take_lost(
    struct kdump *s, const struct lane *l, struct nc_text name, int64_t value)
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

/* A call of two records, of which the core reads one line. */
static void
run_whole(struct kdump *s, const struct nc_foreign_call *c)
{
	struct nc_trace *t = s->f.trace;

	nc_foreign_whole(&s->f, c);
	if (t->fate == NC_FATE_WHOLE) {
		t->fate = NC_FATE_HALF;
		t->ledger.fates[NC_FATE_HALF]++;
		t->ledger.joined++;
	} else {
		nc_foreign_passed(&s->f, NC_IGNORED_DUMP);
	}
}

static void
take_return(struct kdump *s, const struct head *h, struct lane *l, int64_t now)
{
	struct nc_text t = h->body, name, value;
	struct nc_foreign_call c;
	struct lane *in;
	const char *p;

	if (t.end - t.p > 5 && t.p[3] == ' ' && t.p[4] == ' ' &&
	    strchr("FLU", t.p[0]) != NULL)
		t.p += 5;
	p = memchr(t.p, ' ', (size_t)(t.end - t.p));
	nc_foreign_call_init(&c);
	name = (struct nc_text){ t.p, p != NULL ? p : t.end };
	value = (struct nc_text){ p != NULL ? p + 1 : t.end, t.end };
	if (!take_value(value, &c)) {
		nc_trace_reject(s->f.trace, "line is cut");
		return;
	}
	in = lane_in(l, name);
	if (in == NULL) {
		begin_fresh(s);
		take_lost(s, l, name, c.result);
		return;
	}
	if (s->fresh == in)
		s->fresh = NULL;
	begin_fresh(s);
	fill(s, in, &c);
	if (now != NC_NIL && c.time != NC_NIL && now >= c.time)
		c.duration = now - c.time;
	/* How much went is not told. */
	if (nc_text_is(c.name, "sendfile") && c.error == 0)
		c.result = NC_NIL;
	c.entry = in->line;
	if (in->begun)
		nc_foreign_end(&s->f, &c);
	else
		run_whole(s, &c);
	lane_clear(in);
	nc_buf_trim(&s->quoted, NC_LINE_KEEP);
	nc_buf_trim(&s->vector, NC_LINE_KEEP);
	nc_buf_trim(&s->io_text, NC_LINE_KEEP);
}

/* "{ AF_INET, 10.0.0.1:80 }" */
static void
take_address(struct lane *l, struct nc_text t)
{
	struct nc_text in = nc_text_inside(t), port;
	const char *p;
	bool six;

	if (in.p == NULL)
		return;
	in = nc_text_trim(in);
	l->address.len = 0;
	if (nc_text_starts(in, "AF_UNIX, ") ||
	    nc_text_starts(in, "AF_LOCAL, ")) {
		in.p =
		    (const char *)memchr(in.p, ' ', (size_t)(in.end - in.p)) +
		    1;
		if (in.p < in.end && *in.p == '"')
			in.p++;
		nc_foreign_path(&l->address, in);
		return;
	}
	six = nc_text_starts(in, "AF_INET6, [");
	if (!six && !nc_text_starts(in, "AF_INET, "))
		return;
	for (p = in.end; p > in.p && p[-1] != ':'; p--)
		;
	port = (struct nc_text){ p, in.end };
	in.p += six ? 11 : 9;
	in.end = p > in.p ? p - 1 : in.p;
	if (six && in.end > in.p && in.end[-1] == ']')
		in.end--;
	if (in.end > in.p && port.p < port.end)
		nc_foreign_address(&l->address, six, in, port);
}

/* The next "name=value" in a list of structs; false at the end. */
static bool
next_field(struct nc_text *t, struct nc_text *name, struct nc_text *value)
{
	const char *eq, *p;

	eq = memchr(t->p, '=', (size_t)(t->end - t->p));
	if (eq == NULL)
		return false;
	for (p = eq;
	     p > t->p && ((p[-1] >= 'a' && p[-1] <= 'z') || p[-1] == '_'); p--)
		;
	*name = (struct nc_text){ p, eq };
	for (p = eq + 1; p < t->end && *p != ',' && *p != ' ' && *p != '}'; p++)
		;
	*value = (struct nc_text){ eq + 1, p };
	t->p = p;
	return true;
}

static void
take_pollfds(struct kdump *s, struct lane *l, struct nc_text t)
{
	static const char unknown[] = "-1";
	struct nc_text name, value, fd = { unknown, unknown + 2 };
	size_t at;

	l->fds.len = l->ready.len = 0;
	while (next_field(&t, &name, &value)) {
		if (nc_text_is(name, "fd")) {
			fd = value;
		} else if (nc_text_is(name, "events")) {
			nc_foreign_add(
			    &l->fds, l->fds.len > 0 ? ", {fd=" : "[{fd=");
			nc_foreign_add_text(&l->fds, fd);
			nc_foreign_add(&l->fds, ", events=");
			nc_foreign_events(&s->f, &l->fds, value);
			nc_foreign_add(&l->fds, "}");
		} else if (nc_text_is(name, "revents")) {
			at = l->ready.len;
			nc_foreign_add(&l->ready, at > 0 ? ", {fd=" : "[{fd=");
			nc_foreign_add_text(&l->ready, fd);
			nc_foreign_add(&l->ready, ", revents=");
			nc_foreign_events(&s->f, &l->ready, value);
			nc_foreign_add(&l->ready, "}");
		}
	}
	if (l->fds.len > 0)
		closed(&l->fds);
	if (l->ready.len > 0)
		closed(&l->ready);
}

/* "{ 3,5-7 }" as "[3 5 6 7]" */
static void
take_set(struct lane *l, struct nc_text t)
{
	struct nc_text in = nc_text_inside(t), e;
	int64_t from, to;
	struct nc_buf *b;
	const char *q;

	if (l->nsets == 6)
		return;
	b = &l->set[l->nsets++];
	b->len = 0;
	nc_foreign_add(b, "[");
	while (in.p != NULL && nc_text_next(&in, &e)) {
		q = nc_text_int(e, &from);
		if (q == NULL)
			break;
		to = from;
		if (q < e.end && *q == '-' &&
		    nc_text_int((struct nc_text){ q + 1, e.end }, &to) == NULL)
			break;
		for (; from <= to && to < 65536; from++) {
			if (b->len > 1)
				nc_foreign_add(b, " ");
			nc_foreign_add_int(b, from);
		}
	}
	nc_foreign_add(b, "]");
}

/* The first list is that of changes, if there is one. */
static void
take_kevents(struct lane *l, struct nc_text t)
{
	struct nc_text name, value, ident = { NULL, NULL }, filter = ident;
	struct nc_foreign_call c;
	bool changes;

	nc_foreign_call_init(&c);
	split(l, &c);
	changes = l->kevent_lists++ == 0 && c.nargs > 2 &&
	    nc_text_number(c.arg[2]) > 0;
	while (next_field(&t, &name, &value)) {
		if (nc_text_is(name, "ident"))
			ident = value;
		else if (nc_text_is(name, "filter"))
			filter = value;
		else if (nc_text_is(name, "flags") && changes)
			nc_kevents_change(&l->kevents, ident, filter, value);
		else if (nc_text_is(name, "flags"))
			nc_kevents_event(&l->kevents, ident, filter, value);
	}
}

/* Which call of a process a struct or payload is of: the latest that fits. */
static struct lane *
lane_for(const struct kdump *s, struct lane *l, const char *kinds)
{
	const char *shape;
	struct lane *best = NULL;

	for (; l != NULL; l = l->next) {
		if (!l->busy)
			continue;
		shape = nc_foreign_shape(name_of(l));
		if (shape == NULL || strpbrk(shape, kinds) == NULL)
			continue;
		if (best == NULL || l == s->fresh || best->line < l->line)
			best = l;
	}
	return best;
}

static void
take_struct(struct kdump *s, const struct head *h, struct lane *l)
{
	struct nc_text t = h->body;
	const char *p;
	char kind = 'n';

	if (!nc_text_starts(t, "struct "))
		return;
	t.p += 7;
	p = memchr(t.p, '{', (size_t)(t.end - t.p));
	if (p == NULL)
		return;
	if (nc_text_starts(t, "sockaddr ")) {
		l = lane_for(s, l, "Ah");
		if (l != NULL)
			take_address(l, (struct nc_text){ p, t.end });
	} else if (nc_text_starts(t, "pollfd")) {
		l = lane_for(s, l, "p");
		if (l != NULL)
			take_pollfds(s, l, (struct nc_text){ p, t.end });
	} else if (nc_text_starts(t, "kevent")) {
		l = lane_for(s, l, "p");
		if (l != NULL)
			take_kevents(l, (struct nc_text){ p, t.end });
	} else if (nc_text_starts(t, "fd_set ")) {
		l = lane_for(s, l, "s");
		if (l != NULL)
			take_set(l, (struct nc_text){ p, t.end });
	} else if (nc_text_starts(t, "timespec ") ||
	    nc_text_starts(t, "timeval ")) {
		l = lane_for(s, l, "tn");
		if (l == NULL || l->timeout.len > 0)
			return;
		if (strchr(nc_foreign_shape(name_of(l)), 't') != NULL)
			kind = 't';
		if (!nc_foreign_seconds(
			&l->timeout, kind, (struct nc_text){ p + 1, t.end }))
			l->timeout.len = 0;
	}
}

/* "fd 3 wrote 18 bytes": the lines that follow are of this call. */
static void
take_io(struct kdump *s, const struct head *h, struct lane *l)
{
	struct nc_text t = h->body;
	struct nc_foreign_call c;
	struct lane *in;
	int64_t fd = NC_NIL;
	const char *p = NULL;

	s->io = NULL;
	s->io_text.len = 0;
	if (!nc_text_starts(t, "fd "))
		return;
	t.p += 3;
	p = nc_text_int(t, &fd);
	if (p == NULL)
		return;
	t.p = p;
	while (t.p < t.end && (*t.p < '0' || *t.p > '9'))
		t.p++;
	if (nc_text_int(t, &s->io_len) == NULL)
		return;
	s->io = lane_for(s, l, "Svh");
	for (in = l; in != NULL && l->next != NULL; in = in->next) {
		if (!in->busy)
			continue;
		nc_foreign_call_init(&c);
		split(in, &c);
		if (c.nargs > 0 && nc_text_number(c.arg[0]) == fd &&
		    nc_foreign_shape(name_of(in)) != NULL &&
		    strpbrk(nc_foreign_shape(name_of(in)), "Svh") != NULL)
			s->io = in;
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
take_hex(struct kdump *s, struct nc_text line)
{
	struct nc_text t = line;
	const char *p;

	t.p = skip_blanks(t.p, t.end);
	if (nc_text_starts(t, "0x")) {
		p = memchr(t.p, ' ', (size_t)(t.end - t.p));
		if (p == NULL)
			return false;
		add_hex(&s->io->data, p + 1, t.end);
		return true;
	}
	if (t.p > line.p && t.end - t.p > 7 && t.p[4] == ':' &&
	    hex_digit(t.p[0]) >= 0 && hex_digit(t.p[3]) >= 0) {
		add_hex(&s->io->data, skip_blanks(t.p + 5, t.end), t.end);
		return true;
	}
	if (s->io_text.len == 0 && line.end - line.p >= 3 &&
	    line.p[0] == '\t' && hex_digit(line.p[1]) >= 0 &&
	    hex_digit(line.p[2]) >= 0) {
		add_hex(&s->io->data, line.p + 1, line.end);
		return true;
	}
	return false;
}

/* The payload is over: reads what was gathered of it. */
static void
end_io(struct kdump *s)
{
	struct nc_text t = nc_foreign_text(&s->io_text);
	struct lane *l = s->io;
	size_t before;

	s->io = NULL;
	if (l == NULL || s->io_text.len == 0)
		return;
	s->io_text.len = 0;
	while (t.end > t.p && t.end[-1] != '"')
		t.end--;
	if (t.end <= t.p + 1) {
		nc_trace_reject(s->f.trace, "payload without end");
		return;
	}
	t.p++;
	t.end--;
	before = l->data.len;
	if (before > DATA_MAX)
		return;
	if (!nc_vis_decode(t, &l->data)) {
		l->data.len = before;
		nc_trace_reject(s->f.trace, "damaged string");
	} else if ((int64_t)(l->data.len - before) > s->io_len) {
		/* More than was moved: lines of something else. */
		l->data.len = before;
		nc_trace_reject(s->f.trace, "payload of another length");
	}
}

/* A line without a head: payload. */
static bool
take_payload(struct kdump *s, struct nc_text line)
{
	struct nc_trace *t = s->f.trace;

	if (s->io == NULL || line.p == line.end)
		return false;
	if (s->io_text.len == 0 && take_hex(s, line)) {
		nc_trace_pass(t, NC_IGNORED_DUMP);
		return true;
	}
	if (line.end - line.p >= 8 && memcmp(line.p, "       \"", 8) == 0) {
		line.p += 7;
	} else if (*line.p == '\t' && s->io_text.len > 0) {
		line.p++;
	} else {
		return false;
	}
	nc_trace_pass(t, NC_IGNORED_DUMP);
	if (s->io_text.len > IO_TEXT_MAX)
		return true;
	if (s->io_text.len > 0)
		nc_foreign_add(&s->io_text, "\n");
	nc_foreign_add_text(&s->io_text, line);
	return true;
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
take_signal(struct kdump *s, const struct head *h)
{
	nc_trace_pass(s->f.trace, NC_IGNORED_SIGNAL);
	if (!is_deadly(h->body))
		return;
	give_up_process(s, h->pid);
	end_process(s, h->pid, true);
}

static void
take_record(struct kdump *s, const struct head *h)
{
	struct nc_trace *t = s->f.trace;
	int64_t now = clock_of(s, h->stamp);
	struct lane *l = lane_of(s, h);

	end_io(s);
	switch (h->kind) {
	case KIND_CALL:
		take_call(s, h, l, now);
		break;
	case KIND_RET:
		take_return(s, h, l, now);
		break;
	case KIND_GIO:
		take_io(s, h, l);
		nc_trace_pass(t, NC_IGNORED_DUMP);
		break;
	case KIND_STRU:
		take_struct(s, h, l);
		nc_trace_pass(t, NC_IGNORED_DUMP);
		break;
	case KIND_PSIG:
		take_signal(s, h);
		break;
	default:
		nc_trace_pass(t, NC_IGNORED_MESSAGE);
		break;
	}
}

static void
take_line(struct kdump *s, struct nc_text line)
{
	struct nc_trace *t = s->f.trace;
	struct head h;

	if (take_payload(s, line))
		return;
	if (nc_text_trim(line).p == line.end) {
		nc_trace_pass(t, NC_IGNORED_BLANK);
		return;
	}
	if (take_head(line, &h)) {
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
	struct nc_slot *slot;
	size_t pos = 0;

	while ((slot = nc_map_next(&s->mains, &pos)) != NULL)
		lanes_free(slot->value);
	nc_map_fini(&s->lanes);
	nc_map_fini(&s->mains);
	nc_buf_fini(&s->f.body);
	nc_buf_fini(&s->io_text);
	nc_buf_fini(&s->quoted);
	nc_buf_fini(&s->vector);
	nc_buf_fini(&s->ready);
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

	s->f.trace = t;
	s->f.system = NC_SYSTEM_BSD;
	s->f.arg = kdump_arg;
	s->clock = NC_NIL;
	t->foreign = s;
	t->foreign_free = kdump_free;
	t->bsd = true;
	t->lane->clones = true; /* forks are shown */
	t->ledger.lacks = lacks;
}

void
nc_kdump_line(struct nc_trace *t, const char *p, const char *end, bool newline)
{
	struct nc_text line = { p, end };

	nc_trace_count(t, end - p, newline);
	while (line.end > line.p && line.end[-1] == '\r')
		line.end--;
	take_line(t->foreign, line);
	nc_trace_settle(t);
}

/* The trace ends: these are in progress. */
static void
begin_all(struct kdump *s)
{
	struct nc_slot *slot;
	struct lane *of, *l;
	size_t pos = 0;

	while ((slot = nc_map_next(&s->mains, &pos)) != NULL)
		for (of = slot->value; of != NULL; of = of->others)
			for (l = of; l != NULL; l = l->next)
				begin(s, l, true);
}

void
nc_kdump_end(struct nc_trace *t)
{
	end_io(t->foreign);
	begin_all(t->foreign);
	nc_machine_sweep(t->machine);
	nc_trace_end(t);
}

int
nc_kdump_probe(struct nc_text line)
{
	struct head h;

	return take_head(line, &h) ? 2 : 0;
}
