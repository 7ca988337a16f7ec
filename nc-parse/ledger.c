/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The ledger of a trace: what became of every line.
 */
#include "ledger.h"

#include "input/progress.h"
#include "table/tasks.h"

#include <stdio.h>

static const char *const ignored_names[NC_IGNORED_REASONS] = {
	[NC_IGNORED_OTHER] = "other call",
	[NC_IGNORED_FILE] = "no socket",
	[NC_IGNORED_UNKNOWN] = "unknown descriptor",
	[NC_IGNORED_UNIX] = "unix socket",
	[NC_IGNORED_NETLINK] = "netlink",
	[NC_IGNORED_FAMILY] = "other family",
	[NC_IGNORED_READINESS] = "no socket watched",
	[NC_IGNORED_SIGNAL] = "signal",
	[NC_IGNORED_EXIT] = "exit",
	[NC_IGNORED_MESSAGE] = "tracer message",
	[NC_IGNORED_DUMP] = "dump",
	[NC_IGNORED_SUMMARY] = "summary",
	[NC_IGNORED_BLANK] = "blank",
	[NC_IGNORED_OUTPUT] = "program output",
	[NC_IGNORED_SESSION] = "script message",
	[NC_IGNORED_PHASE] = "out of phase",
};

void
nc_ledger_exits(struct nc_trace *t)
{
	struct nc_thread *th, *next;

	for (th = t->threads; th != NULL; th = next) {
		next = th->next;
		/* One without lines yet is read apart, after this. */
		if (th->seen && (th->process->exiting || th->moved))
			nc_task_gone(t, th, false);
	}
}

void
nc_ledger_idle(struct nc_trace *t)
{
	struct nc_thread *th;

	for (th = t->threads; th != NULL; th = th->next)
		nc_task_idle_over(th);
}

static struct nc_bytes
packed(const struct nc_buf *b, size_t from)
{
	return (struct nc_bytes){ b->p + from, b->len - from };
}

/* Maps and lists are packed one after the other into one buffer. */
static void
pack_rejected(const struct nc_ledger *l, struct nc_buf *b)
{
	size_t i, n;

	n = l->rejected < NC_REJECTED_MAX ? (size_t)l->rejected :
					    NC_REJECTED_MAX;
	nc_pack_array(b, n);
	for (i = 0; i < n; i++)
		nc_pack_int(b, l->rejected_line[i]);
}

static void
pack_ignored(const struct nc_ledger *l, struct nc_buf *b)
{
	size_t i, n = 0;

	for (i = 0; i < NC_IGNORED_REASONS; i++)
		n += l->ignored[i] > 0;
	nc_pack_map(b, n);
	for (i = 0; i < NC_IGNORED_REASONS; i++) {
		if (l->ignored[i] == 0)
			continue;
		nc_pack_str(b, ignored_names[i]);
		nc_pack_int(b, l->ignored[i]);
	}
}

static void
pack_classes(const struct nc_ledger *l, struct nc_buf *b)
{
	size_t i, n = 0;

	for (i = 0; i < NC_GROUPS; i++)
		n += l->classes[i] > 0;
	nc_pack_map(b, n);
	for (i = 0; i < NC_GROUPS; i++) {
		if (l->classes[i] == 0)
			continue;
		nc_pack_str(b, nc_group_name((enum nc_call_group)i));
		nc_pack_int(b, l->classes[i]);
	}
}

/* So many calls that all failed, or none, did not by chance. */
#define RESULTS_MIN 16

/*
 * -z: lines are written when their calls end, and a clock that was set back
 * gives one such line, not several; or a call is missing that always fails
 * (startup.h); or halves lack their mark, as they do where status filters.
 */
static bool
hides_failures(const struct nc_trace *t)
{
	const struct nc_ledger *l = &t->ledger;
	const struct nc_family *f = t->family;
	bool unmarked = f != NULL ? f->unmarked : l->unmarked > 0;

	if (l->lacks != NULL || (f != NULL ? f->failed : l->failed) > 0)
		return false;
	return l->staged > 2 ||
	    (f != NULL ? f->silent_start : l->silent_start) ||
	    (unmarked && (f != NULL ? f->results : l->results) >= RESULTS_MIN);
}

static bool
hides_successes(const struct nc_ledger *l)
{
	return l->lacks == NULL && l->results >= RESULTS_MIN &&
	    l->failed == l->results;
}

/* After execve every program makes calls of no class, and exits with one. */
static bool
filters_calls(const struct nc_ledger *l)
{
	return l->rejected * 10 <= l->calls && !l->unclassed && l->calls > 0 &&
	    (l->execs || l->silent_exit);
}

bool
nc_ledger_is_lean(const struct nc_trace *t)
{
	const struct nc_ledger *l = &t->ledger;

	return l->missed_close && l->lacks == NULL && !l->unclassed &&
	    l->classes[NC_GROUP_IO] == 0 &&
	    l->classes[NC_GROUP_DESCRIPTOR] == 0 &&
	    l->classes[NC_GROUP_READINESS] == 0 &&
	    l->classes[NC_GROUP_NETWORK] > 0;
}

void
nc_ledger_share(const struct nc_trace *t)
{
	const struct nc_ledger *l = &t->ledger;
	struct nc_family *f = t->family;

	if (f == NULL)
		return;
	f->timed = f->timed || l->timed;
	f->notes = f->notes || l->notes;
	f->io = f->io || l->classes[NC_GROUP_IO] > 0 ||
	    l->classes[NC_GROUP_DESCRIPTOR] > 0;
	f->network = f->network || l->classes[NC_GROUP_NETWORK] > 0;
	f->silent_start = f->silent_start || l->silent_start;
	f->unmarked = f->unmarked || l->unmarked > 0;
	f->unclassed = f->unclassed || l->unclassed;
	f->results += l->results;
	f->failed += l->failed;
}

/* Options of strace that the trace shows for certain. */
static void
pack_options(const struct nc_trace *t, struct nc_buf *b)
{
	const struct nc_ledger *l = &t->ledger;
	const struct nc_family *f = t->family;
	const char *list[12];
	char limit[32];
	size_t i, n = 0;

	/* Of another tracer nothing is told. */
	if (l->lacks != NULL) {
		nc_pack_array(b, 0);
		return;
	}
	if (!l->pids && l->unfollowed > 0)
		list[n++] = "no -f";
	if (!l->timed)
		list[n++] = "no -t";
	if (!l->durations && l->results > 0)
		list[n++] = "no -T";
	if (!l->notes && !(f != NULL && f->notes))
		list[n++] = "no -yy";
	if (l->limit > 0) {
		snprintf(limit, sizeof(limit), "-s %lld", (long long)l->limit);
		list[n++] = limit;
	}
	if (hides_failures(t))
		list[n++] = "-z";
	else if (hides_successes(l))
		list[n++] = "-Z";
	else if (filters_calls(l))
		list[n++] = "-e trace";
	if (l->injected > 0)
		list[n++] = "-e inject";
	nc_pack_array(b, n);
	for (i = 0; i < n; i++)
		nc_pack_str(b, list[i]);
}

static void
pack_unfollowed(const struct nc_ledger *l, struct nc_buf *b)
{
	size_t i, n;

	n = l->unfollowed < NC_UNFOLLOWED_MAX ? (size_t)l->unfollowed :
						NC_UNFOLLOWED_MAX;
	nc_pack_array(b, n);
	for (i = 0; i < n; i++)
		nc_pack_int(b, l->unfollowed_pid[i]);
}

static void
pack_hidden(const struct nc_trace *t, struct nc_buf *b)
{
	const struct nc_ledger *l = &t->ledger;
	const struct nc_family *f = t->family;
	const char *const *lack;
	const char *list[20];
	size_t i, n = 0;

	if (t->redact != NULL)
		list[n++] = "payload redacted";
	if (!l->timed && !(f != NULL && f->timed))
		list[n++] = "times";
	if (!l->pids)
		list[n++] = "processes";
	if (!l->notes && !(f != NULL && f->notes))
		list[n++] = "descriptor details";
	if (l->missed_close)
		list[n++] = "missed close";
	if (l->hidden_rights)
		list[n++] = "passed descriptors";
	if (l->left)
		list[n++] = "close_range";
	if (l->unsure_numbers)
		list[n++] = "order of threads";
	if (hides_failures(t))
		list[n++] = "failed calls";
	if (hides_successes(l))
		list[n++] = "successful calls";
	if (l->attached)
		list[n++] = "history";
	if (f != NULL ? !f->io && f->network :
			l->classes[NC_GROUP_IO] == 0 &&
		    l->classes[NC_GROUP_DESCRIPTOR] == 0 &&
		    l->classes[NC_GROUP_NETWORK] > 0)
		list[n++] = "read, write, close";
	for (lack = l->lacks; lack != NULL && *lack != NULL && n < 18; lack++)
		list[n++] = *lack;
	if (l->lacked != NULL)
		list[n++] = l->lacked;
	nc_pack_array(b, n);
	for (i = 0; i < n; i++)
		nc_pack_str(b, list[i]);
}

/* Lines that were too many to be told one by one. */
static void
tell_more(const struct nc_trace *t, int64_t n, const char *what)
{
	if (n > 0)
		nc_message("%s: %lld more line%s %s", t->file, (long long)n,
		    n == 1 ? "" : "s", what);
}

void
nc_ledger_write(struct nc_trace *t)
{
	struct nc_ledger *l = &t->ledger;
	struct nc_buf b[6] = { { NULL, 0, 0 } };
	struct nc_end rec;
	size_t i;

	nc_record_init(NC_KIND_end, &rec);
	rec.host = nc_str(t->machine->name);
	rec.trace = t->number;
	rec.lines = l->lines;
	rec.bytes = l->bytes;
	rec.calls = l->calls;
	rec.records = l->records;
	rec.joined = l->joined;
	rec.open = l->open;
	rec.truncated = l->truncated;
	rec.rejected = l->rejected;
	pack_rejected(l, &b[0]);
	rec.rejected_lines = packed(&b[0], 0);
	pack_ignored(l, &b[1]);
	rec.ignored = packed(&b[1], 0);
	pack_classes(l, &b[2]);
	rec.classes = packed(&b[2], 0);
	rec.processes = l->processes;
	rec.unfollowed = l->unfollowed;
	rec.late = l->late;
	rec.cut = l->cut;
	rec.timed = l->timed;
	pack_hidden(t, &b[3]);
	rec.hidden = packed(&b[3], 0);
	rec.whole = l->fates[NC_FATE_WHOLE];
	rec.halves = l->fates[NC_FATE_HALF];
	rec.lost = l->fates[NC_FATE_LOST];
	rec.failed = l->failed;
	rec.injected = l->injected;
	rec.unmarked = l->unmarked > 0 ? l->unmarked : NC_NIL;
	pack_options(t, &b[4]);
	rec.options = packed(&b[4], 0);
	pack_unfollowed(l, &b[5]);
	rec.unfollowed_pids = packed(&b[5], 0);
	nc_writer_put(t->out, NC_KIND_end, &rec);
	for (i = 0; i < sizeof(b) / sizeof(b[0]); i++)
		nc_buf_fini(&b[i]);
	if (t->quiet)
		return;
	tell_more(t, l->rejected - l->rejected_told, "rejected");
	tell_more(t, l->unmarked - l->unmarked_told, "joined without a mark");
	if (l->calls == 0 && l->ignored[NC_IGNORED_EXIT] == 0)
		nc_message("%s: no calls in this trace", t->file);
}
