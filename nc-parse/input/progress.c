/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * How far the work is, on standard error, and messages between it.
 */
#include "progress.h"

#include <err.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)
/* A terminal's line is rewritten that often, ns. */
#define REFRESH (SECOND / 5)
/* More is not told, s. */
#define LONGEST 359999
/* Back to the line's start, and clear it. */
#define CLEAR "\r\033[K"

static struct {
	bool on, terminal, forced;
	bool shown; /* the terminal's line */
	int64_t total, began, next;
} state;

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

void
nc_progress_begin(enum nc_progress when, int64_t total)
{
	state.terminal = isatty(STDERR_FILENO);
	state.forced = when == NC_PROGRESS_ALWAYS;
	state.on = state.forced || (when == NC_PROGRESS_AUTO && state.terminal);
	state.total = total;
	if (!state.on)
		return;
	state.began = now();
	state.next =
	    state.began + (state.forced && state.terminal ? REFRESH : SECOND);
}

const char *
nc_progress_text(char buf[NC_PROGRESS_TEXT], int64_t done, int64_t total,
    int64_t text, int64_t elapsed)
{
	double seconds = (double)elapsed / (double)SECOND, wait;
	double mb = (double)text / 1e6, rate = seconds > 0 ? mb / seconds : 0;
	int digits = rate < 10, left;

	if (total < 0 || done <= 0) {
		snprintf(buf, NC_PROGRESS_TEXT, "%.*f MB, %.*f MB/s", mb < 10,
		    mb, digits, rate);
		return buf;
	}
	if (done > total)
		done = total; /* it grew meanwhile */
	wait = seconds * (double)(total - done) / (double)done + 0.5;
	left = wait < LONGEST ? (int)wait : LONGEST;
	snprintf(buf, NC_PROGRESS_TEXT, "%d %%, %.*f MB/s, %d:%02d left",
	    (int)(100.0 * (double)done / (double)total), digits, rate,
	    left / 60, left % 60);
	return buf;
}

void
nc_progress_set(int64_t done, int64_t text)
{
	char buf[NC_PROGRESS_TEXT];
	int64_t t;

	if (!state.on || (t = now()) < state.next)
		return;
	state.next = t + (state.terminal ? REFRESH : SECOND);
	/* Who works in the background does not write over others. */
	if (state.terminal && !state.forced &&
	    tcgetpgrp(STDERR_FILENO) != getpgrp())
		return;
	nc_progress_text(buf, done, state.total, text, t - state.began);
	fprintf(stderr, "%snc-parse: %s%s", state.terminal ? CLEAR : "", buf,
	    state.terminal ? "" : "\n");
	state.shown = state.terminal;
}

static void
clear(void)
{
	if (state.shown)
		fputs(CLEAR, stderr);
	state.shown = false;
}

void
nc_progress_end(void)
{
	clear();
	state.on = false;
}

void
nc_message(const char *fmt, ...)
{
	va_list ap;

	clear();
	va_start(ap, fmt);
	vwarnx(fmt, ap);
	va_end(ap);
}
