/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Streams: there and back, cut, damaged, joined, of other layouts.
 */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tap.h"
#include "util.h"

/* A descriptor that reads these bytes. */
static int
file_of(const void *p, size_t n)
{
	FILE *f = tmpfile();
	int fd;

	if (!f || fwrite(p, 1, n, f) != n || fflush(f) != 0) {
		perror("tmpfile");
		exit(1);
	}
	fd = dup(fileno(f));
	fclose(f);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

/* Everything that a writer wrote to fd. */
static struct nc_buf
contents(int fd)
{
	struct nc_buf b = { 0 };
	char block[65536];
	ssize_t n;

	lseek(fd, 0, SEEK_SET);
	while ((n = read(fd, block, sizeof(block))) > 0)
		nc_buf_add(&b, block, (size_t)n);
	return b;
}

struct outcome {
	int records;
	int last; /* what nc_reader_next said at the end */
	bool ok;
	char error[512];
};

static bool
same_record(const struct nc_record *a, const struct nc_record *b)
{
	return a->kind == b->kind && nc_bytes_eq(a->name, b->name) &&
	    nc_bytes_eq(a->raw, b->raw);
}

/* Fields of the same values, in two buffers. */
static bool
same_call(const struct nc_call *a, const struct nc_call *b)
{
	const struct nc_schema *s = nc_schema(NC_KIND_call);
	size_t i;

	for (i = 0; i < s->nfields; i++) {
		const char *x = (const char *)a + s->fields[i].offset;
		const char *y = (const char *)b + s->fields[i].offset;

		if (s->fields[i].type == NC_INT ?
			memcmp(x, y, sizeof(int64_t)) != 0 :
			!nc_bytes_eq(*(const struct nc_bytes *)x,
			    *(const struct nc_bytes *)y))
			return false;
	}
	return true;
}

/* Reads a stream to its end in both ways: what they differ in is counted. */
static size_t
differences(const void *p, size_t n)
{
	struct nc_reader *r = nc_reader_new(file_of(p, n), "x");
	struct nc_reader *q = nc_reader_new(file_of(p, n), "x");
	struct nc_record rec, other;
	struct nc_call call, want;
	size_t wrong = 0;
	int got;

	do {
		got = nc_reader_next(r, &rec);
		wrong += nc_reader_next_call(q, &other, &call) != got;
		if (got != 1 || wrong)
			continue;
		wrong += !same_record(&rec, &other);
		if (nc_kind_is_call(rec.kind))
			wrong += nc_record_decode(&rec, &want) < 0 ||
			    !same_call(&call, &want);
	} while (got == 1);
	wrong += strcmp(nc_reader_error(r), nc_reader_error(q)) != 0;
	nc_reader_free(r);
	nc_reader_free(q);
	return wrong;
}

static size_t all_differences;

/* Reads a stream to its end. */
static struct outcome
read_all(const void *p, size_t n)
{
	struct nc_reader *r = nc_reader_new(file_of(p, n), "x");
	struct outcome o = { 0 };
	struct nc_record rec;
	union {
		struct nc_call call;
		struct nc_deviation deviation;
		struct nc_connection connection;
		struct nc_end end;
		struct nc_flow flow;
		struct nc_finding finding;
	} out;

	while ((o.last = nc_reader_next(r, &rec)) == 1) {
		o.records++;
		if (rec.kind != NC_KIND_NONE)
			nc_record_decode(&rec, &out);
	}
	o.ok = nc_reader_ok(r);
	snprintf(o.error, sizeof(o.error), "%s", nc_reader_error(r));
	nc_reader_free(r);
	all_differences += differences(p, n);
	return o;
}

/* The same records through a reader and a writer, as a stage does. */
static struct nc_buf
pass_all(const void *p, size_t n)
{
	struct nc_reader *r = nc_reader_new(file_of(p, n), "x");
	int fd = file_of("", 0);
	struct nc_writer *w = nc_writer_new(fd, "test");
	struct nc_record rec;
	struct nc_buf b;

	while (nc_reader_next(r, &rec) == 1)
		nc_writer_pass(w, &rec);
	nc_writer_close(w, nc_reader_ok(r));
	nc_reader_free(r);
	b = contents(fd);
	close(fd);
	return b;
}

static struct nc_call
a_call(int64_t line)
{
	struct nc_call c;

	nc_record_init(NC_KIND_call, &c);
	c.host = nc_str("server");
	c.trace = 0;
	c.line = line;
	c.name = nc_str("read");
	c.result = line * 1000;
	c.data = (struct nc_bytes){ "\0\xff bytes", 8 };
	return c;
}

static struct nc_buf
a_stream(int calls, bool good)
{
	int fd = file_of("", 0), i;
	struct nc_writer *w = nc_writer_new(fd, "test");
	struct nc_host h;
	struct nc_buf b;

	nc_record_init(NC_KIND_host, &h);
	h.host = nc_str("server");
	h.trace = 0;
	h.file = nc_str("server.trace");
	nc_writer_put(w, NC_KIND_host, &h);
	for (i = 1; i <= calls; i++) {
		struct nc_call c = a_call(i);

		nc_writer_put(w, NC_KIND_call, &c);
	}
	nc_writer_close(w, good);
	b = contents(fd);
	close(fd);
	return b;
}

static void
there_and_back(void)
{
	struct nc_buf b = a_stream(3, true), again;
	struct nc_reader *r = nc_reader_new(file_of(b.p, b.len), "x");
	struct nc_record rec;
	struct nc_call c, want;
	struct nc_host h;
	struct outcome o;

	ok(!nc_reader_started(r), "nothing is read before it is asked for");
	ok(nc_reader_next(r, &rec) == 1 && rec.kind == NC_KIND_host,
	    "the first record is the host");
	ok(nc_reader_started(r), "the header has been read by then");
	ok(nc_record_decode(&rec, &h) == 0 &&
		nc_str_eq(h.file, "server.trace") && h.lane == NC_NIL &&
		h.dialect.p == NULL,
	    "its fields are there, the others nil");
	ok(nc_reader_next(r, &rec) == 1 && nc_record_decode(&rec, &c) == 0,
	    "then a call");
	want = a_call(1);
	ok(c.line == 1 && c.result == 1000 && c.thread == NC_NIL &&
		nc_bytes_eq(c.data, want.data) && nc_str_eq(c.name, "read"),
	    "with its fields");
	ok(nc_reader_next(r, &rec) == 1 && nc_reader_next(r, &rec) == 1 &&
		nc_reader_next(r, &rec) == 0 && nc_reader_next(r, &rec) == 0,
	    "the clean end is reported again and again");
	nc_reader_free(r);

	again = pass_all(b.p, b.len);
	is_bytes(again.p, again.len, b.p, b.len,
	    "a stream passed on is the same stream");
	nc_buf_fini(&again);
	nc_buf_fini(&b);

	b = a_stream(0, false);
	o = read_all(b.p, b.len);
	ok(o.last == 0 && !o.ok, "a maker that failed says so at the end");
	again = pass_all(b.p, b.len);
	o = read_all(again.p, again.len);
	ok(o.last == 0 && !o.ok, "and that is passed on");
	nc_buf_fini(&again);
	nc_buf_fini(&b);

	b = a_stream(200000, true);
	o = read_all(b.p, b.len);
	ok(o.last == 0 && o.records == 200001 && o.ok,
	    "many records, over many refills of the buffer");
	nc_buf_fini(&b);
}

static void
every_kind(void)
{
	int k;

	for (k = 1; k < NC_KINDS; k++) {
		const struct nc_schema *s = nc_schema((enum nc_kind)k);
		void *rec = nc_xcalloc(1, s->size), *back;
		int fd = file_of("", 0);
		struct nc_writer *w = nc_writer_new(fd, "test");
		struct nc_buf one = { 0 }, two = { 0 }, b;
		struct nc_reader *r;
		struct nc_record got;
		size_t i;
		bool good;

		nc_record_init((enum nc_kind)k, rec);
		for (i = 0; i < s->nfields; i++) {
			void *at = (char *)rec + s->fields[i].offset;

			if (s->fields[i].type == NC_INT)
				*(int64_t *)at = -(int64_t)i;
			else if (s->fields[i].type == NC_RAW)
				*(struct nc_bytes *)at =
				    (struct nc_bytes){ "\x92\x01\xc0", 3 };
			else
				*(struct nc_bytes *)at =
				    nc_str(s->fields[i].name);
		}
		nc_record_pack(&one, (enum nc_kind)k, rec);
		nc_writer_put(w, (enum nc_kind)k, rec);
		nc_writer_close(w, true);
		b = contents(fd);
		close(fd);
		r = nc_reader_new(file_of(b.p, b.len), "x");
		back = nc_xcalloc(1, s->size);
		good = nc_reader_next(r, &got) == 1 && (int)got.kind == k &&
		    nc_record_decode(&got, back) == 0;
		if (good)
			nc_record_pack(&two, (enum nc_kind)k, back);
		okf(good && one.len == two.len &&
			memcmp(one.p, two.p, one.len) == 0,
		    "%s: all fields come back", s->kind);
		nc_reader_free(r);
		nc_buf_fini(&one);
		nc_buf_fini(&two);
		nc_buf_fini(&b);
		free(back);
		free(rec);
	}
}

static void
cut_and_damaged(void)
{
	struct nc_buf b = a_stream(3, true);
	struct outcome o;
	size_t i;
	int bit;
	bool good = true;

	for (i = 0; i < b.len; i++) {
		o = read_all(b.p, i);
		good = good && o.last == -1 && o.error[0] != '\0';
	}
	ok(good, "a stream cut at any byte is not complete");

	/* Any one bit turned: an answer, and no read out of bounds. */
	good = true;
	for (i = 0; i < b.len; i++)
		for (bit = 0; bit < 8; bit++) {
			b.p[i] = (char)(b.p[i] ^ (1 << bit));
			o = read_all(b.p, b.len);
			good = good && (o.last == 0 || o.last == -1) &&
			    o.records < 20;
			b.p[i] = (char)(b.p[i] ^ (1 << bit));
		}
	ok(good, "a stream with any bit turned is read or refused");
	nc_buf_fini(&b);

	o = read_all("", 0);
	is_str(o.error, "x: record 1 at byte 0: empty: not a record stream",
	    "no bytes are no stream, and the message says where");
	o = read_all("host,trace\n", 11);
	ok(o.last == -1 && strstr(o.error, "not a record stream"),
	    "a text is no stream");
	o = read_all("\xdd\xff\xff\xff\xff", 5);
	ok(o.last == -1, "an array of 4 billion elements in 5 bytes");
	o = read_all("\x93\xa8netcheck\x01\xdf\x01\xff\xff\xff", 16);
	ok(o.last == -1, "a header that claims millions of kinds");
	o = read_all("\x93\xa8netcheck\x02\x80", 12);
	ok(o.last == -1 && strstr(o.error, "version 2") &&
		strstr(o.error, "reads 1"),
	    "a newer version is named");
	o = read_all("\x93\xa3"
		     "eof\x00\x01",
	    7);
	ok(o.last == -1, "an end marker without its header");
	o = read_all("\x93\xa8netcheck\x01\x80\x93\xa3"
		     "eof\x05\x01",
	    19);
	ok(o.last == -1 &&
		strstr(o.error,
		    "0 records, but the end marker "
		    "counts 5"),
	    "an end marker that counts other records");
	o = read_all("\x93\xa8netcheck\x01\x80\x93\xa3"
		     "eof\x00\x01",
	    19);
	ok(o.last == 0 && o.records == 0, "an empty stream is complete");
	o = read_all("\x93\xa8netcheck\x01\x80\x2a\x93\xa3"
		     "eof\x00\x01",
	    20);
	ok(o.last == -1, "a record that is no array");
	o = read_all("\x93\xa8netcheck\x01\x80\x90\x93\xa3"
		     "eof\x00\x01",
	    20);
	ok(o.last == -1, "a record without a kind");
}

static void
append(struct nc_buf *to, const struct nc_buf *from)
{
	nc_buf_add(to, from->p, from->len);
}

static void
joined(void)
{
	struct nc_buf a = a_stream(2, true), b = a_stream(5, true);
	struct nc_buf both = { 0 }, empty = a_stream(0, false), again;
	struct outcome o;

	append(&both, &a);
	append(&both, &b);
	o = read_all(both.p, both.len);
	ok(o.last == 0 && o.records == 9 && o.ok,
	    "two streams in one input are their union");
	again = pass_all(both.p, both.len);
	o = read_all(again.p, again.len);
	ok(o.last == 0 && o.records == 9 && again.len < both.len,
	    "and pass as one, under one header");
	nc_buf_fini(&again);
	o = read_all(both.p, a.len + b.len - 8);
	ok(o.last == -1, "the second cut makes the whole incomplete");
	append(&both, &empty);
	o = read_all(both.p, both.len);
	ok(o.last == 0 && !o.ok, "one failed maker is enough");

	/* Headers first, then records, then both end markers. */
	both.len = 0;
	nc_buf_add(&both, "\x93\xa8netcheck\x01\x81\xa1k\x91\xa1u", 17);
	nc_buf_add(&both, "\x93\xa8netcheck\x01\x81\xa1k\x91\xa1u", 17);
	nc_buf_add(&both, "\x92\xa1k\x01\x92\xa1k\x02\x92\xa1k\x03", 12);
	nc_buf_add(&both,
	    "\x93\xa3"
	    "eof\x01\x01\x93\xa3"
	    "eof\x02\x01",
	    14);
	o = read_all(both.p, both.len);
	ok(o.last == 0 && o.records == 3,
	    "interleaved streams are counted together");
	nc_buf_fini(&a);
	nc_buf_fini(&b);
	nc_buf_fini(&both);
	nc_buf_fini(&empty);
}

/* The header of one kind with these fields, in this order. */
static void
head(struct nc_buf *b, const char *kind, const char *const *names, size_t n)
{
	size_t i;

	nc_pack_array(b, 3);
	nc_pack_str(b, "netcheck");
	nc_pack_int(b, 1);
	nc_pack_map(b, 1);
	nc_pack_str(b, kind);
	nc_pack_array(b, n);
	for (i = 0; i < n; i++)
		nc_pack_str(b, names[i]);
}

static void
tail(struct nc_buf *b, int64_t records)
{
	nc_pack_array(b, 3);
	nc_pack_str(b, "eof");
	nc_pack_int(b, records);
	nc_pack_int(b, 1);
}

static bool
contains(const struct nc_buf *b, const char *p, size_t n)
{
	size_t i;

	for (i = 0; i + n <= b->len; i++)
		if (memcmp(b->p + i, p, n) == 0)
			return true;
	return false;
}

static void
other_layouts(void)
{
	static const char *const moved[] = { "value", "new", "stage", "name" };
	static const char *const grown[] = { "stage", "name", "value", "new" };
	static const char *const other[] = { "a", "b" };
	struct nc_buf b = { 0 }, rec = { 0 }, out;
	struct nc_reader *r;
	struct nc_record got;
	struct nc_count c;
	struct outcome o;

	/* A kind of somebody else's, with a float and an extension in it. */
	head(&b, "weather", other, 2);
	nc_buf_add(&rec, "\x93\xa7weather\xca\x41\x20\x00\x00\xd4\x01\x02", 17);
	append(&b, &rec);
	tail(&b, 1);
	out = pass_all(b.p, b.len);
	ok(contains(&out, rec.p, rec.len),
	    "a record of an unknown kind passes byte for byte");
	ok(contains(&out,
	       "\xa7weather\x92\xa1"
	       "a\xa1"
	       "b",
	       13),
	    "and the header keeps saying what its fields are");
	o = read_all(out.p, out.len);
	ok(o.last == 0 && o.records == 1, "in a stream that is whole");
	nc_buf_fini(&out);

	/* A kind that its header does not list at all. */
	b.len = 0;
	head(&b, "weather", other, 2);
	nc_buf_add(&b, "\x92\xa3xyz\x01", 6);
	tail(&b, 1);
	out = pass_all(b.p, b.len);
	ok(contains(&out, "\x92\xa3xyz\x01", 6),
	    "so does one that no header announced");
	nc_buf_fini(&out);

	/* A newer maker appended a field. */
	b.len = rec.len = 0;
	head(&b, "count", grown, 4);
	nc_buf_add(&rec,
	    "\x95\xa5"
	    "count\xa1s\xa1n\x07\xa3new",
	    16);
	append(&b, &rec);
	tail(&b, 1);
	out = pass_all(b.p, b.len);
	ok(contains(&out, rec.p, rec.len),
	    "a record with an appended field passes byte for byte");
	nc_buf_fini(&out);
	r = nc_reader_new(file_of(b.p, b.len), "x");
	ok(nc_reader_next(r, &got) == 1 && nc_record_decode(&got, &c) == 0 &&
		c.value == 7 && nc_str_eq(c.stage, "s"),
	    "and decodes");
	nc_reader_free(r);

	/* A maker with another order of the fields. */
	b.len = 0;
	head(&b, "count", moved, 4);
	nc_buf_add(&b,
	    "\x95\xa5"
	    "count\x07\xa3new\xa1s\xa1n",
	    16);
	tail(&b, 1);
	r = nc_reader_new(file_of(b.p, b.len), "x");
	ok(nc_reader_next(r, &got) == 1 && nc_record_decode(&got, &c) == 0 &&
		c.value == 7 && nc_str_eq(c.stage, "s") &&
		nc_str_eq(c.name, "n"),
	    "fields in another order are found by name");
	nc_reader_free(r);
	out = pass_all(b.p, b.len);
	ok(contains(&out,
	       "\x95\xa5"
	       "count\xa1s\xa1n\x07\xa3new",
	       16),
	    "and are moved to our places, the new one behind them");
	r = nc_reader_new(file_of(out.p, out.len), "x");
	ok(nc_reader_next(r, &got) == 1 && nc_record_decode(&got, &c) == 0 &&
		c.value == 7 && nc_str_eq(c.stage, "s"),
	    "where they decode again");
	nc_reader_free(r);
	nc_buf_fini(&out);

	/* Two makers of different layouts in one input. */
	b.len = 0;
	head(&b, "count", grown, 3);
	nc_buf_add(&b,
	    "\x94\xa5"
	    "count\xa1s\xa1n\x07",
	    12);
	tail(&b, 1);
	head(&b, "count", moved, 4);
	nc_buf_add(&b,
	    "\x95\xa5"
	    "count\x08\xa3new\xa1s\xa1n",
	    16);
	tail(&b, 1);
	out = pass_all(b.p, b.len);
	o = read_all(out.p, out.len);
	ok(o.last == 0 && o.records == 2 && o.ok,
	    "a later header with more fields opens a new stream");
	ok(contains(&out,
	       "\x95\xa5"
	       "count\xa1s\xa1n\x08\xa3new",
	       16),
	    "in which nothing is lost");
	nc_buf_fini(&out);

	/* Fields of another type than ours become nil. */
	b.len = 0;
	head(&b, "count", grown, 3);
	nc_buf_add(&b,
	    "\x94\xa5"
	    "count\x05\x92\x01\x02\xa1x",
	    12);
	tail(&b, 1);
	r = nc_reader_new(file_of(b.p, b.len), "x");
	ok(nc_reader_next(r, &got) == 1 && nc_record_decode(&got, &c) == 0 &&
		c.stage.p == NULL && c.name.p == NULL && c.value == NC_NIL,
	    "a field of another type is nil");
	nc_reader_free(r);
	nc_buf_fini(&b);
	nc_buf_fini(&rec);
}

/* One byte a read: a packet socket keeps them apart. */
static void
a_byte_at_a_time(void)
{
	struct nc_buf b = a_stream(3, true);
	struct nc_reader *r;
	struct nc_record rec;
	int fds[2], n = 0;
	size_t i;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds) < 0) {
		perror("socketpair");
		exit(1);
	}
	if (fork() == 0) {
		close(fds[0]);
		for (i = 0; i < b.len; i++)
			if (send(fds[1], b.p + i, 1, 0) != 1)
				_exit(1);
		_exit(0);
	}
	close(fds[1]);
	r = nc_reader_new(fds[0], "x");
	while (nc_reader_next(r, &rec) == 1)
		n++;
	is_int(n, 4, "records that arrive a byte at a time");
	is_int(nc_reader_next(r, &rec), 0, "and their clean end");
	nc_reader_free(r);
	nc_buf_fini(&b);
}

static void
large_and_full(void)
{
	struct nc_call c = a_call(1);
	size_t n = 3 << 20;
	char *payload = nc_xcalloc(1, NC_RECORD_MAX + 1);
	int fd = file_of("", 0), full;
	struct nc_writer *w = nc_writer_new(fd, "test");
	struct nc_buf b;
	struct outcome o;

	c.data = (struct nc_bytes){ payload, n };
	nc_writer_put(w, NC_KIND_call, &c);
	nc_writer_put(w, NC_KIND_call, &c);
	is_int(nc_writer_close(w, true), 0, "large records are written");
	b = contents(fd);
	close(fd);
	o = read_all(b.p, b.len);
	ok(o.last == 0 && o.records == 2, "and read");

	b.len = 0;
	nc_buf_add(&b, "\x93\xa8netcheck\x01\x80\x92\xa1k", 15);
	nc_pack_bin(&b, payload, NC_RECORD_MAX);
	o = read_all(b.p, b.len);
	ok(o.last == -1, "a record past the limit is refused");
	nc_buf_fini(&b);
	free(payload);

	full = open("/dev/full", O_WRONLY);
	if (full >= 0) {
		c = a_call(2);
		w = nc_writer_new(full, "test");
		nc_writer_put(w, NC_KIND_call, &c);
		ok(nc_writer_close(w, true) == -1 && errno == ENOSPC,
		    "a full device is noticed at the close");
		close(full);
	}
}

/* A stream in a pipe: the rest comes only once a reader is about to wait. */
struct halves {
	int fd;
	struct nc_buf all;
	size_t sent;
	int records, seen, waits; /* read; of these by the first wait; waits */
};

static void
send_rest(void *ctx)
{
	struct halves *h = ctx;

	h->seen = h->records;
	h->waits++;
	if (write(h->fd, h->all.p + h->sent, h->all.len - h->sent) < 0)
		perror("write");
	close(h->fd);
}

static void
waiting(void)
{
	struct halves h = { 0 };
	int fd = file_of("", 0), ends[2], i;
	struct nc_writer *w = nc_writer_new(fd, "test");
	struct nc_reader *r;
	struct nc_record rec;

	for (i = 0; i < 10; i++)
		nc_writer_count(w, "test", "n", (uint64_t)i);
	nc_writer_close(w, true);
	h.all = contents(fd);
	close(fd);
	if (pipe(ends) < 0) {
		perror("pipe");
		exit(1);
	}
	h.fd = ends[1];
	/* The last records are short: it ends in the middle of one. */
	h.sent = h.all.len - 45;
	ok(write(h.fd, h.all.p, h.sent) == (ssize_t)h.sent, "most is written");
	r = nc_reader_new(ends[0], "x");
	nc_reader_on_wait(r, send_rest, &h);
	while (nc_reader_next(r, &rec) == 1)
		h.records++;
	is_int(h.waits, 1, "a reader that would wait says so, once");
	ok(h.seen > 0 && h.seen < 10, "when it has given what it has");
	is_int(h.records, 10, "and goes on with what then comes");
	nc_reader_free(r);
	nc_buf_fini(&h.all);
}

int
main(void)
{
	there_and_back();
	every_kind();
	cut_and_damaged();
	joined();
	other_layouts();
	a_byte_at_a_time();
	large_and_full();
	waiting();
	is_int((long long)all_differences, 0,
	    "calls decoded on the way are as those decoded afterwards");
	return tap_done();
}
