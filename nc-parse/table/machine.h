/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A host as its traces show it: its sockets, epoll instances, addresses.
 */
#ifndef NC_MACHINE_H
#define NC_MACHINE_H

#include "../text/sockaddr.h"
#include "map.h"

/* What a descriptor that is followed stands for. */
enum nc_object {
	NC_OBJECT_INET,    /* AF_INET, AF_INET6: its calls are records */
	NC_OBJECT_UNKNOWN, /* a socket of unknown family, likewise */
	NC_OBJECT_UNIX,    /* followed for passed descriptors */
	NC_OBJECT_NETLINK, /* followed for the host's addresses */
	NC_OBJECT_OTHER,   /* a socket of another family */
	NC_OBJECT_EPOLL,
	NC_OBJECT_PIDFD
};

/* Inodes from here on are no real ones: ends of pairs shown without. */
#define NC_INODE_MADE_UP (UINT64_MAX / 2)

/* Text of the last annotation seen of a socket, to compare. */
#define NC_NOTE_KEPT 112
/* Closed sockets of a host whose files are read apart that are kept. */
#define NC_RETIRED 1024

struct nc_trace;

/* A socket or epoll instance; traces of the host may share it. */
struct nc_sock {
	int64_t id; /* unique on the host, from 1 */
	enum nc_object object;
	const char *domain;          /* static; NULL unknown */
	char type[20], protocol[24]; /* text, empty if unknown */
	bool stream;
	bool late;
	bool listening;             /* it was seen to */
	bool unfollowed;            /* a child without lines has it too */
	size_t refs;                /* descriptors and passed references */
	size_t doubts;              /* of these perhaps closed: doubt.h */
	bool parted;                /* some of these were never any */
	size_t pins;                /* calls inside, structs that point here */
	uint64_t inode;             /* 0 unknown */
	struct nc_addr local, peer; /* family 0: unknown */
	struct nc_addr told_local, told_peer; /* as records have told */
	bool untold_local, untold_peer;       /* news since then */
	bool dissolved;       /* by AF_UNSPEC: strace goes on to show local */
	bool paired;          /* in the host's table of pairs */
	struct nc_addr bound; /* by bind, to a port; or none */
	uint64_t bound_key;
	struct nc_sock *next_bound; /* of the same name */
	bool accepted;              /* its peer stays the same */
	bool connected;             /* a connect of it was read */
	uint64_t unix_peer; /* UNIX: inode or id of the other end, or 0 */
	int64_t pid;        /* PIDFD: process; UNIX: the other end's, or 0 */
	uint64_t name_key;  /* UNIX: in the host's table of names, or 0 */
	struct nc_callers *callers;  /* UNIX: of a listener, or NULL */
	struct nc_trace *last_trace; /* where it was last used */
	int64_t last_line, last_at;  /* line and place there */
	int64_t last_time;
	struct nc_op *release; /* in progress, or NULL */
	long held;             /* position of its held connect + 1, or 0 */
	struct nc_lane *held_in;
	size_t kept;  /* descriptors that it may still be: process.h */
	bool retired; /* closed, and kept for files that are read later */
	size_t note_len;
	char note[NC_NOTE_KEPT];
	struct nc_sock *next_unused;
	bool unused;           /* in the machine's list of them */
	struct nc_wire *wire;  /* --redact: what passed through it, or NULL */
	struct nc_map by_fd;   /* epoll: descriptor -> nc_registration */
	struct nc_map by_data; /* epoll: data -> nc_registration */
	bool has_sockets;      /* epoll: sockets were registered */
};

/* What an epoll instance watches. */
struct nc_registration {
	int64_t socket; /* its id */
	int fd;
	uint64_t data;
	bool relevant; /* a socket with records */
	bool shared;   /* its data is another one's too */
};

/* Descriptors on their way through a UNIX socket: what one message holds. */
struct nc_message {
	struct nc_op *sender;         /* its call, until it ends */
	struct nc_message *of_sender; /* the call's next one */
	size_t part;                  /* of the call's vector */
	struct nc_queue *queue;
	struct nc_message *next;
	size_t n;
	struct nc_sock *sock[]; /* NULL: nothing that is followed */
};

/* Messages to one socket, oldest first. */
struct nc_queue {
	struct nc_message *first, **end;
};

/* Connects to a UNIX socket that were not accepted yet, oldest first. */
struct nc_callers {
	struct nc_caller {
		uint64_t name; /* inode of the socket */
		int64_t pid;
	} * list;
	size_t first, n, cap;
};

struct nc_machine {
	char *name;
	size_t name_len;
	int64_t traces, lanes; /* that it has */
	int64_t sockets;       /* made so far */
	int64_t epolls;
	struct nc_map inodes;  /* inode -> nc_sock */
	struct nc_map pairs;   /* hash of both endpoints -> nc_sock */
	struct nc_map threads; /* key of nc_task_of -> nc_thread */
	struct nc_map files;   /* pid -> its own file, of traces apart */
	struct nc_sock *retired[NC_RETIRED]; /* a ring: the last closed */
	size_t nretired;                     /* since the beginning */
	int64_t *born; /* pids with a file, just made by a call */
	size_t nborn, born_cap;
	struct nc_map bound; /* hash of a name bound to -> list of nc_sock */
	struct nc_map addresses; /* hash of an address -> the machine */
	struct nc_map queues; /* inode of the receiver, 0 unknown -> nc_queue */
	struct nc_queue orphans; /* messages whose receiver is gone */
	struct nc_map names;     /* hash of a UNIX name -> nc_sock */
	struct nc_map missed;    /* hash of a UNIX name: a connect failed */
	struct nc_sock *unused;  /* to be freed once the line is done */
	struct nc_machine *next;
};

struct nc_machine *nc_machine_new(const char *name);
void nc_machine_free(struct nc_machine *h);

struct nc_sock *nc_sock_new(struct nc_machine *h, enum nc_object object);
/*
 * A socket that nothing refers to any more goes with the next sweep, which
 * comes after each line: what a line has resolved stays valid until then.
 */
void nc_sock_free_unused(struct nc_machine *h, struct nc_sock *s);
void nc_machine_sweep(struct nc_machine *h);
void nc_sock_set_inode(struct nc_machine *h, struct nc_sock *s, uint64_t inode);
/* Puts the socket, its endpoints known, into the table of pairs. */
void nc_sock_set_pair(struct nc_machine *h, struct nc_sock *s);
void nc_sock_unset_pair(struct nc_machine *h, struct nc_sock *s);
struct nc_sock *nc_sock_of_pair(struct nc_machine *h,
    const struct nc_addr *local, const struct nc_addr *peer);
/* The socket was bound to a port, which stays its own. */
void nc_sock_set_bound(
    struct nc_machine *h, struct nc_sock *s, const struct nc_addr *local);
/* The only socket of that kind bound to the name, or NULL. */
struct nc_sock *nc_sock_of_bound(
    struct nc_machine *h, const struct nc_addr *local, bool stream);
/* True if its calls are records. */
bool nc_sock_relevant(const struct nc_sock *s);

/* Notes an address of the host: true if it is a new one that may count. */
bool nc_machine_learn(struct nc_machine *h, const struct nc_addr *a);

void nc_epoll_set(
    struct nc_sock *ep, int fd, const struct nc_sock *s, uint64_t data);
void nc_epoll_del(struct nc_sock *ep, int fd);

/* A message to the socket of that inode, with room for n; 0 is unknown. */
struct nc_message *nc_machine_pass(struct nc_machine *h, uint64_t to, size_t n);
/* The oldest message to it, or to an unknown one; NULL if there is none. */
struct nc_message *nc_machine_message(struct nc_machine *h, uint64_t to);
/* Frees a message of which all references were given up. */
void nc_machine_forget(struct nc_message *m);
/* The socket of that inode is gone: its messages become orphans. */
void nc_machine_close_queue(struct nc_machine *h, uint64_t to);

#endif
