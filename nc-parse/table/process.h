/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Threads, processes and their descriptor tables.
 */
#ifndef NC_PROCESS_H
#define NC_PROCESS_H

#include "machine.h"

/*
 * Threads whose traces are lanes apart share a table that nobody sees in its
 * true order: what one of them closes another, further back in time, may yet
 * use.  So a number remembers the sockets that it stood for before.
 */
struct nc_past {
	struct nc_sock *sock; /* kept */
	bool open;            /* its close is to come, in another lane */
};

/* A descriptor that stands, or once stood, for something followed. */
struct nc_descriptor {
	struct nc_sock *sock; /* NULL: closed */
	struct nc_past *past; /* lanes apart: before that; oldest first */
	size_t npast, past_cap;
	bool reused;            /* it has stood for several sockets */
	struct nc_sock *unsure; /* what it is where none can tell, or NULL */
	bool cloexec;
	bool inherited; /* by fork, and not named since: sock counts a doubt */
	bool plain;     /* known never to have been a socket */
	bool gone;      /* its process is exiting: reference given up */
	int64_t tid;    /* the thread that got the number, and its place */
	int64_t at;
};

/* Numbers below this are found without a search. */
#define NC_FD_LOW 64

struct nc_fdtable {
	size_t refs;     /* processes and threads that hold it */
	bool apart;      /* threads in lanes apart share it */
	bool unfollowed; /* so does a thread without lines */
	bool partial;    /* begun in mid life: what is not in it is not known */
	int64_t shared_at; /* place where the last one was guessed to */
	struct nc_map fds; /* number -> nc_descriptor */
	struct nc_descriptor *low[NC_FD_LOW]; /* the same of low numbers */
};

/* How far a program is that was started: startup.h. */
enum nc_start {
	NC_START_OVER, /* or not looked at */
	NC_START_BEGUN,
	NC_START_CACHED /* the loader has opened its cache */
};

struct nc_process {
	int64_t pid;
	size_t threads; /* alive */
	size_t unread;  /* of those: have a file that is not at its end */
	struct nc_fdtable *table;
	bool exiting;             /* exit_group was called */
	bool seen;                /* has lines of its own */
	bool crashed;             /* killed by a signal that tells a fault */
	bool guessed;             /* shares its table until that is refuted */
	int64_t first_at;         /* place of its first line */
	struct nc_trace *counted; /* in whose ledger */
	struct nc_op *releases;   /* in progress until its end */
	struct nc_op *exec;       /* execve in progress, or NULL */
	enum nc_start start;
	int start_calls; /* since it began */
	bool ring_told;  /* that it has one: untraced.h */
	bool pleaded;    /* a connect to a UNIX name has failed */
};

struct nc_thread {
	uint64_t key; /* in the host's table */
	int64_t tid;
	struct nc_process *process;
	struct nc_fdtable *own; /* not the process's (unshare), or NULL */
	struct nc_trace *home;  /* of its lines; until then of its clone */
	struct nc_thread *prev, *next; /* of the same home */
	bool seen;                     /* it has lines */
	bool unread;                   /* and a file with more: apart.c */
	bool moved;                    /* it goes on under its leader's id */
	bool guessed;                  /* it may be a process: nc_task_part */
	struct nc_op *op;              /* the call it is in, or NULL */
	bool confirmed;                /* a clone's result named it */
	bool idle_call;                /* in a call that does not matter */
	bool exiting;                  /* exit was called */
	int64_t superseded_by;         /* thread whose execve ends here, or 0 */
	bool waits_restart;            /* op waits for restart_syscall */
	bool stopped;       /* by a signal, since stopped_at (NC_NIL) */
	bool was_stopped;   /* and no record has told so yet */
	int64_t stopped_at; /* ns */
	int64_t last_line, last_at, last_time;
	struct nc_map views; /* lanes apart: shared.c */
	int64_t born; /* lanes apart: sockets from this id on came later */
};

/* The descriptors that a thread has. */
static inline struct nc_fdtable *
nc_thread_table(const struct nc_thread *th)
{
	return th->own != NULL ? th->own : th->process->table;
}

/* No more lines of the thread come. */
static inline void
nc_thread_read(struct nc_thread *th)
{
	th->process->unread -= th->unread;
	th->unread = false;
}

/* The descriptor is open for certain; it has a socket. */
static inline void
nc_descriptor_sure(struct nc_descriptor *d)
{
	if (!d->inherited)
		return;
	d->inherited = false;
	d->sock->doubts--;
}

/* Its socket, which it stands for no longer; the reference is the caller's. */
static inline struct nc_sock *
nc_descriptor_take(struct nc_descriptor *d)
{
	struct nc_sock *s = d->sock;

	nc_descriptor_sure(d);
	d->sock = NULL;
	return s;
}

struct nc_fdtable *nc_fdtable_new(void);
/* A copy in which every descriptor counts once more. */
struct nc_fdtable *nc_fdtable_copy(const struct nc_fdtable *t);
/*
 * A process's part of a table that it was wrongly thought to share: what it
 * got itself, and what was there before its first line.
 */
struct nc_fdtable *nc_fdtable_part(
    struct nc_fdtable *from, int64_t pid, int64_t before);
/*
 * What a thread got itself since that line, taken out of its table; and what
 * another has besides, copied.  from: NULL has nothing.
 */
struct nc_fdtable *nc_fdtable_moved(struct nc_fdtable *table, int64_t tid,
    int64_t since, const struct nc_fdtable *from);
/* What a thread got itself moves from one table to another. */
void nc_fdtable_move(
    struct nc_fdtable *from, int64_t tid, struct nc_fdtable *to);
/* All that it has was inherited by fork. */
void nc_fdtable_inherit(struct nc_fdtable *t);
/* Whether a task that has no lines may have the same sockets. */
void nc_fdtable_set_unfollowed(struct nc_fdtable *t, bool unfollowed);
/* The number is one of a table begun in mid life, and was not seen since. */
bool nc_fdtable_is_unknown(const struct nc_fdtable *t, int fd);
/* If it is such a number: from now on it is known to be no socket. */
void nc_fdtable_set_plain(struct nc_fdtable *t, int fd);
/* The number has once stood for something that is followed. */
bool nc_fdtable_knew(const struct nc_fdtable *t, int fd);
/* Frees a table of which all descriptors have been given up. */
void nc_fdtable_free(struct nc_fdtable *t);

/* The descriptor's entry, or NULL if it never was one that is followed. */
static inline struct nc_descriptor *
nc_fdtable_get(const struct nc_fdtable *t, int fd)
{
	if (fd < 0)
		return NULL;
	return fd < NC_FD_LOW ? t->low[fd] : nc_map_get(&t->fds, (uint64_t)fd);
}
/* Its entry, made if there is none. */
struct nc_descriptor *nc_fdtable_at(struct nc_fdtable *t, int fd);

#endif
