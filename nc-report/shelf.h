/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Bytes put aside for later: what has been added is read back by its place.
 * Little of it stays in memory, the rest is in a temporary file; where none
 * can be made, or it is full, it all stays in memory.
 */
#ifndef NC_REPORT_SHELF_H
#define NC_REPORT_SHELF_H

#include "record.h"

struct shelf;

struct shelf *shelf_new(void);
void shelf_free(struct shelf *s);

/* Appends; returns its place, bytes from the begin. */
uint64_t shelf_add(struct shelf *s, const void *p, size_t n);

/*
 * n bytes from a place on, all of which were added; borrowed until the next
 * call.  Fast where places are asked for nearly in their order.
 */
struct nc_bytes shelf_get(struct shelf *s, uint64_t place, size_t n);

#endif
