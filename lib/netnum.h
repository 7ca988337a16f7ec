/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Numbers as protocols carry them: greatest byte first, at any address.
 */
#ifndef NC_NETNUM_H
#define NC_NETNUM_H

#include <stdint.h>

static inline unsigned
nc_netnum_get16(const void *p)
{
	const unsigned char *u = p;

	return (unsigned)u[0] << 8 | u[1];
}

static inline void
nc_netnum_put16(void *p, unsigned v)
{
	unsigned char *u = p;

	u[0] = (unsigned char)(v >> 8);
	u[1] = (unsigned char)v;
}

static inline void
nc_netnum_put32(void *p, uint32_t v)
{
	nc_netnum_put16(p, v >> 16);
	nc_netnum_put16((unsigned char *)p + 2, v & 0xffff);
}

#endif
