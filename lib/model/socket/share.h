/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Two live sockets with one address and port, by SO_REUSEADDR or SO_REUSEPORT
 * (model.md 3.1, bind_conflict).  Whether it mattered shows only at the end.
 * For lib/model only.
 */
#ifndef NC_MODEL_SHARE_H
#define NC_MODEL_SHARE_H

#include "../state.h"

/* A listener has opened; a datagram socket was bound. */
void share_listen(struct offer *o, struct listener *l);
void share_bind(struct offer *o, struct udp *u);
/* A call is made by the program whose listener that is, if known. */
bool share_own(const struct offer *o, const struct listener *l);
/* Everything has come; the datagram socket goes, or everything has come. */
void share_tell_listener(struct nc_model *m, struct listener *l);
void share_tell_udp(struct nc_model *m, struct udp *u);

#endif
