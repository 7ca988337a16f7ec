/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the scanners of the protocols share: the unit of a stream (a header, a
 * line) that is being read, of which earlier calls may have brought a part.
 */
#ifndef NC_FRAMING_UNIT_H
#define NC_FRAMING_UNIT_H

#include "framing.h"

/* What is left of one call's bytes, and the unit that is being read. */
struct nc_unit {
	struct nc_framing *f;
	const struct nc_framing *other;
	const char *p;
	size_t n;
	size_t at; /* offset of p in the call's data */
	struct nc_spans *spans;
	size_t old;  /* bytes of the unit that earlier calls brought */
	size_t unit; /* offset in data of the first one that this call did */
};

/* The next byte is one of a unit, its first one or not. */
void nc_unit_open(struct nc_unit *r);
/* Takes n bytes into the unit, f->held; or goes past them. */
void nc_unit_hold(struct nc_unit *r, size_t n);
void nc_unit_pass(struct nc_unit *r, size_t n);
/* Bytes [from, to) of the unit stay, where they are this call's. */
void nc_unit_mark(struct nc_unit *r, size_t from, size_t to);

/* The unit is over; a long one's room is not kept. */
void nc_framing_drop(struct nc_framing *f);
/* The stream is of that protocol from here on. */
void nc_framing_stop(struct nc_framing *f, enum nc_framing_protocol protocol);

/* Text of a line, without its end. */
struct nc_framing_text {
	const char *p;
	size_t n;
};

bool nc_framing_is_digit(char c);
/* In letters of either case. */
bool nc_framing_starts(struct nc_framing_text t, const char *word);
/* The same, or t is the beginning of the word. */
bool nc_framing_may_be(struct nc_framing_text t, const char *word);
/* Digits from t.p + *at on as a number; false if there are none. */
bool nc_framing_number(struct nc_framing_text t, size_t *at, uint64_t *v);

/* framing_tls.c: the record's header, or a part of it. */
bool nc_framing_is_tls_hello(const char *p, size_t n);
void nc_framing_tls(struct nc_unit *r);

/* framing_dns.c: the length of a message, or the message. */
void nc_framing_dns(struct nc_unit *r);

/* framing_http.c: a whole line, in f->held too. */
bool nc_framing_may_be_http(struct nc_framing_text t);
void nc_framing_http_line(struct nc_unit *r, struct nc_framing_text t);

/* framing_ftp.c, likewise; a line that only FTP begins with. */
bool nc_framing_may_be_ftp(struct nc_framing_text t);
bool nc_framing_is_ftp(struct nc_framing_text t);
void nc_framing_ftp_line(struct nc_unit *r, struct nc_framing_text t);

#endif
