/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * One trace file while it is read, and the lane that it belongs to: its
 * calls in progress and its output.  The threads are the host's (machine.h).
 *
 * A line becomes an operation (nc_op) when its call matters.  A whole line
 * enters and leaves at once; a first half enters, and leaves when its second
 * half comes or its thread ends.  What a call does to descriptors happens
 * when it enters (a number is given up) or leaves (a number is returned).
 *
 * Timed files of one host make one lane: their lines are fed in the order of
 * their times, and a whole line during which another file has an event enters
 * and leaves apart (nc_trace_enter, nc_trace_leave).  Lines of different files
 * do not compare: places do, which count the lane's events.
 */
#ifndef NC_TRACE_H
#define NC_TRACE_H

#include "call.h"
#include "redact/wire.h"
#include "stream.h"
#include "table/inherited.h"
#include "table/process.h"
#include "text/args.h"
#include "text/line.h"

/* What poll and select watch, or a number that was given up, at the entry. */
struct nc_watch {
	struct nc_sock *sock; /* NULL: of poll, what is no socket */
	int fd;
	int64_t events; /* asked of poll, NC_POLL* */
};

/* A call that is being read or in progress, or a release in progress. */
struct nc_op {
	struct nc_trace *trace; /* whose it is: a socket may be another's too */
	enum nc_call_id call;
	struct nc_thread *thread; /* NULL once the thread is gone */
	int64_t tid, pid;
	struct nc_trace *home;    /* where it began */
	int64_t entry, time;      /* line there, and time, of the entry */
	int64_t from;             /* its place */
	int fd;                   /* first argument; -1 none */
	struct nc_sock *sock;     /* what fd stood for at the entry */
	struct nc_watch *watched; /* poll, select: what is held */
	size_t nwatched, watched_cap;
	struct nc_buf text; /* arguments of the first half */
	bool whole;         /* one line */
	bool split;         /* one line that enters and leaves apart */
	uint64_t makes;     /* split: key in nc_lane.making, or 0 */
	bool held;          /* that number is a file's, not yet closed */
	const char *bad;    /* what is wrong with its text, or NULL */
	bool relevant;      /* its record is wanted */
	bool listed, announced;
	bool forked; /* clone: the child has lines already */
	int64_t child;
	const char *cause; /* of a release */
	bool killed, crashed;
	bool missed;                /* a release: shown by the number's reuse */
	bool splice_out;            /* splice: the socket is where it goes to */
	bool cloexec_only;          /* close_range: only marks */
	bool interrupted;           /* waits for restart_syscall */
	bool restarted;             /* it went on with it */
	int64_t stopped;            /* ns that its thread was stopped inside */
	bool news_local, news_peer; /* its annotation told something new */
	bool wired;                 /* --redact: counted inside its socket */
	bool returned;              /* its exit was read */
	bool dropped_by_other;      /* release: its dropper is still inside */
	struct nc_message *messages; /* with descriptors that it sends */
	struct nc_op *releases;      /* of the references it gave up */
	struct nc_op *next_release;
	struct nc_op *prev, *next;           /* calls in progress, by entry */
	struct nc_op *prev_fork, *next_fork; /* those whose child is unknown */
	bool forking;                        /* is in that list */
	struct nc_op *free_next;
	struct nc_text head;    /* text up to behind the first descriptor */
	struct nc_text args_of; /* text that args were cut from, or none */
	struct nc_args args;    /* the last member: not cleared */
};

/* A task that has no lines yet, in a trace without pids. */
struct nc_child {
	int64_t tid, flags;
};

/* A record that waits for a connect's local address. */
struct nc_held {
	enum nc_kind kind;
	struct nc_call rec;
	struct nc_buf bytes, payload; /* payload: of a dump */
	bool waits;                   /* is that connect, still without */
	bool dumps;            /* its payload was cut: a dump may follow ... */
	bool open_ended;       /* the next line will tell when it was over */
	struct nc_trace *home; /* ... there */
	struct nc_wire_part part; /* dumps: where it belongs */
	struct nc_buf clear;      /* of its redacted payload */
	char local[NC_ADDR_TEXT];
	struct nc_sock *sock;
};

/* Buffers that a long line made larger than this are given back, bytes. */
#define NC_LINE_KEEP (1u << 20)

#define NC_HELD_MAX 64
#define NC_HELD_BYTES (256u << 10)

/* Why a line gave no record. */
enum nc_ignored {
	NC_IGNORED_OTHER,   /* calls that are not in the table */
	NC_IGNORED_FILE,    /* descriptors that are no sockets */
	NC_IGNORED_UNKNOWN, /* such that may be some: begun in mid life */
	NC_IGNORED_UNIX,
	NC_IGNORED_NETLINK,
	NC_IGNORED_FAMILY,
	NC_IGNORED_READINESS, /* waits for nothing of ours */
	NC_IGNORED_SIGNAL,
	NC_IGNORED_EXIT,
	NC_IGNORED_MESSAGE,
	NC_IGNORED_DUMP,
	NC_IGNORED_SUMMARY,
	NC_IGNORED_BLANK,
	NC_IGNORED_OUTPUT,  /* of the program, in a terminal capture */
	NC_IGNORED_SESSION, /* lines of script(1) */
	NC_IGNORED_PHASE,   /* results that belong to other calls */
	NC_IGNORED_REASONS
};

/* The dump that may come below the call that was written last. */
struct nc_dump {
	bool waits;             /* a held record waits for it */
	bool bad;               /* it cannot be read */
	struct nc_buf bytes;    /* of all its buffers */
	size_t block;           /* where the last buffer begins */
	struct nc_buf messages; /* packed: number of a message, its offset */
	size_t nmessages;
};

/* What became of a line: each has one. */
enum nc_fate {
	NC_FATE_LOST, /* rejected, and nothing of it was used */
	NC_FATE_WHOLE,
	NC_FATE_HALF,   /* of a call */
	NC_FATE_PASSED, /* no call: ignored */
	NC_FATE_HELD,   /* not known yet: to be counted once it is */
	NC_FATES
};

#define NC_REJECTED_MAX 10
#define NC_UNFOLLOWED_MAX 10

struct nc_ledger {
	int64_t lines, bytes, calls, records, joined, open, truncated,
	    unfollowed, rejected, processes, late;
	int64_t rejected_line[NC_REJECTED_MAX];
	int64_t told, rejected_told; /* messages about lines; rejected ones */
	int64_t unmarked, unmarked_told; /* halves joined without their mark */
	int64_t ignored[NC_IGNORED_REASONS];
	int64_t classes[NC_GROUPS];
	int64_t fates[NC_FATES];
	int64_t results, failed; /* calls that ended; of these with an error */
	int64_t injected;
	int64_t staged; /* whole calls that began before the line above */
	int64_t limit;  /* of -s; 0 no string was cut, -1 more than one */
	int64_t unfollowed_pid[NC_UNFOLLOWED_MAX];
	bool durations;     /* calls have them */
	bool execs;         /* a program was started */
	bool silent_exit;   /* a thread exited without the call */
	bool hidden_rights; /* passed descriptors without numbers */
	bool unclassed;     /* calls that are in no class of strace's */
	bool ranges;        /* close_range is shown */
	bool left;          /* sockets may be closed that are not known to be */
	bool unsure_numbers; /* of several sockets each, in no known order */
	bool silent_start;   /* a loader made no call that fails */
	bool summary;        /* a table of -c has begun */
	bool timed, pids, notes, missed_close;
	bool attached;            /* unknown processes: begins in mid life */
	const char *const *lacks; /* what the tracer never shows, to NULL */
	const char *lacked;       /* one more, found on the way; or NULL */
	bool cut;                 /* ends in mid life */
};

/* What the fields of one record point to; used again and again. */
struct nc_scratch {
	struct nc_buf data, ready, runs, clear;
	struct nc_wire_part part; /* --redact: where data belongs */
	char peer[NC_SOCKADDR_TEXT], local[NC_SOCKADDR_TEXT],
	    name[NC_SOCKADDR_TEXT];
	char option[48], domain[24], type[24], protocol[32], error[40];
};

/* One local order of calls: of a trace, or of the timed traces of a host. */
struct nc_lane {
	size_t traces; /* that share it */
	int64_t now;   /* latest time of any of them, or NC_NIL */
	int64_t at;    /* place of the event; counted where traces share it */
	struct nc_op *first_op, *last_op, *unannounced;
	struct nc_op *first_fork, *last_fork; /* whose child is unknown */
	struct nc_op *free_ops;
	struct nc_thread *last; /* of the line before */
	bool lost_pair;       /* the numbers of a socketpair were not printed */
	bool clones;          /* calls that make tasks are traced */
	struct nc_map making; /* descriptors that split calls will return */
	struct nc_map
	    files; /* those that are files, in tables that are shared */
	struct nc_map unknown; /* hash of a call's name: on a socket, noted */

	struct nc_held *held; /* a ring of NC_HELD_MAX, or NULL: not needed */
	size_t held_first, held_len, held_bytes;

	struct nc_buf plain;          /* a line without colours */
	struct nc_scratch scratch[2]; /* of calls, and of begins before them */
};

struct nc_trace {
	struct nc_machine *machine;
	struct nc_lane *lane; /* freed with its last trace */
	int64_t number;       /* among the host's traces */
	const char *file;
	struct nc_writer *out;
	bool quiet;
	const struct nc_redact *redact; /* of --redact, or NULL; borrowed */
	struct nc_ledger ledger;

	int64_t pid;     /* that its name tells; NC_NIL: lines do, or nobody */
	int64_t made_up; /* id of its thread where nobody does */
	bool own_ids;    /* other traces have threads of the same ids */
	struct nc_family *family; /* files of one strace -ff, or NULL */
	const struct nc_inherited *inherited; /* borrowed */
	const struct nc_input *input;         /* borrowed: what comes next */
	bool rooted; /* a task that nothing announced was taken for the first */
	void *foreign; /* state of a dialect that is not strace */
	void (*foreign_free)(void *);
	bool bsd; /* accepted sockets inherit O_NONBLOCK */

	int64_t line;        /* number of the line being read */
	int64_t entry;       /* line where its call began */
	enum nc_fate fate;   /* of that line, so far */
	enum nc_ignored why; /* of the last call that gave no record */
	int64_t half_line;   /* of the last first half */
	bool ended;          /* its end has been written */
	bool clean;          /* no line so far had NUL, CR or ESC */
	bool crlf;           /* the tracer's lines end in CR and LF */
	bool stray_cr;       /* the line has one inside; not if clean */
	bool last_line;      /* it lacks a newline: the file ends */
	bool no_dump;        /* the line after it is known to be no dump */
	bool
	    shows_all; /* calls that only a trace of all calls has: untraced.h */
	bool open_ended; /* a record waits for the time of the next line */
	bool at_next;    /* that is the time which nc_trace_leave came with */
	int64_t now;     /* its time, NC_NIL if it has none */
	enum nc_stamp stamp;        /* form of time so far */
	struct nc_prefix prefix;    /* of the line before */
	bool resuming;              /* the line is a second half */
	bool executing;             /* the line is an execve */
	enum nc_call_id calling;    /* the line's call, if it begins there */
	struct nc_text called_with; /* its text from the arguments on */
	bool back; /* less than the time above, of another thread */
	bool mixed;
	int64_t day, last_clock;   /* of stamps without a date */
	struct nc_map processes;   /* pid -> nc_process, of foreign dialects */
	struct nc_thread *threads; /* alive, whose lines are here */
	struct nc_thread *inside;  /* that nc_trace_leave is to come for */
	struct nc_child *children; /* made before any line had a pid */
	size_t nchildren, children_cap;
	struct nc_dump dump;

	struct nc_text text;      /* the line as it stands in the file */
	const char *shown;        /* the same without colours */
	struct nc_buf partial;    /* a line that a message cut in two */
	struct nc_output *output; /* one that output cut, or NULL: output.h */
	struct nc_weave *weave; /* output of other threads, or NULL: weave.h */
	struct nc_scratch *s;   /* where the record being made points to */

	/* In a shared lane: lets a split call leave now if it can be over. */
	void (*settle)(void *strand);
	void *strand;
};

/* The files of one strace -ff: one process tree. */
struct nc_family {
	bool rooted; /* a task that nothing announced was taken for the first */
	bool apart;  /* not timed: each file is a lane of its own */
	bool fine;   /* times are finer than a millisecond */
	enum nc_stamp stamp; /* form of time, of the first file that has one */
	size_t files;
	/* What any of its files has shown: options of the tracer took it away
	 * from all or from none. */
	bool timed, notes, io, network, silent_start, unmarked, unclassed;
	int64_t results, failed;
	struct nc_map handed; /* apart: number -> sockets: shared.c */
	struct nc_map kinds; /* apart: number -> what it stands for: shared.c */
};

/* Place of the event being read: comparable within a lane. */
static inline int64_t
nc_trace_at(const struct nc_trace *t)
{
	return t->lane->traces > 1 ? t->lane->at : t->line;
}

/* Of an untimed strace -ff: a lane of its own. */
static inline bool
nc_trace_is_apart(const struct nc_trace *t)
{
	return t->family != NULL && t->family->apart;
}

/* Line of a call's end: in its own file, whatever file ended it. */
static inline int64_t
nc_trace_exit_line(const struct nc_op *op)
{
	return op->home->line;
}

void nc_trace_init(struct nc_trace *t, struct nc_machine *m, int64_t number,
    const char *file, struct nc_writer *out);
void nc_trace_fini(struct nc_trace *t);

/* Before any line: the trace becomes one of the lane of another. */
void nc_trace_share(struct nc_trace *t, struct nc_trace *other);

/* Reads one line, without its newline. */
void nc_trace_line(
    struct nc_trace *t, const char *p, const char *end, bool newline);

/* The next line, of that many bytes, was too long to be read. */
void nc_trace_overlong(struct nc_trace *t, int64_t bytes, bool newline);
/*
 * The same where another trace of the lane has an event before the line's
 * call returns.  True if that is in progress now: nc_trace_leave with the same
 * line, and before any other one of this trace, ends it.
 */
bool nc_trace_enter(
    struct nc_trace *t, const char *p, const char *end, bool newline);
void nc_trace_leave(
    struct nc_trace *t, const char *p, const char *end, int64_t now);

/* Reads a line, which was counted already, again. */
void nc_trace_reread(struct nc_trace *t, struct nc_text text);

/*
 * A call names a descriptor that stands for nothing: if a split call in
 * progress will return it, that has returned.  True if the number may stand
 * for something now.
 */
bool nc_trace_returned(const struct nc_trace *t, struct nc_thread *th, int fd);

/*
 * The thread has, or no longer has, a file of that number: what another thread's
 * call in progress returns as the same has not returned it yet.
 */
void nc_trace_hold(
    const struct nc_trace *t, struct nc_thread *th, int fd, bool held);

/*
 * The same in steps, for dialects that make lines of their own: counts the
 * line, which is lost unless it is said otherwise; reads what one or more lines
 * came to; or says that the line holds no call; the line is done.
 */
void nc_trace_count(struct nc_trace *t, int64_t bytes, bool newline);
void nc_trace_dispatch(struct nc_trace *t, const struct nc_line *l);
void nc_trace_pass(struct nc_trace *t, enum nc_ignored why);
void nc_trace_settle(struct nc_trace *t);

/* Ends the trace: calls in progress, held records, the ledger. */
void nc_trace_end(struct nc_trace *t);
/* Ends the traces of one lane, all of them. */
void nc_trace_end_all(struct nc_trace *const *traces, size_t n);

/*
 * Tells what is odd about the current line, which is no reason to reject it.
 * False if enough has been told of this trace.
 */
bool nc_trace_tell(struct nc_trace *t, const char *what);
/* Tells what is wrong with the current line. */
void nc_trace_reject(struct nc_trace *t, const char *why);
/* The same where its call is lost. */
void nc_trace_refuse(struct nc_trace *t, const char *why);

#endif
