/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the line of progress says.
 */
#include "input/progress.h"

#include "tap.h"

#define MB INT64_C(1000000)
#define SECOND INT64_C(1000000000)

int
main(void)
{
	char buf[NC_PROGRESS_TEXT];

	is_str(nc_progress_text(buf, 25 * MB, 100 * MB, 25 * MB, SECOND),
	    "25 %, 25 MB/s, 0:03 left", "a file");
	is_str(nc_progress_text(buf, 10 * MB, 100 * MB, 300 * MB, 10 * SECOND),
	    "10 %, 30 MB/s, 1:30 left", "a compressed file");
	is_str(nc_progress_text(buf, 120 * MB, 100 * MB, 120 * MB, SECOND),
	    "100 %, 120 MB/s, 0:00 left", "a file that grew");
	is_str(nc_progress_text(buf, 25 * MB, -1, 25 * MB, 2 * SECOND),
	    "25 MB, 12 MB/s", "a pipe");
	is_str(nc_progress_text(buf, 0, 100 * MB, 0, 2 * SECOND),
	    "0.0 MB, 0.0 MB/s", "nothing yet");
	is_str(nc_progress_text(buf, 1, INT64_MAX, 1, INT64_MAX),
	    "0 %, 0.0 MB/s, 5999:59 left", "for ever");
	return done();
}
