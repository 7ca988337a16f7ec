/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Ports and addresses that a trace does not show, guessed from the datagrams
 * that came.  Where several sockets of a host sent the same, or a guess proves
 * wrong, the host is doubtful: nothing more is guessed of its sockets, and
 * what does not fit is held against none of them.
 * For lib/model only.
 */
#ifndef NC_MODEL_GUESS_H
#define NC_MODEL_GUESS_H

#include "../state.h"

/*
 * The host is doubtful, and no line has told who holds the port (NULL: which
 * one it is): what came from there or went there may be another socket's.
 */
bool guess_in_doubt(const struct nc_host_state *h, const struct port *p);
/* A line has told who holds the port (NULL: which one it is). */
bool guess_is_told(const struct port *p);
/*
 * Likewise if it only has several sockets that could hold the port, or one of
 * several hosts' addresses, or is behind a translator.
 */
bool guess_is_open(const struct nc_model *m, const struct nc_host_state *h,
    const struct port *p);
/*
 * One or the other end of the flow is in doubt, or something came from this
 * socket that fitted nothing it had sent, or that was taken for a stranger's
 * while its address was not known.
 */
bool guess_confuses(struct nc_model *m, const struct flow *f);

/*
 * Equal datagrams of tasks whose order nobody knows: which of them was sent
 * or received first, and by whom, does not show.
 */
bool guess_blurs(const struct flow *f);

/* The receiver saw the port that the sender's trace does not show. */
void guess_source(
    struct nc_model *m, struct flow *f, const struct nc_addr *from);
/* The same of a sender whose socket is gone, see struct flow's past. */
void guess_past(struct nc_model *m, struct flow *f, const struct nc_addr *from);
/* It came to that address: the socket is bound there. */
void guess_receiver(
    struct nc_model *m, struct sock *s, const struct nc_addr *to);
/* The host is the one with that address. */
void guess_address(
    struct nc_model *m, struct nc_host_state *h, const struct nc_addr *a);
/* An address that was learned otherwise is no more than guessed either. */
void guess_note(
    struct nc_model *m, struct nc_host_state *h, const struct nc_addr *a);
bool guess_is_address(struct nc_model *m, const struct nc_addr *a);

/* Who has which port is not certain, or even another than was guessed. */
void guess_doubt(struct nc_host_state *h);
/* The port of the socket (NULL: none), or of who holds it, is another. */
void guess_revoke(struct nc_model *m, struct sock *s);
void guess_revoke_port(struct nc_model *m, const struct port *p);
/* The address is not the host's; false: it was not guessed. */
bool guess_revoke_address(
    struct nc_model *m, struct nc_host_state *h, const struct nc_addr *a);

#endif
