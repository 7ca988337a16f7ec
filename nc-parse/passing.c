/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What local messages carry: descriptors (SCM_RIGHTS), the kernel's lists of
 * addresses (netlink, ioctl).
 */
#include "passing.h"

#include "emit.h"
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

static void
pass(struct nc_trace *t, struct nc_op *op, int fd, struct nc_text note)
{
	struct nc_sock *s;

	s = nc_resolve(t, op, fd, note, NULL);
	nc_machine_pass(t->machine, s, op->sock->unix_peer, op->tid, op->entry);
	op->passed = true;
}

void
nc_passing_failed(struct nc_trace *t, struct nc_op *op)
{
	struct nc_op by = *op;
	struct nc_sock *s;

	while (
	    op->passed && nc_machine_recall(t->machine, op->tid, op->entry, &s))
		if (s != NULL)
			nc_release_drop(t, s, &by, "close", NULL);
	op->passed = false;
}

static void
receive(struct nc_trace *t, struct nc_op *op, int fd, struct nc_text note,
    bool cloexec)
{
	struct nc_sock *s = NULL, *shown = NULL;
	struct nc_descriptor *d;
	bool taken;

	taken = nc_machine_take(t->machine, op->sock->inode, &s);
	nc_resolve_missed(t, op->thread, fd);
	if (s != NULL)
		nc_resolve_install(t, op->thread, fd, s, cloexec);
	/* The annotation has the last word. */
	if (note.p != NULL)
		shown = nc_resolve(t, op, fd, note, NULL);
	if (shown != NULL) {
		d = nc_fdtable_get(nc_thread_table(op->thread), fd);
		if (d != NULL)
			d->cloexec = cloexec;
	}
	if (taken && s != NULL) {
		/* The reference that was on its way. */
		struct nc_op by = *op;

		nc_release_drop(t, s, &by, "close", NULL);
	}
}

void
nc_passing(struct nc_trace *t, struct nc_op *op, const struct nc_args *a)
{
	struct nc_text msg = nc_arg(a, 1), list, e, note;
	bool sent = op->call == NC_CALL_SENDMSG, cloexec;
	const char *p = msg.p, *q;
	int fd;

	if (p == NULL)
		return;
	cloexec = find(p, msg.end, "MSG_CMSG_CLOEXEC") != NULL;
	while ((p = find(p, msg.end, "cmsg_type=SCM_RIGHTS")) != NULL) {
		q = p;
		while (q < msg.end && *q != '[' && *q != '{')
			q++;
		if (q == msg.end)
			return;
		/* Up to the matching bracket; annotations may hold some. */
		list.p = q + 1;
		list.end = msg.end;
		while (list.p < list.end && *list.p != ']' && *list.p != '}') {
			while (*list.p == ' ' || *list.p == ',')
				list.p++;
			e.p = list.p;
			e.end = list.end;
			fd = nc_fd_parse(e, &note);
			if (fd < 0)
				break;
			while (list.p < list.end && *list.p >= '0' &&
			    *list.p <= '9')
				list.p++;
			if (note.p != NULL)
				list.p = note.end;
			if (sent)
				pass(t, op, fd, note);
			else
				receive(t, op, fd, note, cloexec);
		}
	}
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
