/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The protocol that the simulated programs speak, and their ways of moving
 * bytes.
 *
 * A request is a header of 16 bytes, "?" or "!", the size of its body and that
 * of its reply as seven digits each, and a newline; then the body.  The reply
 * has no header.  After "!" the server closes the connection.
 */
#ifndef LAWFUL_EXCHANGE_H
#define LAWFUL_EXCHANGE_H

#include "sys.h"

#define HEADER 16

/* Bytes for a body or a datagram. */
const char *exchange_bytes(struct world *w, size_t size);
/* The size of a body or a reply. */
size_t exchange_size(struct world *w);
/* A request; *len: its size; reply: the size of what is to come back. */
const char *exchange_request(
    struct world *w, bool last, size_t body, size_t reply, size_t *len);

/* How long a wait is to last at most, us; negative: for ever. */
int64_t patience(struct thread *t, bool server);
/* Until the descriptor is ready for it, by any means. */
void wait_ready(struct thread *t, int fd, int events);
void send_all(struct thread *t, int fd, const char *p, size_t len);
/* wide: more than that will not come, so that a larger buffer is safe. */
void recv_exactly(struct thread *t, int fd, size_t size, bool wide);
/* The end of the stream. */
void recv_end(struct thread *t, int fd);
/* To the end; how many bytes. */
size_t recv_to_end(struct thread *t, int fd);

/* A connection, served until it ends, and closed. */
void serve(struct thread *t, int fd);
/* What a header asks for: reads the body, replies; false after "!". */
bool serve_request(struct thread *t, int fd, const char *header);
/* The rest of a header, of which there are so many bytes. */
void recv_header(struct thread *t, int fd, char *header, size_t have);

#endif
