/* SPDX-FileCopyrightText: 2026 The NetCheck authors */
/* SPDX-License-Identifier: MIT */

/*
 * mangle DEVICE ACTION...: a bad network. Reads IPv4 packets from a TUN device
 * and writes them back, UDP ones to or from PORT otherwise than they came:
 *
 *   port=N       which packets; others pass (default: all)
 *   tcp=1        TCP ones instead
 *   twice=N      each Nth one is written twice
 *   swap=N       each Nth one is held back until the next has passed
 *   delay=MS     each one is held back so long
 *   every=N      delay only each Nth one
 */

#include "tun.h"

#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define HELD 1024
#define PACKET 2048

static struct {
	int64_t due; /* ms */
	size_t len;
	unsigned char data[PACKET];
} held[HELD];
static size_t nheld;
static long port, tcp, twice, swap, delay, every = 1;

static int64_t
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int
matches(const unsigned char *p, size_t len)
{
	size_t head = (size_t)(p[0] & 15) * 4;

	if (len < head + 8 || p[0] >> 4 != 4 || p[9] != (tcp ? 6 : 17))
		return 0;
	return port == 0 || p[head] * 256 + p[head + 1] == port ||
	    p[head + 2] * 256 + p[head + 3] == port;
}

static void
put(int fd, const unsigned char *p, size_t len)
{
	if (write(fd, p, len) == -1)
		warn("write");
}

static void
hold(const unsigned char *p, size_t len, int64_t due)
{
	if (nheld == HELD || len > PACKET)
		return;
	held[nheld].due = due;
	held[nheld].len = len;
	memcpy(held[nheld++].data, p, len);
}

/* Writes what is due, in the order in which it came. */
static void
flush_due(int fd, int64_t at)
{
	size_t i, kept = 0;

	for (i = 0; i < nheld; i++) {
		if (held[i].due <= at)
			put(fd, held[i].data, held[i].len);
		else
			held[kept++] = held[i];
	}
	nheld = kept;
}

int
main(int argc, char *argv[])
{
	static const struct {
		const char *name;
		long *value;
	} options[] = { { "port=", &port }, { "tcp=", &tcp },
		{ "twice=", &twice }, { "swap=", &swap }, { "delay=", &delay },
		{ "every=", &every } };
	unsigned char packet[PACKET];
	struct pollfd p = { .events = POLLIN };
	long count = 0;
	ssize_t len;
	int i;
	size_t j;

	for (i = 2; i < argc; i++)
		for (j = 0; j < sizeof(options) / sizeof(options[0]); j++)
			if (strncmp(argv[i], options[j].name,
				strlen(options[j].name)) == 0)
				*options[j].value =
				    atol(strchr(argv[i], '=') + 1);
	if (argc < 2)
		errx(2, "usage: mangle DEVICE ACTION...");
	p.fd = open_tun(argv[1]);
	for (;;) {
		poll(&p, 1, nheld ? 1 : 1000);
		flush_due(p.fd, now());
		if (!(p.revents & POLLIN))
			continue;
		len = read(p.fd, packet, sizeof(packet));
		if (len <= 0)
			return 0;
		if (!matches(packet, (size_t)len)) {
			put(p.fd, packet, (size_t)len);
			continue;
		}
		count++;
		if (delay && count % every == 0) {
			hold(packet, (size_t)len, now() + delay);
		} else if (swap && count % swap == 0) {
			hold(packet, (size_t)len, now() + 300);
		} else {
			put(p.fd, packet, (size_t)len);
			if (twice && count % twice == 0)
				put(p.fd, packet, (size_t)len);
			if (swap)
				flush_due(p.fd, INT64_MAX);
		}
	}
}
