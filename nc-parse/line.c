/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * One line of strace: its prefix (process, time) and its kind.
 */
#include "line.h"

#include "input/pages.h"

#include <string.h>

#define SECOND INT64_C(1000000000)
#define SECONDS_MAX 9000000000 /* in nanoseconds it still fits */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Letters, digits and _, ? and # of calls that strace does not know. */
static bool
is_name(char c)
{
	char lower = (char)(c | 0x20);

	return (lower >= 'a' && lower <= 'z') || is_digit(c) || c == '_' ||
	    c == '?' || c == '#';
}

static const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p;
}

/* So many digits always fit. */
#define SAFE_DIGITS 18

/* Digits at p as a number; returns past them, p if none, NULL if too big. */
static const char *
digits(const char *p, const char *end, int64_t *v)
{
	const char *safe = end - p > SAFE_DIGITS ? p + SAFE_DIGITS : end;
	int64_t n = 0;

	for (; p < safe && is_digit(*p); p++)
		n = n * 10 + (*p - '0');
	for (; p < end && is_digit(*p); p++) {
		if (n > (INT64_MAX - 9) / 10)
			return NULL;
		n = n * 10 + (*p - '0');
	}
	*v = n;
	return p;
}

/* ".123456" as nanoseconds; p itself if there is no fraction. */
static const char *
fraction(const char *p, const char *end, int64_t *ns)
{
	static const int64_t scale[] = { 1000000000, 100000000, 10000000,
		1000000, 100000, 10000, 1000, 100, 10, 1 };
	const char *from, *nine;
	int64_t v = 0;

	*ns = 0;
	if (p == end || *p != '.' || p + 1 == end || !is_digit(p[1]))
		return p;
	from = ++p;
	nine = end - p > 9 ? p + 9 : end;
	for (; p < nine && is_digit(*p); p++)
		v = v * 10 + (*p - '0');
	*ns = v * scale[p - from];
	while (p < end && is_digit(*p))
		p++;
	return p;
}

/* "HH:MM:SS" with p after HH; NULL if it is impossible. */
static const char *
clock_time(const char *p, const char *end, int64_t hours, struct nc_line *l)
{
	int64_t ns;

	if (end - p < 6 || !is_digit(p[1]) || !is_digit(p[2]) || p[3] != ':' ||
	    !is_digit(p[4]) || !is_digit(p[5]))
		return NULL;
	if (hours > 23 || p[1] > '5' || (p[4] > '5' && p[4] != '6'))
		return NULL;
	l->time = (hours * 60 + (p[1] - '0') * 10 + (p[2] - '0')) * 60 +
	    (p[4] - '0') * 10 + (p[5] - '0');
	p = fraction(p + 6, end, &ns);
	l->time = l->time * SECOND + ns;
	l->stamp = NC_STAMP_DAY;
	return p;
}

/* "(+     0.000038) ", the relative time beside an absolute one. */
static const char *
skip_relative(const char *p, const char *end)
{
	const char *q = skip_blanks(p, end);

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
	     (is_digit(*q) || *q == ' ' || *q == '?' ||
		 (*q >= 'a' && *q <= 'f'));
	     q++)
		;
	if (q == end || *q != ']' || q == p + 1)
		return p;
	return skip_blanks(q + 1, end);
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
	return skip_blanks(q + 1, end);
}

/* What may follow a pid: a time, a call, an event, a bracket. */
static bool
may_follow(const char *p, const char *end)
{
	p = skip_blanks(p, end);
	if (p == end || is_digit(*p) || *p == '[' || *p == '<' || *p == '-' ||
	    *p == '+')
		return p < end;
	while (p < end && is_name(*p))
		p++;
	return p < end && *p == '(';
}

/* "<comm>" of -Y after a pid, or p. */
static const char *
skip_comm(const char *p, const char *end)
{
	const char *q, *limit = end - p > 18 ? p + 18 : end;

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
static const char *
after_stamp(const char *p, const char *end)
{
	if (p < end && *p != ' ' && *p != '\t')
		return NULL;
	return skip_blanks(skip_relative(p, end), end);
}

/* If the line begins as the one before did: past its time, else NULL. */
static const char *
same_prefix(const char *p, const char *end, const struct nc_prefix *last,
    struct nc_line *l)
{
	int64_t ns;

	if (last->len == 0 || (size_t)(end - p) <= last->len ||
	    p[last->len] != '.' || memcmp(p, last->text, last->len) != 0)
		return NULL;
	p = after_stamp(fraction(p + last->len, end, &ns), end);
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
		q = digits(skip_blanks(p + 4, end), end, &v);
		if (q == NULL)
			return NULL;
		q = skip_comm(q, end);
		if (q == end || *q != ']')
			return NULL;
		l->pid = v;
		p = skip_context(skip_blanks(q + 1, end), end);
	}
	while (p < end && is_digit(*p)) {
		q = digits(p, end, &v);
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
				keep_prefix(
				    start, dot, l, l->time % SECOND, last);
		} else if (q < end && *q == '.') {
			if (l->stamp != NC_STAMP_NONE)
				break;
			l->stamp = v >= 100000000 ? NC_STAMP_EPOCH :
						    NC_STAMP_DELTA;
			dot = q;
			q = fraction(q, end, &ns);
			if (v >= SECONDS_MAX) {
				l->why = "impossible time";
				return NULL;
			}
			l->time = v * SECOND + ns;
			keep_prefix(start, dot, l, ns, last);
		} else if (v >= 1000000000 && v < SECONDS_MAX &&
		    l->stamp == NC_STAMP_NONE) {
			/* Past the largest pid: whole seconds. */
			l->stamp = NC_STAMP_EPOCH;
			l->time = v * SECOND;
		} else if (l->pid == NC_NIL && l->stamp == NC_STAMP_NONE) {
			if (v > 0x7fffffff) {
				l->why = "impossible pid";
				return NULL;
			}
			l->pid = v;
			q = skip_comm(q, end);
		} else if (l->stamp == NC_STAMP_NONE) {
			if (v >= SECONDS_MAX) {
				l->why = "impossible time";
				return NULL;
			}
			l->stamp = NC_STAMP_DELTA;
			l->time = v * SECOND;
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
		p = skip_context(skip_blanks(q, end), end);
	}
	return p;
}

static bool
starts(const char *p, const char *end, const char *s)
{
	size_t n = strlen(s);

	return (size_t)(end - p) >= n && memcmp(p, s, n) == 0;
}

static bool
is_message(const char *p, const char *end)
{
	return starts(p, end, "strace: ") || starts(p, end, "Process ") ||
	    starts(p, end, "[ Process PID=") || starts(p, end, "umove") ||
	    starts(p, end, "PANIC");
}

static void
parse_resumed(const char *p, const char *end, struct nc_line *l)
{
	static const char word[] = " resumed>";
	const char *q;

	l->name.p = p = skip_blanks(p + 4, end);
	for (q = p; q < end && *q != ' '; q++)
		;
	l->name.end = q;
	if (!starts(q, end, word)) {
		l->why = "resumed marker is cut";
		return;
	}
	l->body.p = q + sizeof(word) - 1;
	l->body.end = end;
	l->kind = NC_LINE_RESUMED;
}

static void
parse_end(const char *p, const char *end, struct nc_line *l)
{
	struct nc_text t;

	l->why = "unknown end of a process";
	if (starts(p, end, "+++ exited with ")) {
		t.p = p + 16;
		t.end = end;
		if (nc_text_int(t, &l->value) == NULL)
			return;
		l->kind = NC_LINE_EXITED;
	} else if (starts(p, end, "+++ killed by ")) {
		l->kind = NC_LINE_KILLED;
	} else if (starts(p, end, "+++ superseded by execve in pid ")) {
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
	if (starts(p, end, "% time") || starts(p, end, "------"))
		l->kind = NC_LINE_SUMMARY;
	else if (is_message(p, end))
		l->kind = NC_LINE_MESSAGE;
	else
		return false;
	return true;
}

void
nc_line_parse(
    const char *p, const char *end, struct nc_prefix *last, struct nc_line *l)
{
	const char *q = p;

	memset(l, 0, sizeof(*l));
	l->kind = NC_LINE_BAD;
	l->pid = NC_NIL;
	l->time = NC_NIL;
	l->why = "not a line of a trace";
	l->body.p = p;
	l->body.end = end;
	if (p < end && (*p == ' ' || *p == '\t')) {
		q = skip_blanks(p, end);
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
	if (p == NULL) {
		/* Nearly all lines begin with a pid or a time. */
		if (!is_digit(*q) && is_special(q, end, l))
			return;
		p = prefix(q, end, last, l);
	}
	if (p == NULL)
		return;
	p = skip_bracket(skip_bracket(p, end), end);
	p = skip_context(p, end);
	if (p == end) {
		l->why = "line is cut";
		return;
	}
	switch (*p) {
	case '+':
		parse_end(p, end, l);
		return;
	case '-':
		if (starts(p, end, "--- "))
			l->kind = NC_LINE_SIGNAL;
		return;
	case '<':
		if (starts(p, end, "<... "))
			parse_resumed(p, end, l);
		return;
	case '[':
		if (starts(p, end, "[ Process PID="))
			l->kind = NC_LINE_MESSAGE;
		return;
	default:
		break;
	}
	for (q = p; q < end && is_name(*q); q++)
		;
	if (q == p || q == end || *q != '(') {
		if (is_message(p, end))
			l->kind = NC_LINE_MESSAGE;
		return;
	}
	l->kind = NC_LINE_CALL;
	l->name.p = p;
	l->name.end = q;
	l->body.p = q + 1;
	l->body.end = end;
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
	if (end[-2] != '.' && !is_digit(end[-2]))
		return false;
	for (q = end - 2; q > p && (is_digit(*q) || *q == '.'); q--)
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
	if (starts(q, end, "<pid changed to ")) {
		*cut = q;
		return true;
	}
	if (starts(q, end, "<detached ...") ||
	    starts(q, end, "<unfinished ... exit status")) {
		*cut = q;
		*final = true;
		return true;
	}
	return false;
}

/* "<0.000123>" at the very end: the time of -T. */
static const char *
take_duration(const char *p, const char *end, struct nc_tail *t)
{
	const char *q, *stop;
	int64_t s, ns;

	if (end == p || end[-1] != '>')
		return end;
	for (q = end - 1; q > p && *q != '<' && end - q < 32; q--)
		;
	if (*q != '<')
		return end;
	stop = digits(q + 1, end, &s);
	if (stop == NULL || stop == q + 1 || s >= SECONDS_MAX)
		return end;
	stop = fraction(stop, end, &ns);
	if (stop != end - 1)
		return end;
	t->duration = s * SECOND + ns;
	return q;
}

static bool
is_errno(const char *p, const char *q)
{
	if (q - p < 2 || *p != 'E')
		return false;
	for (; p < q; p++)
		if (!((*p >= 'A' && *p <= 'Z') || is_digit(*p) || *p == '_'))
			return false;
	return true;
}

/* The parentheses and words after the value. */
static void
parse_decor(const char *p, const char *end, struct nc_tail *t)
{
	const char *q;
	size_t depth;

	while ((p = skip_blanks(p, end)) < end) {
		if (*p != '(') {
			for (q = p; q < end && *q != ' '; q++)
				;
			p = q;
			continue;
		}
		for (depth = 0, q = p; q < end; q++) {
			if (*q == '(')
				depth++;
			else if (*q == ')' && --depth == 0)
				break;
		}
		if (starts(p, end, "(INJECTED: args)"))
			t->altered = true;
		else if (starts(p, end, "(INJECTED"))
			t->injected = true;
		else if (starts(p, end, "(DELAYED"))
			t->delayed = true;
		else if (t->more.p == NULL) {
			t->more.p = p + 1;
			t->more.end = q;
		}
		p = q < end ? q + 1 : end;
	}
}

int
nc_tail_parse(
    const char *p, const char *end, struct nc_tail *t, const char **why)
{
	struct nc_text v;
	const char *q;

	memset(t, 0, sizeof(*t));
	t->result = NC_NIL;
	t->duration = NC_NIL;
	while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	p = skip_blanks(p, end);
	if (p == end || *p != '=') {
		*why = p == end ? "no result" : "text after the arguments";
		return -1;
	}
	end = take_duration(p, end, t);
	p = skip_blanks(p + 1, end);
	if (p == end) {
		*why = "no result";
		return -1;
	}
	if (*p == '?') {
		t->unknown = true;
		p++;
	} else {
		v.p = p;
		v.end = end;
		p = nc_text_int(v, &t->result);
		if (p == NULL) {
			*why = "result is no number";
			return -1;
		}
		if (p < end && *p == '<') {
			q = nc_text_skip_note(p, end);
			if (q != NULL) {
				t->note.p = p;
				t->note.end = q;
				p = q;
			}
		}
		if (p < end && *p != ' ' && *p != '\t') {
			*why = "result is no number";
			return -1;
		}
	}
	p = skip_blanks(p, end);
	if (t->unknown || t->result == -1) {
		for (q = p; q < end && *q != ' '; q++)
			;
		if (is_errno(p, q)) {
			t->error.p = p;
			t->error.end = q;
			/* A cut line may end within a name: no guess. */
			p = q;
		}
	}
	parse_decor(p, end, t);
	return 0;
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
