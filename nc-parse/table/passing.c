/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What local messages carry: descriptors (SCM_RIGHTS), the kernel's lists of
 * addresses (netlink, ioctl).
 */
#include "passing.h"

#include "../call/emit.h"
#include "../text/args.h"
#include "release.h"
#include "resolve.h"

#include <string.h>

static const char *
find(const char *p, const char *end, const char *word)
{
	size_t n = strlen(word);

	for (; p != NULL && (size_t)(end - p) >= n; p++) {
		p = memchr(p, word[0], (size_t)(end - p) - n + 1);
		if (p == NULL)
			return NULL;
		if (memcmp(p, word, n) == 0)
			return p + n;
	}
	return NULL;
}

/* Most descriptors of a message (the kernel's SCM_MAX_FD). */
#define RIGHTS_MAX 253

struct rights {
	size_t n;
	bool hidden; /* -s 0 or its like cut the list: there are more */
	int fd[RIGHTS_MAX];
	struct nc_text note[RIGHTS_MAX];
};

/* The descriptors of one control header, if it is SCM_RIGHTS. */
static void
add_rights(struct nc_text header, struct rights *r)
{
	struct nc_text type = nc_text_member(header, "cmsg_type");
	struct nc_text level = nc_text_member(header, "cmsg_level");
	struct nc_text list, e, name, data;

	if (!nc_text_starts(type, "SCM_RIGHTS") &&
	    !(nc_text_number(type) == 1 && nc_text_number(level) == 1))
		return;
	data = nc_text_member(header, "cmsg_data");
	if (data.p == NULL) {
		/* To 4.10 it has no name, and stands last. */
		list = nc_text_inside(header);
		while (nc_text_next(&list, &e))
			data = nc_text_field(e, &name);
	}
	list = nc_text_inside(data);
	while (r->n < RIGHTS_MAX && nc_text_next(&list, &e)) {
		if (nc_text_is(e, "...")) {
			r->hidden = true;
			return;
		}
		r->fd[r->n] = nc_fd_parse(e, &r->note[r->n]);
		if (r->fd[r->n] < 0)
			return;
		r->n++;
	}
}

/* Those of a message header, whatever the version calls its fields. */
static void
read_rights(struct nc_text msg, struct rights *r)
{
	struct nc_text list = nc_text_inside(msg), e, v, name, inner;

	r->n = 0;
	r->hidden = false;
	while (nc_text_next(&list, &e)) {
		v = nc_text_field(e, &name);
		if (name.p != NULL && !nc_text_is(name, "msg_control"))
			continue;
		inner = nc_text_inside(v);
		if (nc_text_starts(v, "["))
			while (nc_text_next(&inner, &e))
				add_rights(e, r);
		else if (nc_text_starts(v, "{"))
			add_rights(v, r);
	}
}

/* Descriptors were passed and their numbers are not shown. */
static void
doubt_all(struct nc_trace *t, struct nc_op *op)
{
	t->ledger.hidden_rights = true;
	nc_fdtable_set_unfollowed(nc_thread_table(op->thread), true);
}

static void
send_rights(
    struct nc_trace *t, struct nc_op *op, struct nc_text msg, size_t part)
{
	struct nc_message *m;
	struct rights r;
	size_t i;

	read_rights(msg, &r);
	/* Any of its sockets may be another process's from now on. */
	if (r.hidden)
		doubt_all(t, op);
	if (r.n == 0)
		return;
	m = nc_machine_pass(t->machine, op->sock->unix_peer, r.n);
	for (i = 0; i < r.n; i++) {
		m->sock[i] = nc_resolve(t, op, r.fd[i], r.note[i], NULL);
		if (m->sock[i] != NULL)
			m->sock[i]->refs++;
	}
	m->part = part;
	m->sender = op;
	m->of_sender = op->messages;
	op->messages = m;
}

/* Gives up what a message holds, and the message. */
static void
drop(struct nc_trace *t, struct nc_message *m, const struct nc_op *by)
{
	struct nc_message **p;
	size_t i;

	for (i = 0; i < m->n; i++)
		if (m->sock[i] != NULL)
			nc_release_drop(t, m->sock[i], by, "close", NULL);
	for (p = m->sender != NULL ? &m->sender->messages : NULL;
	     p != NULL && *p != NULL; p = &(*p)->of_sender)
		if (*p == m) {
			*p = m->of_sender;
			break;
		}
	nc_machine_forget(m);
}

void
nc_passing_sent(struct nc_trace *t, struct nc_op *op, size_t parts)
{
	struct nc_message *m, *next;
	struct nc_op by = *op;

	for (m = op->messages; m != NULL; m = next) {
		next = m->of_sender;
		if (m->part >= parts) {
			drop(t, m, &by);
		} else {
			m->sender = NULL;
			m->of_sender = NULL;
		}
	}
	op->messages = NULL;
}

void
nc_passing_orphans(struct nc_trace *t)
{
	struct nc_message *m;
	struct nc_op by;

	while ((m = t->machine->orphans.first) != NULL) {
		memset(&by, 0, sizeof(by));
		by.home = t;
		by.entry = t->line;
		by.from = t->lane->at;
		by.time = t->now;
		drop(t, m, &by);
	}
}

static void
receive(struct nc_trace *t, struct nc_op *op, int fd, struct nc_text note,
    struct nc_sock *s, bool cloexec)
{
	struct nc_descriptor *d;

	nc_resolve_missed(t, op->thread, fd);
	if (s != NULL)
		nc_resolve_install(t, op->thread, fd, s, cloexec);
	/* The annotation has the last word. */
	if (note.p == NULL || nc_resolve(t, op, fd, note, NULL) == NULL)
		return;
	d = nc_fdtable_get(nc_thread_table(op->thread), fd);
	if (d != NULL)
		d->cloexec = cloexec;
}

/* What is peeked at stays; what there was no room for is closed. */
static void
receive_rights(struct nc_trace *t, struct nc_op *op, struct nc_text msg,
    struct nc_text flags)
{
	int64_t bits = nc_text_flags(flags, NC_SPACE_MSG);
	int64_t told =
	    nc_text_flags(nc_text_member(msg, "msg_flags"), NC_SPACE_MSG);
	bool cut = told != NC_NIL && (told & NC_MSG_CTRUNC) != 0, cloexec;
	struct nc_op by = *op;
	struct nc_message *m;
	struct rights r;
	size_t i;

	read_rights(msg, &r);
	t->ledger.hidden_rights = t->ledger.hidden_rights || r.hidden;
	/* Where no close is traced, any number may be what was received. */
	if (r.hidden && t->ledger.classes[NC_GROUP_DESCRIPTOR] == 0)
		doubt_all(t, op);
	if (r.n == 0 && !cut)
		return;
	cloexec = (bits != NC_NIL && (bits & NC_MSG_CMSG_CLOEXEC) != 0) ||
	    (told != NC_NIL && (told & NC_MSG_CMSG_CLOEXEC) != 0);
	m = nc_machine_message(t->machine, op->sock->inode);
	for (i = 0; i < r.n; i++)
		receive(t, op, r.fd[i], r.note[i],
		    m != NULL && i < m->n ? m->sock[i] : NULL, cloexec);
	if (m != NULL && (bits == NC_NIL || (bits & NC_MSG_PEEK) == 0))
		drop(t, m, &by);
}

void
nc_passing(struct nc_trace *t, struct nc_op *op, const struct nc_args *a)
{
	bool many = op->call == NC_CALL_SENDMMSG ||
	    op->call == NC_CALL_RECVMMSG;
	bool sent = nc_call_is_producer(op->call);
	struct nc_text list = nc_arg(a, 1), inner, e, name;
	struct nc_text flags = nc_arg(a, many ? 3 : 2);
	size_t part = 0;

	if (!many && sent)
		send_rights(t, op, list, 0);
	else if (!many)
		receive_rights(t, op, list, flags);
	if (!many)
		return;
	list = nc_text_inside(list);
	for (; nc_text_next(&list, &e); part++) {
		inner = nc_text_inside(e);
		if (!nc_text_next(&inner, &e))
			return;
		e = nc_text_field(e, &name);
		if (sent)
			send_rights(t, op, e, part);
		else
			receive_rights(t, op, e, flags);
	}
}

bool
nc_passing_is_early(
    struct nc_trace *t, const struct nc_thread *th, struct nc_text body)
{
	const struct nc_descriptor *d;
	struct nc_text name, text;
	struct nc_note note;
	uint64_t inode = 0;
	int fd;

	if (find(body.p, body.end, "SCM_RIGHTS") == NULL)
		return false;
	fd = nc_fd_parse(nc_text_field(body, &name), &text);
	if (fd < 0)
		return false;
	d = nc_fdtable_get(nc_thread_table(th), fd);
	if (text.p != NULL) {
		nc_note_parse(text, &note);
		inode = note.inode;
	} else if (d != NULL && d->sock != NULL) {
		inode = d->sock->inode;
	}
	return inode != 0 && nc_machine_message(t->machine, inode) == NULL;
}

void
nc_passing_netlink(struct nc_trace *t, struct nc_text text)
{
	const char *p = text.p, *q;
	struct nc_addr addr;

	if (p == NULL || find(p, text.end, "RTM_NEWADDR") == NULL)
		return;
	/* IFA_LOCAL is our end; IFA_ADDRESS may be a peer's (IPv4). */
	while ((p = find(p, text.end, "IFA_")) != NULL) {
		bool local = text.end - p > 5 && memcmp(p, "LOCAL", 5) == 0;
		bool six;

		if (!local &&
		    !(text.end - p > 7 && memcmp(p, "ADDRESS", 7) == 0))
			continue;
		q = memchr(p, '"', (size_t)(text.end - p));
		if (q == NULL)
			return;
		six = find(p, q, "inet_pton(AF_INET6") != NULL;
		p = q + 1;
		q = memchr(p, '"', (size_t)(text.end - p));
		if (q == NULL)
			return;
		if ((local || six) &&
		    nc_addr_parse(p, (size_t)(q - p), &addr) == 0)
			nc_emit_address(t, &addr, "netlink");
		p = q;
	}
}

void
nc_passing_ioctl(struct nc_trace *t, struct nc_text text)
{
	const char *p = text.p, *q;
	struct nc_sockaddr sa;

	while ((p = find(p, text.end, "ifr_addr=")) != NULL) {
		q = memchr(p, '}', (size_t)(text.end - p));
		if (q == NULL)
			return;
		if (nc_sockaddr_parse((struct nc_text){ p, q + 1 }, &sa) == 0 &&
		    sa.known)
			nc_emit_address(t, &sa.addr, "ioctl");
		p = q;
	}
}
