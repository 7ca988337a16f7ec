/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * lib/diag: the vocabulary is whole and can be found.
 */
#include "diag.h"

#include <ctype.h>

#include "tap.h"

static bool
is_id(const char *s)
{
	if (!islower((unsigned char)*s))
		return false;
	for (; *s; s++)
		if (!islower((unsigned char)*s) &&
		    !isdigit((unsigned char)*s) &&
		    !(*s == '-' && s[1] != '-' && s[1] != '\0'))
			return false;
	return true;
}

static void
entries(void)
{
	static const char *const categories[] = { "application", "network",
		"middlebox", "configuration", "host", "portability", "trace" };
	const struct nc_diag *d;
	size_t i, j;

	for (i = 0; (d = nc_diag_at(i)); i++) {
		okf(is_id(d->id), "%s: lower case, with single dashes", d->id);
		for (j = 0; j < 7 && strcmp(d->category, categories[j]); j++)
			continue;
		okf(j < 7, "%s: category %s", d->id, d->category);
		okf(nc_diag_find(d->id, strlen(d->id)) == d,
		    "%s: found, and only once", d->id);
		okf(d->meaning[0] && d->meaning[strlen(d->meaning) - 1] != '.',
		    "%s: a meaning without a full stop", d->id);
		okf(d->explanation[0] && d->how[0] && d->remedy[0],
		    "%s: every text is there", d->id);
	}
	ok(i > 20, "the table is not empty");
	ok(nc_diag_at(i + 100) == NULL, "nothing past the last");
}

static void
finding(void)
{
	ok(nc_diag_find("mtux", 3) != NULL, "only the first n bytes count");
	ok(nc_diag_find("mt", 2) == NULL, "a part of an id is none");
	ok(nc_diag_find("mtux", 4) == NULL, "nor is a longer one");
	ok(nc_diag_find("", 0) == NULL, "nor is nothing");
	is_str(nc_severity_name(NC_SEVERITY_INFO), "info", "info");
	is_str(nc_severity_name(NC_SEVERITY_WARNING), "warning", "warning");
	is_str(nc_severity_name(NC_SEVERITY_ERROR), "error", "error");
}

int
main(void)
{
	entries();
	finding();
	return done();
}
