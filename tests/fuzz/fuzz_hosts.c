/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Fuzzer: any text as a hosts file.
 */
#include "hosts.h"

#include "util.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char error[NC_HOSTS_ERROR];

	nc_hosts_detect((const char *)data, n);
	nc_hosts_free(
	    nc_hosts_parse((const char *)data, n, "hosts.csv", false, error));
	return 0;
}
