/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Findings as records, vocabulary entries as text.
 */
#ifndef NC_OUT_H
#define NC_OUT_H

#include <stdio.h>

#include "finding.h"
#include "stream.h"

/*
 * Writes the findings in their order; because_of counts from before, the
 * number of finding records that the stream held already.
 */
void findings_write(
    struct nc_writer *w, const struct findings *fs, size_t before);

/* The entry in full, filled to 79 columns. */
void diag_print(const struct nc_diag *d, FILE *to);

#endif
