/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The hosts file: which trace is which host's, and what the user knows of
 * its addresses (netcheck-hosts(5)).
 */
#ifndef NC_HOSTS_H
#define NC_HOSTS_H

#include "addr.h"
#include "rows.h"

#include <stdbool.h>
#include <stddef.h>

/* A translation that the user declares. */
struct nc_hosts_nat {
	struct nc_addr inside, outside; /* port 0: all ports */
};

/*
 * One row: a trace file of a host.  A row whose trace is a pattern becomes
 * several; what is known of the host stands in the first.
 */
struct nc_hosts_row {
	char *host;
	char *trace;                       /* path to open */
	char *file;                        /* the path as the user wrote it */
	char *format;                      /* dialect, or NULL: detected */
	size_t format_line, format_column; /* where it stands, from 1 */
	struct nc_addr *addresses;
	size_t naddresses;
	struct nc_hosts_nat *nat;
	size_t nnat;
};

struct nc_hosts {
	struct nc_hosts_row *rows;
	size_t nrows;
};

#define NC_HOSTS_ERROR NC_ROWS_ERROR

/*
 * Reads the text of a hosts file; path names it in messages and is what
 * relative trace paths start from.  With check, trace files must be readable,
 * and patterns stand for the files that there are.
 * NULL and "path:line:column: reason" in error if it cannot be used.
 */
struct nc_hosts *nc_hosts_parse(const char *text, size_t len, const char *path,
    bool check, char error[NC_HOSTS_ERROR]);
void nc_hosts_free(struct nc_hosts *h);

/*
 * True if the text's first line that is neither blank nor comment is a row
 * with both the columns host and trace.
 */
bool nc_hosts_detect(const char *text, size_t len);

#endif
