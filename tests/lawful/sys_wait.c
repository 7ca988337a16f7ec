/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Readiness: poll, select, epoll.
 */
#include <string.h>

#include "log.h"
#include "show.h"
#include "sys.h"

#define text(t, ...) arena_text(&(t)->world->arena, __VA_ARGS__)

static int
state(const struct file *f)
{
	switch (f->kind) {
	case FILE_UDP:
		return (f->rx ? POLL_IN : 0) | POLL_OUT;
	case FILE_UNIX:
		return f->rx || f->fin ? POLL_IN : 0;
	default:
		break;
	}
	if (f->listening)
		return f->queue ? POLL_IN : 0;
	if (f->error)
		return POLL_IN | POLL_OUT | POLL_ERR | POLL_HUP;
	if (!f->connected)
		return 0;
	return (f->rx || f->fin || f->reset ? POLL_IN : 0) |
	    (f->room > 0 && !f->wr_shut ? POLL_OUT : 0) |
	    (f->reset ? POLL_ERR | POLL_HUP : 0) |
	    (f->fin && f->wr_shut ? POLL_HUP : 0);
}

/* poll and select */

static int
look(struct thread *t, struct ready *r, int n, bool select)
{
	int i, up = 0;

	for (i = 0; i < n; i++) {
		int s = state(thread_file(t, r[i].fd));

		r[i].got = s &
		    (r[i].events | (select ? 0 : POLL_ERR | POLL_HUP));
		up += select ?
		    !!(r[i].got & POLL_IN) + !!(r[i].got & POLL_OUT) :
		    r[i].got != 0;
	}
	return up;
}

static const char *
fd_set_text(struct thread *t, const struct ready *r, int n, int bit, bool got)
{
	const char *s = "";
	bool any = false;
	int i;

	for (i = 0; i < n; i++)
		if ((got ? r[i].got : r[i].events) & bit) {
			s = text(t, "%s%s%s", s, any ? " " : "",
			    show_fd(t, r[i].fd));
			any = true;
		}
	return any ? text(t, "[%s]", s) : NULL;
}

static const char *
time_text(struct thread *t, enum poll_how how, int64_t us)
{
	if (us < 0)
		return "NULL";
	if (how == BY_SELECT)
		return text(t, "{tv_sec=%lld, tv_usec=%lld}",
		    (long long)(us / SEC), (long long)(us % SEC));
	return text(t, "{tv_sec=%lld, tv_nsec=%lld}", (long long)(us / SEC),
	    (long long)(us % SEC * 1000));
}

static const char *
select_args(struct thread *t, enum poll_how how, const struct ready *r, int n,
    int64_t timeout)
{
	const char *in = fd_set_text(t, r, n, POLL_IN, false);
	const char *out = fd_set_text(t, r, n, POLL_OUT, false);
	int top = 0, i;

	for (i = 0; i < n; i++)
		top = r[i].fd >= top ? r[i].fd + 1 : top;
	return text(t, "%d, %s, %s, NULL, %s%s", top, in ? in : "NULL",
	    out ? out : "NULL", time_text(t, how, timeout),
	    how == BY_PSELECT ? ", NULL" : "");
}

static const char *
poll_list(struct thread *t, const struct ready *r, int n, bool got)
{
	const char *s = "";
	bool any = false;
	int i;

	for (i = 0; i < n; i++) {
		if (got && !r[i].got)
			continue;
		s = text(t, "%s%s{fd=%s, %s=%s}", s, any ? ", " : "",
		    show_fd(t, r[i].fd), got ? "revents" : "events",
		    show_events(
			t->world, got ? r[i].got : r[i].events, "POLL"));
		any = true;
	}
	return text(t, "[%s]", s);
}

static const char *
poll_args(struct thread *t, enum poll_how how, const struct ready *r, int n,
    int64_t timeout)
{
	const char *list = poll_list(t, r, n, false);

	if (how == BY_PPOLL)
		return text(t, "%s, %d, %s, NULL, 8", list, n,
		    time_text(t, how, timeout));
	return text(t, "%s, %d, %lld", list, n,
	    timeout < 0 ? -1LL : (long long)(timeout / MS));
}

static const char *
result_text(struct thread *t, enum poll_how how, const struct ready *r, int n,
    int up, int64_t left)
{
	const char *in, *out, *rest = "";

	if (up == 0)
		return "0 (Timeout)";
	if (left >= 0 && how != BY_POLL)
		rest = text(t, ", left %s", time_text(t, how, left));
	if (how == BY_POLL || how == BY_PPOLL)
		return text(t, "%d (%s%s)", up, poll_list(t, r, n, true), rest);
	in = fd_set_text(t, r, n, POLL_IN, true);
	out = fd_set_text(t, r, n, POLL_OUT, true);
	return text(t, "%d (%s%s%s%s%s%s)", up, in ? "in " : "", in ? in : "",
	    in && out ? ", " : "", out ? "out " : "", out ? out : "", rest);
}

int
sys_poll(struct thread *t, enum poll_how how, struct ready *r, int n,
    int64_t timeout)
{
	static const char *const names[] = { "poll", "ppoll", "select",
		"pselect6" };
	bool select = how == BY_SELECT || how == BY_PSELECT;
	struct clock *c = &t->world->clock;
	int64_t until;
	int up, i;

	log_enter(t, names[how],
	    select ? select_args(t, how, r, n, timeout) :
		     poll_args(t, how, r, n, timeout),
	    NULL);
	sys_pause(t);
	until = timeout < 0 ? -1 : c->now + timeout;
	while (!(up = look(t, r, n, select)) && (until < 0 || c->now < until)) {
		for (i = 0; i < n; i++)
			task_watch(c, &thread_file(t, r[i].fd)->changed);
		task_wait(c, until);
	}
	sys_pause(t);
	log_leave(t, "",
	    result_text(t, how, r, n, up,
		until < 0          ? -1 :
		    until > c->now ? until - c->now :
				     0));
	sys_think(t);
	return up;
}

/* epoll */

int
sys_epoll_create(struct thread *t)
{
	struct file *f;
	int fd;

	log_enter(t, "epoll_create1", "EPOLL_CLOEXEC", NULL);
	sys_pause(t);
	f = file_new(t->process->host, FILE_EPOLL, 4);
	f->refs = 1;
	fd = table_add(t->process->table, f, true);
	sys_pause(t);
	log_leave(t, "", show_fd(t, fd));
	sys_think(t);
	return fd;
}

void
sys_epoll_add(struct thread *t, int ep, int fd, int events, bool edge)
{
	struct file *e = thread_file(t, ep), *f = thread_file(t, fd);
	struct watch *w = arena_new(&t->world->arena, sizeof(*w)), **at;

	log_enter(t, "epoll_ctl",
	    text(t,
		"%s, EPOLL_CTL_ADD, %s, {events=%s%s, data={u32=%d, "
		"u64=%d}}",
		show_fd(t, ep), show_fd(t, fd),
		show_events(t->world, events, "EPOLL"), edge ? "|EPOLLET" : "",
		fd, fd),
	    NULL);
	sys_pause(t);
	*w = (struct watch){ NULL, f->watches, e, f, fd, events, edge, true,
		false };
	f->watches = w;
	for (at = &e->watches; *at;)
		if ((*at)->gone)
			*at = (*at)->next;
		else
			at = &(*at)->next;
	*at = w;
	waitq_wake(&t->world->clock, &e->changed);
	sys_pause(t);
	log_leave(t, "", "0");
	sys_think(t);
}

static int
epoll_look(struct file *e, struct ready *r, int most)
{
	struct watch *w;
	int n = 0;

	for (w = e->watches; w && n < most; w = w->next) {
		int got = state(w->file) & (w->events | POLL_ERR | POLL_HUP);

		if (w->gone || !got || (w->edge && !w->fresh))
			continue;
		w->fresh = false;
		r[n++] = (struct ready){ w->fd, w->events, got };
	}
	return n;
}

int
sys_epoll_wait(
    struct thread *t, int ep, struct ready *r, int most, int64_t timeout)
{
	struct file *e = thread_file(t, ep);
	struct clock *c = &t->world->clock;
	bool p = rng_chance(&t->world->rng, 20);
	const char *tail = text(t, ", %d, %lld%s", most,
	    timeout < 0 ? -1LL : (long long)(timeout / MS),
	    p ? ", NULL, 8" : "");
	const char *s = "";
	int64_t until;
	int n, i;

	log_enter(t, p ? "epoll_pwait" : "epoll_wait",
	    text(t, "%s, ", show_fd(t, ep)), text(t, "0x55d0c0ffee00%s", tail));
	sys_pause(t);
	until = timeout < 0 ? -1 : c->now + timeout;
	while (!(n = epoll_look(e, r, most)) && (until < 0 || c->now < until)) {
		task_watch(c, &e->changed);
		task_wait(c, until);
	}
	sys_pause(t);
	for (i = 0; i < n; i++)
		s = text(t, "%s%s{events=%s, data={u32=%d, u64=%d}}", s,
		    i ? ", " : "", show_events(t->world, r[i].got, "EPOLL"),
		    r[i].fd, r[i].fd);
	log_leave(t, text(t, "[%s]%s", s, tail), text(t, "%d", n));
	sys_think(t);
	return n;
}
