/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The keyed permutations behind --redact.
 *
 * The byte at each place of a stream goes through a permutation of the 256
 * values that the key and the place choose: four secret tables, each entered
 * with a byte of a ChaCha20 key stream added (XOR).  Under one key, equal
 * bytes at equal places stay equal, different ones stay different; nothing
 * follows from bytes at other places.
 */
#ifndef NC_REDACT_H
#define NC_REDACT_H

#include <stddef.h>
#include <stdint.h>

/* A key file's least and largest size, bytes. */
#define NC_REDACT_KEY_MIN 16
#define NC_REDACT_KEY_MAX (1u << 20)

/* Text of a key's identifier, with its NUL. */
#define NC_REDACT_ID 17

struct nc_redact;

/*
 * The permutations of the key in that file, its whole content.  NULL on
 * failure: *why says what is wrong, static or strerror's.  nc_redact_free
 * frees, and wipes the key.
 */
struct nc_redact *nc_redact_open(const char *path, const char **why);
void nc_redact_free(struct nc_redact *r);

/* The same from the key's bytes. */
struct nc_redact *nc_redact_new(const void *key, size_t n);

/*
 * The key's identifier, hexadecimal: equal for equal keys.  It tells no more
 * of a random key than that; owned by r.
 */
const char *nc_redact_id(const struct nc_redact *r);

/* Replaces n bytes, the first of which has that place in its stream. */
void nc_redact_apply(
    const struct nc_redact *r, uint64_t place, char *p, size_t n);

#endif
