/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * repeat ROUNDS SEED TEMPLATE...: writes one host's trace of ROUNDS runs, each
 * of a recording chosen among the templates (tests/bench/template).  The runs
 * follow each other as on a machine that goes on: later times, other process
 * numbers, inodes and ephemeral ports.  Same arguments, same bytes; with the
 * same ROUNDS and SEED, the templates of another host in the same order make
 * the trace that belongs to it.
 *
 * A template is the text of a trace in which FS (0x1c) begins each value that
 * changes, a letter tells its kind and FS ends it; its first line is the time
 * in us that one run takes.
 */
#include <err.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK '\x1c'
#define BEGAN UINT64_C(1700000000000000) /* us since 1970, the first run */
#define BETWEEN UINT64_C(1000000)        /* us from one run to the next */
#define PIDS 4000000                     /* below the kernel's limit */
#define PIDS_A_RUN 1009                  /* prime to PIDS */
#define INODES_A_RUN 1000000
#define PORTS_BEGIN 32768 /* of Linux's range of ephemeral ports */
#define PORTS 28232
#define PORTS_A_RUN 1009

/* Text as it stands, then a value that each run changes. */
struct piece {
	const char *text;
	size_t len;
	uint64_t value;
	char kind; /* T time, us; P process; I inode; O port; 0 none */
};

struct template
{
	struct piece *pieces;
	size_t n;
	uint64_t took; /* us */
};

static char *
read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *text;
	long size;

	if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0)
		err(2, "%s", path);
	rewind(f);
	if ((text = malloc((size_t)size + 1)) == NULL)
		err(2, NULL);
	*len = fread(text, 1, (size_t)size, f);
	text[*len] = '\0';
	fclose(f);
	return text;
}

/* The text is kept: pieces point into it. */
static void
read_template(const char *path, struct template *t)
{
	size_t len, cap = 0;
	char *p = read_file(path, &len), *end = p + len, *mark, *after;

	t->took = strtoumax(p, &p, 10);
	if (*p++ != '\n')
		errx(2, "%s: no duration in its first line", path);
	for (t->n = 0; p < end; t->n++) {
		if (t->n == cap) {
			cap = cap == 0 ? 1024 : 2 * cap;
			t->pieces =
			    realloc(t->pieces, cap * sizeof(*t->pieces));
			if (t->pieces == NULL)
				err(2, NULL);
		}
		if ((mark = memchr(p, MARK, (size_t)(end - p))) == NULL) {
			t->pieces[t->n] =
			    (struct piece){ p, (size_t)(end - p), 0, 0 };
			p = end;
			continue;
		}
		t->pieces[t->n] = (struct piece){ p, (size_t)(mark - p),
			strtoumax(mark + 2, &after, 10), mark[1] };
		if (*after != MARK)
			errx(2, "%s: a mark is not ended", path);
		p = after + 1;
	}
}

static void
put_number(uint64_t v, int width)
{
	char digits[24], *p = digits + sizeof(digits);

	do {
		*--p = (char)('0' + v % 10);
		v /= 10;
		width--;
	} while (v > 0 || width > 0);
	fwrite(p, 1, (size_t)(digits + sizeof(digits) - p), stdout);
}

static void
put_run(const struct template *t, uint64_t run, uint64_t began)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct piece *p = &t->pieces[i];

		fwrite(p->text, 1, p->len, stdout);
		switch (p->kind) {
		case 'T':
			put_number((began + p->value) / 1000000, 1);
			putchar('.');
			put_number((began + p->value) % 1000000, 6);
			break;
		case 'P':
			put_number((p->value + run * PIDS_A_RUN) % PIDS + 1, 1);
			break;
		case 'I':
			put_number(p->value + run * INODES_A_RUN, 1);
			break;
		case 'O':
			put_number(
			    (p->value - PORTS_BEGIN + run * PORTS_A_RUN) %
				    PORTS +
				PORTS_BEGIN,
			    1);
			break;
		default:
			break;
		}
	}
}

int
main(int argc, char **argv)
{
	uint64_t rounds, random, began = BEGAN;
	struct template *templates;
	size_t n;

	if (argc < 4)
		errx(2, "usage: repeat ROUNDS SEED TEMPLATE...");
	rounds = strtoumax(argv[1], NULL, 10);
	random = strtoumax(argv[2], NULL, 10) * 2 + 1;
	n = (size_t)argc - 3;
	if ((templates = calloc(n, sizeof(*templates))) == NULL)
		err(2, NULL);
	for (size_t i = 0; i < n; i++)
		read_template(argv[i + 3], &templates[i]);
	for (uint64_t run = 0; run < rounds; run++) {
		const struct template *t;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		t = &templates[(random >> 33) % n];
		put_run(t, run, began);
		began += t->took + BETWEEN;
	}
	if (fflush(stdout) != 0)
		err(2, "standard output");
	return 0;
}
