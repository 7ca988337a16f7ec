/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The grammar of strace's arguments, as scanners over text in place.
 *
 * Nothing here allocates but nc_text_decode, and nothing recurses: brackets
 * are counted, so that depth costs no stack.
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

/* Most arguments of a call that are kept; later ones are passed over. */
#define NC_ARGS_MAX 16

/* A call's text, cut into its parts. */
struct nc_args {
	struct nc_text arg[NC_ARGS_MAX];
	size_t n;         /* arguments, at most NC_ARGS_MAX */
	bool closed;      /* the closing parenthesis was found */
	const char *rest; /* after it; or where the text ended */
	bool named;       /* -N: names were taken off */
};

/*
 * Cuts the text after a call's opening parenthesis at its top-level commas.
 * 0, or -1 with *why if the brackets or quotes do not fit.  Text that ends
 * before the closing parenthesis is no error: closed is false.
 */
int nc_args_split(
    const char *p, const char *end, struct nc_args *a, const char **why);

/* Argument i, or a NULL text. */
struct nc_text nc_arg(const struct nc_args *a, size_t i);

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

/* Without blanks at both ends. */
struct nc_text nc_text_trim(struct nc_text t);

/*
 * The next element of a list's inside ("a, b c"): separated by commas, or
 * blanks where no comma follows.  False at the end.
 */
bool nc_text_next(struct nc_text *list, struct nc_text *element);

/* The inside of {..} or [..]; a NULL text if it is neither. */
struct nc_text nc_text_inside(struct nc_text t);

/* Cuts "name=value" into both; the name is NULL where there is none. */
struct nc_text nc_text_field(struct nc_text t, struct nc_text *name);

/* The value of a field of a struct {..}, or a NULL text. */
struct nc_text nc_text_member(struct nc_text t, const char *name);

/*
 * The same for several fields in their order, with a struct's inside that is
 * read to behind the field found; to its end if there is none.
 */
struct nc_text nc_text_take(struct nc_text *inside, const char *name);

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
