/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The parts of a call as strace prints them.
 */
#include "show.h"

#include <stdio.h>
#include <string.h>

static const char *
escape_of(unsigned char c)
{
	switch (c) {
	case '\t':
		return "\\t";
	case '\n':
		return "\\n";
	case '\v':
		return "\\v";
	case '\f':
		return "\\f";
	case '\r':
		return "\\r";
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	default:
		return NULL;
	}
}

const char *
show_data(struct world *w, const char *p, size_t len)
{
	size_t most = (size_t)w->choice.string, n = len < most ? len : most, i;
	char *s = arena_new(&w->arena, 4 * n + 6), *out = s;

	*out++ = '"';
	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		const char *e = escape_of(c);
		bool digit = i + 1 < n && p[i + 1] >= '0' && p[i + 1] <= '9';

		if (e)
			out = stpcpy(out, e);
		else if (c >= 32 && c < 127)
			*out++ = (char)c;
		else
			out += sprintf(out, digit ? "\\%03o" : "\\%o", c);
	}
	*out++ = '"';
	if (n < len)
		strcpy(out, "...");
	return s;
}

static const char *
endpoint(struct file *f, struct addr a)
{
	bool mapped = f->family == 6 && !strchr(a.ip, ':');

	return arena_text(&f->host->world->arena,
	    f->family == 6 ? "[%s%s]:%d" : "%s%s:%d", mapped ? "::ffff:" : "",
	    a.ip, a.port);
}

/* What -yy finds out about a socket, once. */
static const char *
note(struct file *f)
{
	struct arena *a = &f->host->world->arena;
	bool udp = f->kind == FILE_UDP;

	if (f->note)
		return f->note;
	if (f->local.ip && f->peer.ip && (udp || f->connected || f->connecting))
		f->note = arena_text(
		    a, "%s->%s", endpoint(f, f->local), endpoint(f, f->peer));
	else if (f->local.ip && (udp || f->listening))
		f->note = endpoint(f, f->local);
	return f->note ? f->note : arena_text(a, "%d", f->inode);
}

const char *
show_fd(const struct thread *t, int fd)
{
	struct arena *a = &t->world->arena;
	struct file *f = thread_file(t, fd);

	if (t->world->choice.y == 0 || !f)
		return arena_text(a, "%d", fd);
	if (f->kind == FILE_EPOLL)
		return arena_text(a, "%d<anon_inode:[eventpoll]>", fd);
	if (f->kind == FILE_DISK)
		return arena_text(a, "%d</srv/www/file>", fd);
	if (t->world->choice.y == 1)
		return arena_text(a, "%d<socket:[%d]>", fd, f->inode);
	if (f->kind == FILE_UNIX)
		return arena_text(
		    a, "%d<UNIX-STREAM:[%d->%d]>", fd, f->inode, f->peer_inode);
	return arena_text(a, "%d<%s%s:[%s]>", fd,
	    f->kind == FILE_UDP ? "UDP" : "TCP", f->family == 6 ? "v6" : "",
	    note(f));
}

const char *
show_addr(struct file *f, struct addr a)
{
	struct arena *arena = &f->host->world->arena;
	bool mapped = f->family == 6 && !strchr(a.ip, ':');

	if (f->family == 6)
		return arena_text(arena,
		    "{sa_family=AF_INET6, sin6_port=htons(%d), "
		    "sin6_flowinfo=htonl(0), inet_pton(AF_INET6, \"%s%s\", "
		    "&sin6_addr), sin6_scope_id=0}",
		    a.port, mapped ? "::ffff:" : "", a.ip);
	return arena_text(arena,
	    "{sa_family=AF_INET, sin_port=htons(%d), "
	    "sin_addr=inet_addr(\"%s\")}",
	    a.port, a.ip);
}

int
show_addr_size(const struct file *f)
{
	return f->family == 6 ? 28 : 16;
}

const char *
show_events(struct world *w, int bits, const char *prefix)
{
	static const struct {
		int bit;
		const char *name;
	} names[] = { { POLL_IN, "IN" }, { POLL_OUT, "OUT" },
		{ POLL_ERR, "ERR" }, { POLL_HUP, "HUP" } };
	char text[80] = "";
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bits & names[i].bit) {
			if (*text)
				strcat(text, "|");
			strcat(text, prefix);
			strcat(text, names[i].name);
		}
	return arena_copy(
	    &w->arena, *text ? text : "0", *text ? strlen(text) : 1);
}
