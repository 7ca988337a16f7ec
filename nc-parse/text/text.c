/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The grammar of strace's values, as scanners over text in place.
 */
#include "text.h"

#include "digits.h"
#include "mask.h"
#include "scan.h"
#include "wide.h"

#include <string.h>

static const struct nc_text none = { NULL, NULL };

/* An escaped quote has an odd run of backslashes before it. */
static bool
is_escaped(const char *start, const char *quote)
{
	const char *b = quote;

	while (b > start && b[-1] == '\\')
		b--;
	return (quote - b) % 2 == 1;
}

/* Bytes of the block that begins at p. */
static inline size_t
block_at(const char *p, const char *end)
{
	return end - p < NC_MASK_BYTES ? (size_t)(end - p) : NC_MASK_BYTES;
}

const char *
nc_text_skip_string(const char *p, const char *end)
{
	const char *start = ++p, *q;
	uint64_t quotes, slashes, last = 0;
	bool wide = nc_wide_works();

	for (; end - p >= (wide ? 1 : NC_MASK_BYTES); p += NC_MASK_BYTES) {
		if (wide) {
			quotes = nc_wide_quotes(p, block_at(p, end), &slashes);
		} else {
			quotes = nc_mask_of(p, '"');
			slashes = nc_mask_of(p, '\\');
		}
		/* Behind one backslash they are escaped, and need no look. */
		quotes &= ~(slashes << 1 | last >> (NC_MASK_BYTES - 1)) |
		    slashes << 2 | last >> (NC_MASK_BYTES - 2);
		last = slashes;
		for (; quotes != 0; quotes &= quotes - 1) {
			q = p + __builtin_ctzll(quotes);
			if (!is_escaped(start, q))
				return q + 1;
		}
	}
	for (; p < end; p = q + 1) {
		q = memchr(p, '"', (size_t)(end - p));
		if (q == NULL)
			return NULL;
		if (!is_escaped(start, q))
			return q + 1;
	}
	return NULL;
}

/* What a byte is to the scanners. */
enum {
	SPECIAL = 1, /* the scanner of arguments looks at it */
	WORD = 2,    /* letters, digits and _ */
	DIGIT = 4,
	NOTE = 8, /* the scanner of annotations looks at it */
};

#define A_TO_F(x, v) \
	[x] = v, [x + 1] = v, [x + 2] = v, [x + 3] = v, [x + 4] = v, [x + 5] = v
#define TEN(x, v) \
	A_TO_F(x, v), [x + 6] = v, [x + 7] = v, [x + 8] = v, [x + 9] = v

static const unsigned char kinds[256] = {
	['"'] = SPECIAL | NOTE,
	['('] = SPECIAL,
	[')'] = SPECIAL,
	['['] = SPECIAL | NOTE,
	[']'] = SPECIAL | NOTE,
	['{'] = SPECIAL,
	['}'] = SPECIAL,
	['<'] = SPECIAL | NOTE,
	[','] = SPECIAL,
	['/'] = SPECIAL,
	['>'] = NOTE,
	['-'] = NOTE,
	['\\'] = NOTE,
	TEN('0', WORD | DIGIT),
	TEN('A', WORD),
	TEN('K', WORD),
	A_TO_F('U', WORD),
	TEN('a', WORD),
	TEN('k', WORD),
	A_TO_F('u', WORD),
	['_'] = WORD,
};

static bool
is(char c, unsigned what)
{
	return (kinds[(unsigned char)c] & what) != 0;
}

/* As nc_wide_ends, where the processor cannot. */
static uint64_t
ends_at(const char *p, const char *end, uint64_t *other)
{
	char last[NC_MASK_BYTES] = { 0 };

	/* Near the end, a copy with bytes to read behind it. */
	if (end - p < NC_MASK_BYTES) {
		memcpy(last, p, (size_t)(end - p));
		p = last;
	}
	*other = nc_mask_of_any(p, '<', '"', '\\') & ~UINT64_C(1);
	return nc_mask_of(p, '>') & ~(nc_mask_of(p, '-') << 1);
}

/*
 * Past the '>' of an annotation if it ends within NC_MASK_BYTES, without other
 * angle brackets but those of arrows, quotes or escapes; else NULL.
 */
static const char *
skip_plain_note(const char *p, const char *end)
{
	uint64_t ends, other;

	ends = nc_wide_works() ? nc_wide_ends(p, block_at(p, end), &other) :
				 ends_at(p, end, &other);
	/* Nothing else before the first one. */
	if (ends == 0 || (other & ((ends & -ends) - 1)) != 0)
		return NULL;
	return p + __builtin_ctzll(ends) + 1;
}

const char *
nc_text_skip_note(const char *p, const char *end)
{
	const char *past = skip_plain_note(p, end);
	int depth = 0, square = 0;

	if (past != NULL)
		return past;
	for (;; p++) {
		while (p < end && !is(*p, NOTE))
			p++;
		if (p >= end)
			break;
		switch (*p) {
		case '\\':
			p++;
			break;
		case '-':
			/* The arrow between two endpoints. */
			if (p + 1 < end && p[1] == '>')
				p++;
			break;
		case '[':
			square++;
			break;
		case ']':
			square--;
			break;
		case '"':
			/* Names in [] are quoted; in paths quotes are \". */
			if (square > 0) {
				p = nc_text_skip_string(p, end);
				if (p == NULL)
					return NULL;
				p--;
			}
			break;
		case '<':
			depth++;
			break;
		case '>':
			if (--depth == 0)
				return p + 1;
			break;
		default:
			break;
		}
	}
	return NULL;
}

/* Past the value at p, up to a separator at depth 0. */
static const char *
skip_value(const char *p, const char *end, bool blanks)
{
	const char *start = p, *q;
	size_t depth = 0;

	for (;; p++) {
		while (p < end && !is(*p, SPECIAL) && *p != ' ')
			p++;
		if (p == end)
			break;
		switch (*p) {
		case '"':
			q = nc_text_skip_string(p, end);
			if (q == NULL)
				return end;
			p = q - 1;
			break;
		case '<':
			if (!nc_scan_opens_note(start, p, end))
				break;
			q = nc_text_skip_note(p, end);
			if (q == NULL)
				return end;
			p = q - 1;
			break;
		case '/':
			if (p + 1 < end && p[1] == '*')
				p = nc_scan_skip_comment(p, end) - 1;
			break;
		case '(':
		case '[':
		case '{':
			depth++;
			break;
		case ')':
		case ']':
		case '}':
			if (depth > 0)
				depth--;
			break;
		case ',':
			if (depth == 0)
				return p;
			break;
		case ' ':
			/* "=> x" and comments belong to the value before. */
			if (depth == 0 && blanks && p + 1 < end &&
			    p[1] != '=' && p[1] != '/' &&
			    !(p - start > 1 && p[-1] == '>' && p[-2] == '='))
				return p;
			break;
		default:
			break;
		}
	}
	return end;
}

bool
nc_text_next(struct nc_text *list, struct nc_text *element)
{
	const char *q;

	if (list->p == NULL)
		return false;
	while (list->p < list->end &&
	    (nc_scan_is_blank(*list->p) || *list->p == ','))
		list->p++;
	if (list->p == list->end)
		return false;
	q = skip_value(list->p, list->end, true);
	element->p = list->p;
	element->end = q;
	*element = nc_text_trim(*element);
	list->p = q;
	return true;
}

struct nc_text
nc_text_inside(struct nc_text t)
{
	if (t.p == NULL || t.end - t.p < 2 ||
	    !((*t.p == '{' && t.end[-1] == '}') ||
		(*t.p == '[' && t.end[-1] == ']')))
		return none;
	t.p++;
	t.end--;
	return t;
}

struct nc_text
nc_text_field(struct nc_text t, struct nc_text *name)
{
	const char *p = t.p;

	*name = none;
	while (p < t.end && is(*p, WORD))
		p++;
	/* 4.10 adds lengths: "msg_iov(1)=". */
	if (p > t.p && p < t.end && *p == '(') {
		const char *q = p + 1;

		while (q < t.end && *q >= '0' && *q <= '9')
			q++;
		if (q + 1 < t.end && q[0] == ')' && q[1] == '=') {
			name->p = t.p;
			name->end = p;
			t.p = q + 2;
			return t;
		}
	}
	if (p > t.p && p + 1 <= t.end && p < t.end && *p == '=' &&
	    !(p + 1 < t.end && p[1] == '>')) {
		name->p = t.p;
		name->end = p;
		t.p = p + 1;
	}
	return t;
}

bool
nc_text_take_any(
    struct nc_text *inside, struct nc_text *name, struct nc_text *value)
{
	struct nc_text field;

	while (inside->p < inside->end) {
		while (inside->p < inside->end &&
		    (nc_scan_is_blank(*inside->p) || *inside->p == ','))
			inside->p++;
		field.p = inside->p;
		field.end = inside->p =
		    skip_value(inside->p, inside->end, false);
		*value = nc_text_field(field, name);
		if (name->p != NULL) {
			*value = nc_text_trim(*value);
			return true;
		}
	}
	return false;
}

struct nc_text
nc_text_take_named(struct nc_text *inside, const char *want, size_t len)
{
	struct nc_text name, value;

	while (nc_text_take_any(inside, &name, &value))
		if ((size_t)(name.end - name.p) == len &&
		    memcmp(name.p, want, len) == 0)
			return value;
	return none;
}

/* So many decimal digits always fit. */
#define SAFE_DIGITS 18

const char *
nc_text_int(struct nc_text t, int64_t *v)
{
	const char *p = t.p, *digits, *safe;
	unsigned base = 10, d, taken;
	bool negative = false;
	uint64_t n = 0;

	if (p == NULL || p == t.end)
		return NULL;
	if (*p == '-') {
		negative = true;
		p++;
	}
	if (t.end - p > 2 && p[0] == '0' && p[1] == 'x') {
		base = 16;
		p += 2;
	} else if (t.end - p > 1 && p[0] == '0' && p[1] >= '0' && p[1] <= '7') {
		base = 8;
	}
	digits = p;
	if (base == 10 && t.end - p >= NC_DIGITS) {
		taken = nc_digits_take(p, v);
		if (taken == 0)
			return NULL;
		if (taken < NC_DIGITS) {
			*v = negative ? -*v : *v;
			return p + taken;
		}
	}
	if (base == 10) {
		safe = t.end - p > SAFE_DIGITS ? p + SAFE_DIGITS : t.end;
		for (; p < safe && is(*p, DIGIT); p++)
			n = n * 10 + (unsigned)(*p - '0');
	}
	for (; p < t.end; p++) {
		if (*p >= '0' && *p <= '9')
			d = (unsigned)(*p - '0');
		else if (*p >= 'a' && *p <= 'f')
			d = (unsigned)(*p - 'a') + 10;
		else
			break;
		if (d >= base)
			break;
		if (n > (UINT64_MAX - d) / base)
			return NULL;
		n = n * base + d;
	}
	if (p == digits)
		return NULL;
	if (negative) {
		if (n > (uint64_t)INT64_MAX)
			return NULL;
		*v = -(int64_t)n;
	} else {
		*v = (int64_t)n;
	}
	return p;
}

int64_t
nc_text_number(struct nc_text t)
{
	int64_t v;

	if (nc_text_int(t, &v) == NULL)
		return NC_NIL;
	return v;
}

/*
 * The number, or the name of the space, at p; NC_NIL if it is not known.  *past
 * is set behind the word, which a comment or an annotation may follow.
 */
static int64_t
value_at(const char *p, const char *end, enum nc_space space, const char **past)
{
	const char *q = p;
	int64_t v;

	while (q < end && is(*q, WORD))
		q++;
	*past = q;
	if (is(*p, DIGIT) || *p == '-')
		return nc_text_number((struct nc_text){ p, end });
	v = nc_name_number(space, p, (size_t)(q - p));
	return v < 0 ? NC_NIL : v;
}

int64_t
nc_text_symbol(struct nc_text t, enum nc_space space)
{
	const char *past;

	if (t.p == NULL || t.p == t.end)
		return NC_NIL;
	return value_at(t.p, t.end, space, &past);
}

int64_t
nc_text_flags(struct nc_text t, enum nc_space space)
{
	int64_t sum = 0, v;

	if (t.p == NULL || t.p == t.end)
		return NC_NIL;
	while (t.p < t.end) {
		/* A comment repeats the names of the number before it. */
		if (t.end - t.p > 1 && t.p[0] == '/' && t.p[1] == '*') {
			t.p = nc_scan_skip_comment(t.p, t.end);
			continue;
		}
		if (*t.p == '|' || nc_scan_is_blank(*t.p)) {
			t.p++;
			continue;
		}
		v = value_at(t.p, t.end, space, &t.p);
		if (v != NC_NIL)
			sum |= v;
		while (t.p < t.end && *t.p != '|' && !nc_scan_is_blank(*t.p))
			t.p++;
	}
	return sum;
}
