/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Sending and receiving.
 */
#include <string.h>

#include "fault.h"
#include "log.h"
#include "net.h"
#include "show.h"
#include "sys.h"

#define text(t, ...) arena_text(&(t)->world->arena, __VA_ARGS__)

/* Sending */

static void
bytes_came(void *arg, void *more)
{
	struct file *f = arg;
	struct parcel *p = more, **at;

	if (f->closed && f->reset)
		return;
	if (f->closed) {
		world_unlawful(f->host->world, "sent to a closed end");
		return;
	}
	for (at = &f->rx; *at; at = &(*at)->next)
		continue;
	*at = p;
	f->rx_len += p->len;
	file_changed(f);
}

/* As much as there is room for; 0 if there is none. */
static size_t
transmit(struct file *f, const char *p, size_t len)
{
	struct file *other = f->other;
	struct parcel *parcel;
	size_t n = len < f->room ? len : f->room;

	if (n == 0)
		return 0;
	parcel = arena_new(&f->host->world->arena, sizeof(*parcel));
	parcel->p = fault_stream(f, p, n);
	parcel->len = fault_arrives(f, n);
	f->room -= n;
	if (parcel->len == 0)
		return n;
	net_stream(other, net_delay(f->host, other->host), bytes_came, parcel);
	return n;
}

/* How a stream or datagram send looks at its entry. */
static const char *
send_name(struct thread *t, int fd, const char *p, size_t len,
    const struct addr *to, const char **args)
{
	struct file *f = thread_file(t, fd);
	struct world *w = t->world;
	const char *flags = rng_chance(&w->rng, 50) ? "MSG_NOSIGNAL" : "0";
	const char *file = show_fd(t, fd), *data;
	size_t half = len / 2;
	unsigned how = to ? (unsigned)RNG_PICK(&w->rng, 0, 3) :
			    rng_below(&w->rng, 4);

	data = how == 2 ? NULL : show_data(w, p, len);
	switch (how) {
	case 0:
		*args = to ?
		    text(t, "%s, %s, %zu, %s, %s, %d", file, data, len, flags,
			show_addr(f, *to), show_addr_size(f)) :
		    text(t, "%s, %s, %zu, %s, NULL, 0", file, data, len, flags);
		return "sendto";
	case 1:
		*args = text(t, "%s, %s, %zu", file, data, len);
		return "write";
	case 2:
		*args = text(t,
		    "%s, [{iov_base=%s, iov_len=%zu}, {iov_base=%s, "
		    "iov_len=%zu}], 2",
		    file, show_data(w, p, half), half,
		    show_data(w, p + half, len - half), len - half);
		return "writev";
	default:
		*args = text(t,
		    "%s, {msg_name=%s, msg_namelen=%d, msg_iov=[{iov_base=%s, "
		    "iov_len=%zu}], msg_iovlen=1, msg_controllen=0, "
		    "msg_flags=0}, %s",
		    file, to ? show_addr(f, *to) : "NULL",
		    to ? show_addr_size(f) : 0, data, len, flags);
		return "sendmsg";
	}
}

/* Bytes taken by the socket; waits for room if it blocks. */
static size_t
stream_out(struct thread *t, struct file *f, const char *p, size_t len)
{
	struct clock *c = &t->world->clock;
	size_t done = 0;

	if (f->wr_shut)
		world_unlawful(t->world, "sent after a shutdown");
	while (done < len) {
		size_t n = transmit(f, p + done, len - done);

		done += n;
		if (n > 0)
			continue;
		if (f->nonblock)
			break;
		task_watch(c, &f->changed);
		task_wait(c, -1);
	}
	return done;
}

long
sys_send(struct thread *t, int fd, const char *p, size_t len)
{
	struct file *f = thread_file(t, fd);
	const char *args, *name = send_name(t, fd, p, len, NULL, &args);
	size_t done = len;

	log_enter(t, name, args, NULL);
	sys_pause(t);
	if (f->kind == FILE_UDP)
		net_datagram(f, f->local, f->peer, p, len);
	else
		done = stream_out(t, f, p, len);
	sys_pause(t);
	if (done == 0 && len) {
		log_leave(t, "", SYS_EAGAIN);
		sys_think(t);
		return SYS_AGAIN;
	}
	log_leave(t, "", text(t, "%zu", done));
	sys_think(t);
	return (long)done;
}

/* The source address of a datagram from a socket that any may answer. */
static struct addr
source_of(struct file *f, const char *target)
{
	return (struct addr){ host_address(f->host, target), f->local.port };
}

static void
bind_any(struct file *f)
{
	if (f->local.ip)
		return;
	f->local = (struct addr){ f->family == 6 ? "::" : "0.0.0.0",
		host_port(f->host) };
	host_bind(f);
}

long
sys_sendto(struct thread *t, int fd, const char *p, size_t len, struct addr to)
{
	struct file *f = thread_file(t, fd);
	const char *args, *name = send_name(t, fd, p, len, &to, &args);

	log_enter(t, name, args, NULL);
	sys_pause(t);
	bind_any(f);
	net_datagram(f, source_of(f, to.ip), to, p, len);
	sys_pause(t);
	log_leave(t, "", text(t, "%zu", len));
	sys_think(t);
	return (long)len;
}

long
sys_sendfile(struct thread *t, int fd, int file, const char *p, size_t len)
{
	struct file *f = thread_file(t, fd);
	size_t done;

	log_enter(t, "sendfile",
	    text(t, "%s, %s, [0]", show_fd(t, fd), show_fd(t, file)),
	    text(t, ", %zu", len));
	sys_pause(t);
	done = stream_out(t, f, p, len);
	sys_pause(t);
	if (done == 0) {
		log_leave(t, t->abort, SYS_EAGAIN);
		sys_think(t);
		return SYS_AGAIN;
	}
	log_leave(
	    t, text(t, " => [%zu], %zu", done, len), text(t, "%zu", done));
	sys_think(t);
	return (long)done;
}

/* Receiving */

enum { RECVFROM, READ, READV, RECVMSG };

static const char *const recv_names[] = { "recvfrom", "read", "readv",
	"recvmsg" };

/* The rest of the line when nothing was received. */
static const char *
recv_nothing(
    struct thread *t, unsigned how, size_t size, const char *flags, bool from)
{
	switch (how) {
	case RECVFROM:
		return text(t, "0x55d0c0ffee00, %zu, %s, %s", size, flags,
		    from ? "0x7ffd17a00ab0, [128]" : "NULL, NULL");
	case READ:
		return text(t, "0x55d0c0ffee00, %zu", size);
	case READV:
		return text(
		    t, "[{iov_base=0x55d0c0ffee00, iov_len=%zu}], 1", size);
	default:
		return text(t, "{msg_namelen=0}, %s", flags);
	}
}

static const char *
recv_something(struct thread *t, unsigned how, struct file *f, size_t size,
    const char *flags, const struct parcel *got, bool from)
{
	struct world *w = t->world;
	size_t half = size / 2 < got->len ? size / 2 : got->len;
	const char *name = from && got->from.ip ? show_addr(f, got->from) :
						  NULL;

	switch (how) {
	case RECVFROM:
		return text(t, "%s, %zu, %s, %s",
		    show_data(w, got->p, got->len), size, flags,
		    name ? text(t, "%s, [128 => %d]", name, show_addr_size(f)) :
			   "NULL, NULL");
	case READ:
		return text(t, "%s, %zu", show_data(w, got->p, got->len), size);
	case READV:
		return text(t,
		    "[{iov_base=%s, iov_len=%zu}, {iov_base=%s, "
		    "iov_len=%zu}], 2",
		    show_data(w, got->p, half), size / 2,
		    show_data(w, got->p + half, got->len - half),
		    size - size / 2);
	default:
		return text(t,
		    "{msg_name=%s, msg_namelen=%s, msg_iov=[{iov_base=%s, "
		    "iov_len=%zu}], msg_iovlen=1, msg_controllen=0, "
		    "msg_flags=0}, %s",
		    name ? name : "NULL",
		    name ? text(t, "128 => %d", show_addr_size(f)) : "0",
		    show_data(w, got->p, got->len), size, flags);
	}
}

/* Takes up to size bytes, or looks at them. */
static struct parcel
stream_in(struct file *f, size_t size, bool peek)
{
	struct parcel got = { 0 }, *p;
	size_t n = size < f->rx_len ? size : f->rx_len, at, k;
	char *buf;

	if (f->rx && f->rx->len >= n) {
		got.p = f->rx->p;
	} else {
		got.p = buf = arena_new(&f->host->world->arena, n + 1);
		for (p = f->rx, at = 0; at < n; p = p->next, at += k) {
			k = p->len < n - at ? p->len : n - at;
			memcpy(buf + at, p->p, k);
		}
	}
	got.len = n;
	if (peek)
		return got;
	f->rx_len -= n;
	f->other->room += n;
	for (at = n; at > 0; at -= k) {
		p = f->rx;
		k = p->len < at ? p->len : at;
		p->p += k;
		p->len -= k;
		if (p->len == 0)
			f->rx = p->next;
	}
	if (n && !f->other->closed)
		file_changed(f->other);
	return got;
}

/* MSG_WAITALL: takes what comes until there is all, or the end. */
static struct parcel
stream_all(struct thread *t, struct file *f, size_t size)
{
	struct clock *c = &t->world->clock;
	char *buf = arena_new(&t->world->arena, size + 1);
	struct parcel part, all = { .p = buf };

	for (;;) {
		part = stream_in(f, size - all.len, false);
		memcpy(buf + all.len, part.p, part.len);
		all.len += part.len;
		if (all.len == size || f->fin || f->reset)
			return all;
		task_watch(c, &f->changed);
		task_wait(c, -1);
	}
}

static struct parcel
datagram_in(struct file *f, size_t size, bool peek)
{
	struct parcel got = *f->rx;

	if (got.len > size)
		world_unlawful(f->host->world, "a datagram cut short");
	if (!peek)
		f->rx = f->rx->next;
	return got;
}

static bool
has_input(const struct file *f)
{
	return f->rx || (f->kind != FILE_UDP && (f->fin || f->reset));
}

long
sys_recvfrom(struct thread *t, int fd, size_t size, int flags, const char **p,
    struct addr *from)
{
	struct file *f = thread_file(t, fd);
	struct world *w = t->world;
	bool nonblock = f->nonblock || flags & MSG_DONTWAIT_;
	unsigned how = from ? (unsigned)RNG_PICK(&w->rng, RECVFROM, RECVMSG) :
	    flags           ? (unsigned)RECVFROM :
			      rng_below(&w->rng, 4);
	const char *fl = flags == (MSG_PEEK_ | MSG_DONTWAIT_) ?
	    "MSG_PEEK|MSG_DONTWAIT" :
	    flags == MSG_PEEK_     ? "MSG_PEEK" :
	    flags == MSG_WAITALL_  ? "MSG_WAITALL" :
	    flags == MSG_DONTWAIT_ ? "MSG_DONTWAIT" :
				     "0";
	struct parcel got;

	log_enter(t, recv_names[how], text(t, "%s, ", show_fd(t, fd)),
	    recv_nothing(t, how, size, fl, from != NULL));
	sys_pause(t);
	while (!has_input(f) && !nonblock) {
		task_watch(&w->clock, &f->changed);
		task_wait(&w->clock, -1);
	}
	if (!has_input(f)) {
		sys_pause(t);
		log_leave(t,
		    how == RECVMSG ? text(t, "0x7ffd17a00b00, %s", fl) :
				     t->abort,
		    SYS_EAGAIN);
		sys_think(t);
		return SYS_AGAIN;
	}
	if (f->reset && !f->rx && !f->reset_told) {
		f->reset_told = true;
		sys_pause(t);
		log_leave(t,
		    how == RECVMSG ? text(t, "0x7ffd17a00b00, %s", fl) :
				     t->abort,
		    f->cut_off ? "-1 ETIMEDOUT (Connection timed out)" :
				 "-1 ECONNRESET (Connection reset by peer)");
		sys_think(t);
		return f->cut_off ? SYS_TIMEDOUT : SYS_RESET;
	}
	if (f->kind == FILE_UDP)
		got = datagram_in(f, size, flags & MSG_PEEK_);
	else if (flags & MSG_WAITALL_ && !nonblock)
		got = stream_all(t, f, size);
	else
		got = stream_in(f, size, flags & MSG_PEEK_);
	sys_pause(t);
	log_leave(t, recv_something(t, how, f, size, fl, &got, from != NULL),
	    text(t, "%zu", got.len));
	sys_think(t);
	*p = got.p;
	if (from)
		*from = got.from;
	return (long)got.len;
}

long
sys_recv(struct thread *t, int fd, size_t size, int flags, const char **p)
{
	return sys_recvfrom(t, fd, size, flags, p, NULL);
}

long
sys_fionread(struct thread *t, int fd)
{
	struct file *f = thread_file(t, fd);
	long n;

	log_enter(t, "ioctl", text(t, "%s, FIONREAD, ", show_fd(t, fd)),
	    "0x7ffd17a00b10");
	sys_pause(t);
	n = f->kind == FILE_UDP ? (f->rx ? (long)f->rx->len : 0) :
				  (long)f->rx_len;
	sys_pause(t);
	log_leave(t, text(t, "[%ld]", n), "0");
	sys_think(t);
	return n;
}
