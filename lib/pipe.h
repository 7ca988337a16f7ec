/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The pipes between the stages.
 */
#ifndef NC_PIPE_H
#define NC_PIPE_H

/*
 * Lets a pipe or FIFO hold four blocks of a stream, so that the stages on its
 * two ends work at the same time and seldom wake each other: the 64 KiB that a
 * pipe holds by itself make a pipeline on two cores take half as long again.
 * Those four are what Linux allows everybody, as it comes; where it was told to
 * allow less, it is less.  Nothing happens to what is no pipe.
 */
void nc_pipe_widen(int fd);

#endif
