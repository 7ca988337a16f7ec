/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The keyed permutations behind --redact.
 */
#include "redact.h"

#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROUNDS 4 /* tables, and bytes of key stream for a place */
#define BLOCK 64 /* of ChaCha20, bytes */
#define PLACES (BLOCK / ROUNDS)
/* Places whose key stream is kept: where datagrams and streams begin. */
#define KEPT 65536
/* Names the scheme: another one gets another context, and so other ids. */
#define CONTEXT "NCredac1"

enum { SUBKEY_STREAM = 1, SUBKEY_TABLES, SUBKEY_ID };

struct nc_redact {
	unsigned char table[ROUNDS][256];
	unsigned char kept[KEPT * ROUNDS]; /* key stream from place 0 */
	unsigned char stream[crypto_stream_chacha20_KEYBYTES];
	char id[NC_REDACT_ID];
};

/* A number below n, at most 256, every one equally likely. */
static unsigned
below(unsigned n, const unsigned char **random)
{
	unsigned limit = 256 - 256 % n, v;

	do
		v = *(*random)++;
	while (v >= limit);
	return v % n;
}

/* Random permutations: Fisher and Yates, fed by the subkey. */
static void
make_tables(struct nc_redact *r, const unsigned char *seed)
{
	/* At most half the bytes are passed over; this is far beyond that. */
	static unsigned char random[ROUNDS * 256 * 16];
	const unsigned char *next = random;
	unsigned char swap;
	unsigned i, j, k;

	randombytes_buf_deterministic(random, sizeof(random), seed);
	for (k = 0; k < ROUNDS; k++) {
		for (i = 0; i < 256; i++)
			r->table[k][i] = (unsigned char)i;
		for (i = 255; i > 0; i--) {
			j = below(i + 1, &next);
			swap = r->table[k][i];
			r->table[k][i] = r->table[k][j];
			r->table[k][j] = swap;
		}
	}
	sodium_memzero(random, sizeof(random));
}

/* The key stream of n blocks, the first of which has that number. */
static void
key_stream(
    const struct nc_redact *r, uint64_t block, unsigned char *out, size_t n)
{
	static const unsigned char nonce[crypto_stream_chacha20_NONCEBYTES];

	memset(out, 0, n * BLOCK);
	crypto_stream_chacha20_xor_ic(
	    out, out, n * BLOCK, nonce, block, r->stream);
}

struct nc_redact *
nc_redact_new(const void *key, size_t n)
{
	unsigned char master[crypto_kdf_KEYBYTES];
	unsigned char seed[randombytes_SEEDBYTES];
	unsigned char id[crypto_kdf_BYTES_MIN];
	struct nc_redact *r;

	if (sodium_init() < 0)
		return NULL;
	r = nc_xcalloc(1, sizeof(*r));
	crypto_generichash(master, sizeof(master), key, n, NULL, 0);
	crypto_kdf_derive_from_key(
	    r->stream, sizeof(r->stream), SUBKEY_STREAM, CONTEXT, master);
	crypto_kdf_derive_from_key(
	    seed, sizeof(seed), SUBKEY_TABLES, CONTEXT, master);
	crypto_kdf_derive_from_key(id, sizeof(id), SUBKEY_ID, CONTEXT, master);
	sodium_bin2hex(r->id, sizeof(r->id), id, (sizeof(r->id) - 1) / 2);
	make_tables(r, seed);
	key_stream(r, 0, r->kept, sizeof(r->kept) / BLOCK);
	sodium_memzero(master, sizeof(master));
	sodium_memzero(seed, sizeof(seed));
	return r;
}

/* Reads all there is, up to size bytes; -1 with errno. */
static ssize_t
read_all(int fd, unsigned char *p, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size) {
		n = read(fd, p + len, size - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

struct nc_redact *
nc_redact_open(const char *path, const char **why)
{
	struct nc_redact *r = NULL;
	unsigned char *key;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		*why = strerror(errno);
		return NULL;
	}
	key = nc_xmalloc(NC_REDACT_KEY_MAX + 1);
	n = read_all(fd, key, NC_REDACT_KEY_MAX + 1);
	if (n < 0)
		*why = strerror(errno);
	else if (n < NC_REDACT_KEY_MIN)
		*why = "a key has at least 16 bytes";
	else if (n > (ssize_t)NC_REDACT_KEY_MAX)
		*why = "a key has at most 1 MiB";
	else if ((r = nc_redact_new(key, (size_t)n)) == NULL)
		*why = "libsodium cannot start";
	sodium_memzero(key, NC_REDACT_KEY_MAX + 1);
	free(key);
	close(fd);
	return r;
}

void
nc_redact_free(struct nc_redact *r)
{
	if (r == NULL)
		return;
	sodium_memzero(r, sizeof(*r));
	free(r);
}

const char *
nc_redact_id(const struct nc_redact *r)
{
	return r->id;
}

static void
permute(const struct nc_redact *r, const unsigned char *k, char *p, size_t n)
{
	unsigned char c;
	size_t i;

	for (i = 0; i < n; i++, k += ROUNDS) {
		c = (unsigned char)p[i];
		c = r->table[0][c ^ k[0]];
		c = r->table[1][c ^ k[1]];
		c = r->table[2][c ^ k[2]];
		c = r->table[3][c ^ k[3]];
		p[i] = (char)c;
	}
}

void
nc_redact_apply(const struct nc_redact *r, uint64_t place, char *p, size_t n)
{
	unsigned char k[BLOCK * 128];
	size_t skip, part;

	if (place < KEPT) {
		part = n < KEPT - place ? n : (size_t)(KEPT - place);
		permute(r, r->kept + place * ROUNDS, p, part);
		place += part;
		p += part;
		n -= part;
	}
	while (n > 0) {
		skip = (size_t)(place % PLACES);
		part = sizeof(k) / ROUNDS - skip;
		if (part > n)
			part = n;
		key_stream(
		    r, place / PLACES, k, (skip + part + PLACES - 1) / PLACES);
		permute(r, k + skip * ROUNDS, p, part);
		place += part;
		p += part;
		n -= part;
	}
}
