/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Readiness: poll, select, epoll.
 * For lib/model only.
 */
#ifndef NC_MODEL_READY_H
#define NC_MODEL_READY_H

#include "../state.h"

enum nc_answer offer_ready(struct offer *o);
enum nc_answer offer_epoll(struct offer *o);
/* From here on e (NULL: none) watches the socket. */
void epoll_watch(struct nc_model *m, struct sock *s, struct epoll *e);

#endif
