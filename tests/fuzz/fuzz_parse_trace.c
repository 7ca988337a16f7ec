/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Fuzzer: any bytes as traces of one host, from the file to the records,
 * which must be a clean stream.  A line "====" ends a trace; with a "!" in
 * front of all, payload is redacted.
 */
#define _GNU_SOURCE /* memfd_create, memmem */
#include "kit.h"

#include "merge.h"
#include "redact/redact.h"

#include <string.h>

/* Bytes looked at to tell the dialect. */
#define LOOK (64u << 10)

#define TRACES 3
#define BETWEEN "\n====\n"

/* Opens a source on what is before the next mark; false if it is no trace. */
static bool
open_source(struct nc_source *s, const uint8_t **p, const uint8_t *end,
    struct nc_machine *m, struct nc_writer *w, int64_t number)
{
	const uint8_t *mark =
	    memmem(*p, (size_t)(end - *p), BETWEEN, sizeof(BETWEEN) - 1);
	static char file[] = "fuzz";
	const char *text, *why;
	size_t len = (size_t)((mark != NULL ? mark + 1 : end) - *p);

	memset(s, 0, sizeof(*s));
	s->file = file;
	s->machine = m;
	nc_input_init(&s->input, fuzz_file(*p, len));
	*p = mark != NULL ? mark + sizeof(BETWEEN) - 1 : NULL;
	len = nc_input_look(&s->input, LOOK, &text);
	s->dialect = nc_dialect_detect(text, len, NULL, &why);
	s->open = s->dialect != NULL;
	if (!s->open) {
		nc_input_fini(&s->input);
		return false;
	}
	nc_trace_init(&s->trace, m, number, s->file, w);
	s->trace.quiet = true;
	if (s->dialect->begin != NULL)
		s->dialect->begin(&s->trace);
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct nc_source sources[TRACES];
	static struct nc_redact *key;
	int out = fuzz_file(NULL, 0);
	struct nc_writer *w = nc_writer_new(out);
	struct nc_machine *m = nc_machine_new("h");
	const uint8_t *p = data;
	bool redacted = n > 0 && *p == '!';
	size_t i, len = 0;

	if (key == NULL)
		key = nc_redact_new("0123456789abcdef", 16);
	p += redacted;
	while (p != NULL && len < TRACES)
		if (open_source(
			&sources[len], &p, data + n, m, w, (int64_t)len))
			sources[len++].trace.redact = redacted ? key : NULL;
	nc_merge_run(sources, len, w, NC_PROGRESS_NEVER);
	for (i = 0; i < len; i++)
		nc_trace_fini(&sources[i].trace);
	nc_machine_free(m);
	if (nc_writer_close(w, true) < 0)
		abort();
	fuzz_check_stream(out, -1);
	return 0;
}
