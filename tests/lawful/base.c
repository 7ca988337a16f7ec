/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Chance and memory.
 */
#include "base.h"

#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK (256u << 10)

void
rng_seed(struct rng *r, uint64_t seed)
{
	r->state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	rng_below(r, 2);
}

/* SplitMix64, as published by Steele, Lea and Flood. */
static uint64_t
rng_next(struct rng *r)
{
	uint64_t z = (r->state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

unsigned
rng_below(struct rng *r, unsigned n)
{
	return (unsigned)((rng_next(r) >> 32) * n >> 32);
}

long
rng_between(struct rng *r, long lo, long hi)
{
	return lo + (long)rng_below(r, (unsigned)(hi - lo + 1));
}

bool
rng_chance(struct rng *r, unsigned percent)
{
	return rng_below(r, 100) < percent;
}

struct arena_block {
	struct arena_block *next;
	size_t size;
	_Alignas(16) char data[];
};

void *
arena_new(struct arena *a, size_t size)
{
	struct arena_block *b = a->blocks;
	size_t cap;

	size = (size + 15) & ~(size_t)15;
	if (size > a->left) {
		cap = size > BLOCK ? size : BLOCK;
		b = calloc(1, sizeof(*b) + cap);
		if (!b)
			err(2, NULL);
		b->size = cap;
		b->next = a->blocks;
		a->blocks = b;
		a->left = cap;
	}
	a->left -= size;
	return b->data + a->left;
}

char *
arena_copy(struct arena *a, const char *p, size_t len)
{
	char *s = arena_new(a, len + 1);

	memcpy(s, p, len);
	return s;
}

char *
arena_text(struct arena *a, const char *fmt, ...)
{
	char small[1024], *s;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	if ((size_t)n < sizeof(small))
		return arena_copy(a, small, (size_t)n);
	s = arena_new(a, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return s;
}

void
arena_free(struct arena *a)
{
	struct arena_block *b, *next;

	for (b = a->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	a->blocks = NULL;
	a->left = 0;
}
