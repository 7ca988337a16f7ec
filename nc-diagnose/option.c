/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The thresholds of the rules: the table of threshold.def.
 */
#include "option.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "util.h"

/* Keeps a threshold in ns within 64 bits. */
#define VALUE_MAX INT64_C(1000000000000)

static const struct {
	const char *name, *meaning;
	size_t offset;
	int64_t value;
} table[] = {
#define NC_THRESHOLD(member, name, value, meaning) \
	{ name, meaning, offsetof(struct thresholds, member), value },
#include "threshold.def"
#undef NC_THRESHOLD
};

#define N (sizeof(table) / sizeof(table[0]))

void
thresholds_init(struct thresholds *t)
{
	size_t i;

	for (i = 0; i < N; i++)
		memcpy((char *)t + table[i].offset, &table[i].value,
		    sizeof(int64_t));
}

int
thresholds_set(struct thresholds *t, const char *assignment)
{
	const char *eq = strchr(assignment, '=');
	int64_t v;
	size_t i;

	if (!eq || nc_parse_int(eq + 1, strlen(eq + 1), 0, VALUE_MAX, &v) != 0)
		return -1;
	for (i = 0; i < N; i++)
		if (strlen(table[i].name) == (size_t)(eq - assignment) &&
		    memcmp(table[i].name, assignment,
			(size_t)(eq - assignment)) == 0) {
			memcpy((char *)t + table[i].offset, &v, sizeof(v));
			return 0;
		}
	return -1;
}

void
thresholds_print(const struct thresholds *t, FILE *to)
{
	size_t i;
	int64_t v;

	for (i = 0; i < N; i++) {
		memcpy(&v, (const char *)t + table[i].offset, sizeof(v));
		fprintf(to, "%s=%" PRId64 "\n\t%s\n", table[i].name, v,
		    table[i].meaning);
	}
}
