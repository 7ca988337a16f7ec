/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The vocabulary of diagnoses: the table of lib/diag.def.
 */
#ifndef NC_DIAG_H
#define NC_DIAG_H

#include <stddef.h>
#include <stdint.h>

/* In rising order. */
enum nc_severity { NC_SEVERITY_INFO, NC_SEVERITY_WARNING, NC_SEVERITY_ERROR };

/* All texts are static. */
struct nc_diag {
	const char *id;
	const char *category;      /* who is to blame */
	enum nc_severity severity; /* the highest a finding may have */
	const char *meaning;       /* one sentence, without a full stop */
	const char *explanation;
	const char *how; /* how it is found, false alarms left out */
	const char *remedy;
};

/* The entry of that id, or NULL. */
const struct nc_diag *nc_diag_find(const char *id, size_t len);

/* The i-th entry from 0, or NULL past the last. */
const struct nc_diag *nc_diag_at(size_t i);

/* "info", "warning", "error"; static. */
const char *nc_severity_name(enum nc_severity severity);

#endif
