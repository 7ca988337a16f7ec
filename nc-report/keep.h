/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Records that outlive their stream, each one block of memory.
 */
#ifndef NC_REPORT_KEEP_H
#define NC_REPORT_KEEP_H

#include "record.h"

/*
 * A copy of a decoded record with all its bytes, freed by free().  Text and
 * bytes are cut to longest; packed values longer than that become nil.
 */
void *keep(enum nc_kind kind, const void *rec, size_t longest);

#endif
