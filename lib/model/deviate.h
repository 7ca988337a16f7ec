/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Deviation records, and calls kept as evidence.
 * For lib/model only.
 */
#ifndef NC_MODEL_DEVIATE_H
#define NC_MODEL_DEVIATE_H

#include "state.h"

enum dev_code {
#define NC_DEVIATION(code, severity, tag, args) DEV_##code,
#include "deviation.def"
#undef NC_DEVIATION
	DEV_CODES
};

struct dev {
	struct nc_model *m; /* NULL: nobody listens, all is ignored */
	struct nc_deviation rec;
	struct nc_buf args, causes;
	size_t nargs, ncauses;
	int base, most; /* percent: by how its ends were matched; at most */
	bool weak, timed;
	char local[NC_ADDR_TEXT], peer[NC_ADDR_TEXT], text[520];
};

/* Opens a deviation of the offered call; false: nobody listens. */
bool dev_open(
    struct dev *d, struct offer *o, enum dev_code code, const char *rule);
/* Opens one that is told of an earlier call. */
bool dev_open_ref(struct dev *d, struct nc_model *m, const struct ref *r,
    enum dev_code code, const char *rule);
/* Of a connection, told by its client or server end. */
void dev_conn(struct dev *d, const struct conn *c, int side);
/* Of a flow, told by its sender or receiver. */
void dev_flow(struct dev *d, const struct flow *f, bool at_receiver);
/* The other endpoint; either may be NULL. */
void dev_peer(
    struct dev *d, const struct nc_host_state *h, const struct nc_addr *a);
/*
 * Confidence, in percent: 90 where both ends state their addresses, 80 where
 * a host or a declared translation does, 60 where a match was inferred, 40
 * for a socket first seen in use, a stream whose offsets are not known and a
 * process that is in no trace.  20 less if it is weak, 5 more if times confirm
 * it.  In whatever order these are called.
 */
void dev_base(struct dev *d, int percent);
/* Another equally plausible order would not give it (model.md 6). */
void dev_weak(struct dev *d);
/* Times of one host, or of two within their clocks' bounds, say so too. */
void dev_timed(struct dev *d);
/* At most that many percent, all in all. */
void dev_confidence(struct dev *d, int percent);
/* Arguments: names are those of deviation.def, strings are copied. */
void dev_int(struct dev *d, const char *name, int64_t v);
void dev_str(struct dev *d, const char *name, const char *v);
void dev_addr(struct dev *d, const char *name, const struct nc_addr *a);
/* A call that explains it. */
void dev_cause(struct dev *d, const struct ref *r);
/* Writes it. */
void dev_close(struct dev *d);
/* Keeps it for later instead; dev_free after its dev_close, or without. */
struct dev *dev_keep(struct dev *d);
void dev_free(struct dev *d);
/* The whole of it, for codes without arguments. */
void dev_simple(struct offer *o, enum dev_code code, const char *rule);

/* Keeps the offered call as evidence. */
void ref_set(struct ref *r, const struct offer *o);
/* Shows it, as nc_call_render. */
size_t ref_render(const struct ref *r, char *buf, size_t size);
/* Packs [host, trace, line, text]. */
void ref_pack(struct nc_buf *b, const struct ref *r);

#endif
