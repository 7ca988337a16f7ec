/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The vocabulary of diagnoses: the table of lib/diag.def.
 */
#include "diag.h"

#include <string.h>

static const struct nc_diag table[] = {
#define NC_DIAG(id, category, severity, meaning, explanation, how, remedy) \
	{ id, #category, NC_SEVERITY_##severity, meaning, explanation, how, \
		remedy },
#include "diag.def"
#undef NC_DIAG
};

#define N (sizeof(table) / sizeof(table[0]))

const struct nc_diag *
nc_diag_find(const char *id, size_t len)
{
	size_t i;

	for (i = 0; i < N; i++)
		if (strlen(table[i].id) == len &&
		    memcmp(table[i].id, id, len) == 0)
			return &table[i];
	return NULL;
}

const struct nc_diag *
nc_diag_at(size_t i)
{
	return i < N ? &table[i] : NULL;
}

const char *
nc_severity_name(enum nc_severity severity)
{
	static const char *const names[] = { "info", "warning", "error" };

	return names[severity];
}
