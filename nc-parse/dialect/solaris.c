/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * truss of Solaris and illumos.
 *
 *	[pid[/lwp]:<TABs>][time<TAB>]name(a, b)<TABs>= 4
 *	                                        ... Err#11 EAGAIN
 *	                                        ... (sleeping...)
 *
 * Lines with details (addresses, payload in cells of two columns) follow the
 * call; so it is held until the next one.  A call that sleeps is written a
 * second time when it returns.
 */
#include "../dialect.h"
#include "../input/input.h"
#include "../tasks.h"
#include "foreign.h"
#include "util.h"
#include "vis.h"

#include <stdlib.h>
#include <string.h>

/* Threads after a process's first get ids of their own from here on. */
#define LWP_STEP 1000000

/* Payload kept of one call. */
#define DATA_MAX (2u << 20)

/* A thread that sleeps in a call. */
struct sleeper {
	struct nc_buf name;
	bool begun; /* the core knows */
	int64_t line, time;
};

/* The call that details are read for. */
struct held {
	bool there, sleeping;
	bool moves; /* data: its payload may follow */
	int64_t line, pid, tid, time;
	struct nc_buf text; /* the call, without its prefix */
	size_t name_len;
	struct nc_text args; /* in text */
	int64_t result, second;
	struct nc_text error;
	struct nc_buf data, address, fds, ready, timeout;
};

struct solaris {
	struct nc_foreign f;
	struct held held;
	struct nc_map sleepers;     /* tid -> sleeper */
	int64_t base;               /* of times, NC_NIL */
	int64_t bare_pid, bare_tid; /* who a pid alone stands for */
	int64_t exiting; /* its other threads' calls may still come; NC_NIL */
	struct nc_buf bytes;
	struct nc_buf quoted, vector, pair;
};

struct head {
	int64_t pid, lwp; /* NC_NIL where there is none */
	int64_t time;     /* since the base; NC_NIL */
	struct nc_text body;
};

static const struct nc_text none = { NULL, NULL };

static const char *const lacks[] = { "entry times", "option values",
	"payload without -r and -w", NULL };

static const char *
digits(const char *p, const char *end, int64_t *v)
{
	const char *q = p;

	for (*v = 0; q < end && *q >= '0' && *q <= '9' && q - p < 10; q++)
		*v = *v * 10 + (*q - '0');
	return q;
}

static const char *
tabs(const char *p, const char *end)
{
	while (p < end && *p == '\t')
		p++;
	return p;
}

/* " 0.0123<TAB>": past it, or NULL. */
static const char *
time_at(const char *p, const char *end, int64_t *ns)
{
	const char *q = p, *r;
	int64_t v;

	while (q < end && *q == ' ')
		q++;
	r = digits(q, end, &v);
	if (r == q || r == end || *r != '.')
		return NULL;
	r = nc_foreign_time((struct nc_text){ q, end }, ns);
	return r != NULL && r < end && *r == '\t' ? r + 1 : NULL;
}

/* Takes "2335/1:" and times off. */
static void
take_head(struct nc_text t, struct head *h)
{
	const char *p = t.p, *q;
	int64_t v, ns;

	h->pid = h->lwp = h->time = NC_NIL;
	q = digits(p, t.end, &v);
	if (q > p)
		h->pid = v;
	if (q < t.end && *q == '/') {
		p = q + 1;
		q = digits(p, t.end, &v);
		h->lwp = q > p ? v : NC_NIL;
	}
	if ((h->pid != NC_NIL || h->lwp != NC_NIL) && q < t.end && *q == ':') {
		p = tabs(q + 1, t.end);
		/* A line of details has one more. */
		if (p > q + 1 && p[-1] == '\t')
			t.p = p;
		else
			h->pid = h->lwp = NC_NIL;
	} else {
		h->pid = h->lwp = NC_NIL;
	}
	p = t.p;
	while ((q = time_at(p, t.end, &ns)) != NULL) {
		if (h->time == NC_NIL)
			h->time = ns;
		p = tabs(q, t.end);
	}
	h->body = (struct nc_text){ p, t.end };
}

static struct nc_text
name_of(struct nc_text body)
{
	const char *p;

	for (p = body.p; p < body.end &&
	     ((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') ||
		 *p == '_');
	     p++)
		;
	if (p == body.p || p == body.end || *p != '(' ||
	    (*body.p >= '0' && *body.p <= '9'))
		return none;
	return (struct nc_text){ body.p, p };
}

struct result {
	int64_t value, second;
	struct nc_text error;
	bool sleeping, child, argc, missing;
};

static bool
ends_with(struct nc_text t, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(t.end - t.p) >= n && memcmp(t.end - n, word, n) == 0;
}

static const char *
trim_end(const char *p, const char *end)
{
	while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	return end;
}

/* "= 3 [4]", with p at the '='. */
static bool
take_value(const char *p, const char *end, struct result *r)
{
	struct nc_text t = { p + 1, end };
	const char *q;

	if (t.p < t.end && *t.p == ' ')
		t.p++;
	/* Hex digits are upper case here. */
	if (end - t.p > 2 && t.p[0] == '0' && t.p[1] == 'x') {
		r->value = 1;
		return true;
	}
	q = nc_text_int(t, &r->value);
	/* A signal's name. */
	if (q == NULL)
		return t.p < end && *t.p >= 'A' && *t.p <= 'Z';
	t.p = q;
	if (end - t.p > 3 && t.p[0] == ' ' && t.p[1] == '[') {
		t.p += 2;
		if (nc_text_int(t, &r->second) == NULL)
			r->second = NC_NIL;
		return true;
	}
	return q == end;
}

/* "Err#11 EAGAIN", with p at the 'E'. */
static bool
take_error(const char *p, const char *end, struct result *r)
{
	struct nc_text t = { p + 4, end };
	int64_t v;
	const char *q = nc_text_int(t, &v);

	if (q == NULL || q == end || *q != ' ')
		return false;
	r->error.p = ++q;
	while (
	    q < end && ((*q >= 'A' && *q <= 'Z') || (*q >= '0' && *q <= '9')))
		q++;
	r->error.end = q;
	return q > r->error.p + 1;
}

/* What stands after the last call's parenthesis; false if it is not whole. */
static bool
take_result(struct nc_text body, struct nc_text name, struct result *r,
    struct nc_text *args)
{
	static const char sleeping[] = "(sleeping...)";
	const char *end = trim_end(body.p, body.end), *p;

	memset(r, 0, sizeof(*r));
	r->second = NC_NIL;
	body.end = end;
	for (p = end; --p > name.end;) {
		if (*p == '=' && (p[-1] == '\t' || p[-1] == ' ') &&
		    take_value(p, end, r))
			break;
		if (*p == 'E' && end - p > 5 && memcmp(p, "Err#", 4) == 0 &&
		    take_error(p, end, r))
			break;
	}
	if (ends_with(body, sleeping)) {
		r->sleeping = true;
		p = end - (sizeof(sleeping) - 1);
	} else if (p <= name.end) {
		r->missing = true;
		p = end;
	}
	p = trim_end(name.end, p);
	body.end = p;
	if (ends_with(body, "(returning as child ...)")) {
		r->child = true;
		p = trim_end(name.end, p - 24);
	} else if (ends_with(body, "(returning as new lwp ...)")) {
		p = trim_end(name.end, p - 26);
	} else if (ends_with(body, "  argc")) {
		r->value = 0;
		p = trim_end(name.end, p - 6);
	}
	if (p <= name.end || p[-1] != ')')
		return false;
	*args = (struct nc_text){ name.end + 1, p - 1 };
	return true;
}

/* At a quote: past the string's closing one, and ".."; NULL if it is cut. */
static const char *
string_end(const char *p, const char *end, bool payload)
{
	struct nc_buf drop = { NULL, 0, 0 };

	if (payload) {
		p = nc_vis_cells((struct nc_text){ p + 1, end }, true, &drop);
		nc_buf_fini(&drop);
		if (p == NULL)
			return NULL;
		for (p++; p < end && *p == '.'; p++)
			;
		return p;
	}
	for (p++; p < end; p++)
		if (*p == '"' &&
		    (p + 1 == end || p[1] == ',' || p[1] == ')' || p[1] == '.'))
			return p + 1;
	return NULL;
}

static bool
split(struct nc_text t, bool payload, struct nc_foreign_call *c)
{
	const char *p = t.p, *from = t.p;
	int depth = 0;

	for (; p < t.end; p++) {
		switch (*p) {
		case '"':
			p = string_end(p, t.end, payload);
			if (p == NULL)
				return false;
			p--;
			break;
		case '(':
			depth++;
			break;
		case ')':
			depth--;
			break;
		case ',':
			if (depth > 0)
				break;
			if (c->nargs < NC_ARGS_MAX)
				c->arg[c->nargs++] =
				    nc_text_trim((struct nc_text){ from, p });
			from = p + 1;
			break;
		default:
			break;
		}
	}
	if (from < t.end && c->nargs < NC_ARGS_MAX)
		c->arg[c->nargs++] =
		    nc_text_trim((struct nc_text){ from, t.end });
	return true;
}

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

/* Where the payload stood in detail lines, for readv, writev and messages. */
static void
put_vector(struct solaris *s, struct nc_foreign_call *c)
{
	if (c->data.p == NULL || c->result == NC_NIL || c->result < 0)
		return;
	s->vector.len = 0;
	nc_foreign_add(&s->vector, "[{iov_base=");
	nc_foreign_add_text(&s->vector, c->data);
	nc_foreign_add(&s->vector, ", iov_len=");
	nc_foreign_add_int(&s->vector, c->result);
	nc_foreign_add(&s->vector, "}]");
	c->vector = nc_foreign_text(&s->vector);
}

static struct nc_text
closed(struct nc_buf *b)
{
	nc_foreign_add(b, "]");
	return nc_foreign_text(b);
}

static void
put_details(struct solaris *s, struct nc_foreign_call *c)
{
	struct held *h = &s->held;

	if (h->data.len > 0) {
		s->quoted.len = 0;
		nc_vis_quote(&s->quoted, h->data.p, h->data.len);
		c->data = nc_foreign_text(&s->quoted);
		put_vector(s, c);
	}
	if (h->address.len > 0)
		c->address = nc_foreign_text(&h->address);
	if (h->timeout.len > 0)
		c->timeout = nc_foreign_text(&h->timeout);
	if (h->fds.len > 0)
		c->fds = closed(&h->fds);
	if (h->ready.len > 0)
		c->ready = closed(&h->ready);
}

static bool
is_named(struct nc_text name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (nc_text_is(name, *list))
			return true;
	return false;
}

/* What the calls return that strace shows otherwise. */
static void
put_result(struct solaris *s, struct nc_foreign_call *c)
{
	static const char *const ends[] = { "_exit", "exit", "lwp_exit", NULL };
	struct held *h = &s->held;

	c->result = h->result;
	c->error_name = h->error;
	if (is_named(c->name, ends))
		c->result = NC_NIL;
	if ((nc_text_is(c->name, "pipe") || nc_text_is(c->name, "pipe2")) &&
	    h->error.p == NULL && h->second != NC_NIL) {
		s->pair.len = 0;
		nc_foreign_add(&s->pair, "[");
		nc_foreign_add_int(&s->pair, h->result);
		nc_foreign_add(&s->pair, ", ");
		nc_foreign_add_int(&s->pair, h->second);
		c->pair = closed(&s->pair);
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
	z->line = s->held.line;
	z->time = c->time;
	z->begun = nc_foreign_can_begin(c);
	if (z->begun)
		nc_foreign_begin(&s->f, c);
}

/* It did not return, so that nothing tells what it waits for. */
static void
sleeps_on(struct solaris *s, struct sleeper *z, int64_t tid)
{
	struct nc_foreign_late late;
	struct nc_foreign_call c;

	if (z->name.len == 0 || z->begun)
		return;
	late = nc_foreign_before(&s->f, z->line);
	nc_foreign_call_init(&c);
	c.tid = tid;
	c.time = z->time;
	c.name = nc_foreign_text(&z->name);
	nc_foreign_begin(&s->f, &c);
	nc_foreign_after(&s->f, late);
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
		else if (z->name.len > 0 && !z->begun)
			nc_foreign_passed(&s->f, NC_IGNORED_MESSAGE);
		z->name.len = 0;
	}
}

/* The two lines of a call that could not be told before it returned. */
static void
count_halves(struct solaris *s)
{
	struct nc_trace *t = s->f.trace;

	if (t->fate != NC_FATE_WHOLE) {
		nc_foreign_passed(&s->f, NC_IGNORED_MESSAGE);
		return;
	}
	t->fate = NC_FATE_HALF;
	t->ledger.fates[NC_FATE_HALF]++;
	t->ledger.joined++;
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
	if (same && z->begun) {
		nc_foreign_end(&s->f, c);
		return;
	}
	if (same) {
		c->entry = z->line;
		if (c->time != NC_NIL && z->time != NC_NIL &&
		    c->time >= z->time) {
			c->duration = c->time - z->time;
			c->time = z->time;
		}
	}
	nc_foreign_whole(&s->f, c);
	if (same)
		count_halves(s);
}

static void
run_held(struct solaris *s, struct nc_foreign_call *c)
{
	static const char accept4[] = "accept4";
	struct held *h = &s->held;

	/* (fd, address, length, version, flags) */
	if (nc_text_is(c->name, "accept") && c->nargs > 4 &&
	    !nc_text_is(c->arg[4], "0")) {
		c->name = (struct nc_text){ accept4, accept4 + 7 };
		c->arg[3] = c->arg[4];
	}
	put_result(s, c);
	put_details(s, c);
	if (h->sleeping) {
		sleep_begins(s, c);
		return;
	}
	call_ends(s, c);
	if (nc_text_is(c->name, "lwp_exit")) {
		nc_foreign_gone(&s->f, h->tid);
		s->bare_pid = NC_NIL;
	}
	if (nc_text_is(c->name, "_exit") || nc_text_is(c->name, "exit"))
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
	struct held *h = &s->held;
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
	c.name = (struct nc_text){ h->text.p, h->text.p + h->name_len };
	shape = nc_foreign_shape(c.name);
	if (shape != NULL && *shape != '\0' &&
	    !split(h->args, strchr(shape, 'S') != NULL, &c)) {
		t->ledger.calls++;
		nc_trace_refuse(t, "string without end");
	} else {
		run_held(s, &c);
	}
	nc_foreign_after(&s->f, late);
	nc_buf_trim(&h->text, NC_LINE_KEEP);
	nc_buf_trim(&h->data, NC_LINE_KEEP);
	nc_buf_trim(&s->quoted, NC_LINE_KEEP);
	nc_buf_trim(&s->vector, NC_LINE_KEEP);
	nc_buf_trim(&s->bytes, NC_LINE_KEEP);
}

/* The thread of a line; a pid alone is the only one that lives. */
static int64_t
thread_of(struct solaris *s, const struct head *h)
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
take_call(struct solaris *s, const struct head *h)
{
	struct nc_text name = name_of(h->body), args;
	struct held *held = &s->held;
	struct result r;
	const char *shape;

	if (name.p == NULL || !take_result(h->body, name, &r, &args))
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
	held->there = true;
	held->sleeping = r.sleeping;
	held->line = s->f.trace->line;
	held->pid = h->pid == NC_NIL ? 0 : h->pid;
	held->tid = thread_of(s, h);
	held->time =
	    s->base != NC_NIL && h->time != NC_NIL ? s->base + h->time : NC_NIL;
	held->text.len = 0;
	nc_foreign_add_text(&held->text, h->body);
	held->name_len = (size_t)(name.end - name.p);
	shape = nc_foreign_shape(name);
	held->moves = shape != NULL && strpbrk(shape, "Svh") != NULL;
	held->args.p = held->text.p + (args.p - h->body.p);
	held->args.end = held->text.p + (args.end - h->body.p);
	held->result = r.value;
	held->second = r.second;
	held->error = none;
	if (r.error.p != NULL)
		held->error =
		    (struct nc_text){ held->text.p + (r.error.p - h->body.p),
			    held->text.p + (r.error.end - h->body.p) };
	held->data.len = held->address.len = held->fds.len = 0;
	held->ready.len = held->timeout.len = 0;
	return true;
}

/* "AF_INET  name = 10.0.0.1  port = 80" */
static bool
take_address(struct held *held, struct nc_text t)
{
	bool six = nc_text_starts(t, "AF_INET6 ");
	struct nc_text ip = none, port = none;
	const char *p;

	if (!six && !nc_text_starts(t, "AF_INET ")) {
		if (!nc_text_starts(t, "AF_UNIX "))
			return false;
		p = memchr(t.p, '=', (size_t)(t.end - t.p));
		held->address.len = 0;
		if (p != NULL)
			nc_foreign_path(&held->address,
			    nc_text_trim((struct nc_text){ p + 1, t.end }));
		return true;
	}
	for (p = t.p; p < t.end; p++) {
		if (*p != '=' || t.end - p < 3 || p[1] != ' ')
			continue;
		if (ip.p == NULL)
			ip.p = p + 2;
		else if (port.p == NULL)
			port.p = p + 2;
	}
	if (ip.p == NULL || port.p == NULL)
		return true;
	ip.end = memchr(ip.p, ' ', (size_t)(t.end - ip.p));
	for (port.end = port.p;
	     port.end < t.end && *port.end >= '0' && *port.end <= '9';
	     port.end++)
		;
	held->address.len = 0;
	if (ip.end != NULL)
		nc_foreign_address(&held->address, six, ip, port);
	return true;
}

/* "fd=4  ev=POLLRDNORM rev=0" */
static bool
take_fd(struct solaris *s, struct nc_text t)
{
	struct held *held = &s->held;
	struct nc_text list = t, e, name, v, fd = none;

	if (!nc_text_starts(t, "fd="))
		return false;
	while (nc_text_next(&list, &e)) {
		v = nc_text_field(e, &name);
		if (nc_text_is(name, "fd")) {
			fd = v;
		} else if (nc_text_is(name, "ev")) {
			nc_foreign_add(
			    &held->fds, held->fds.len > 0 ? ", {fd=" : "[{fd=");
			nc_foreign_add_text(&held->fds, fd);
			nc_foreign_add(&held->fds, ", events=");
			nc_foreign_events(&s->f, &held->fds, v);
			nc_foreign_add(&held->fds, "}");
		} else if (nc_text_is(name, "rev") && !nc_text_is(v, "0")) {
			nc_foreign_add(&held->ready,
			    held->ready.len > 0 ? ", {fd=" : "[{fd=");
			nc_foreign_add_text(&held->ready, fd);
			nc_foreign_add(&held->ready, ", revents=");
			nc_foreign_events(&s->f, &held->ready, v);
			nc_foreign_add(&held->ready, "}");
		}
	}
	return true;
}

static void
take_timeout(struct held *held, struct nc_text t)
{
	t.p += 6;
	held->timeout.len = 0;
	if (!nc_foreign_seconds(&held->timeout, 'n', nc_text_trim(t)))
		held->timeout.len = 0;
}

/* A line that belongs to the call above; false if it is none. */
static bool
take_detail(struct solaris *s, const struct head *h)
{
	struct held *held = &s->held;
	struct nc_text t = h->body;
	size_t before = held->data.len;

	if (t.p == t.end)
		return false;
	/* Two blanks, then cells; other details are no cells throughout. */
	if (held->there && held->moves && t.end - t.p > 3 && t.p[0] == ' ' &&
	    t.p[1] == ' ') {
		t.p += 2;
		if (before > DATA_MAX)
			return true;
		if (nc_vis_cells(t, false, &held->data) != NULL)
			return true;
		held->data.len = before;
	}
	t = nc_text_trim(t);
	if (held->there && take_address(held, t))
		return true;
	if (held->there && take_fd(s, t))
		return true;
	if (held->there && nc_text_starts(t, "tmout:")) {
		take_timeout(held, t);
		return true;
	}
	return false;
}

static void
set_base(struct solaris *s, struct nc_text t)
{
	t.p += 16;
	if (nc_foreign_time(nc_text_trim(t), &s->base) == NULL)
		s->base = NC_NIL;
}

static bool
take_event(struct solaris *s, const struct head *h, bool indented)
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
	if (take_detail(s, h) || indented || nc_text_starts(b, "siginfo:")) {
		nc_trace_pass(t, NC_IGNORED_DUMP);
		return true;
	}
	return false;
}

static void
take_line(struct solaris *s, struct nc_text line)
{
	struct nc_trace *t = s->f.trace;
	struct head h;
	const char *p;

	if (nc_text_trim(line).p == line.end) {
		nc_trace_pass(t, NC_IGNORED_BLANK);
		return;
	}
	take_head(line, &h);
	if (take_call(s, &h))
		return;
	/* After a prefix, one more tab than calls have. */
	p = h.body.p;
	if (take_event(s, &h,
		p < h.body.end &&
		    (*p == ' ' || *p == '\t' || name_of(h.body).p == NULL) &&
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
		free(z);
	}
	nc_map_fini(&s->sleepers);
	nc_buf_fini(&s->f.body);
	nc_buf_fini(&s->held.text);
	nc_buf_fini(&s->held.data);
	nc_buf_fini(&s->held.address);
	nc_buf_fini(&s->held.fds);
	nc_buf_fini(&s->held.ready);
	nc_buf_fini(&s->held.timeout);
	nc_buf_fini(&s->bytes);
	nc_buf_fini(&s->quoted);
	nc_buf_fini(&s->vector);
	nc_buf_fini(&s->pair);
	free(s);
}

void
nc_solaris_begin(struct nc_trace *t)
{
	struct solaris *s = nc_xcalloc(1, sizeof(*s));

	s->f.trace = t;
	s->f.system = NC_SYSTEM_SOLARIS;
	s->f.arg = solaris_arg;
	s->base = s->bare_pid = s->exiting = NC_NIL;
	t->foreign = s;
	t->foreign_free = solaris_free;
	t->bsd = true;
	t->lane->clones = true; /* forks are shown */
	t->ledger.lacks = lacks;
}

void
nc_solaris_line(
    struct nc_trace *t, const char *p, const char *end, bool newline)
{
	struct nc_text line = { p, end };

	nc_trace_count(t, end - p, newline);
	while (line.end > line.p && line.end[-1] == '\r')
		line.end--;
	take_line(t->foreign, line);
	nc_trace_settle(t);
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
	struct result r;
	struct head h;

	take_head(line, &h);
	if (h.pid != NC_NIL || h.lwp != NC_NIL)
		return 2;
	name = name_of(h.body);
	if (name.p == NULL)
		return nc_text_starts(nc_text_trim(line), "Received signal #") ?
		    2 :
		    0;
	if (!take_result(h.body, name, &r, &args))
		return 0;
	/* What strace writes after its padding of blanks stands after tabs. */
	before = (struct nc_text){ args.end + 1, line.end };
	if (r.sleeping || r.error.p != NULL ||
	    (before.p < before.end && *before.p == '\t'))
		return 2;
	return !r.missing;
}
