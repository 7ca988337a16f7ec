/* SPDX-FileCopyrightText: 2026 The NetCheck authors */
/* SPDX-License-Identifier: MIT */

/* The TUN device through which a router's packets go. */

#include <sys/ioctl.h>

#include <linux/if.h>
#include <linux/if_tun.h>

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

/* A descriptor that gives and takes one IP packet a call. */
static int
open_tun(const char *name)
{
	struct ifreq ifr;
	int fd = open("/dev/net/tun", O_RDWR);

	if (fd == -1)
		err(2, "/dev/net/tun");
	memset(&ifr, 0, sizeof(ifr));
	ifr.ifr_flags = IFF_TUN | IFF_NO_PI;
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", name);
	if (ioctl(fd, TUNSETIFF, &ifr) == -1)
		err(2, "%s", name);
	return fd;
}
