/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Lines of tracers that show too little to be of use.
 */
#include "dialect.h"
#include "scan.h"

#include <string.h>

/* Past digits and dots; p itself if there are none. */
static const char *
number(const char *p, const char *end)
{
	while (p < end && ((*p >= '0' && *p <= '9') || *p == '.'))
		p++;
	return p;
}

/* "    19.695 ( 0.139 ms): comm/tid name(" or "? (         ): " */
int
nc_probe_perf(struct nc_text line)
{
	const char *p = nc_scan_past(line.p, line.end, " \t"), *q;

	q = number(p, line.end);
	if (q == p && p < line.end && *p == '?')
		q++;
	if (q == p || line.end - q < 2 || q[0] != ' ' || q[1] != '(')
		return 0;
	p = nc_scan_past(q + 2, line.end, " \t");
	q = number(p, line.end);
	if (q > p) {
		if (line.end - q < 3 || memcmp(q, " ms", 3) != 0)
			return 0;
		q += 3;
	}
	return line.end - q >= 3 && memcmp(q, "): ", 3) == 0 ? 2 : 0;
}

/* "connect(0x5, 0x7FFE, 0x10)\t\t = -1 Err#61", "... = 18 0", the heading. */
int
nc_probe_dtruss(struct nc_text line)
{
	static const char heading[] = "SYSCALL(args)";
	struct nc_text t = line;
	const char *p;
	int64_t v;

	for (p = line.p; line.end - p >= (int)sizeof(heading) - 1; p++)
		if (memcmp(p, heading, sizeof(heading) - 1) == 0)
			return 2;
	for (p = line.end; --p > line.p + 3;)
		if (*p == '=' && p[-1] == ' ' && p[-2] == '\t')
			break;
	if (p <= line.p + 3 || line.end - p < 4 || p[1] != ' ')
		return 0;
	t.p = p + 2;
	p = nc_text_int(t, &v);
	if (p == NULL || p == line.end || *p != ' ')
		return 0;
	t.p = p + 1;
	if (nc_text_starts(t, "Err#"))
		t.p += 4;
	return nc_text_int(t, &v) == line.end ? 2 : 0;
}

/* "1 01:40:19.601363716 1 httpd (7513) > accept" */
int
nc_probe_sysdig(struct nc_text line)
{
	const char *p = number(line.p, line.end), *q;

	if (p == line.p || line.end - p < 12 || p[3] != ':' || p[6] != ':')
		return 0;
	p = number(p + 7, line.end);
	if (p == line.end || *p != ' ')
		return 0;
	q = number(p + 1, line.end);
	if (q == p + 1 || q == line.end || *q != ' ')
		return 0;
	p = memchr(q, '(', (size_t)(line.end - q));
	if (p == NULL)
		return 0;
	q = number(p + 1, line.end);
	return q > p + 1 && line.end - q > 4 && q[0] == ')' && q[1] == ' ' &&
		(q[2] == '>' || q[2] == '<') && q[3] == ' ' ?
	    2 :
	    0;
}
