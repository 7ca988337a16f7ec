/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The calls that move data: payload, lengths, message headers.
 */
#include "payload.h"

#include "../text/args.h"
#include "../text/decode.h"
#include "../text/tail.h"

#include <string.h>

static void
mark(struct nc_call *rec, int64_t bit)
{
	rec->marks = (rec->marks == NC_NIL ? 0 : rec->marks) | bit;
}

/* True for calls whose payload is what this side sends. */
static bool
is_send(enum nc_call_id call)
{
	return nc_call_is_producer(call);
}

/* A string was cut: -s shows itself, unless strings differ. */
static void
note_limit(struct nc_trace *t, enum nc_string kind, size_t len)
{
	int64_t *limit = &t->ledger.limit;

	if (kind != NC_STRING_CUT)
		return;
	*limit = *limit == 0 || *limit == (int64_t)len ? (int64_t)len : -1;
}

/* What a vector's pieces came to. */
struct vector {
	int64_t asked; /* sum of the lengths; NC_NIL unknown */
	size_t runs;   /* numbers in t->s->runs */
	bool cut;      /* a piece is longer than shown */
	bool damaged;
	bool decoded; /* at least one piece was text */
	bool last;    /* its call is over: the text is not read again */
};

static enum nc_string
decode(struct nc_trace *t, struct nc_text text, bool last)
{
	return last ? nc_text_decode_last(text, &t->s->data) :
		      nc_text_decode(text, &t->s->data);
}

/*
 * Appends one piece: bytes that are known and, after them, how many are not.
 * Runs alternate known, hole, known...
 */
static void
add_piece(struct nc_trace *t, struct nc_text base, int64_t len, bool clip,
    struct vector *v)
{
	size_t before = t->s->data.len, got;
	enum nc_string kind = decode(t, base, v->last);

	if (kind == NC_STRING_DAMAGED)
		v->damaged = true;
	if (kind != NC_STRING_NONE)
		v->decoded = true;
	got = t->s->data.len - before;
	note_limit(t, kind, got);
	if (len == NC_NIL)
		len = (int64_t)got;
	/* Old versions show more of a receive buffer than was asked. */
	if (clip && (int64_t)got > len) {
		got = (size_t)len;
		t->s->data.len = before + got;
	}
	v->asked = v->asked == NC_NIL ? len : v->asked + len;
	if (kind == NC_STRING_CUT || kind == NC_STRING_NONE)
		v->cut = v->cut || (int64_t)got < len;
	nc_pack_int(&t->s->runs, (int64_t)got);
	nc_pack_int(&t->s->runs, len - (int64_t)got);
	v->runs += 2;
}

/* The next iovec of "[{iov_base="..", iov_len=4}, ...]", old "{"..", 4}" too. */
static bool
next_piece(struct nc_text *list, struct nc_text *base, int64_t *n)
{
	struct nc_text e, len, inner, name;

	while (nc_text_next(list, &e)) {
		inner = nc_text_inside(e);
		*base = nc_text_take(&inner, "iov_base");
		len = nc_text_take(&inner, "iov_len");
		if (len.p == NULL)
			len = nc_text_member(e, "iov_len");
		if (base->p == NULL) {
			inner = nc_text_inside(e);
			if (!nc_text_next(&inner, base) ||
			    !nc_text_next(&inner, &len))
				continue;
			*base = nc_text_field(*base, &name);
			len = nc_text_field(len, &name);
		}
		*n = nc_text_number(len);
		if (*n != NC_NIL && *n >= 0 && *n <= INT64_C(1) << 40)
			return true;
	}
	return false;
}

static void
read_vector(struct nc_trace *t, struct nc_text iov, struct vector *v)
{
	struct nc_text list = nc_text_inside(iov), base;
	int64_t n;

	while (next_piece(&list, &base, &n))
		add_piece(t, base, n, true, v);
}

/* Received pieces are as long as their buffers: clips the list to what came. */
static void
clip_vector(
    struct nc_trace *t, struct nc_text iov, int64_t came, struct vector *v)
{
	struct nc_text list = nc_text_inside(iov), base;
	int64_t n, asked, left = came;

	v->runs = 0;
	v->asked = NC_NIL;
	while (next_piece(&list, &base, &n)) {
		v->asked = v->asked == NC_NIL ? n : v->asked + n;
		if (left <= 0)
			continue;
		if (n > left)
			n = left;
		left -= n;
		asked = v->asked;
		add_piece(t, base, n, true, v);
		v->asked = asked;
	}
}

/*
 * Sets data from t->s->data, and runs where unknown bytes stand between known
 * ones (a hole at the very end is just a cut).
 */
static void
finish(struct nc_trace *t, const struct vector *v, int64_t expected,
    struct nc_call *rec)
{
	struct nc_buf packed = { NULL, 0, 0 };
	struct nc_cursor c;
	int64_t known, hole, run = 0;
	size_t i, holes = 0, after = 0, n = 0;

	if (v->decoded || expected == 0) {
		rec->data.p = t->s->data.p != NULL ? t->s->data.p : "";
		rec->data.len = t->s->data.len;
	}
	if (expected != NC_NIL && (int64_t)t->s->data.len < expected) {
		mark(rec, NC_MARK_CUT);
		t->ledger.truncated += rec->line != NC_NIL;
	}
	if (v->damaged) {
		mark(rec, NC_MARK_DAMAGED);
		if (rec->line != NC_NIL)
			nc_trace_reject(t, "damaged string");
	}
	if (v->runs == 0)
		return;
	c = nc_cursor((struct nc_bytes){ t->s->runs.p, t->s->runs.len });
	for (i = 0; i < v->runs; i += 2) {
		known = nc_cursor_int(&c);
		hole = nc_cursor_int(&c);
		if (holes > 0 && known > 0)
			after++;
		if (hole > 0)
			holes++;
	}
	if (after == 0)
		return;
	/* Adjacent known runs and adjacent holes become one. */
	c = nc_cursor((struct nc_bytes){ t->s->runs.p, t->s->runs.len });
	for (i = 0; i < v->runs; i += 2) {
		known = nc_cursor_int(&c);
		hole = nc_cursor_int(&c);
		if (known > 0 && n % 2 == 1) {
			nc_pack_int(&packed, run);
			n++;
			run = 0;
		}
		run += known;
		if (hole > 0) {
			if (n % 2 == 0) {
				nc_pack_int(&packed, run);
				n++;
				run = 0;
			}
			run += hole;
		}
	}
	nc_pack_int(&packed, run);
	n++;
	t->s->runs.len = 0;
	nc_pack_array(&t->s->runs, n);
	nc_buf_add(&t->s->runs, packed.p, packed.len);
	nc_buf_fini(&packed);
	rec->runs.p = t->s->runs.p;
	rec->runs.len = t->s->runs.len;
}

/* An explicit address; one whose returned length is 0 was not filled. */
static struct nc_bytes
address(struct nc_text arg, struct nc_text len, char buf[NC_SOCKADDR_TEXT])
{
	struct nc_sockaddr sa;

	/* Nearly always NULL. */
	if (arg.p == NULL || arg.p == arg.end || *arg.p != '{')
		return nc_str(NULL);
	if (len.p != NULL && nc_text_is(len, "[0]"))
		return nc_str(NULL);
	if (nc_sockaddr_parse(arg, &sa) < 0)
		return nc_str(NULL);
	return nc_str(nc_sockaddr_print(&sa, buf));
}

static int64_t
flags_of(struct nc_text arg)
{
	return nc_text_flags(arg, NC_SPACE_MSG);
}

/* send, write, recv, read: one string and its length. */
static void
fill_plain(struct nc_trace *t, const struct nc_op *op, const struct nc_args *a,
    const struct nc_tail *tail, struct nc_call *rec)
{
	struct vector v = { NC_NIL, 0, false, false, false, false };
	enum nc_string kind;
	int64_t came;

	rec->asked = nc_text_number(nc_arg(a, 2));
	if (rec->asked < 0)
		rec->asked = NC_NIL;
	kind = decode(t, nc_arg(a, 1), rec->line != NC_NIL);
	note_limit(t, kind, t->s->data.len);
	v.decoded = kind != NC_STRING_NONE;
	v.damaged = kind == NC_STRING_DAMAGED;
	if (is_send(op->call)) {
		finish(t, &v, rec->asked, rec);
		return;
	}
	if (tail == NULL || tail->result == NC_NIL || tail->result < 0)
		return;
	came = tail->result;
	if ((int64_t)t->s->data.len > came)
		t->s->data.len = (size_t)came;
	/* MSG_TRUNC may tell more than the buffer held. */
	if (rec->asked != NC_NIL && came > rec->asked)
		came = rec->asked;
	/* On a stream it throws the bytes away, the buffer stays as it was. */
	if (op->sock != NULL && op->sock->stream && rec->flags != NC_NIL &&
	    (rec->flags & NC_MSG_TRUNC) != 0) {
		v.decoded = false;
		t->s->data.len = 0;
	}
	finish(t, &v, came, rec);
}

static void
fill_vector(struct nc_trace *t, const struct nc_op *op, struct nc_text iov,
    int64_t came, struct nc_call *rec)
{
	struct vector v = { NC_NIL, 0, false, false, false, false };

	v.last = rec->line != NC_NIL;
	t->s->runs.len = 0;
	if (is_send(op->call)) {
		read_vector(t, iov, &v);
		rec->asked = v.asked;
		finish(t, &v, v.asked, rec);
		return;
	}
	if (came == NC_NIL || came < 0) {
		clip_vector(t, iov, 0, &v);
		rec->asked = v.asked;
		return;
	}
	clip_vector(t, iov, came, &v);
	rec->asked = v.asked;
	if (v.asked != NC_NIL && came > v.asked)
		came = v.asked;
	finish(t, &v, came, rec);
}

/* What is read of a struct msghdr. */
struct header {
	struct nc_text name, iov, control, flags; /* NULL where not shown */
};

/* In one pass: a payload may stand in its midst. */
static struct header
header_of(struct nc_text msg)
{
	struct nc_text inside = nc_text_inside(msg), name, value;
	struct header h = { .name = { NULL, NULL } };
	struct nc_text *to;

	while (nc_text_take_any(&inside, &name, &value)) {
		to = nc_text_is(name, "msg_name")   ? &h.name :
		    nc_text_is(name, "msg_iov")     ? &h.iov :
		    nc_text_is(name, "msg_control") ? &h.control :
		    nc_text_is(name, "msg_flags")   ? &h.flags :
						      NULL;
		if (to != NULL && to->p == NULL)
			*to = value;
	}
	return h;
}

/* In which pieces a datagram is to leave: UDP_SEGMENT, which 4.x has as 103. */
static bool
has_segments(struct nc_text control)
{
	struct nc_text list = nc_text_inside(control);
	struct nc_text header, type;

	while (nc_text_next(&list, &header)) {
		type = nc_text_member(header, "cmsg_type");
		if (nc_text_is(
			nc_text_member(header, "cmsg_level"), "SOL_UDP") &&
		    (nc_text_starts(type, "UDP_SEGMENT") ||
			nc_text_number(type) == 103))
			return true;
	}
	return false;
}

static void
fill_header(struct nc_trace *t, const struct nc_op *op, struct nc_text msg,
    int64_t came, struct nc_call *rec)
{
	struct nc_bytes news = rec->peer;
	struct header h = header_of(msg);

	rec->peer = address(h.name, (struct nc_text){ NULL, NULL }, t->s->name);
	if (!is_send(op->call) && came != NC_NIL && came >= 0)
		rec->value = flags_of(h.flags);
	if (is_send(op->call) && has_segments(h.control))
		rec->marks |= NC_MARK_SEGMENTS;
	if (!is_send(op->call) && (came == NC_NIL || came < 0))
		rec->peer = nc_str(NULL);
	if (rec->peer.p == NULL)
		rec->peer = news;
	fill_vector(t, op, h.iov, came, rec);
}

void
nc_fill_message(struct nc_trace *t, const struct nc_op *op,
    struct nc_text element, struct nc_call *rec)
{
	struct nc_text head = nc_text_member(element, "msg_hdr"), len, list;
	struct nc_text name;
	int64_t n;

	len = nc_text_member(element, "msg_len");
	if (head.p == NULL) {
		/* 4.x: "{{msg_name..}, 3}". */
		list = nc_text_inside(element);
		if (nc_text_next(&list, &head))
			nc_text_next(&list, &len);
		len = nc_text_field(len, &name);
	}
	n = nc_text_number(len);
	if (n != NC_NIL && (n < 0 || n > INT64_C(0x7fffffff)))
		n = NC_NIL;
	rec->result = n;
	t->s->data.len = 0;
	fill_header(t, op, head, n, rec);
	if (t->redact != NULL)
		nc_wire_place(op, rec, true, &t->s->part);
}

void
nc_fill_payload(struct nc_trace *t, const struct nc_op *op,
    const struct nc_args *a, const struct nc_tail *tail, struct nc_call *rec)
{
	int64_t came = tail != NULL ? tail->result : NC_NIL;
	bool send = is_send(op->call);
	struct nc_bytes peer = { NULL, 0 };

	t->s->data.len = 0;
	switch (op->call) {
	case NC_CALL_SEND:
	case NC_CALL_RECV:
		rec->flags = flags_of(nc_arg(a, 3));
		fill_plain(t, op, a, tail, rec);
		break;
	case NC_CALL_SENDTO:
	case NC_CALL_RECVFROM:
		rec->flags = flags_of(nc_arg(a, 3));
		if (send || (came != NC_NIL && came >= 0))
			peer = address(nc_arg(a, 4),
			    send ? (struct nc_text){ NULL, NULL } :
				   nc_arg(a, 5),
			    t->s->name);
		if (peer.p != NULL)
			rec->peer = peer;
		fill_plain(t, op, a, tail, rec);
		break;
	case NC_CALL_READ:
	case NC_CALL_WRITE:
		fill_plain(t, op, a, tail, rec);
		break;
	case NC_CALL_READV:
	case NC_CALL_WRITEV:
		fill_vector(t, op, nc_arg(a, 1), came, rec);
		break;
	case NC_CALL_SENDMSG:
	case NC_CALL_RECVMSG:
		rec->flags = flags_of(nc_arg(a, 2));
		fill_header(t, op, nc_arg(a, 1), came, rec);
		break;
	case NC_CALL_SENDMMSG:
	case NC_CALL_RECVMMSG:
		rec->flags = flags_of(nc_arg(a, 3));
		break;
	case NC_CALL_SENDFILE:
		rec->asked = nc_text_number(nc_arg(a, 3));
		if (rec->asked != NC_NIL && rec->asked > 0)
			mark(rec, NC_MARK_CUT);
		break;
	case NC_CALL_SPLICE:
		rec->option = nc_str(op->splice_out ? "out" : "in");
		rec->asked = nc_text_number(nc_arg(a, 4));
		if (rec->asked != NC_NIL && rec->asked > 0)
			mark(rec, NC_MARK_CUT);
		break;
	default:
		break;
	}
	if (rec->asked != NC_NIL && rec->asked < 0)
		rec->asked = NC_NIL;
	/* The messages of a vector have places one by one. */
	if (t->redact != NULL && op->call != NC_CALL_SENDMMSG &&
	    op->call != NC_CALL_RECVMMSG)
		nc_wire_place(op, rec, tail != NULL, &t->s->part);
}
