/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What every module of the generator needs: chance, and memory that lasts as
 * long as the execution.
 */
#ifndef LAWFUL_BASE_H
#define LAWFUL_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Same seed, same numbers. */
struct rng {
	uint64_t state;
};

void rng_seed(struct rng *r, uint64_t seed);
/* 0 to n - 1; n > 0. */
unsigned rng_below(struct rng *r, unsigned n);
/* lo to hi, both included. */
long rng_between(struct rng *r, long lo, long hi);
bool rng_chance(struct rng *r, unsigned percent);
/* One of n numbers. */
#define RNG_PICK(r, ...) \
	((const int[]){ __VA_ARGS__ })[rng_below( \
	    r, sizeof((const int[]){ __VA_ARGS__ }) / sizeof(int))]

/* Memory that is given back all at once. */
struct arena {
	struct arena_block *blocks;
	size_t left;
};

/* Zeroed; never NULL. */
void *arena_new(struct arena *a, size_t size);
char *arena_text(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_copy(struct arena *a, const char *p, size_t len);
void arena_free(struct arena *a);

#endif
