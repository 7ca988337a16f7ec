/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Who takes part in an execution: drawn, set up, run to its end.
 */
#ifndef LAWFUL_SCENE_H
#define LAWFUL_SCENE_H

#include "world.h"

/*
 * A choice that the command line fixes as NAME=NUMBER; -1 if there is none of
 * that name.
 */
int choice_fix(const char *text);

/* The execution of a seed.  Its choices are w->choice. */
struct world *scene_run(uint64_t seed);

#endif
