/* SPDX-FileCopyrightText: 2026 The NetCheck authors */
/* SPDX-License-Identifier: MIT */

/*
 * rewrite DEVICE OLD NEW: a router's packet rewriter. Reads IPv4 packets from
 * a TUN device, replaces each occurrence of OLD in a TCP or UDP payload by
 * NEW (of the same length), repairs the checksum, and writes them back.
 * OLD and NEW understand \xHH.
 */

#include "tun.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

/* Undo \xHH in place; the length of what is left. */
static size_t
unescape(char *s)
{
	char *in = s, *out = s;
	char hex[3] = "";

	while (*in != '\0') {
		if (in[0] == '\\' && in[1] == 'x' && isxdigit(in[2] & 0xff) &&
		    isxdigit(in[3] & 0xff)) {
			hex[0] = in[2];
			hex[1] = in[3];
			*out++ = (char)strtoul(hex, NULL, 16);
			in += 4;
		} else {
			*out++ = *in++;
		}
	}
	return (size_t)(out - s);
}

static uint32_t
sum16(const unsigned char *p, size_t len, uint32_t sum)
{
	for (; len > 1; p += 2, len -= 2)
		sum += (uint32_t)p[0] << 8 | p[1];
	if (len == 1)
		sum += (uint32_t)p[0] << 8;
	return sum;
}

/* The transport checksum over the pseudo header and the segment. */
static void
checksum(unsigned char *ip, unsigned char *seg, size_t len, size_t at)
{
	uint32_t sum;

	seg[at] = seg[at + 1] = 0;
	sum = sum16(ip + 12, 8, ip[9] + (uint32_t)len);
	sum = sum16(seg, len, sum);
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	sum = ~sum & 0xffff;
	if (sum == 0 && ip[9] == 17)
		sum = 0xffff;
	seg[at] = (unsigned char)(sum >> 8);
	seg[at + 1] = (unsigned char)sum;
}

static int
replace(
    unsigned char *p, size_t len, const char *old, const char *new, size_t n)
{
	int hits = 0;
	size_t i;

	for (i = 0; i + n <= len; i++) {
		if (memcmp(p + i, old, n) == 0) {
			memcpy(p + i, new, n);
			hits++;
		}
	}
	return hits;
}

static void
rewrite(
    unsigned char *ip, size_t len, const char *old, const char *new, size_t n)
{
	size_t ihl = (size_t)(ip[0] & 15) * 4, head;
	unsigned char *seg = ip + ihl;

	if (len < 40 || ip[0] >> 4 != 4 || (ip[9] != 6 && ip[9] != 17))
		return;
	len = (size_t)ip[2] << 8 | ip[3];
	head = ip[9] == 17 ? 8 : (size_t)(seg[12] >> 4) * 4;
	if (ihl + head > len)
		return;
	if (replace(seg + head, len - ihl - head, old, new, n) > 0)
		checksum(ip, seg, len - ihl, ip[9] == 17 ? 6 : 16);
}

int
main(int argc, char *argv[])
{
	unsigned char packet[65536];
	ssize_t len;
	size_t n;
	int fd;

	if (argc != 4)
		errx(2, "usage: rewrite DEVICE OLD NEW");
	n = unescape(argv[2]);
	if (n == 0 || unescape(argv[3]) != n)
		errx(2, "OLD and NEW must have the same length");
	fd = open_tun(argv[1]);
	while ((len = read(fd, packet, sizeof(packet))) > 0) {
		rewrite(packet, (size_t)len, argv[2], argv[3], n);
		if (write(fd, packet, (size_t)len) == -1)
			warn("write");
	}
	return 0;
}
