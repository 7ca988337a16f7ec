/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Making, connecting and closing sockets.
 */
#include <string.h>

#include "fault.h"
#include "log.h"
#include "net.h"
#include "show.h"
#include "sys.h"

#define text(t, ...) arena_text(&(t)->world->arena, __VA_ARGS__)

int
sys_socket(struct thread *t, enum file_kind kind, int family, int flags)
{
	bool tcp = kind == FILE_TCP;
	struct file *f;
	int fd;

	log_enter(t, "socket",
	    text(t, "%s, %s%s%s, %s", family == 6 ? "AF_INET6" : "AF_INET",
		tcp ? "SOCK_STREAM" : "SOCK_DGRAM",
		flags & SYS_CLOEXEC ? "|SOCK_CLOEXEC" : "",
		flags & SYS_NONBLOCK ? "|SOCK_NONBLOCK" : "",
		rng_chance(&t->world->rng, 50) ? "IPPROTO_IP" :
		    tcp                        ? "IPPROTO_TCP" :
						 "IPPROTO_UDP"),
	    NULL);
	sys_pause(t);
	f = file_new(t->process->host, kind, family);
	f->refs = 1;
	f->nonblock = flags & SYS_NONBLOCK;
	fd = table_add(t->process->table, f, flags & SYS_CLOEXEC);
	sys_pause(t);
	log_leave(t, "", show_fd(t, fd));
	sys_think(t);
	return fd;
}

void
sys_bind(struct thread *t, int fd, struct addr a)
{
	struct file *f = thread_file(t, fd);

	log_enter(t, "bind",
	    text(t, "%s, %s, %d", show_fd(t, fd), show_addr(f, a),
		show_addr_size(f)),
	    NULL);
	sys_pause(t);
	f->local = a;
	if (a.port == 0)
		f->local.port = host_port(f->host);
	host_bind(f);
	sys_pause(t);
	log_leave(t, "", "0");
	sys_think(t);
}

void
sys_option(
    struct thread *t, int fd, const char *level, const char *name, int value)
{
	struct file *f = thread_file(t, fd);

	f->reuseport = f->reuseport || strcmp(name, "SO_REUSEPORT") == 0;
	sys_plain(t, "setsockopt",
	    text(t, "%s, %s, %s, [%d], 4", show_fd(t, fd), level, name, value),
	    "0");
}

void
sys_listen(struct thread *t, int fd, int backlog)
{
	struct file *f = thread_file(t, fd);

	log_enter(
	    t, "listen", text(t, "%s, %d", show_fd(t, fd), backlog), NULL);
	sys_pause(t);
	f->listening = true;
	sys_pause(t);
	log_leave(t, "", "0");
	sys_think(t);
}

/* The handshake */

static void
established(void *arg, void *more)
{
	struct file *f = arg;

	(void)more;
	if (!f->connecting)
		return;
	f->connecting = false;
	f->connected = true;
	file_changed(f);
}

static void
refused(void *arg, void *more)
{
	struct file *f = arg;

	(void)more;
	f->connecting = false;
	f->error = SYS_REFUSED;
	file_changed(f);
}

static void
timed_out(void *arg, void *more)
{
	struct file *f = arg;

	(void)more;
	f->connecting = false;
	f->error = SYS_TIMEDOUT;
	file_changed(f);
}

/* The last step of the handshake has come: it can be accepted. */
static void
queued(void *arg, void *more)
{
	struct file *s = arg, *l = s->listener, **at;

	(void)more;
	if (l->closed) {
		world_unlawful(s->host->world, "a listener closed too early");
		return;
	}
	for (at = &l->queue; *at; at = &(*at)->next_queued)
		continue;
	*at = s;
	file_changed(l);
}

static void
syn(void *arg, void *more)
{
	struct file *f = arg, *s, *l;
	struct host *to = more;
	struct world *w = to->world;
	struct addr source = net_source(f->host, to, f->local, FILE_TCP);
	int64_t back = net_delay(to, f->host);

	if (fault_is(w, FAULT_DROPPED) && f->peer.port == FAULT_PORT) {
		w->injected[FAULT_DROPPED]++;
		clock_after(&w->clock, 131 * SEC, timed_out, f, NULL);
		return;
	}
	l = host_bound(to, FILE_TCP, f->peer.ip, f->peer.port, source);
	if (!l) {
		w->injected[FAULT_REFUSED]++;
		clock_after(&w->clock, back, refused, f, NULL);
		return;
	}
	s = file_new(to, FILE_TCP, l->family);
	s->local = f->peer;
	s->peer = source;
	s->connected = true;
	s->listener = l;
	s->other = f;
	f->other = s;
	s->room = f->room = (size_t)RNG_PICK(&w->rng, 3000, 40000, 300000);
	clock_after(&w->clock, back, established, f, NULL);
	net_stream(s, back + net_delay(f->host, to), queued, NULL);
}

static void
udp_connect(struct file *f, struct addr to)
{
	f->peer = to;
	if (f->local.ip)
		return;
	f->local =
	    (struct addr){ host_address(f->host, to.ip), host_port(f->host) };
	host_bind(f);
}

int
sys_connect(struct thread *t, int fd, struct addr to)
{
	struct file *f = thread_file(t, fd);
	struct world *w = t->world;
	struct host *there;
	int result = 0;

	log_enter(t, "connect",
	    text(t, "%s, %s, %d", show_fd(t, fd), show_addr(f, to),
		show_addr_size(f)),
	    NULL);
	sys_pause(t);
	if (f->kind == FILE_UDP) {
		udp_connect(f, to);
	} else {
		there = world_owner(w, f->host, to.ip);
		f->local = (struct addr){ host_address(f->host, to.ip),
			host_port(f->host) };
		f->peer = to;
		f->connecting = true;
		clock_after(
		    &w->clock, net_delay(f->host, there), syn, f, there);
		while (f->connecting && !f->nonblock) {
			task_watch(&w->clock, &f->changed);
			task_wait(&w->clock, -1);
		}
		result = f->connecting ? SYS_INPROGRESS : f->error;
	}
	sys_pause(t);
	log_leave(t, "",
	    result == SYS_INPROGRESS ?
		"-1 EINPROGRESS (Operation now in progress)" :
		result == SYS_REFUSED ? "-1 ECONNREFUSED (Connection refused)" :
		result == SYS_TIMEDOUT ? "-1 ETIMEDOUT (Connection timed out)" :
					 "0");
	sys_think(t);
	return result;
}

int
sys_socket_error(struct thread *t, int fd)
{
	struct file *f = thread_file(t, fd);

	log_enter(t, "getsockopt",
	    text(t, "%s, SOL_SOCKET, SO_ERROR, ", show_fd(t, fd)), "");
	sys_pause(t);
	log_leave(t,
	    f->error == SYS_TIMEDOUT ? "[ETIMEDOUT], [4]" :
		f->error             ? "[ECONNREFUSED], [4]" :
				       "[0], [4]",
	    "0");
	sys_think(t);
	return f->error;
}

int
sys_accept(struct thread *t, int fd)
{
	struct file *f = thread_file(t, fd), *s;
	struct world *w = t->world;
	bool four = rng_chance(&w->rng, 50), nonblock = four && f->nonblock;
	const char *flags = nonblock ? ", SOCK_NONBLOCK" : four ? ", 0" : "";
	const char *args;
	int made;

	log_enter(t, four ? "accept4" : "accept",
	    text(t, "%s, ", show_fd(t, fd)),
	    text(t, "0x7ffd17a00ab0, [128]%s", flags));
	sys_pause(t);
	while (!f->queue && !f->nonblock) {
		task_watch(&w->clock, &f->changed);
		task_wait(&w->clock, -1);
	}
	s = f->queue;
	if (!s) {
		sys_pause(t);
		log_leave(t, t->abort, SYS_EAGAIN);
		sys_think(t);
		return SYS_AGAIN;
	}
	f->queue = s->next_queued;
	s->refs = 1;
	s->nonblock = nonblock;
	made = table_add(t->process->table, s, false);
	sys_pause(t);
	args = w->choice.null_peer ?
	    text(t, "NULL, NULL%s", flags) :
	    text(t, "%s, [128 => %d]%s", show_addr(s, s->peer),
		show_addr_size(s), flags);
	log_leave(t, args, show_fd(t, made));
	sys_think(t);
	return made;
}

void
sys_nonblock(struct thread *t, int fd)
{
	struct file *f = thread_file(t, fd);

	f->nonblock = true;
	if (rng_chance(&t->world->rng, 30))
		sys_plain(t, "ioctl",
		    text(t, "%s, FIONBIO, [1]", show_fd(t, fd)), "0");
	else
		sys_plain(t, "fcntl",
		    text(t, "%s, F_SETFL, O_RDWR|O_NONBLOCK", show_fd(t, fd)),
		    "0");
}

void
sys_getsockname(struct thread *t, int fd)
{
	struct file *f = thread_file(t, fd);

	log_enter(t, "getsockname", text(t, "%s, ", show_fd(t, fd)), "");
	sys_pause(t);
	log_leave(t,
	    text(t, "%s, [128 => %d]", show_addr(f, f->local),
		show_addr_size(f)),
	    "0");
	sys_think(t);
}

int
sys_getpeername(struct thread *t, int fd)
{
	struct file *f = thread_file(t, fd);
	bool ok;

	log_enter(t, "getpeername", text(t, "%s, ", show_fd(t, fd)), "");
	sys_pause(t);
	ok = f->connected;
	sys_pause(t);
	if (ok)
		log_leave(t,
		    text(t, "%s, [128 => %d]", show_addr(f, f->peer),
			show_addr_size(f)),
		    "0");
	else
		log_leave(t, "0x7ffd17a00ab0, [128]",
		    "-1 ENOTCONN (Transport endpoint is not connected)");
	sys_think(t);
	return ok ? 0 : SYS_FAILED;
}

int
sys_dup(struct thread *t, int fd)
{
	struct file *f = thread_file(t, fd);
	int how = RNG_PICK(&t->world->rng, 0, 1), new;

	if (how == 0)
		log_enter(t, "dup", show_fd(t, fd), NULL);
	else
		log_enter(t, "fcntl",
		    text(t, "%s, F_DUPFD_CLOEXEC, 0", show_fd(t, fd)), NULL);
	sys_pause(t);
	f->refs++;
	new = table_add(t->process->table, f, how == 1);
	sys_pause(t);
	log_leave(t, "", show_fd(t, new));
	sys_think(t);
	return new;
}

/* Closing */

static void
fin_came(void *arg, void *more)
{
	struct file *f = arg;

	(void)more;
	f->fin = true;
	file_changed(f);
}

static void
finish(struct file *f)
{
	struct file *other = f->other;

	if (f->kind != FILE_TCP || !other || f->wr_shut || f->reset)
		return;
	f->wr_shut = true;
	if (f->cut)
		return;
	net_stream(other, net_delay(f->host, other->host), fin_came, NULL);
}

void
file_drop(struct file *f)
{
	struct watch *w;

	if (--f->refs > 0)
		return;
	f->closed = true;
	if (f->kind == FILE_EPOLL) {
		for (w = f->watches; w; w = w->next)
			w->gone = true;
		return;
	}
	for (w = f->watches; w; w = w->also)
		w->gone = true;
	if (f->kind == FILE_UNIX && f->other) {
		f->other->fin = true;
		file_changed(f->other);
		return;
	}
	if (f->kind == FILE_TCP && !f->reset && (f->rx || f->queue))
		world_unlawful(f->host->world, "closed with something unread");
	finish(f);
}

void
sys_close(struct thread *t, int fd)
{
	struct file *f = thread_file(t, fd);

	log_enter(t, "close", show_fd(t, fd), NULL);
	sys_pause(t);
	t->process->table->slot[fd] = NULL;
	file_drop(f);
	sys_pause(t);
	log_leave(t, "", "0");
	sys_think(t);
}

void
sys_shutdown(struct thread *t, int fd)
{
	log_enter(t, "shutdown", text(t, "%s, SHUT_WR", show_fd(t, fd)), NULL);
	sys_pause(t);
	finish(thread_file(t, fd));
	sys_pause(t);
	log_leave(t, "", "0");
	sys_think(t);
}
