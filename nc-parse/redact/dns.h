/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * DNS messages (RFC 1035), told from anything else by their form.
 */
#ifndef NC_DNS_H
#define NC_DNS_H

#include "framing.h"

/*
 * If the bytes are a DNS message of len bytes, of which the first n are
 * known, adds what of it is kept: the header, the question, and of each
 * resource record all but the data, the data too if it is addresses or names
 * (A AAAA NS CNAME SOA PTR MX SRV).  False if they are not, or if too few are
 * known to say.  spans is empty before, and afterwards if false.
 */
bool nc_dns_mark(
    const char *p, size_t n, uint64_t len, size_t at, struct nc_spans *spans);

#endif
