/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * lawful FOLDER FIRST COUNT [CHOICE=NUMBER...]: writes executions in which
 * nothing is wrong, or just the fault asked for, as strace would have shown
 * them: FOLDER/SEED/hosts.csv and its traces.
 *
 * The simulated programs, machines and network know how Linux and strace
 * behave and nothing about NetCheck, so that a finding about their traces is
 * a false one.  Prints a line for each seed: its number and its choices, or
 * what went wrong in the simulation, which is a defect of the generator; the
 * status is 1 then.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "log.h"
#include "scene.h"

static void
print_choices(const struct choices *c)
{
#define CHOICE(name, how, what) printf(" " #name "=%d", c->name);
#include "choice.def"
#undef CHOICE
}

static int
make(const char *folder, uint64_t seed)
{
	struct world *w = scene_run(seed);
	const char *path =
	    arena_text(&w->arena, "%s/%llu", folder, (unsigned long long)seed);
	int bad = w->unlawful != NULL;

	printf("%llu", (unsigned long long)seed);
	if (bad)
		printf(" unlawful: %s", w->unlawful);
	print_choices(&w->choice);
	if (w->choice.fault)
		printf(" injected=%d also_injected=%d",
		    w->injected[w->choice.fault], w->injected[w->choice.also]);
	putchar('\n');
	if (log_write(w, path) < 0)
		err(2, "%s", path);
	world_free(w);
	return bad;
}

int
main(int argc, char **argv)
{
	uint64_t seed, first;
	int i, bad = 0;
	long count;

	if (argc < 4)
		errx(2, "usage: lawful FOLDER FIRST COUNT [CHOICE=NUMBER...]");
	for (i = 4; i < argc; i++)
		if (choice_fix(argv[i]) < 0)
			errx(2, "%s: no such choice", argv[i]);
	first = strtoull(argv[2], NULL, 10);
	count = strtol(argv[3], NULL, 10);
	for (seed = first; seed < first + (uint64_t)count; seed++)
		bad |= make(argv[1], seed);
	return bad;
}
