/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the scenarios are made of: sockets that tell their port, children.
 */
#ifndef KIT_H
#define KIT_H

#include <sys/socket.h>
#include <sys/types.h>

#include <linux/sched.h>
#include <netinet/in.h>
#include <sched.h>
#include <stddef.h>

/* This program, to be run again. */
#define SELF "/proc/self/exe"

/* The loopback address with that port. */
struct sockaddr_in address(int port);

/* A new socket, bound to the port; flags as SOCK_CLOEXEC. */
int make(int port, int flags);

/* Says through the descriptor which socket it stands for; 0: none. */
void use(int fd, int port);

/* Runs this program to use these: "3:7001 4:0". */
void exec_use(char *list);
int main_use(char **argv);

/* clone with the flags, in memory of its own. */
pid_t clone_plain(unsigned long flags);
pid_t clone_three(unsigned long flags, int *pidfd);
pid_t start_fork(void);
pid_t start_files(void); /* shares its parent's descriptors */

/* Waits for a child, which must have succeeded. */
void wait_for(pid_t pid);

/* Waits until the other end writes, or is closed. */
void wait_byte(int fd);

/* Descriptors as one message, so many in each control header. */
void pass(int to, const int *fds, size_t n, size_t each);
/* Receives with room for so many; returns how many came. */
size_t take(int from, int *fds, size_t room, int flags);

/* The scenarios. */
void do_fork(void);
void do_clone3(void);
void do_clone_files(void);
void do_clone3_files(void);
void do_spawn(void);
void do_exec_unshares(void);
void do_vfork(void);
void do_thread_exec(void);
void do_dups(void);
void do_cloexec(void);
void do_close_range(void);
void do_close_range_unshare(void);
void do_unshare(void);
void do_pidfd_open(void);
void do_clone_pidfd(void);
void do_clone3_pidfd(void);
void do_peer_pidfd(void);
void do_rights(void);
void do_rights_unread(void);
void do_rights_mmsg(void);
void do_prefork(void);
void do_handover(void);
void do_reuse(void);
void do_attach(void);

#endif
