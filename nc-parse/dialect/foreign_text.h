/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Pieces of text in the form of strace: what the dialects put their calls
 * together from.
 */
#ifndef NC_FOREIGN_TEXT_H
#define NC_FOREIGN_TEXT_H

#include "../text/text.h"

/* What a buffer holds, as text that is never NULL. */
struct nc_text nc_foreign_text(const struct nc_buf *b);
void nc_foreign_add(struct nc_buf *b, const char *s);
void nc_foreign_add_text(struct nc_buf *b, struct nc_text t);
void nc_foreign_add_int(struct nc_buf *b, int64_t v);

/* The same with the end of a list. */
struct nc_text nc_foreign_closed(struct nc_buf *b);

/*
 * Appends an address, "{sa_family=AF_INET, ...}".  The address is text; a zone
 * after '%' is dropped.
 */
void nc_foreign_address(
    struct nc_buf *b, bool six, struct nc_text ip, struct nc_text port);
void nc_foreign_path(struct nc_buf *b, struct nc_text path);

/* Appends events of poll by Linux's names, "POLLIN|POLLOUT". */
void nc_foreign_events(struct nc_buf *b, struct nc_text events);

/*
 * Appends an element of poll's list, "{fd=3, events=POLLIN}", to a list that
 * has begun if it is not empty; the field is ", events=" or ", revents=".
 */
void nc_foreign_add_fd(struct nc_buf *b, struct nc_text fd, const char *field,
    struct nc_text events);

/*
 * Appends "{tv_sec=1, tv_nsec=500000000}" for "1.5", or tv_usec for a kind of
 * argument that has it ('t'); false if the text is no time.
 */
bool nc_foreign_seconds(struct nc_buf *b, char kind, struct nc_text t);
/* "1.000000005" as nanoseconds; past it, or NULL. */
const char *nc_foreign_time(struct nc_text t, int64_t *ns);

/* Of "0x6<A|B>", as newer tracers write it, the names; of "0<>" none: "0". */
struct nc_text nc_foreign_decoded(struct nc_text t);

#endif
