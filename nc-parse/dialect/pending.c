/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A call of two lines: its begin, and the return that may never come.
 */
#include "pending.h"

void
nc_pending_begin(
    struct nc_foreign *f, struct nc_pending *p, struct nc_foreign_call *c)
{
	struct nc_foreign_late late;

	p->begun = true;
	c->time = p->time;
	late = nc_foreign_before(f, p->line);
	nc_foreign_begin(f, c);
	nc_foreign_after(f, late);
}

/* Two lines, of which the core reads one. */
static void
end_whole(
    struct nc_foreign *f, const struct nc_foreign_call *c, enum nc_ignored why)
{
	struct nc_trace *t = f->trace;

	nc_foreign_whole(f, c);
	if (t->fate != NC_FATE_WHOLE) {
		nc_foreign_passed(f, why);
		return;
	}
	t->fate = NC_FATE_HALF;
	t->ledger.fates[NC_FATE_HALF]++;
	t->ledger.joined++;
}

void
nc_pending_end(struct nc_foreign *f, const struct nc_pending *p,
    struct nc_foreign_call *c, int64_t now, enum nc_ignored why)
{
	c->entry = p->line;
	c->time = p->time != NC_NIL ? p->time : now;
	if (p->time != NC_NIL && now != NC_NIL && now >= p->time)
		c->duration = now - p->time;
	if (p->begun)
		nc_foreign_end(f, c);
	else
		end_whole(f, c, why);
}
