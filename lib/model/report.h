/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Connection and flow records, totals.
 * For lib/model only.
 */
#ifndef NC_MODEL_REPORT_H
#define NC_MODEL_REPORT_H

#include "state.h"

/* Writes the connection's record, and what its end leaves to be told. */
void conn_write(struct nc_model *m, struct conn *c);
/* Writes the flow's record. */
void flow_write(struct nc_model *m, struct flow *f);
/* Writes the counts of the whole run. */
void totals_write(struct nc_model *m);

#endif
