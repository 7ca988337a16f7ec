/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The simulated machines: hosts, processes, threads, open files.
 */
#ifndef LAWFUL_WORLD_H
#define LAWFUL_WORLD_H

#include "clock.h"

/* How the TCP server serves. */
enum {
	SERVE_SERIAL,
	SERVE_THREADS,   /* a thread a connection */
	SERVE_POOL,      /* threads that accept from one listener */
	SERVE_FORK,      /* a process a connection */
	SERVE_SHARED,    /* likewise, but one descriptor table: CLONE_FILES */
	SERVE_EXEC,      /* likewise, and it runs another program */
	SERVE_PREFORK,   /* processes that accept from one listener */
	SERVE_HERD,      /* likewise, each with an epoll loop */
	SERVE_REUSEPORT, /* processes with listeners of their own */
	SERVE_PASS,      /* connections are passed to processes */
	SERVE_EPOLL,
	SERVE_EPOLL_EDGE,
	SERVE_POLL,
	SERVE_SELECT,
	SERVERS
};

/* How the UDP server serves. */
enum {
	UDP_SERIAL,
	UDP_THREADS, /* on one socket */
	UDP_VECTOR,  /* recvmmsg, sendmmsg */
	UDP_PEEK,
	UDP_EPOLL,
	UDP_SERVERS
};

/* How a client ends its connection. */
enum {
	END_CLOSE,
	END_SERVER, /* the server closes first */
	END_SHUTDOWN,
	END_EXIT, /* it is left to the exit of the process */
	END_EXEC, /* it is closed by execve */
	END_KILL,
	ENDS
};

/* How servers end when all clients have. */
enum { STOP_EXIT, STOP_TERM, STOP_KILL, STOP_DETACH, STOPS };

struct choices {
#define CHOICE(name, how, what) int name;
#include "choice.def"
#undef CHOICE
};

struct addr {
	const char *ip; /* NULL: none */
	int port;
};

struct world {
	struct arena arena;
	struct rng rng;
	struct clock clock;
	struct choices choice;
	const char *unlawful; /* the simulation went wrong: why */
	struct host **hosts;
	size_t nhosts;
	int next_inode;
	int unready; /* servers that clients wait for */
	struct waitq ready;
	int running;  /* clients that have not ended */
	int64_t last; /* of a client's life */
	struct nat *nat;
	int injected[16]; /* faults, by kind */
};

struct host {
	struct world *world;
	const char *name, *v4, *v6;
	unsigned index;
	int next_pid, next_port;
	int births; /* threads that are being made */
	int64_t skew;
	bool traced;
	const char *outside;    /* its address behind a NAT, or NULL */
	const char *declared;   /* of that, in hosts.csv, or NULL */
	struct file *bound[64]; /* sockets by port */
	int64_t *last_datagram; /* arrivals, by receiver's index */
	struct process *processes;
	struct command *commands;
	struct process *shell;
	struct entry **log;
	size_t nlog, logcap;
};

struct process {
	struct host *host;
	struct process *next; /* of the host */
	int pid;
	bool traced, dead, execed, killed;
	struct table *table;
	struct thread *threads;
	int nthreads;
	struct process *parent, *zombies, *next_zombie;
	struct waitq changed; /* a thread or a child ended */
	unsigned shared;      /* for its programs' use */
};

struct thread {
	struct process *process;
	struct thread *next; /* of the process */
	struct world *world;
	int tid;
	bool dead;
	bool born; /* its maker's call has returned, or it does not matter */
	struct task *task;
	void (*body)(struct thread *t, void *arg);
	void *arg;
	struct entry *call; /* that it is inside */
	const char *abort;  /* the rest of its line if it is interrupted */
};

struct table {
	struct file **slot;
	bool *cloexec;
	int n;
	int refs;
};

enum file_kind { FILE_TCP, FILE_UDP, FILE_EPOLL, FILE_UNIX, FILE_DISK };

/* Bytes or a datagram on their way, or waiting to be read. */
struct parcel {
	struct parcel *next;
	const char *p;
	size_t len;
	struct addr from;
	struct file *file; /* passed with it */
	unsigned serial;   /* of a datagram */
};

struct watch {
	struct watch *next, *also; /* of the epoll, of the file */
	struct file *epoll, *file;
	int fd, events;
	bool edge, fresh, gone;
};

/* An open file description. */
struct file {
	enum file_kind kind;
	struct host *host;
	int family; /* 4 or 6 */
	int refs, inode, peer_inode;
	struct file *next_bound;
	struct addr local, peer;
	bool nonblock, listening, reuseport, closed;
	bool connecting, connected;
	bool changed_once; /* a byte that it sent: fault.h */
	bool cut;          /* the network loses what it sends, */
	size_t passes;     /* after so many bytes */
	bool unanswered;   /* what it sends next is never acknowledged */
	bool cut_off;      /* a reset that is a timeout */
	int error;         /* of a connect */
	const char *note;  /* strace keeps the first it finds */
	struct waitq changed;
	struct watch *watches; /* an epoll's own, else those of it */
	/* TCP */
	struct file *other, *queue, *next_queued, *listener;
	struct parcel *rx;
	size_t rx_len, room; /* room: that the other end still has */
	bool fin, wr_shut, reset, reset_told;
	int64_t last_arrival;
};

/* The world went wrong: a program did what a healthy one would not. */
void world_unlawful(struct world *w, const char *why);

struct world *world_new(uint64_t seed);
void world_free(struct world *w);

struct host *world_host(struct world *w, const char *name);
/* The owner of an address as seen from a host; NULL if none. */
struct host *world_owner(struct world *w, struct host *from, const char *ip);
/* The host's own address that it would reach that one from. */
const char *host_address(const struct host *h, const char *target);
int host_port(struct host *h);

struct process *process_new(struct host *h, struct process *parent);
struct thread *thread_new(struct process *p, int tid, int64_t delay,
    void (*body)(struct thread *t, void *arg), void *arg);

struct file *file_new(struct host *h, enum file_kind kind, int family);
struct file *thread_file(const struct thread *t, int fd);
int table_add(struct table *t, struct file *f, bool cloexec);
struct table *table_copy(struct world *w, const struct table *t);
/* Something about it changed: whoever waits for that is told. */
void file_changed(struct file *f);

/* Sockets by port. */
void host_bind(struct file *f);
/* For a connection or a datagram from a source. */
struct file *host_bound(struct host *h, enum file_kind kind, const char *ip,
    int port, struct addr from);

#endif
