/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * System calls, for the simulated programs: each takes its time, has its
 * effect somewhere between its entry and its exit, and is logged as strace
 * would show it.  A thread is killed by never returning from one.
 */
#ifndef LAWFUL_SYS_H
#define LAWFUL_SYS_H

#include "world.h"

enum { SYS_NONBLOCK = 1, SYS_CLOEXEC = 2 };
enum { MSG_PEEK_ = 1, MSG_WAITALL_ = 2, MSG_DONTWAIT_ = 4 };

/* Results below zero. */
enum {
	SYS_AGAIN = -1,
	SYS_INPROGRESS = -2,
	SYS_REFUSED = -3,
	SYS_FAILED = -4,
	SYS_RESET = -5,
	SYS_TIMEDOUT = -6 /* also of an established connection */
};

/* sys.c: what all share */
/* Time that passes inside a call, or between two. */
void sys_pause(struct thread *t);
void sys_think(struct thread *t);
/* A call without effect on anything simulated. */
void sys_plain(
    struct thread *t, const char *name, const char *args, const char *result);
#define SYS_EAGAIN "-1 EAGAIN (Resource temporarily unavailable)"

/* sys_socket.c */
int sys_socket(struct thread *t, enum file_kind kind, int family, int flags);
void sys_bind(struct thread *t, int fd, struct addr a);
void sys_option(
    struct thread *t, int fd, const char *level, const char *name, int value);
void sys_listen(struct thread *t, int fd, int backlog);
/* 0, SYS_INPROGRESS, SYS_REFUSED, SYS_FAILED. */
int sys_connect(struct thread *t, int fd, struct addr to);
/* After SYS_INPROGRESS and readiness: 0 or SYS_REFUSED. */
int sys_socket_error(struct thread *t, int fd);
/* A descriptor, or SYS_AGAIN. */
int sys_accept(struct thread *t, int fd);
void sys_nonblock(struct thread *t, int fd);
void sys_getsockname(struct thread *t, int fd);
int sys_getpeername(struct thread *t, int fd);
/* The new descriptor; the old one stays. */
int sys_dup(struct thread *t, int fd);
void sys_close(struct thread *t, int fd);
void sys_shutdown(struct thread *t, int fd);
/* Gives back a reference. */
void file_drop(struct file *f);

/* sys_data.c: bytes, or SYS_AGAIN */
long sys_send(struct thread *t, int fd, const char *p, size_t len);
long sys_sendto(
    struct thread *t, int fd, const char *p, size_t len, struct addr to);
/* Part of a file. */
long sys_sendfile(
    struct thread *t, int fd, int file, const char *p, size_t len);
/* *p: what was received, as long as the world; from may be NULL. */
long sys_recv(struct thread *t, int fd, size_t size, int flags, const char **p);
long sys_recvfrom(struct thread *t, int fd, size_t size, int flags,
    const char **p, struct addr *from);
long sys_fionread(struct thread *t, int fd);

/* sys_vector.c: datagrams; their number, or SYS_AGAIN */
struct message {
	const char *p;
	size_t len;
	struct addr addr; /* ip NULL: none */
};
int sys_sendmmsg(struct thread *t, int fd, const struct message *m, int n);
int sys_recvmmsg(
    struct thread *t, int fd, struct message *m, int n, bool dontwait);
/* Descriptors over a UNIX socket pair. */
void sys_socketpair(struct thread *t, int fd[2]);
void sys_pass(struct thread *t, int fd, int passed);
int sys_take(struct thread *t, int fd); /* -1 at the end */

/* sys_wait.c: readiness */
struct ready {
	int fd, events, got; /* POLL_* of show.h */
};
enum poll_how { BY_POLL, BY_PPOLL, BY_SELECT, BY_PSELECT };
/* How many are ready; timeout in us, negative: none. */
int sys_poll(struct thread *t, enum poll_how how, struct ready *r, int n,
    int64_t timeout);
int sys_epoll_create(struct thread *t);
void sys_epoll_add(struct thread *t, int ep, int fd, int events, bool edge);
int sys_epoll_wait(
    struct thread *t, int ep, struct ready *r, int most, int64_t timeout);

/* sys_process.c */
struct thread *sys_thread(
    struct thread *t, void (*body)(struct thread *t, void *arg), void *arg);
enum fork_how { FORK_COPY, FORK_SHARE, FORK_VFORK };
struct process *sys_fork(struct thread *t, enum fork_how how, struct process *p,
    void (*body)(struct thread *t, void *arg), void *arg);
void sys_exec(struct thread *t, const char *program);
/* Until a child ends. */
void sys_wait(struct thread *t);
_Noreturn void sys_exit_thread(struct thread *t);
_Noreturn void sys_exit(struct thread *t);
/* Sleeps until a signal ends the process. */
_Noreturn void sys_sleep_for_ever(struct thread *t);
/* From outside. */
void process_kill(struct process *p, bool term);

#endif
