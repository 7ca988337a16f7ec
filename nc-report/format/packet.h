/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * IP packets in a pcapng file (draft-ietf-opsawg-pcapng): link type RAW, an
 * interface for the network and one for each host's loopback, times in ns.
 */
#ifndef NC_REPORT_PACKET_H
#define NC_REPORT_PACKET_H

#include <stdio.h>

#include "addr.h"
#include "record.h"

/* Most payload of one packet, TCP and UDP; IPv4 holds no more. */
#define PACKET_SEGMENT 65000u
#define PACKET_DATAGRAM 65507u

/* TCP's flags. */
enum {
	PACKET_FIN = 1,
	PACKET_SYN = 2,
	PACKET_RST = 4,
	PACKET_PSH = 8,
	PACKET_ACK = 16
};

struct packet {
	struct nc_addr from, to;
	bool udp;
	uint32_t seq, ack; /* TCP */
	unsigned int flags;
	uint32_t len;         /* of the payload */
	struct nc_bytes data; /* what of it is known, from its begin */
	uint32_t interface;
	uint64_t time;           /* ns since the epoch */
	struct nc_bytes comment; /* UTF-8; NULL: none */
};

struct packet_writer {
	FILE *out;
	struct nc_buf block;
	uint32_t interfaces;
	uint16_t id;
};

/* The file's head, with an interface of that name, number 0. */
void packet_open(struct packet_writer *w, FILE *out, const char *name);

/* One more interface; returns its number. */
uint32_t packet_interface(struct packet_writer *w, struct nc_bytes name);

void packet_write(struct packet_writer *w, const struct packet *p);
void packet_close(struct packet_writer *w);

#endif
