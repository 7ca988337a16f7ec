/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Escapes and marks of 64 bytes at once.
 *
 * Every byte of a block is taken for a backslash: what it and the three bytes
 * behind it would come to is worked out for all of them, and written over those
 * that are backslashes.  The bytes that belong to an escape then are dropped, by
 * the one instruction that does that for a whole block.
 *
 * Marks are looked up, all bytes in one step, in a table of what each byte is.
 */
#include "wide.h"

#include "mask.h"
#include "unescape.h"

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#define WIDE __attribute__((target("avx512bw,avx512vbmi,avx512vbmi2,popcnt")))

#define BLOCK NC_MASK_BYTES

/* What the letters behind a backslash stand for; 0: they are none. */
static char letters[128];

signed char nc_wide_state;

bool
nc_wide_look(void)
{
	char text[] = { '\\', 0 }, byte;
	int c;

	for (c = 0; c < 128; c++) {
		text[1] = (char)c;
		if ((c < '0' || c > '7') &&
		    nc_unescape(text, text + sizeof(text), &byte) != NULL)
			letters[c] = byte;
	}
	nc_wide_state = __builtin_cpu_supports("avx512bw") &&
		__builtin_cpu_supports("avx512vbmi") &&
		__builtin_cpu_supports("avx512vbmi2") &&
		__builtin_cpu_supports("popcnt") ?
	    1 :
	    -1;
	return nc_wide_state > 0;
}

/* Backslashes that begin an escape: not the second one of a pair. */
static inline uint64_t
without_escaped(uint64_t mask)
{
	uint64_t second;

	while ((second = mask & mask << 1) != 0)
		mask &= ~(second & -second);
	return mask;
}

/* What hexadecimal digits stand for; the bits of others are taken off. */
WIDE static inline __m512i
hex_digits(__m512i c, uint64_t *digits)
{
	__m512i small = _mm512_or_si512(c, _mm512_set1_epi8(0x20));
	__m512i ten = _mm512_sub_epi8(small, _mm512_set1_epi8('a'));
	__m512i zero = _mm512_sub_epi8(c, _mm512_set1_epi8('0'));
	__m512i low = _mm512_and_si512(c, _mm512_set1_epi8(15));
	uint64_t letter = _mm512_cmple_epu8_mask(ten, _mm512_set1_epi8(5));
	uint64_t digit = _mm512_cmple_epu8_mask(zero, _mm512_set1_epi8(9));

	*digits &= letter | digit;
	return _mm512_mask_add_epi8(low, letter, low, _mm512_set1_epi8(9));
}

/* Bytes of two such digits each, where both are. */
WIDE static inline __m512i
hex_bytes(__m512i left, __m512i right, uint64_t *hex)
{
	left = hex_digits(left, hex);
	right = hex_digits(right, hex);
	return _mm512_or_si512(_mm512_slli_epi16(left, 4), right);
}

WIDE const char *
nc_wide_decode(const char *p, const char *stop, char **out)
{
	const __m512i low = _mm512_loadu_si512(letters);
	const __m512i high = _mm512_loadu_si512(letters + 64);
	const __m512i seven = _mm512_set1_epi8(7);
	const __m512i zero = _mm512_set1_epi8('0');
	__m512i text, next, first, second, third, bytes, value;
	/* Bits are bytes of the block. */
	uint64_t starts, letter, hex, one, two, three, bad, keep;
	uint64_t rest, before = 0; /* of escapes, and of the one before it */
	ptrdiff_t n;
	char *to = *out;

	for (; stop - p > _mm_popcnt_u64(before); p += n) {
		n = stop - p < BLOCK ? stop - p : BLOCK;
		keep = ~UINT64_C(0) >> (BLOCK - n) & ~before;
		text = _mm512_loadu_si512(p);
		next = _mm512_loadu_si512(p + 1);
		first = _mm512_sub_epi8(next, zero);
		second = _mm512_loadu_si512(p + 2);
		third = _mm512_loadu_si512(p + 3);
		starts = without_escaped(keep &
		    _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8('\\')));
		hex = starts &
		    _mm512_cmpeq_epi8_mask(next, _mm512_set1_epi8('x'));
		value = _mm512_permutex2var_epi8(low, next, high);
		letter = _mm512_test_epi8_mask(value, value) &
		    ~_mm512_movepi8_mask(next);
		if (hex != 0) {
			bytes = hex_bytes(second, third, &hex);
			value = _mm512_mask_mov_epi8(value, hex, bytes);
		}
		second = _mm512_sub_epi8(second, zero);
		third = _mm512_sub_epi8(third, zero);
		one = starts & _mm512_cmple_epu8_mask(first, seven);
		two = one & _mm512_cmple_epu8_mask(second, seven);
		three = two & _mm512_cmple_epu8_mask(third, seven);
		bad = (starts & ~one & ~letter & ~hex) |
		    (three &
			_mm512_cmpgt_epu8_mask(first, _mm512_set1_epi8(3)));
		if (bad != 0)
			break;
		/* Digits are 3 bits: none reaches the byte above. */
		value = _mm512_mask_mov_epi8(value, one, first);
		first = _mm512_and_si512(first, seven);
		second = _mm512_and_si512(second, seven);
		bytes = _mm512_or_si512(_mm512_slli_epi16(first, 3), second);
		value = _mm512_mask_mov_epi8(value, two, bytes);
		bytes = _mm512_and_si512(bytes, _mm512_set1_epi8(31));
		bytes = _mm512_or_si512(_mm512_slli_epi16(bytes, 3), third);
		value = _mm512_mask_mov_epi8(value, three, bytes);
		text = _mm512_mask_mov_epi8(text, starts, value);
		two |= hex;
		three |= hex;
		rest = before | starts << 1 | two << 2 | three << 3;
		keep &= ~rest;
		_mm512_storeu_si512(to, _mm512_maskz_compress_epi8(keep, text));
		to += _mm_popcnt_u64(keep);
		before = starts >> 63 | two >> 62 | three >> 61;
		if (n < BLOCK)
			before = rest >> n | before << (BLOCK - n);
	}
	*out = to;
	return p + _mm_popcnt_u64(before);
}

/* What a byte is: bits. */
enum { MARK = 1, END = 2, DASH = 4, OTHER = 8 };

static const char kinds[128] = {
	['('] = MARK,
	[')'] = MARK,
	['['] = MARK,
	[']'] = MARK,
	['{'] = MARK,
	['}'] = MARK,
	[','] = MARK,
	['/'] = MARK,
	['"'] = MARK | OTHER,
	['<'] = MARK | OTHER,
	['\\'] = OTHER,
	['>'] = END,
	['-'] = DASH,
};

WIDE static inline __m512i
load(const char *p, size_t n)
{
	return _mm512_maskz_loadu_epi8(~UINT64_C(0) >> (BLOCK - n), p);
}

/* Of bytes past 127 none. */
WIDE static inline __m512i
kinds_of(__m512i text)
{
	__m512i k = _mm512_permutex2var_epi8(
	    _mm512_loadu_si512(kinds), text, _mm512_loadu_si512(kinds + 64));

	return _mm512_maskz_mov_epi8(~_mm512_movepi8_mask(text), k);
}

WIDE static inline uint64_t
are(__m512i k, char kind)
{
	return _mm512_test_epi8_mask(k, _mm512_set1_epi8(kind));
}

WIDE uint64_t
nc_wide_marks(const char *p, size_t n)
{
	return are(kinds_of(load(p, n)), MARK);
}

WIDE uint64_t
nc_wide_quotes(const char *p, size_t n, uint64_t *slashes)
{
	__m512i text = load(p, n);

	*slashes = _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8('\\'));
	return _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8('"'));
}

WIDE uint64_t
nc_wide_ends(const char *p, size_t n, uint64_t *other)
{
	__m512i k = kinds_of(load(p, n));

	*other = are(k, OTHER) & ~UINT64_C(1);
	return are(k, END) & ~(are(k, DASH) << 1);
}

WIDE bool
nc_wide_is_odd(const char *p, size_t n)
{
	const __m512i nul = _mm512_setzero_si512();
	const __m512i cr = _mm512_set1_epi8('\r');
	const __m512i esc = _mm512_set1_epi8('\33');
	uint64_t odd = 0;
	__m512i v;

	/* Only whether is asked, not where: one look at the end. */
	for (; n >= BLOCK; p += BLOCK, n -= BLOCK) {
		v = _mm512_loadu_si512(p);
		odd |= _mm512_cmpeq_epi8_mask(v, nul) |
		    _mm512_cmpeq_epi8_mask(v, cr) |
		    _mm512_cmpeq_epi8_mask(v, esc);
	}
	for (; n > 0; p++, n--)
		odd |= *p == '\0' || *p == '\r' || *p == '\33';
	return odd != 0;
}

#else

signed char nc_wide_state = -1;

bool
nc_wide_look(void)
{
	return false;
}

const char *
nc_wide_decode(const char *p, const char *stop, char **out)
{
	(void)stop;
	(void)out;
	return p;
}

uint64_t
nc_wide_marks(const char *p, size_t n)
{
	(void)p;
	(void)n;
	return 0;
}

bool
nc_wide_is_odd(const char *p, size_t n)
{
	return nc_wide_marks(p, n) != 0;
}

uint64_t
nc_wide_quotes(const char *p, size_t n, uint64_t *slashes)
{
	*slashes = 0;
	return nc_wide_marks(p, n);
}

uint64_t
nc_wide_ends(const char *p, size_t n, uint64_t *other)
{
	return nc_wide_quotes(p, n, other);
}

#endif
