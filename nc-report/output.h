/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Standard output into a file that appears when it is whole: till then, and if
 * anything fails, an older one stays as it is.
 */
#ifndef NC_REPORT_OUTPUT_H
#define NC_REPORT_OUTPUT_H

#include <stdbool.h>

/*
 * Lets standard output go to the file.  What is no regular file, or stands in
 * a folder that cannot be written to, is written in place.  -1 and errno.
 */
int output_open(const char *path);

/*
 * Ends standard output, wherever it goes.  keep: the file takes its place,
 * else what was written is dropped.  -1 and errno if it could not all be
 * written; then it is dropped too.
 */
int output_close(bool keep);

#endif
