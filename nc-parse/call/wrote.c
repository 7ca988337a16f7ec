/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What a call of write or writev shows of the bytes that it is to write.
 */
#include "wrote.h"

#include "../text/decode.h"

#include <string.h>

/* ", " between arguments and "name=" of -N; NULL if it is not there. */
static const char *
next_argument(const char *p, const char *end)
{
	if (end - p < 2 || p[0] != ',' || p[1] != ' ')
		return NULL;
	for (p += 2; p < end && ((*p >= 'a' && *p <= 'z') || *p == '='); p++)
		;
	return p;
}

/* Past the descriptor and its annotation, to the second argument. */
static const char *
second_argument(struct nc_text body)
{
	struct nc_text name, v = nc_text_field(body, &name);
	int64_t fd;
	const char *p = nc_text_int(v, &fd);

	if (p == NULL || fd < 0)
		return NULL;
	if (p < body.end && *p == '<')
		p = nc_text_skip_note(p, body.end);
	return p == NULL ? NULL : next_argument(p, body.end);
}

/*
 * The string of write: *cut tells whether there are more bytes.  Past it, or
 * NULL.
 */
static const char *
read_string(const char *p, const char *end, struct nc_buf *known, bool *cut)
{
	const char *q;

	if (p == end || *p != '"')
		return NULL;
	q = nc_text_skip_string(p, end);
	if (q == NULL)
		return NULL;
	*cut = end - q >= 3 && memcmp(q, "...", 3) == 0;
	if (nc_text_decode((struct nc_text){ p, q }, known) != NC_STRING_WHOLE)
		return NULL;
	return *cut ? q + 3 : q;
}

/* The same of writev's vector, of which every string must be whole. */
static const char *
read_vector(const char *p, const char *end, struct nc_buf *known)
{
	const char *q = p;
	struct nc_text v;
	bool cut;

	if (p == end || *p != '[')
		return NULL;
	for (;;) {
		while (q < end && *q != '"' && *q != ']')
			q++;
		if (q == end)
			return NULL;
		if (*q == ']')
			return q + 1;
		v = (struct nc_text){ q - (q - p >= 9 ? 9 : 0), end };
		if (!nc_text_starts(v, "iov_base=\"") ||
		    (q = read_string(q, end, known, &cut)) == NULL || cut)
			return NULL;
	}
}

const char *
nc_wrote(
    struct nc_text body, enum nc_call_id call, struct nc_buf *known, bool *cut)
{
	const char *p = second_argument(body);

	known->len = 0;
	*cut = false;
	if (p == NULL)
		return NULL;
	p = call == NC_CALL_WRITE ? read_string(p, body.end, known, cut) :
				    read_vector(p, body.end, known);
	return p == NULL ? NULL : next_argument(p, body.end);
}
