/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Several datagrams in a call, and descriptors passed between processes.
 */
#include <string.h>

#include "log.h"
#include "net.h"
#include "show.h"
#include "sys.h"

#define text(t, ...) arena_text(&(t)->world->arena, __VA_ARGS__)

/* The vector as sendmmsg and recvmmsg show it. */
static const char *
show_vector(struct thread *t, struct file *f, const struct message *m, int n,
    bool in, size_t size)
{
	const char *s = "[", *name, *length;
	int i;

	for (i = 0; i < n; i++) {
		name = m[i].addr.ip ? show_addr(f, m[i].addr) : "NULL";
		length = !m[i].addr.ip ? "0" :
		    in ? text(t, "128 => %d", show_addr_size(f)) :
			 text(t, "%d", show_addr_size(f));
		s = text(t,
		    "%s%s{msg_hdr={msg_name=%s, msg_namelen=%s, "
		    "msg_iov=[{iov_base=%s, iov_len=%zu}], msg_iovlen=1, "
		    "msg_controllen=0, msg_flags=0}, msg_len=%zu}",
		    s, i ? ", " : "", name, length,
		    show_data(t->world, m[i].p, m[i].len), in ? size : m[i].len,
		    m[i].len);
	}
	return text(t, "%s]", s);
}

int
sys_sendmmsg(struct thread *t, int fd, const struct message *m, int n)
{
	struct file *f = thread_file(t, fd);
	int i;

	log_enter(t, "sendmmsg", text(t, "%s, ", show_fd(t, fd)),
	    text(t, "0x7ffd17a00c00, %d, 0", n));
	sys_pause(t);
	for (i = 0; i < n; i++) {
		struct addr to = m[i].addr.ip ? m[i].addr : f->peer;
		struct addr from = f->local;

		if (!f->peer.ip)
			from.ip = host_address(f->host, to.ip);
		net_datagram(f, from, to, m[i].p, m[i].len);
	}
	sys_pause(t);
	log_leave(t, text(t, "%s, %d, 0", show_vector(t, f, m, n, false, 0), n),
	    text(t, "%d", n));
	sys_think(t);
	return n;
}

int
sys_recvmmsg(struct thread *t, int fd, struct message *m, int n, bool dontwait)
{
	struct file *f = thread_file(t, fd);
	struct clock *c = &t->world->clock;
	const char *flags = dontwait ? "MSG_DONTWAIT" : "MSG_WAITFORONE";
	struct parcel *p;
	int got = 0;

	log_enter(t, "recvmmsg", text(t, "%s, ", show_fd(t, fd)),
	    text(t, "0x7ffd17a00c00, %d, %s, NULL", n, flags));
	sys_pause(t);
	while (!f->rx && !dontwait) {
		task_watch(c, &f->changed);
		task_wait(c, -1);
	}
	for (; got < n && (p = f->rx); got++) {
		f->rx = p->next;
		m[got] = (struct message){ p->p, p->len, p->from };
		if (f->peer.ip)
			m[got].addr.ip = NULL;
	}
	sys_pause(t);
	if (got == 0) {
		log_leave(t, t->abort, SYS_EAGAIN);
		sys_think(t);
		return SYS_AGAIN;
	}
	log_leave(t,
	    text(t, "%s, %d, %s, NULL", show_vector(t, f, m, got, true, 2000),
		n, flags),
	    text(t, "%d", got));
	sys_think(t);
	return got;
}

/* Descriptors */

void
sys_socketpair(struct thread *t, int fd[2])
{
	struct file *f[2];
	int i;

	log_enter(
	    t, "socketpair", "AF_UNIX, SOCK_STREAM, 0, ", "0x7ffd17a00d00");
	sys_pause(t);
	for (i = 0; i < 2; i++) {
		f[i] = file_new(t->process->host, FILE_UNIX, 4);
		f[i]->refs = 1;
		fd[i] = table_add(t->process->table, f[i], false);
	}
	for (i = 0; i < 2; i++) {
		f[i]->other = f[!i];
		f[i]->peer_inode = f[!i]->inode;
	}
	sys_pause(t);
	log_leave(
	    t, text(t, "[%s, %s]", show_fd(t, fd[0]), show_fd(t, fd[1])), "0");
	sys_think(t);
}

static const char *
passing(struct thread *t, const char *data, int fd)
{
	return text(t,
	    "{msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"%s\", "
	    "iov_len=1}], msg_iovlen=1, msg_control=[{cmsg_len=20, "
	    "cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[%s]}], "
	    "msg_controllen=24, msg_flags=0}, 0",
	    data, show_fd(t, fd));
}

void
sys_pass(struct thread *t, int fd, int passed)
{
	struct file *f = thread_file(t, fd), *what = thread_file(t, passed);
	struct parcel *p = arena_new(&t->world->arena, sizeof(*p)), **at;

	log_enter(t, "sendmsg",
	    text(t, "%s, %s", show_fd(t, fd), passing(t, "f", passed)), NULL);
	sys_pause(t);
	what->refs++;
	p->file = what;
	for (at = &f->other->rx; *at; at = &(*at)->next)
		continue;
	*at = p;
	file_changed(f->other);
	sys_pause(t);
	log_leave(t, "", "1");
	sys_think(t);
}

int
sys_take(struct thread *t, int fd)
{
	struct file *f = thread_file(t, fd);
	struct clock *c = &t->world->clock;
	int got = -1;

	log_enter(t, "recvmsg", text(t, "%s, ", show_fd(t, fd)),
	    "{msg_namelen=0}, 0");
	sys_pause(t);
	while (!f->rx && !f->fin) {
		task_watch(c, &f->changed);
		task_wait(c, -1);
	}
	if (f->rx) {
		got = table_add(t->process->table, f->rx->file, false);
		f->rx = f->rx->next;
	}
	sys_pause(t);
	log_leave(t,
	    got >= 0 ? passing(t, "f", got) :
		       "{msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base="
		       "\"\", iov_len=1}], msg_iovlen=1, msg_controllen=0, "
		       "msg_flags=0}, 0",
	    got >= 0 ? "1" : "0");
	sys_think(t);
	return got;
}
