/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What all system calls share.
 */
#include "sys.h"

#include "log.h"

void
sys_pause(struct thread *t)
{
	struct rng *r = &t->world->rng;
	int64_t us = RNG_PICK(r, 2, 9, 9, 40, 40, 300);

	us = us / 2 + rng_between(r, 0, us);
	if (rng_chance(r, (unsigned)t->world->choice.busy))
		us += rng_between(r, 100, 20000);
	task_sleep(&t->world->clock, us);
}

void
sys_think(struct thread *t)
{
	task_sleep(&t->world->clock, rng_between(&t->world->rng, 1, 20));
}

void
sys_plain(
    struct thread *t, const char *name, const char *args, const char *result)
{
	log_enter(t, name, args, NULL);
	sys_pause(t);
	log_leave(t, "", result);
	sys_think(t);
}
