/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* memmem */
#include "inherited.h"

#include "../text/args.h"
#include "../text/line.h"
#include "../text/sockaddr.h"
#include "../text/tail.h"

#include <string.h>

#define PENDING_MAX 32
#define TASKS_MAX 64

/* An accept that has begun, or what it has made. */
struct pending {
	int64_t tid, listener;
	int64_t made; /* NC_NIL: not over */
};

struct task {
	int64_t tid;
	bool seen, born; /* born: while it was traced */
	bool shares;
};

struct look {
	struct nc_inherited *found;
	struct task tasks[TASKS_MAX];
	size_t ntasks;
	struct pending v[PENDING_MAX]; /* a ring */
	size_t n;
};

static bool
is_accept(struct nc_text name)
{
	return nc_text_is(name, "accept") || nc_text_is(name, "accept4");
}

/* The newest one with that thread that is not over, or that made fd. */
static struct pending *
newest(struct look *k, int64_t tid, int64_t fd)
{
	size_t i, n = k->n < PENDING_MAX ? k->n : PENDING_MAX;

	for (i = 1; i <= n; i++) {
		struct pending *p = &k->v[(k->n - i) % PENDING_MAX];

		if (fd == NC_NIL ? p->made == NC_NIL && p->tid == tid :
				   p->made == fd)
			return p;
	}
	return NULL;
}

/* The number of the descriptor, its annotation aside; -1 if there is none. */
static int64_t
descriptor(struct nc_text t)
{
	int64_t fd;

	return nc_text_int(t, &fd) != NULL ? fd : -1;
}

static void
see_accept(struct look *k, const struct nc_line *l)
{
	const char *end = l->body.end, *why;
	struct nc_args a;
	struct nc_tail tail;
	struct pending *p;
	bool final, half;

	half = nc_line_is_half(l->body.p, end, &end, &final);
	if (l->kind == NC_LINE_RESUMED) {
		p = newest(k, l->pid, NC_NIL);
	} else {
		p = &k->v[k->n++ % PENDING_MAX];
		p->tid = l->pid;
		p->made = NC_NIL;
		p->listener = descriptor(l->body);
	}
	if (p == NULL || half)
		return;
	if (nc_args_split(l->body.p, l->body.end, &a, &why) < 0 || !a.closed ||
	    nc_tail_parse(a.rest, l->body.end, &tail, &why) < 0 ||
	    tail.result == NC_NIL || tail.result < 0)
		p->listener = p->made = -1;
	else
		p->made = tail.result;
}

static void
found(struct nc_inherited *h, int64_t fd, const struct nc_addr *of, bool six)
{
	struct nc_addr any = *of;
	size_t i;

	/* A socket of IPv4 has a mapped address, one of IPv6 may. */
	any.family = six ? 6 : 4;
	memset(any.ip + (six ? 0 : 12), 0, six ? 16 : 4);

	for (i = 0; i < h->n && h->v[i].fd != fd; i++)
		;
	if (i == NC_INHERITED_MAX)
		return;
	if (i == h->n) {
		h->v[h->n].fd = fd;
		h->v[h->n++].local = any;
	} else if (h->v[i].local.port != of->port) {
		h->v[i].local.port = 0;
	}
}

static void
see_getsockname(struct look *k, const struct nc_line *l)
{
	struct nc_sockaddr sa;
	struct nc_args a;
	struct pending *p;
	const char *why;

	if (nc_args_split(l->body.p, l->body.end, &a, &why) < 0 || !a.closed)
		return;
	p = newest(k, 0, descriptor(l->body));
	if (p != NULL && p->listener >= 0 &&
	    nc_sockaddr_parse(nc_arg(&a, 1), &sa) == 0 && sa.known &&
	    sa.addr.port != 0)
		found(
		    k->found, p->listener, &sa.addr, sa.family == NC_AF_INET6);
}

/* The number may become another's. */
static void
see_close(struct look *k, const struct nc_line *l)
{
	struct pending *p = newest(k, 0, descriptor(l->body));

	if (p != NULL)
		p->made = -1;
}

/* What the text shows of a task. */
static struct task *
task_of(struct look *k, int64_t tid)
{
	size_t i;

	for (i = 0; i < k->ntasks; i++)
		if (k->tasks[i].tid == tid)
			return &k->tasks[i];
	if (k->ntasks == TASKS_MAX)
		return NULL;
	k->tasks[k->ntasks] = (struct task){ .tid = tid };
	return &k->tasks[k->ntasks++];
}

static bool
makes_tasks(struct nc_text name)
{
	return nc_text_is(name, "clone") || nc_text_is(name, "clone3") ||
	    nc_text_is(name, "fork") || nc_text_is(name, "vfork");
}

static void
see_made(struct look *k, const struct nc_line *l)
{
	struct nc_args a;
	struct nc_tail tail;
	struct task *made;
	const char *why;

	if (nc_args_split(l->body.p, l->body.end, &a, &why) < 0 || !a.closed ||
	    nc_tail_parse(a.rest, l->body.end, &tail, &why) < 0 ||
	    tail.result == NC_NIL || tail.result <= 0)
		return;
	made = task_of(k, tail.result);
	if (made != NULL)
		made->born = true;
}

/* On no descriptor: threads that have nothing to do. */
static bool
only_waits(struct nc_text name)
{
	return nc_text_is(name, "futex") ||
	    nc_text_is(name, "restart_syscall") ||
	    nc_text_is(name, "nanosleep") ||
	    nc_text_is(name, "clock_nanosleep") ||
	    nc_text_is(name, "rt_sigtimedwait");
}

/*
 * Who calls, and whether on what another task accepted: strace -p does not
 * tell which of those that it finds share their numbers, so that half of what
 * is done to such a socket would be missing.
 */
static bool
see_task(struct look *k, const struct nc_line *l)
{
	struct task *t = task_of(k, l->pid);
	int64_t fd = descriptor(l->body);
	const struct pending *p = fd < 0 ? NULL : newest(k, 0, fd);

	if (t == NULL)
		return false;
	t->seen = t->seen || !only_waits(l->name);
	t->shares = t->shares ||
	    (l->kind == NC_LINE_CALL && p != NULL && p->tid != l->pid);
	return true;
}

static void
judge(const struct look *k)
{
	size_t i, strangers = 0;
	bool shared = false;

	for (i = 0; i < k->ntasks; i++) {
		const struct task *t = &k->tasks[i];

		if (t->born || !t->seen)
			continue;
		strangers++;
		shared = shared || t->shares;
	}
	if (shared)
		k->found->n = 0;
	k->found->alone = strangers == 1;
}

void
nc_inherited_look(const char *p, size_t n, struct nc_inherited *h)
{
	const char *end = p + n, *q;
	struct nc_prefix last = { .len = 0 };
	struct look k = { .found = h };
	struct nc_line l;
	bool begun = false;

	h->n = 0;
	h->alone = false;
	/* Few need more than a search. */
	if (memmem(p, n, "accept", strlen("accept")) == NULL)
		return;
	for (; p < end; p = q + 1) {
		q = memchr(p, '\n', (size_t)(end - p));
		if (q == NULL)
			break;
		nc_line_parse(p, q, &last, &l);
		if (l.kind != NC_LINE_CALL && l.kind != NC_LINE_RESUMED)
			continue;
		/* It was started by the tracer. */
		if (!begun && nc_text_is(l.name, "execve"))
			return;
		begun = true;
		if (!see_task(&k, &l)) {
			h->n = 0;
			return;
		}
		if (is_accept(l.name))
			see_accept(&k, &l);
		else if (nc_text_is(l.name, "close"))
			see_close(&k, &l);
		else if (makes_tasks(l.name))
			see_made(&k, &l);
		else if (l.kind == NC_LINE_CALL &&
		    nc_text_is(l.name, "getsockname"))
			see_getsockname(&k, &l);
	}
	judge(&k);
}

const struct nc_addr *
nc_inherited_local(const struct nc_inherited *h, int64_t fd)
{
	size_t i;

	for (i = 0; i < h->n; i++)
		if (h->v[i].fd == fd)
			return h->v[i].local.port != 0 ? &h->v[i].local : NULL;
	return NULL;
}
