/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The simulated clients.
 */
#ifndef LAWFUL_CLIENT_H
#define LAWFUL_CLIENT_H

#include "sys.h"

struct client {
	struct addr target;
	int family;
	int end;    /* END_*: how its connection ends */
	bool alone; /* in its process */
};

/* Bodies of a thread; they return when the client has ended. */
void tcp_client(struct thread *t, void *client);
void udp_client(struct thread *t, void *client);
/* Connects to a port where that must fail. */
void fault_client(struct thread *t, void *client);

/* One fewer is running. */
void client_over(struct world *w);

#endif
