/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Fuzzer: any text as a hosts file.
 */
#define _GNU_SOURCE /* memfd_create */
#include "kit.h"

#include "hosts.h"

/* Every field is there and whole. */
static void
walk(const struct nc_hosts *h)
{
	char text[NC_ADDR_TEXT];
	const struct nc_hosts_row *row;
	size_t i, j;

	for (i = 0; i < h->nrows; i++) {
		row = &h->rows[i];
		if (row->host == NULL || *row->host == '\0' ||
		    row->trace == NULL || row->file == NULL)
			abort();
		for (j = 0; j < row->naddresses; j++)
			nc_addr_print_ip(&row->addresses[j], text);
		for (j = 0; j < row->nnat; j++) {
			nc_addr_print_port(&row->nat[j].inside, text);
			nc_addr_print_port(&row->nat[j].outside, text);
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *text = (const char *)data;
	char error[NC_HOSTS_ERROR] = "";
	struct nc_hosts *h;

	nc_hosts_detect(text, n);
	h = nc_hosts_parse(text, n, "hosts.csv", false, error);
	if (h != NULL)
		walk(h);
	else if (error[0] == '\0')
		abort();
	nc_hosts_free(h);
	return 0;
}
