/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rings between a program and the kernel: io_uring, AF_PACKET, AF_XDP.
 */
#define _GNU_SOURCE /* memmem */
#include "untraced.h"

#include <string.h>

#include "../call/emit.h"
#include "process.h"
#include "util.h"

static bool
has(struct nc_text text, const char *word)
{
	return memmem(text.p, (size_t)(text.end - text.p), word,
		   strlen(word)) != NULL;
}

static bool
failed(struct nc_text text)
{
	return has(text, ") = -1 ");
}

/* The option that makes a ring of packets, static; or NULL. */
static const char *
packet_ring(struct nc_text text)
{
	static const char *const rings[] = { "PACKET_RX_RING", "PACKET_TX_RING",
		"XDP_RX_RING", "XDP_TX_RING" };
	size_t i;

	if (!has(text, "SOL_PACKET") && !has(text, "SOL_XDP"))
		return NULL;
	for (i = 0; i < sizeof(rings) / sizeof(rings[0]); i++)
		if (has(text, rings[i]))
			return rings[i];
	return NULL;
}

static void
emit(struct nc_trace *t, const struct nc_thread *th, struct nc_call *rec)
{
	rec->host = nc_str(t->machine->name);
	rec->trace = t->number;
	rec->line = rec->entry = t->line;
	if (t->lane->traces > 1)
		rec->from = rec->at = t->lane->at;
	rec->thread = th->tid;
	rec->process = th->process->pid;
	rec->time = t->now;
	nc_emit_call(t, t, rec, NULL);
}

/* Calls on descriptors of any kind that do nothing to what a socket carries. */
static bool
is_harmless(struct nc_text name)
{
	static const char *const names[] = { "fstat", "fstat64", "fstatfs",
		"fstatfs64", "newfstatat", "fstatat64", "statx", "lseek",
		"_llseek", "fadvise64", "fsync", "fdatasync", "flock", "fchmod",
		"fchown", "fchown32", "ftruncate", "fgetxattr", "fsetxattr",
		"flistxattr", "fremovexattr", "kcmp", "fchdir", "getdents",
		"getdents64", "readahead", "sync_file_range", "syncfs" };

	return nc_text_in(name, names, sizeof(names) / sizeof(names[0]));
}

bool
nc_untraced_shows_all(struct nc_text name)
{
	static const char *const names[] = { "futex", "futex_time64",
		"getrandom", "prlimit64", "set_robust_list", "rseq",
		"set_tid_address", "nanosleep", "clock_nanosleep",
		"clock_nanosleep_time64" };

	return nc_text_in(name, names, sizeof(names) / sizeof(names[0]));
}

/* The first argument: a number that may be a socket's, or -1. */
static int
first_descriptor(struct nc_text text)
{
	const char *p = text.p;
	int fd = 0;

	while (p < text.end && p - text.p < 8 && *p >= '0' && *p <= '9')
		fd = 10 * fd + (*p++ - '0');
	if (p == text.p || text.end - p < 2)
		return -1;
	/* An annotation: TCP, UDP, socket; of others a path, pipe, anon_inode. */
	if (*p == '<' ? p[1] != 'T' && p[1] != 'U' && p[1] != 's' :
			*p != ',' && *p != ')')
		return -1;
	return fd;
}

void
nc_untraced_unknown(
    struct nc_trace *t, struct nc_thread *th, const struct nc_line *l)
{
	struct nc_fdtable *table = nc_thread_table(th);
	const struct nc_descriptor *d;
	struct nc_call rec;
	char name[64];
	size_t n = (size_t)(l->name.end - l->name.p);
	int fd;

	if (table->fds.n == 0 || (fd = first_descriptor(l->body)) < 0 ||
	    (d = nc_fdtable_get(table, fd)) == NULL || d->sock == NULL ||
	    !nc_sock_relevant(d->sock) || n >= sizeof(name) ||
	    nc_map_put(&t->lane->unknown, nc_hash(l->name.p, n, 1) | 1, t) ||
	    is_harmless(l->name))
		return;
	memcpy(name, l->name.p, n);
	name[n] = '\0';
	nc_record_init(NC_KIND_call, &rec);
	rec.name = nc_str(name);
	rec.fd = fd;
	rec.socket = d->sock->id;
	emit(t, th, &rec);
}

void
nc_untraced_note(struct nc_trace *t, struct nc_thread *th, enum nc_call_id call,
    struct nc_text text)
{
	const char *option = NULL;
	struct nc_call rec;

	if (th->process->ring_told)
		return;
	if (call == NC_CALL_SETSOCKOPT && (option = packet_ring(text)) == NULL)
		return;
	/* One that the kernel polls by itself needs no further call. */
	if (call == NC_CALL_IO_URING_SETUP && !has(text, "IORING_SETUP_SQPOLL"))
		return;
	if (failed(text))
		return;
	th->process->ring_told = true;
	nc_record_init(NC_KIND_call, &rec);
	rec.name = nc_str(nc_call_name(call));
	if (option)
		rec.option = nc_str(option);
	emit(t, th, &rec);
}
