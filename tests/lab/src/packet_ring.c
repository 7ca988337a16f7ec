/* SPDX-FileCopyrightText: 2026 The NetCheck authors */
/* SPDX-License-Identifier: MIT */

/*
 * packet_ring: waits until COUNT packets have come by through a ring that the
 * kernel writes into (packet(7), PACKET_RX_RING).
 * usage: packet_ring COUNT
 */

#include <sys/mman.h>
#include <sys/socket.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include <arpa/inet.h>
#include <err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES 64
#define FRAME 2048

int
main(int argc, char *argv[])
{
	struct tpacket_req req = { .tp_block_size = 4096,
		.tp_block_nr = FRAMES * FRAME / 4096,
		.tp_frame_size = FRAME,
		.tp_frame_nr = FRAMES };
	struct pollfd p = { .events = POLLIN };
	int left, at = 0;
	char *ring;

	if (argc != 2)
		errx(2, "usage: packet_ring COUNT");
	left = atoi(argv[1]);
	p.fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP));
	if (p.fd < 0 ||
	    setsockopt(p.fd, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)) < 0)
		err(1, "PACKET_RX_RING");
	ring = mmap(
	    NULL, FRAMES * FRAME, PROT_READ | PROT_WRITE, MAP_SHARED, p.fd, 0);
	if (ring == MAP_FAILED)
		err(1, "mmap");
	puts("ready");
	fflush(stdout);
	while (left > 0) {
		struct tpacket_hdr *h =
		    (struct tpacket_hdr *)(void *)(ring + at * FRAME);

		if (!(h->tp_status & TP_STATUS_USER)) {
			if (poll(&p, 1, 10000) <= 0)
				errx(1, "nothing comes by");
			continue;
		}
		h->tp_status = TP_STATUS_KERNEL;
		at = (at + 1) % FRAMES;
		left--;
	}
	return 0;
}
