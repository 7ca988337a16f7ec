/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The simulated servers: bodies of a process's first thread.
 */
#ifndef LAWFUL_SERVER_H
#define LAWFUL_SERVER_H

#include "sys.h"

struct server {
	int port, family;
	int total;            /* connections that will come */
	struct addr upstream; /* of a proxy */
	struct file *listener;
};

/* A client waits until all servers take connections, or datagrams. */
void await_servers(struct thread *t);
void server_ready(struct thread *t);

void tcp_server(struct thread *t, void *server);
void udp_server(struct thread *t, void *server);
/* Listens, and never accepts: what is sent to it is dropped. */
void dropped_server(struct thread *t, void *server);
/* Passes each connection on to its upstream server. */
void proxy_server(struct thread *t, void *server);

#endif
