/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A call's text, cut into its arguments.
 */
#include "args.h"

#include "mask.h"
#include "scan.h"
#include "wide.h"

#include <string.h>

/* Brackets nested deeper than this make a line unreadable. */
#define DEPTH_MAX 64

/* Text in which quotes, brackets, commas, '<' and '/' are sought. */
struct scan {
	const char *block, *end;
	uint64_t mask; /* those among the NC_MASK_BYTES at block */
};

static void
scan_block(struct scan *s, const char *p)
{
	char last[NC_MASK_BYTES] = { 0 };

	s->block = p;
	if (nc_wide_works()) {
		s->mask = nc_wide_marks(p,
		    s->end - p < NC_MASK_BYTES ? (size_t)(s->end - p) :
						 NC_MASK_BYTES);
		return;
	}
	/* Near the end, a copy with bytes to read behind it. */
	if (s->end - p < NC_MASK_BYTES) {
		memcpy(last, p, (size_t)(s->end - p));
		p = last;
	}
	s->mask = nc_mask_of_marks(p);
}

/* The first one from p on, or the end; p only ever rises. */
static inline const char *
next_mark(struct scan *s, const char *p)
{
	uint64_t mask = 0;

	for (;;) {
		if (p - s->block < NC_MASK_BYTES)
			mask = s->mask & ~UINT64_C(0) << (p - s->block);
		if (mask != 0)
			return s->block + __builtin_ctzll(mask);
		if (p - s->block < NC_MASK_BYTES)
			p = s->block + NC_MASK_BYTES;
		if (p >= s->end)
			return s->end;
		scan_block(s, p);
	}
}

static inline void
add_arg(struct nc_args *a, const char *p, const char *end)
{
	struct nc_text t = { p, end };

	if (a->n < NC_ARGS_MAX)
		a->arg[a->n++] = nc_text_trim(t);
}

/* strace before 4.5 ends Internet addresses with one brace too many. */
static bool
has_spare_brace(const char *from, const char *p)
{
	static const char begin[] = "{sin_family=";

	from = nc_scan_skip_blanks(from, p);
	return *p == '}' && p[-1] == '}' &&
	    (size_t)(p - from) > strlen(begin) &&
	    memcmp(from, begin, strlen(begin)) == 0;
}

/* Takes "name=" off each argument if all of them have one (-N). */
static void
strip_names(struct nc_args *a)
{
	struct nc_text name, value[NC_ARGS_MAX];
	size_t i;

	for (i = 0; i < a->n; i++) {
		value[i] = nc_text_field(a->arg[i], &name);
		if (name.p == NULL)
			return;
	}
	if (a->n == 0)
		return;
	memcpy(a->arg, value, a->n * sizeof(value[0]));
	a->named = true;
}

/* Before 4.9 the brace that ends an address of AF_PACKET is missing. */
static bool
lacks_brace(const char *p, const char *end)
{
	while (p < end && nc_scan_is_blank(*p))
		p++;
	return nc_text_starts(
	    (struct nc_text){ p, end }, "{sa_family=AF_PACKET, ");
}

int
nc_args_split_behind(const char *p, const char *known, const char *end,
    struct nc_args *a, const char **why)
{
	const char *start = p, *from = p;
	struct scan scan = { .block = known, .end = end };
	char stack[DEPTH_MAX];
	int depth = 0;

	p = known;
	if (p < end)
		scan_block(&scan, p);
	a->n = 0;
	a->closed = false;
	a->named = false;
	for (;;) {
		p = next_mark(&scan, p);
		if (p == end)
			break;
		switch (*p) {
		case '"':
			p = nc_text_skip_string(p, end);
			if (p == NULL) {
				*why = "string without end";
				return -1;
			}
			continue;
		case '<':
			if (!nc_scan_opens_note(start, p, end))
				break;
			p = nc_text_skip_note(p, end);
			if (p == NULL) {
				*why = "annotation without end";
				return -1;
			}
			continue;
		case '/':
			if (p + 1 < end && p[1] == '*') {
				p = nc_scan_skip_comment(p, end);
				continue;
			}
			break;
		case ',':
			if (depth > 0)
				break;
			/* Other tracers leave the blank out. */
			if (p + 1 < end && !nc_scan_is_blank(p[1])) {
				*why = "no blank after a comma";
				return -1;
			}
			add_arg(a, from, p);
			from = p + 1;
			break;
		case '(':
		case '[':
		case '{':
			if (depth == DEPTH_MAX) {
				*why = "brackets nested too deep";
				return -1;
			}
			stack[depth++] = *p == '(' ? ')' :
			    *p == '['              ? ']' :
						     '}';
			break;
		default:
			if (*p == ')' && depth == 1 && stack[0] == '}' &&
			    lacks_brace(from, p))
				depth = 0;
			if (depth == 0 && *p == ')') {
				if (p > from || a->n > 0)
					add_arg(a, from, p);
				a->closed = true;
				a->rest = p + 1;
				strip_names(a);
				return 0;
			}
			if (depth == 0 && has_spare_brace(from, p))
				break;
			if (depth == 0 || stack[--depth] != *p) {
				*why = "brackets do not fit";
				return -1;
			}
			break;
		}
		p++;
	}
	if (depth > 0) {
		*why = "brackets without end";
		return -1;
	}
	if (nc_text_trim((struct nc_text){ from, end }).p < end)
		add_arg(a, from, end);
	a->rest = end;
	strip_names(a);
	return 0;
}

int
nc_args_split(
    const char *p, const char *end, struct nc_args *a, const char **why)
{
	return nc_args_split_behind(p, p, end, a, why);
}

struct nc_text
nc_arg(const struct nc_args *a, size_t i)
{
	return i < a->n ? a->arg[i] : (struct nc_text){ NULL, NULL };
}
