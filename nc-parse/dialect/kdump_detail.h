/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What STRU records tell of a call: addresses, lists of descriptors, times.
 */
#ifndef NC_KDUMP_DETAIL_H
#define NC_KDUMP_DETAIL_H

#include "kdump_lane.h"

/*
 * Reads a STRU record, from "struct " on, of a lane or those next to it; fresh
 * as for nc_kdump_lane_for.
 */
void nc_kdump_details_take(struct nc_kdump_lane *l,
    const struct nc_kdump_lane *fresh, struct nc_text t);

/* Sets what was read, payload too, in the lane's call; its result is there. */
void nc_kdump_details_put(
    struct nc_foreign *f, struct nc_kdump_lane *l, struct nc_foreign_call *c);

#endif
