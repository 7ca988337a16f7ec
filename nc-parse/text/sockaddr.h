/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Socket addresses and descriptor annotations as strace writes them.
 */
#ifndef NC_SOCKADDR_H
#define NC_SOCKADDR_H

#include "addr.h"
#include "text.h"

/* An address argument. */
struct nc_sockaddr {
	int family; /* AF_* number of Linux; -1 not decoded */
	bool known; /* addr holds an Internet address */
	struct nc_addr addr;
	bool abstract;       /* UNIX: path is an abstract name */
	struct nc_text path; /* UNIX: the quoted name, as in the text */
};

/*
 * Reads "{sa_family=AF_INET, ...}".  0, or -1 if it holds impossible values;
 * pointers, NULL and other families are no error.
 */
int nc_sockaddr_parse(struct nc_text t, struct nc_sockaddr *sa);

/* Longest text of nc_sockaddr_print. */
#define NC_SOCKADDR_TEXT 160

/*
 * The address as records have it: "10.0.0.1:80", "[::1]:80", "unix:/path",
 * "unix:@name", "unspec"; NULL if there is none.
 */
const char *nc_sockaddr_print(
    const struct nc_sockaddr *sa, char buf[NC_SOCKADDR_TEXT]);

enum nc_note_kind {
	NC_NOTE_NONE,   /* no annotation */
	NC_NOTE_FILE,   /* a path, pipe, device or the like */
	NC_NOTE_SOCKET, /* a socket, kind unknown (-y) */
	NC_NOTE_TCP,
	NC_NOTE_UDP,
	NC_NOTE_RAW,
	NC_NOTE_UNIX,
	NC_NOTE_OTHER, /* a socket of another family */
	NC_NOTE_EPOLL
};

/* What an annotation tells of a descriptor. */
struct nc_note {
	enum nc_note_kind kind;
	bool six;             /* TCPv6, UDPv6 */
	uint64_t inode;       /* 0 not told */
	uint64_t peer_inode;  /* UNIX; 0 not told */
	struct nc_addr local; /* family 0: not told */
	struct nc_addr peer;
};

/* Reads an annotation, from its '<' to its '>'. */
void nc_note_parse(struct nc_text t, struct nc_note *note);

/*
 * A descriptor argument "3<TCP:[...]>": its number, or -1; note is the
 * annotation's text or NULL.
 */
int nc_fd_parse(struct nc_text t, struct nc_text *note);

#endif
