/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Who only looks which ports are open, and who needs what refuses.
 */
#include "sweep.h"

#include "tap.h"

static void
refuse(struct sweeps *s, uint16_t first, int ports, int times)
{
	int i, j;

	for (j = 0; j < times; j++)
		for (i = 0; i < ports; i++)
			sweep_refused(s, 1, (uint16_t)(first + i));
}

static bool
looks(int ports, int times, int mute, int spoke)
{
	struct sweeps s = { 0 };
	bool found;

	refuse(&s, 20, ports, times);
	while (mute-- > 0)
		sweep_accepted(&s, 1, 0);
	while (spoke-- > 0)
		sweep_accepted(&s, 1, 100);
	found = sweep_get(&s, 1) != NULL;
	if (sweep_get(&s, 2))
		found = false;
	sweeps_fini(&s);
	return found;
}

int
main(void)
{
	struct sweeps s = { 0 };

	ok(looks(3, 1, 1, 0), "three refused and one left without a word");
	ok(!looks(2, 1, 1, 0), "two refused may be two services");
	ok(!looks(3, 3, 1, 0), "who asks again and again needs them");
	ok(!looks(3, 1, 1, 1), "who speaks to another port is a client");
	ok(!looks(3, 1, 0, 0), "nothing is known where all refuse");
	ok(looks(1000, 2, 5, 0), "a thousand ports, each tried twice");
	refuse(&s, 1, 1000, 1);
	sweep_accepted(&s, 1, 0);
	ok(sweep_get(&s, 1) && sweep_get(&s, 1)->refused == 1000,
	    "all are counted");
	sweeps_fini(&s);
	return done();
}
