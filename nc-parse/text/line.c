/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * One line of strace: its prefix (process, time) and its kind.
 */
#include "line.h"

#include "../input/pages.h"
#include "mask.h"
#include "scan.h"

#include <string.h>

/* Letters, digits and _, ? and # of calls that strace does not know. */
static const bool name_chars[256] = {
#define C(x) [x] = true
#define SIX(x) C(x), C(x + 1), C(x + 2), C(x + 3), C(x + 4), C(x + 5)
#define TEN(x) SIX(x), C(x + 6), C(x + 7), C(x + 8), C(x + 9)
	TEN('0'),
	TEN('A'),
	TEN('K'),
	SIX('U'),
	TEN('a'),
	TEN('k'),
	SIX('u'),
	C('_'),
	C('?'),
	C('#'),
#undef C
#undef SIX
#undef TEN
};

static inline bool
is_name(char c)
{
	return name_chars[(unsigned char)c];
}

#ifdef __SSE2__
/* How many of the 16 characters at p are such before any other. */
static inline unsigned
names_at(const char *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)p), m;
	__m128i small = _mm_or_si128(v, _mm_set1_epi8(0x20));
	__m128i letter = _mm_sub_epi8(small, _mm_set1_epi8('a'));
	__m128i digit = _mm_sub_epi8(v, _mm_set1_epi8('0'));

	letter = _mm_subs_epu8(letter, _mm_set1_epi8(25));
	digit = _mm_subs_epu8(digit, _mm_set1_epi8(9));
	/* Zero in one of them. */
	m = _mm_cmpeq_epi8(_mm_min_epu8(letter, digit), _mm_setzero_si128());
	m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8('_')));
	m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8('?')));
	m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8('#')));
	return (unsigned)__builtin_ctz(~(unsigned)_mm_movemask_epi8(m));
}
#endif

/* "HH:MM:SS" with p after HH; NULL if it is impossible. */
static const char *
clock_time(const char *p, const char *end, int64_t hours, struct nc_line *l)
{
	int64_t ns;

	if (end - p < 6 || !nc_scan_is_digit(p[1]) || !nc_scan_is_digit(p[2]) ||
	    p[3] != ':' || !nc_scan_is_digit(p[4]) || !nc_scan_is_digit(p[5]))
		return NULL;
	if (hours > 23 || p[1] > '5' || (p[4] > '5' && p[4] != '6'))
		return NULL;
	l->time = (hours * 60 + (p[1] - '0') * 10 + (p[2] - '0')) * 60 +
	    (p[4] - '0') * 10 + (p[5] - '0');
	p = nc_scan_fraction(p + 6, end, &ns);
	l->time = l->time * NC_SCAN_SECOND + ns;
	l->stamp = NC_STAMP_DAY;
	return p;
}

/* "(+     0.000038) ", the relative time beside an absolute one. */
static const char *
skip_relative(const char *p, const char *end)
{
	const char *q = nc_scan_skip_blanks(p, end);

	if (end - q > 2 && q[0] == '(' && q[1] == '+') {
		q = memchr(q, ')', (size_t)(end - q));
		if (q != NULL)
			return q + 1;
	}
	return p;
}

/* "[  42] " of -n or "[00007f...] " of -i, or p. */
static const char *
skip_bracket(const char *p, const char *end)
{
	const char *q;

	if (p == end || *p != '[')
		return p;
	for (q = p + 1; q < end &&
	     (nc_scan_is_digit(*q) || *q == ' ' || *q == '?' ||
		 (*q >= 'a' && *q <= 'f'));
	     q++)
		;
	if (q == end || *q != ']' || q == p + 1)
		return p;
	return nc_scan_skip_blanks(q + 1, end);
}

/* "[user_u:role_r:type_t:s0] " of --secontext, or p. */
static const char *
skip_context(const char *p, const char *end)
{
	const char *q;

	if (p == end || *p != '[')
		return p;
	for (q = p + 1; q < end && (is_name(*q) || strchr(":.,-", *q) != NULL);
	     q++)
		;
	if (q == end || *q != ']' || q == p + 1)
		return p;
	return nc_scan_skip_blanks(q + 1, end);
}

/* What may follow a pid: a time, a call, an event, a bracket. */
static bool
may_follow(const char *p, const char *end)
{
	p = nc_scan_skip_blanks(p, end);
	if (p == end || nc_scan_is_digit(*p) || *p == '[' || *p == '<' ||
	    *p == '-' || *p == '+')
		return p < end;
	while (p < end && is_name(*p))
		p++;
	return p < end && *p == '(';
}

/* Its 15 bytes at most, each perhaps as "\\x70", with "<" and "> ". */
#define COMM_MAX (15 * 4 + 3)

/* "<comm>" of -Y after a pid, or p. */
static const char *
skip_comm(const char *p, const char *end)
{
	const char *q, *limit = end - p > COMM_MAX ? p + COMM_MAX : end;

	if (p == end || *p != '<')
		return p;
	/* It may hold anything: the shortest that leaves a line. */
	for (q = p + 1; q < limit; q++)
		if (*q == '>' && q + 1 < end && (q[1] == ' ' || q[1] == ']') &&
		    may_follow(q + 2, end))
			return q + 1;
	return p;
}

/* After the prefix's fraction: past it, or NULL if no line goes on so. */
static inline const char *
after_stamp(const char *p, const char *end)
{
	if (p < end && *p != ' ' && *p != '\t')
		return NULL;
	/* Nearly always the call's name is next. */
	if (end - p > 1 && is_name(p[1]))
		return p + 1;
	return nc_scan_skip_blanks(skip_relative(p, end), end);
}

/* If the line begins as the one before did: past its time, else NULL. */
static inline const char *
same_prefix(const char *p, const char *end, const struct nc_prefix *last,
    struct nc_line *l)
{
	int64_t ns;

	if (last->len == 0 || (size_t)(end - p) <= last->len ||
	    p[last->len] != '.' || memcmp(p, last->text, last->len) != 0)
		return NULL;
	p = after_stamp(nc_scan_fraction(p + last->len, end, &ns), end);
	if (p == NULL)
		return NULL;
	l->pid = last->pid;
	l->stamp = last->stamp;
	l->time = last->time + ns;
	return p;
}

static void
keep_prefix(const char *p, const char *dot, const struct nc_line *l, int64_t ns,
    struct nc_prefix *last)
{
	size_t n = (size_t)(dot - p);

	last->len = 0;
	if (n > sizeof(last->text))
		return;
	memcpy(last->text, p, n);
	last->len = n;
	last->pid = l->pid;
	last->stamp = l->stamp;
	last->time = l->time - ns;
}

/*
 * Pid and time.  A number is a pid unless its form says that it is a time:
 * a colon, a fraction, or a count of seconds since 1970.
 */
static const char *
prefix(
    const char *p, const char *end, struct nc_prefix *last, struct nc_line *l)
{
	const char *start = p, *dot, *q;
	int64_t v, ns;

	if (end - p > 5 && memcmp(p, "[pid", 4) == 0) {
		q = nc_scan_digits(nc_scan_skip_blanks(p + 4, end), end, &v);
		if (q == NULL)
			return NULL;
		q = skip_comm(q, end);
		if (q == end || *q != ']')
			return NULL;
		l->pid = v;
		p = skip_context(nc_scan_skip_blanks(q + 1, end), end);
	}
	while (p < end && nc_scan_is_digit(*p)) {
		q = nc_scan_digits(p, end, &v);
		if (q == NULL) {
			l->why = "number out of range";
			return NULL;
		}
		if (q < end && *q == ':') {
			dot = q + sizeof(":MM:SS") - 1;
			if (l->stamp != NC_STAMP_NONE ||
			    (q = clock_time(q, end, v, l)) == NULL) {
				l->why = "impossible time";
				return NULL;
			}
			if (q > dot)
				keep_prefix(start, dot, l,
				    l->time % NC_SCAN_SECOND, last);
		} else if (q < end && *q == '.') {
			if (l->stamp != NC_STAMP_NONE)
				break;
			l->stamp = v >= 100000000 ? NC_STAMP_EPOCH :
						    NC_STAMP_DELTA;
			dot = q;
			q = nc_scan_fraction(q, end, &ns);
			if (v >= NC_SCAN_SECONDS_MAX) {
				l->why = "impossible time";
				return NULL;
			}
			l->time = v * NC_SCAN_SECOND + ns;
			keep_prefix(start, dot, l, ns, last);
		} else if (v >= 1000000000 && v < NC_SCAN_SECONDS_MAX &&
		    l->stamp == NC_STAMP_NONE) {
			/* Past the largest pid: whole seconds. */
			l->stamp = NC_STAMP_EPOCH;
			l->time = v * NC_SCAN_SECOND;
		} else if (l->pid == NC_NIL && l->stamp == NC_STAMP_NONE) {
			if (v > 0x7fffffff) {
				l->why = "impossible pid";
				return NULL;
			}
			l->pid = v;
			q = skip_comm(q, end);
		} else if (l->stamp == NC_STAMP_NONE) {
			if (v >= NC_SCAN_SECONDS_MAX) {
				l->why = "impossible time";
				return NULL;
			}
			l->stamp = NC_STAMP_DELTA;
			l->time = v * NC_SCAN_SECOND;
		} else {
			break;
		}
		if (l->stamp != NC_STAMP_NONE) {
			p = after_stamp(q, end);
			if (p == NULL)
				return NULL;
			continue;
		}
		if (q < end && *q != ' ' && *q != '\t')
			return NULL;
		p = skip_context(nc_scan_skip_blanks(q, end), end);
	}
	return p;
}

static bool
is_message(const char *p, const char *end)
{
	return nc_scan_skip_tracer(p, end) > p ||
	    nc_scan_starts(p, end, "Process ") ||
	    nc_scan_starts(p, end, "[ Process PID=") ||
	    nc_scan_starts(p, end, "umove") || nc_scan_starts(p, end, "PANIC");
}

static void
parse_resumed(const char *p, const char *end, struct nc_line *l)
{
	static const char word[] = " resumed>";
	const char *q;

	l->name.p = p = nc_scan_skip_blanks(p + 4, end);
	for (q = p; q < end && *q != ' '; q++)
		;
	l->name.end = q;
	if (!nc_scan_starts(q, end, word)) {
		l->why = "resumed marker is cut";
		return;
	}
	l->body.p = q + sizeof(word) - 1;
	l->body.end = end;
	l->kind = NC_LINE_RESUMED;
}

/* Signals that a program gets for a fault of its own; "SIGSEGV (core ...". */
static bool
is_crash(const char *p, const char *end)
{
	static const char *const faults[] = { "SIGSEGV", "SIGABRT", "SIGBUS",
		"SIGFPE", "SIGILL", "SIGSYS", "SIGTRAP" };
	size_t i;

	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (nc_scan_starts(p, end, faults[i]))
			return true;
	return false;
}

static void
parse_end(const char *p, const char *end, struct nc_line *l)
{
	struct nc_text t;

	l->why = "unknown end of a process";
	if (nc_scan_starts(p, end, "+++ exited with ")) {
		t.p = p + 16;
		t.end = end;
		if (nc_text_int(t, &l->value) == NULL)
			return;
		l->kind = NC_LINE_EXITED;
	} else if (nc_scan_starts(p, end, "+++ killed by ")) {
		l->kind = NC_LINE_KILLED;
		l->value = is_crash(p + 14, end);
	} else if (nc_scan_starts(p, end, "+++ superseded by execve in pid ")) {
		t.p = p + 32;
		t.end = end;
		if (nc_text_int(t, &l->value) == NULL)
			return;
		l->kind = NC_LINE_SUPERSEDED;
	}
}

/* The tracer's own lines. */
static bool
is_special(const char *p, const char *end, struct nc_line *l)
{
	if (nc_scan_starts(p, end, "% time") ||
	    nc_scan_starts(p, end, "------"))
		l->kind = NC_LINE_SUMMARY;
	else if (is_message(p, end))
		l->kind = NC_LINE_MESSAGE;
	else
		return false;
	return true;
}

/* "name(" at p; false if it is none. */
static inline bool
is_call(const char *p, const char *end, struct nc_line *l)
{
	const char *q = p;

#ifdef __SSE2__
	if (end - p >= 16)
		q += names_at(p);
#endif
	while (q < end && is_name(*q))
		q++;
	if (q == p || q == end || *q != '(')
		return false;
	l->kind = NC_LINE_CALL;
	l->name.p = p;
	l->name.end = q;
	l->body.p = q + 1;
	l->body.end = end;
	return true;
}

void
nc_line_parse(
    const char *p, const char *end, struct nc_prefix *last, struct nc_line *l)
{
	const char *q = p;

	/* One by one: the instruction that would clear all is a slow one. */
	l->kind = NC_LINE_BAD;
	l->pid = NC_NIL;
	l->stamp = NC_STAMP_NONE;
	l->time = NC_NIL;
	l->name.p = l->name.end = NULL;
	l->body.p = p;
	l->body.end = end;
	l->value = 0;
	l->entry = 0;
	l->again = false;
	l->why = "not a line of a trace";
	if (p < end && (*p == ' ' || *p == '\t')) {
		q = nc_scan_skip_blanks(p, end);
		if (q == end) {
			l->kind = NC_LINE_BLANK;
			return;
		}
		if (q + 1 < end && q == p + 1 && q[1] == ' ' &&
		    strchr(">|*=", *q) != NULL) {
			l->kind = NC_LINE_DUMP;
			return;
		}
	} else if (p == end) {
		l->kind = NC_LINE_BLANK;
		return;
	}
	p = same_prefix(q, end, last, l);
	if (p != NULL && is_call(p, end, l))
		return;
	if (p == NULL) {
		/* Nearly all lines begin with a pid or a time. */
		if (!nc_scan_is_digit(*q) && is_special(q, end, l))
			return;
		p = prefix(q, end, last, l);
	}
	if (p == NULL)
		return;
	if (p < end && *p == '[')
		p = skip_context(skip_bracket(skip_bracket(p, end), end), end);
	if (p == end) {
		l->why = "line is cut";
		return;
	}
	switch (*p) {
	case '+':
		parse_end(p, end, l);
		return;
	case '-':
		if (nc_scan_starts(p, end, "--- ")) {
			l->kind = NC_LINE_SIGNAL;
			l->value = nc_scan_starts(p, end, "--- stopped by ");
		}
		return;
	case '<':
		if (nc_scan_starts(p, end, "<... "))
			parse_resumed(p, end, l);
		return;
	case '[':
		if (nc_scan_starts(p, end, "[ Process PID="))
			l->kind = NC_LINE_MESSAGE;
		return;
	default:
		break;
	}
	if (!is_call(p, end, l) && is_message(p, end))
		l->kind = NC_LINE_MESSAGE;
}

bool
nc_line_is_half(const char *p, const char *end, const char **cut, bool *final)
{
	static const char word[] = "<unfinished ...>";
	const char *q;

	*final = false;
	while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*cut = end;
	if (end <= p + 1 || end[-1] != '>')
		return false;
	/* The markers end in dots, or in a status after a word. */
	if (end[-2] != '.' && !nc_scan_is_digit(end[-2]))
		return false;
	if (end - p >= NC_DURATION &&
	    nc_digits_is_duration(end - NC_DURATION)) {
		*cut = end - NC_DURATION;
		return false;
	}
	for (q = end - 2; q > p && (nc_scan_is_digit(*q) || *q == '.'); q--)
		;
	if (*q == '<') {
		*cut = q; /* the duration of -T */
		return false;
	}
	if (end - p >= 16 && memcmp(end - 16, word, 16) == 0) {
		*cut = end - 16;
		return true;
	}
	for (; q > p && *q != '<' && end - q < 48; q--)
		;
	if (*q != '<')
		return false;
	if (nc_scan_starts(q, end, "<pid changed to ")) {
		*cut = q;
		return true;
	}
	if (nc_scan_starts(q, end, "<detached ...") ||
	    nc_scan_starts(q, end, "<unfinished ... exit status")) {
		*cut = q;
		*final = true;
		return true;
	}
	return false;
}

struct nc_text
nc_line_without_colour(struct nc_text text, struct nc_buf *plain)
{
	const char *p = text.p, *q;

	nc_buf_trim(plain, NC_PAGES_SLICE);
	plain->len = 0;
	while ((q = memchr(p, '\33', (size_t)(text.end - p))) != NULL) {
		nc_pages_move(plain, (struct nc_text){ p, q });
		for (p = q + 1; p < text.end &&
		     (*p == '[' || *p == ';' || (*p >= '0' && *p <= '9'));
		     p++)
			;
		if (p < text.end && *p == 'm')
			p++;
		else
			nc_buf_add(plain, q, (size_t)(p - q));
	}
	nc_pages_move(plain, (struct nc_text){ p, text.end });
	if (plain->len == 0)
		return (struct nc_text){ text.end, text.end };
	return (struct nc_text){ plain->p, plain->p + plain->len };
}
