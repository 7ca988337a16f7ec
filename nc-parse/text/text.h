/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The grammar of strace's values, as scanners over text in place.
 *
 * Nothing here allocates, and nothing recurses: brackets are counted, so that
 * depth costs no stack.
 */
#ifndef NC_TEXT_H
#define NC_TEXT_H

#include "names.h"
#include "record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Text from p up to end, borrowed.  p is NULL where there is none. */
struct nc_text {
	const char *p, *end;
};

/* At a quote: past the closing quote, or NULL if it is missing. */
const char *nc_text_skip_string(const char *p, const char *end);

/* At the '<' of an annotation: past its '>', or NULL if it is missing. */
const char *nc_text_skip_note(const char *p, const char *end);

/* Inline: of a literal the compiler knows the length. */
static inline bool
nc_text_starts(struct nc_text t, const char *s)
{
	size_t n = strlen(s);

	return t.p != NULL && (size_t)(t.end - t.p) >= n &&
	    memcmp(t.p, s, n) == 0;
}

static inline bool
nc_text_is(struct nc_text t, const char *s)
{
	return (size_t)(t.end - t.p) == strlen(s) && nc_text_starts(t, s);
}

/* Whether it is one of n names. */
static inline bool
nc_text_in(struct nc_text t, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (nc_text_is(t, names[i]))
			return true;
	return false;
}

/* Without blanks at both ends. */
static inline struct nc_text
nc_text_trim(struct nc_text t)
{
	while (t.p < t.end && (*t.p == ' ' || *t.p == '\t'))
		t.p++;
	while (t.end > t.p && (t.end[-1] == ' ' || t.end[-1] == '\t'))
		t.end--;
	return t;
}

/*
 * The next element of a list's inside ("a, b c"): separated by commas, or
 * blanks where no comma follows.  False at the end.
 */
bool nc_text_next(struct nc_text *list, struct nc_text *element);

/* The inside of {..} or [..]; a NULL text if it is neither. */
struct nc_text nc_text_inside(struct nc_text t);

/* Cuts "name=value" into both; the name is NULL where there is none. */
struct nc_text nc_text_field(struct nc_text t, struct nc_text *name);

/*
 * The next field of a struct's inside that has a name, and its value; false at
 * the end.
 */
bool nc_text_take_any(
    struct nc_text *inside, struct nc_text *name, struct nc_text *value);

struct nc_text nc_text_take_named(
    struct nc_text *inside, const char *name, size_t len);

/*
 * The value of the next field of that name, or a NULL text: the inside is read
 * to behind it, or to its end if there is none.
 */
static inline struct nc_text
nc_text_take(struct nc_text *inside, const char *name)
{
	return nc_text_take_named(inside, name, strlen(name));
}

/* The value of a field of a struct {..}, or a NULL text. */
static inline struct nc_text
nc_text_member(struct nc_text t, const char *name)
{
	struct nc_text inside = nc_text_inside(t);

	return nc_text_take(&inside, name);
}

/*
 * An integer at the start of the text: decimal, hex or octal, maybe negative.
 * Returns past it, or NULL if there is none or it is out of range (values up
 * to UINT64_MAX are kept as their two's complement).
 */
const char *nc_text_int(struct nc_text t, int64_t *v);

/* The same for the whole argument; NC_NIL if there is none. */
int64_t nc_text_number(struct nc_text t);

/*
 * A set of flags "A|B|0x10" as the sum of their bits in a space; unknown names
 * are passed over.  NC_NIL for an empty text.
 */
int64_t nc_text_flags(struct nc_text t, enum nc_space space);

/* A symbol or number of a space; NC_NIL if it is not known. */
int64_t nc_text_symbol(struct nc_text t, enum nc_space space);

#endif
