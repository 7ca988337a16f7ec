/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The thresholds of the rules: the table of threshold.def.
 */
#ifndef NC_OPTION_H
#define NC_OPTION_H

#include <stdint.h>
#include <stdio.h>

struct thresholds {
#define NC_THRESHOLD(member, name, value, meaning) int64_t member;
#include "threshold.def"
#undef NC_THRESHOLD
};

/* A threshold in milliseconds, in the records' nanoseconds. */
#define MS INT64_C(1000000)

void thresholds_init(struct thresholds *t);

/* Sets one from "NAME=VALUE".  0, or -1: no such name, or not a number. */
int thresholds_set(struct thresholds *t, const char *assignment);

/* Lists names, values and meanings. */
void thresholds_print(const struct thresholds *t, FILE *to);

#endif
