/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Scripts for the model, through its public entry only.
 *
 * A script is a list of lines; each is a check.  Two models follow it: one
 * without a sink, as in an ordering, is offered each call; what it accepts
 * is replayed by one with a sink, whose deviations count.
 *
 *   host NAME [redacted=KEY] ADDRESS...
 *                                   a host and the addresses it declares
 *   address NAME ADDRESS...         addresses that it is found to have
 *   nat NAME PRIVATE PUBLIC
 *   end NAME [FIELD=VALUE...]       the end of the host's trace
 *   finish                          everything has come
 *   conn FIELD=VALUE...             the next connection record says so
 *   flow FIELD=VALUE...             the next flow record says so
 *   clock FIELD=VALUE...            the next clock record says so; none: there
 *                                   is no more
 *   dev CODE FIELD=VALUE...         the latest deviation of that code says so;
 *                                   arguments are fields, and causes=CALL,...
 *                                   the names of the calls that explain it
 *   [begin|early] NAME CALL [sN] [ADDRESS] ["DATA"] [FIELD=VALUE...]
 *       [= RESULT [ERRNO]] [-> ANSWER] [wakes] [! CODE...]
 *
 * sN is the socket, ADDRESS the peer, FIELD a field of the call record;
 * hex=BYTES is data that no text can be;
 * thread=N tells threads apart, ready=sN:IN+OUT,... is what a poll reported.
 * ANSWER is `park' or `defer' and a word of the awaited event's name, or
 * `take', which accepts the call as an ordering does that has no better one.
 * Nothing: it is accepted as things stand.  `wakes' says that the line fires
 * the event that the last parked or deferred call waits for; lines without it
 * must not.  CODEs are all deviations of the line; an info ends in `-'.
 */
#ifndef NC_MODEL_KIT_H
#define NC_MODEL_KIT_H

#include <ctype.h>
#include <stdlib.h>

#include "model/model.h"
#include "names.h"
#include "tap.h"
#include "util.h"

#define KIT_THREADS 64
#define KIT_RECORDS 32
#define KIT_TEXT 512

struct kit {
	struct nc_model *order, *replay;
	struct nc_sink sink;
	int64_t line, time;
	struct {
		char host[32];
		int64_t thread, entry;
	} inside[KIT_THREADS];
	size_t ninside;
	bool waiting;
	struct nc_wait wait;
	char codes[KIT_TEXT];
	char conns[KIT_RECORDS][KIT_TEXT], flows[KIT_RECORDS][KIT_TEXT];
	char devs[KIT_RECORDS][KIT_TEXT], clocks[KIT_RECORDS][KIT_TEXT];
	size_t nconns, nflows, ndevs, nclocks;
	size_t conns_seen, flows_seen, clocks_seen;
	const char *file;
	int at;
};

/* " name=value" of each integer and text field. */
static inline void
kit_fields(char *out, enum nc_kind kind, const void *rec)
{
	const struct nc_schema *s = nc_schema(kind);
	size_t i, n = 0;

	for (i = 0; i < s->nfields && n < KIT_TEXT; i++) {
		const void *p = (const char *)rec + s->fields[i].offset;
		const struct nc_bytes *b = p;
		int64_t v;

		if (s->fields[i].type == NC_INT) {
			memcpy(&v, p, sizeof(v));
			if (v != NC_NIL)
				n += (size_t)snprintf(out + n, KIT_TEXT - n,
				    " %s=%" PRId64, s->fields[i].name, v);
		} else if (s->fields[i].type == NC_STR && b->p) {
			n += (size_t)snprintf(out + n, KIT_TEXT - n, " %s=%.*s",
			    s->fields[i].name, (int)b->len, b->p);
		}
	}
	if (n < KIT_TEXT - 1)
		memcpy(out + n, " ", 2);
}

/* " name=value" of each argument, and which calls explain it. */
static inline void
kit_explained(char *out, const struct nc_deviation *d)
{
	struct nc_cursor c = nc_cursor(d->args), item;
	size_t n = strlen(out), left = nc_cursor_map(&c);
	char text[KIT_TEXT];

	for (; left > 0 && n < KIT_TEXT; left--) {
		struct nc_bytes name = nc_cursor_str(&c), s;

		item = c;
		s = nc_cursor_str(&item);
		if (s.p) {
			c = item;
			n += (size_t)snprintf(out + n, KIT_TEXT - n,
			    "%.*s=%.*s ", (int)name.len, name.p, (int)s.len,
			    s.p);
		} else {
			n += (size_t)snprintf(out + n, KIT_TEXT - n,
			    "%.*s=%" PRId64 " ", (int)name.len, name.p,
			    nc_cursor_int(&c));
		}
	}
	c = nc_cursor(d->causes);
	for (left = nc_cursor_array(&c); left > 0 && n < KIT_TEXT; left--) {
		struct nc_bytes s;

		nc_cursor_array(&c);
		nc_cursor_str(&c);
		nc_cursor_int(&c);
		nc_cursor_int(&c);
		s = nc_cursor_str(&c);
		snprintf(text, sizeof(text), "%.*s", (int)s.len, s.p);
		text[strcspn(text, "( ")] = '\0';
		n += (size_t)snprintf(out + n, KIT_TEXT - n, "%s%s",
		    out[n - 1] == ' ' ? "causes=" : ",", text);
	}
	if (n < KIT_TEXT - 1)
		memcpy(out + n, " ", 2);
}

static inline void
kit_put(void *ctx, enum nc_kind kind, const void *rec)
{
	struct kit *k = ctx;
	const struct nc_deviation *d = rec;
	size_t n = strlen(k->codes);

	if (kind == NC_KIND_deviation && k->ndevs < KIT_RECORDS) {
		kit_fields(k->devs[k->ndevs], kind, rec);
		kit_explained(k->devs[k->ndevs++], d);
	}
	if (kind == NC_KIND_deviation)
		snprintf(k->codes + n, sizeof(k->codes) - n, " %.*s%s",
		    (int)d->code.len, d->code.p,
		    nc_str_eq(d->severity, "info") ? "-" : "");
	else if (kind == NC_KIND_connection && k->nconns < KIT_RECORDS)
		kit_fields(k->conns[k->nconns++], kind, rec);
	else if (kind == NC_KIND_clock && k->nclocks < KIT_RECORDS)
		kit_fields(k->clocks[k->nclocks++], kind, rec);
	else if (kind == NC_KIND_flow && k->nflows < KIT_RECORDS)
		kit_fields(k->flows[k->nflows++], kind, rec);
}

static inline int64_t
kit_number(const char *s)
{
	if (strcmp(s, "nil") == 0)
		return NC_NIL;
	return strtoll(*s == 's' ? s + 1 : s, NULL, 0);
}

static inline void
kit_set(enum nc_kind kind, void *rec, const char *name, const char *value)
{
	const struct nc_schema *s = nc_schema(kind);
	size_t i;

	for (i = 0; i < s->nfields; i++) {
		void *p = (char *)rec + s->fields[i].offset;

		if (strcmp(s->fields[i].name, name) != 0)
			continue;
		if (s->fields[i].type == NC_INT) {
			int64_t v = kit_number(value);

			memcpy(p, &v, sizeof(v));
		} else {
			struct nc_bytes b = nc_str(value);

			memcpy(p, &b, sizeof(b));
		}
		return;
	}
	tap_okf(false, __FILE__, __LINE__, "no field %s", name);
}

static inline int64_t
kit_bits(char *text)
{
	static const struct {
		const char *name;
		int64_t bit;
	} names[] = { { "IN", 1 }, { "PRI", 2 }, { "OUT", 4 }, { "ERR", 8 },
		{ "HUP", 16 }, { "NVAL", 32 }, { "RDHUP", 0x2000 } };
	char *save, *t;
	int64_t bits = 0;
	size_t i;

	for (t = strtok_r(text, "+", &save); t; t = strtok_r(NULL, "+", &save))
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (strcmp(t, names[i].name) == 0)
				bits |= names[i].bit;
	return bits;
}

/* ready=s3:IN+OUT,s4: (watched for IN, not reported) */
static inline void
kit_ready(struct nc_buf *b, char *text)
{
	char *save, *t, *bits;
	size_t n = 1;
	int64_t up;

	for (t = text; *t; t++)
		n += *t == ',';
	nc_pack_array(b, 4 * n);
	for (t = strtok_r(text, ",", &save); t;
	     t = strtok_r(NULL, ",", &save)) {
		bits = strchr(t, ':');
		*bits++ = '\0';
		nc_pack_int(b, kit_number(t));
		nc_pack_int(b, kit_number(t));
		up = kit_bits(bits);
		nc_pack_int(b, up ? up : 1);
		nc_pack_int(b, up);
	}
}

/* Splits into words; "quoted ones" stay whole, with the first quote. */
static inline size_t
kit_split(char *text, char **words, size_t max)
{
	size_t n = 0;
	char *p = text;

	while (n < max) {
		while (*p == ' ')
			p++;
		if (!*p)
			break;
		words[n++] = p;
		if (*p == '"') {
			p = strchr(p + 1, '"');
			*p++ = '\0';
		} else {
			while (*p && *p != ' ')
				p++;
		}
		if (*p)
			*p++ = '\0';
	}
	return n;
}

static inline void
kit_fail(const struct kit *k, const char *line, const char *what)
{
	tap_okf(false, k->file, k->at, "%s", line);
	printf("# %s\n", what);
}

/* True if the events so far wake the last that waits; they are consumed. */
static inline bool
kit_woken(struct kit *k)
{
	const struct nc_event *e;
	size_t n = nc_model_events(k->order, &e), i;
	bool woken = false;

	for (i = 0; i < n; i++)
		woken |= k->waiting && k->wait.key && e[i].key == k->wait.key &&
		    e[i].at >= k->wait.at;
	if (woken)
		k->waiting = false;
	return woken;
}

static inline void
kit_host(struct kit *k, char **w, size_t n, bool declared)
{
	struct nc_host h;
	struct nc_address a;
	size_t i;

	nc_record_init(NC_KIND_host, &h);
	h.host = nc_str(w[1]);
	h.trace = 0;
	if (n > 2 && strncmp(w[2], "redacted=", 9) == 0)
		h.redacted = nc_str(w[2] + 9);
	if (declared) {
		nc_model_host(k->order, &h);
		nc_model_host(k->replay, &h);
	}
	for (i = 2 + (h.redacted.p != NULL); i < n; i++) {
		nc_record_init(NC_KIND_address, &a);
		a.host = nc_str(w[1]);
		a.address = nc_str(w[i]);
		a.source = nc_str(declared ? "hosts" : "bind");
		nc_model_address(k->order, &a);
		nc_model_address(k->replay, &a);
	}
}

static inline void
kit_nat(struct kit *k, char **w)
{
	struct nc_nat nat;

	nc_record_init(NC_KIND_nat, &nat);
	nat.host = nc_str(w[1]);
	nat.private_ = nc_str(w[2]);
	nat.public_ = nc_str(w[3]);
	nc_model_nat(k->order, &nat);
	nc_model_nat(k->replay, &nat);
}

static inline void
kit_end(struct kit *k, char **w, size_t n)
{
	struct nc_end e;
	size_t i;

	nc_record_init(NC_KIND_end, &e);
	e.host = nc_str(w[1]);
	e.trace = 0;
	e.cut = e.late = e.unfollowed = e.rejected = 0;
	for (i = 2; i < n && strchr(w[i], '='); i++) {
		char *v = strchr(w[i], '=');

		*v = '\0';
		kit_set(NC_KIND_end, &e, w[i], v + 1);
	}
	nc_model_end(k->order, &e);
	nc_model_end(k->replay, &e);
}

static inline void
kit_has(struct kit *k, const char *line, char **w, size_t n, const char *have)
{
	char want[KIT_TEXT];
	size_t i;

	for (i = 1; i < n; i++) {
		snprintf(want, sizeof(want), " %s ", w[i]);
		if (!strstr(have, want)) {
			kit_fail(k, line, have);
			return;
		}
	}
	tap_okf(true, k->file, k->at, "%s", line);
}

/* The latest deviation of a code. */
static inline const char *
kit_dev(const struct kit *k, const char *code)
{
	char want[KIT_TEXT];
	size_t i;

	snprintf(want, sizeof(want), " code=%s ", code);
	for (i = k->ndevs; i > 0; i--)
		if (strstr(k->devs[i - 1], want))
			return k->devs[i - 1];
	return "no such deviation";
}

/* The bytes that hexadecimal digits stand for, in their place. */
static inline struct nc_bytes
kit_hex(char *text)
{
	char digits[3] = "", *out = text;
	const char *p;

	for (p = text; p[0] && p[1]; p += 2) {
		memcpy(digits, p, 2);
		*out++ = (char)strtol(digits, NULL, 16);
	}
	return (struct nc_bytes){ text, (size_t)(out - text) };
}

/* The words of a call, up to its answer, as a record. */
static inline size_t
kit_call(
    struct kit *k, struct nc_call *c, char **w, size_t n, struct nc_buf *ready)
{
	bool shown = false;
	size_t i;

	nc_record_init(NC_KIND_call, c);
	c->host = nc_str(w[0]);
	c->name = nc_str(w[1]);
	c->trace = 0;
	c->thread = c->process = 1;
	c->line = c->entry = ++k->line;
	c->time = k->time += 1000000;
	c->duration = 10000;
	for (i = 2; i < n; i++) {
		char *v = strchr(w[i], '=');

		if (strcmp(w[i], "->") == 0 || strcmp(w[i], "!") == 0 ||
		    strcmp(w[i], "wakes") == 0)
			break;
		if (strcmp(w[i], "=") == 0) {
			c->result = kit_number(w[++i]);
			if (i + 1 < n && isupper((unsigned char)w[i + 1][0]))
				c->error = nc_str(w[++i]);
		} else if (w[i][0] == '"') {
			c->data = nc_str(w[i] + 1);
			if (c->asked == NC_NIL) {
				c->asked = (int64_t)c->data.len;
				shown = true;
			}
		} else if (v && strncmp(w[i], "hex=", 4) == 0) {
			c->data = kit_hex(v + 1);
			if (c->asked == NC_NIL) {
				c->asked = (int64_t)c->data.len;
				shown = true;
			}
		} else if (v && strncmp(w[i], "ready=", 6) == 0) {
			kit_ready(ready, v + 1);
			c->ready = (struct nc_bytes){ ready->p, ready->len };
		} else if (v) {
			*v = '\0';
			kit_set(NC_KIND_call, c, w[i], v + 1);
			shown = shown && strcmp(w[i], "asked") != 0;
		} else if (w[i][0] == 's' && isdigit((unsigned char)w[i][1])) {
			c->socket = kit_number(w[i]);
			c->fd = c->socket;
		} else {
			c->peer = nc_str(w[i]);
		}
	}
	/* The payload may be cut: there was room for the result. */
	if (shown && c->result != NC_NIL && c->result > c->asked)
		c->asked = c->result;
	if (nc_str_eq(c->name, "socket") && c->socket != NC_NIL) {
		if (!c->domain.p)
			c->domain = nc_str("AF_INET");
		if (!c->type.p)
			c->type = nc_str("SOCK_STREAM");
		if (c->result == NC_NIL)
			c->result = c->socket;
		if (c->flags == NC_NIL)
			c->flags = 0;
	}
	return i;
}

/* The entry line of a call that began before. */
static inline void
kit_inside(struct kit *k, struct nc_call *c, bool begin)
{
	size_t i;

	for (i = 0; i < k->ninside; i++)
		if (k->inside[i].thread == c->thread &&
		    nc_str_eq(c->host, k->inside[i].host)) {
			c->entry = k->inside[i].entry;
			if (!begin)
				k->inside[i] = k->inside[--k->ninside];
			return;
		}
	if (!begin || k->ninside == KIT_THREADS)
		return;
	snprintf(k->inside[i].host, sizeof(k->inside[i].host), "%.*s",
	    (int)c->host.len, c->host.p);
	k->inside[i].thread = c->thread;
	k->inside[i].entry = c->entry;
	k->ninside++;
}

static inline bool
kit_answered(enum nc_answer got, const struct nc_wait *wait, const char *want,
    char *what)
{
	if (got == NC_ACCEPT)
		return *want == '\0';
	return strcmp(want, got == NC_PARK ? "park" : "defer") == 0 && what &&
	    wait->what && strstr(wait->what, what);
}

static inline void
kit_offer(struct kit *k, const char *line, char **w, size_t n)
{
	struct nc_step a, b;
	struct nc_buf ready = { 0 };
	struct nc_wait wait;
	struct nc_call c;
	char said[KIT_TEXT], want[KIT_TEXT] = "";
	bool begin = strcmp(w[0], "begin") == 0;
	bool early = strcmp(w[0], "early") == 0;
	bool wakes = false, woken = false, take = false;
	const char *answer = "";
	char *what = NULL;
	enum nc_answer got = NC_ACCEPT;
	size_t i;

	w += begin || early;
	n -= begin || early;
	i = kit_call(k, &c, w, n, &ready);
	kit_inside(k, &c, begin || early);
	if (begin || early) {
		c.line = c.result = NC_NIL;
		c.error = (struct nc_bytes){ 0 };
	}
	for (; i < n; i++) {
		if (strcmp(w[i], "->") == 0) {
			answer = w[++i];
			take = strcmp(answer, "take") == 0;
			if (take)
				answer = "";
			else
				what = w[++i];
		} else if (strcmp(w[i], "wakes") == 0) {
			wakes = true;
		} else if (strcmp(w[i], "!") != 0) {
			size_t len = strlen(want);

			snprintf(want + len, sizeof(want) - len, " %s", w[i]);
		}
	}
	k->codes[0] = '\0';
	if (nc_model_prepare(k->order, &c, begin || early, &a) < 0 ||
	    nc_model_prepare(k->replay, &c, begin || early, &b) < 0) {
		kit_fail(k, line, "no such host");
		nc_buf_fini(&ready);
		return;
	}
	memset(&wait, 0, sizeof(wait));
	if (begin) {
		nc_model_begin(k->order, &a);
		nc_model_begin(k->replay, &b);
	} else {
		got = early ? nc_model_early(k->order, &a,
				  take ? NC_TAKE : NC_TRY, &wait) :
			      nc_model_offer(
				  k->order, &a, take ? NC_TAKE : NC_TRY, &wait);
		woken = kit_woken(k);
		if (got != NC_ACCEPT) {
			k->waiting = true;
			k->wait = wait;
			if (c.entry == c.line)
				k->line--; /* it is offered again */
			else
				kit_inside(k, &c, true);
		} else {
			struct nc_wait unused;

			if (early)
				nc_model_early(k->replay, &b, NC_TAKE, &unused);
			else
				nc_model_offer(k->replay, &b, NC_TAKE, &unused);
		}
	}
	snprintf(said, sizeof(said), "%s%s%s%s; codes:%.200s",
	    got == NC_ACCEPT   ? "accepted" :
		got == NC_PARK ? "parked on " :
				 "deferred on ",
	    got != NC_ACCEPT && wait.what ? wait.what : "",
	    woken ? ", wakes" : "", wakes ? " (to wake)" : "", k->codes);
	if (kit_answered(got, &wait, answer, what) && woken == wakes &&
	    strcmp(want, k->codes) == 0)
		tap_okf(true, k->file, k->at, "%s", line);
	else
		kit_fail(k, line, said);
	nc_buf_fini(&ready);
}

static inline void
kit_line(struct kit *k, const char *line)
{
	char *text = nc_xstrndup(line, strlen(line)), *words[48];
	size_t n = kit_split(text, words, 48);

	if (strcmp(words[0], "host") == 0) {
		kit_host(k, words, n, true);
	} else if (strcmp(words[0], "address") == 0) {
		kit_host(k, words, n, false);
	} else if (strcmp(words[0], "nat") == 0) {
		kit_nat(k, words);
	} else if (strcmp(words[0], "end") == 0) {
		bool wakes = strcmp(words[n - 1], "wakes") == 0;

		kit_end(k, words, n - wakes);
		tap_okf(kit_woken(k) == wakes, k->file, k->at, "%s", line);
	} else if (strcmp(words[0], "finish") == 0) {
		k->codes[0] = '\0';
		nc_model_finish(k->order);
		nc_model_finish(k->replay);
		if (!tap_okf(strcmp(k->codes,
				 line + strlen("finish") +
				     (n > 1 ? strlen(" !") : 0)) == 0,
			k->file, k->at, "%s", line))
			printf("# codes:%s\n", k->codes);
	} else if (strcmp(words[0], "conn") == 0) {
		kit_has(k, line, words, n,
		    k->conns_seen < k->nconns ? k->conns[k->conns_seen++] :
						"no connection record");
	} else if (strcmp(words[0], "flow") == 0) {
		kit_has(k, line, words, n,
		    k->flows_seen < k->nflows ? k->flows[k->flows_seen++] :
						"no flow record");
	} else if (strcmp(words[0], "clock") == 0) {
		kit_has(k, line, words, n,
		    k->clocks_seen < k->nclocks ? k->clocks[k->clocks_seen++] :
						  " none ");
	} else if (strcmp(words[0], "dev") == 0) {
		kit_has(k, line, words + 1, n - 1, kit_dev(k, words[1]));
	} else {
		kit_offer(k, line, words, n);
	}
	free(text);
}

static inline void
kit_script(const char *const *lines, size_t n, const char *file, int at)
{
	struct kit k = { .file = file, .at = at };
	size_t i;

	k.sink = (struct nc_sink){ &k, kit_put };
	k.order = nc_model_new(NULL);
	k.replay = nc_model_new(&k.sink);
	for (i = 0; i < n; i++)
		kit_line(&k, lines[i]);
	nc_model_free(k.order);
	nc_model_free(k.replay);
}

/* Runs a script: script("first line", "second line", ...) */
#define script(...) \
	do { \
		static const char *const kit_lines[] = { __VA_ARGS__ }; \
		kit_script(kit_lines, \
		    sizeof(kit_lines) / sizeof(kit_lines[0]), __FILE__, \
		    __LINE__); \
	} while (0)

/* The usual start: two hosts, and a server that listens on port 80. */
#define HOSTS "host server 10.0.1.2", "host client 10.0.2.2"
#define LISTENS \
	"server socket s1", "server bind s1 local=0.0.0.0:80 = 0", \
	    "server listen s1 value=8 = 0"
/* A connection: s3 at the client, s2 at the server, both sides stated. */
#define CONNECTED \
	HOSTS, LISTENS, "client socket s3", \
	    "client connect s3 10.0.1.2:80 local=10.0.2.2:4000 = 0", \
	    "server accept s1 10.0.2.2:4000 local=10.0.1.2:80 made=s2 = 4"

#endif
