/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What goes wrong in an execution.
 */
#include "fault.h"

#include "exchange.h"

#define MOST 4 /* datagrams that it happens to */

/* One of the first. */
static size_t
some_place(struct world *w, size_t len)
{
	return rng_below(&w->rng, len < 32 ? (unsigned)len : 32);
}

/* Another byte there. */
static const char *
change(struct world *w, const char *p, size_t len, size_t at)
{
	char *other = arena_copy(&w->arena, p, len);

	other[at] = other[at] == '#' ? '%' : '#';
	return other;
}

bool
fault_is(const struct world *w, int kind)
{
	return w->choice.fault == kind || w->choice.also == kind;
}

static bool
meets_datagrams(int kind)
{
	return kind >= FAULT_LOST && kind <= FAULT_ALTERED;
}

int
fault_of_datagrams(struct world *w)
{
	int a = w->choice.fault, b = w->choice.also;

	if (meets_datagrams(a) && meets_datagrams(b))
		return rng_chance(&w->rng, 50) ? a : b;
	return meets_datagrams(a) ? a : meets_datagrams(b) ? b : FAULT_NONE;
}

struct fate
fault_datagram(struct world *w, const char *p, size_t len)
{
	struct fate fate = { p, 1, 0 };
	int kind = fault_of_datagrams(w);

	/* Short ones are not told apart. */
	if (kind == FAULT_NONE || len < 16 || w->injected[kind] == MOST ||
	    !rng_chance(&w->rng, 12))
		return fate;
	w->injected[kind]++;
	switch (kind) {
	case FAULT_LOST:
		fate.copies = 0;
		break;
	case FAULT_DUPLICATED:
		fate.copies = 2;
		break;
	case FAULT_REORDERED:
		fate.late = 30 * MS;
		break;
	default:
		fate.p = change(w, p, len, some_place(w, len));
	}
	return fate;
}

const char *
fault_stream(struct file *f, const char *p, size_t len)
{
	struct world *w = f->host->world;
	bool answer = f->local.port < f->peer.port;

	if (!fault_is(w, FAULT_CHANGED) || f->kind != FILE_TCP ||
	    f->changed_once || len < HEADER ||
	    w->injected[FAULT_CHANGED] == MOST || !rng_chance(&w->rng, 25))
		return p;
	/* Nobody interprets an answer; of a request, the end of its header. */
	if (!answer && (p[0] != '?' || p[HEADER - 1] != '\n'))
		return p;
	w->injected[FAULT_CHANGED]++;
	f->changed_once = true;
	return change(w, p, len, answer ? some_place(w, len) : HEADER - 1);
}

static void
reset_came(void *arg, void *more)
{
	struct file *f = arg;

	(void)more;
	f->reset = true;
	file_changed(f);
}

void
fault_reset(struct file *f)
{
	struct world *w = f->host->world;
	w->injected[FAULT_RESET]++;
	clock_after(
	    &w->clock, rng_between(&w->rng, 100, 900), reset_came, f, NULL);
	clock_after(&w->clock, rng_between(&w->rng, 100, 900), reset_came,
	    f->other, NULL);
}

/* Who has sent in vain for long. */
static void
gave_up(void *arg, void *more)
{
	struct file *f = arg;

	(void)more;
	f->reset = f->cut_off = true;
	file_changed(f);
}

bool
fault_cut(struct file *f, size_t request, size_t reply)
{
	struct world *w = f->host->world;
	int kind = w->choice.server;
	unsigned which = rng_below(&w->rng, 3); /* client's, server's, both */
	struct file *s = f->other;

	w->injected[FAULT_CUT]++;
	if (which != 1) {
		f->cut = true;
		/* A loop would wait for the rest and serve nobody else. */
		if (kind <= SERVE_EXEC && rng_chance(&w->rng, 50))
			f->passes = rng_below(&w->rng, (unsigned)request);
	}
	if (which != 0) {
		s->cut = true;
		if (which == 1 && rng_chance(&w->rng, 50))
			s->passes = rng_below(&w->rng, (unsigned)reply);
	}
	/* What arrives says that the request did. */
	f->unanswered = s->passes == 0;
	s->unanswered = true;
	return f->unanswered;
}

size_t
fault_arrives(struct file *f, size_t len)
{
	struct world *w = f->host->world;
	size_t n = f->passes < len ? f->passes : len;

	if (f->unanswered)
		clock_after(&w->clock, RNG_PICK(&w->rng, 15, 60) * SEC, gave_up,
		    f, NULL);
	f->unanswered = false;
	if (!f->cut)
		return len;
	f->passes -= n;
	return n;
}

static bool
either(const struct choices *c, int kind)
{
	return c->fault == kind || c->also == kind;
}

void
fault_choose(struct choices *c)
{
	if (c->fault == FAULT_NONE)
		return;
	c->same = c->proxy = c->late_server = 0;
	/* A translator changes what is told of other faults. */
	if (c->fault != FAULT_REFUSED || c->also)
		c->nat = 0;
	/* Who is not traced to the end may have sent it once more. */
	if (either(c, FAULT_DUPLICATED) && c->stop == STOP_DETACH)
		c->stop = STOP_TERM;
	/* What comes from a file does not show. */
	if (either(c, FAULT_CHANGED))
		c->sendfile = 0;
	/* Each server serves on while one of its connections is dead. */
	if (either(c, FAULT_CUT) &&
	    (c->server == SERVE_SERIAL || c->server == SERVE_POOL ||
		c->server == SERVE_PREFORK || c->server == SERVE_REUSEPORT ||
		c->server == SERVE_PASS))
		c->server = SERVE_THREADS;
	if (meets_datagrams(c->fault) || meets_datagrams(c->also))
		c->udp = c->udp > 1 ? c->udp : 2;
}
