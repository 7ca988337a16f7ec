/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The release that this source is.
 */
#ifndef NC_VERSION_H
#define NC_VERSION_H

#define NC_VERSION "0.1"

#endif
