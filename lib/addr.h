/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Internet addresses and endpoints.
 *
 * Every address is kept as 16 bytes: an IPv4 address in its IPv4-mapped form
 * (RFC 4291 2.5.5.2), so that ::ffff:10.0.0.1 and 10.0.0.1 compare equal.
 * The family it was written in is kept beside it, for messages only.
 */
#ifndef NC_ADDR_H
#define NC_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nc_addr {
	uint8_t ip[16];
	uint16_t port;  /* host order; 0 none */
	uint8_t family; /* 4 or 6 as written; 0: no address */
};

/* Longest text of nc_addr_print, with the NUL. */
#define NC_ADDR_TEXT 56

/*
 * Parses "1.2.3.4", "::1", "[::1]", each with or without ":port" (IPv6 only
 * in brackets); a zone id is dropped.  0, or -1 and *a is no address.
 */
int nc_addr_parse(const char *s, size_t n, struct nc_addr *a);

/* Prints "1.2.3.4:80", "[::1]:80"; without port if it is 0.  Returns buf. */
char *nc_addr_print(const struct nc_addr *a, char buf[NC_ADDR_TEXT]);
/* The same, always with the port. */
char *nc_addr_print_port(const struct nc_addr *a, char buf[NC_ADDR_TEXT]);
/* The same, never with the port and without brackets. */
char *nc_addr_print_ip(const struct nc_addr *a, char buf[NC_ADDR_TEXT]);

/* Same address, whatever the port and the family as written. */
bool nc_addr_same_ip(const struct nc_addr *a, const struct nc_addr *b);
/* Same address and port. */
bool nc_addr_same(const struct nc_addr *a, const struct nc_addr *b);

uint64_t nc_addr_hash_ip(const struct nc_addr *a);

bool nc_addr_is_v4(const struct nc_addr *a);        /* mapped ones too */
bool nc_addr_is_wildcard(const struct nc_addr *a);  /* 0.0.0.0, :: */
bool nc_addr_is_loopback(const struct nc_addr *a);  /* 127/8, ::1 */
bool nc_addr_is_multicast(const struct nc_addr *a); /* 224/4, ff00::/8 */
bool nc_addr_is_broadcast(const struct nc_addr *a); /* 255.255.255.255 */
/* RFC 1918, RFC 6598 (CGNAT), RFC 4193 (ULA). */
bool nc_addr_is_private(const struct nc_addr *a);

#endif
