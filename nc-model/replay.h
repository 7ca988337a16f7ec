/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Replaying an ordered stream: each record is passed on, and each call is
 * offered to the model, whose deviations follow it in the output.
 */
#ifndef NC_REPLAY_H
#define NC_REPLAY_H

#include "stream.h"

struct replay;

struct replay_options {
	bool count;   /* how often each rule was used, too */
	bool results; /* calls are not passed on, just counted */
};

/* Writes to out, which it borrows. */
struct replay *replay_new(
    struct nc_writer *out, const struct replay_options *options);
void replay_free(struct replay *r);

/* Passes a record on and replays it; call is a call's or a begin's, decoded. */
void replay_record(
    struct replay *r, const struct nc_record *rec, const struct nc_call *call);

/* Everything has come: writes what the model still has to say. */
void replay_finish(struct replay *r);

#endif
