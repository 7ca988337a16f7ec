/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the user knows of and does not want to be told: an ignore file, CSV
 * with the columns id, host, endpoint (patterns as sh has them for file
 * names) and reason, of which the last three may be missing or empty.
 */
#ifndef NC_IGNORE_H
#define NC_IGNORE_H

#include "finding.h"
#include "rows.h"

struct ignore_rule {
	char *id, *host, *endpoint; /* patterns; NULL: any */
	char *reason;               /* or NULL */
};

/* Zeroed is empty. */
struct ignore {
	struct ignore_rule *rules;
	size_t n, cap;
};

/*
 * Adds the rules of a file.  0, or -1 and "path: reason" or
 * "path:line:column: reason" in error.
 */
int ignore_read(struct ignore *g, const char *path, char error[NC_ROWS_ERROR]);

/* Adds a rule for all findings of an id. */
void ignore_id(struct ignore *g, const char *id);

/* The first rule that a finding falls under, or NULL; borrowed. */
const struct ignore_rule *ignore_match(
    const struct ignore *g, const struct finding *f);

void ignore_fini(struct ignore *g);

#endif
