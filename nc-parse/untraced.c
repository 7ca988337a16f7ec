/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rings between a program and the kernel: io_uring, AF_PACKET, AF_XDP.
 */
#define _GNU_SOURCE
#include "untraced.h"

#include <string.h>

#include "emit.h"
#include "process.h"

static bool
has(struct nc_text text, const char *word)
{
	return memmem(text.p, (size_t)(text.end - text.p), word,
		   strlen(word)) != NULL;
}

static bool
failed(struct nc_text text)
{
	return has(text, ") = -1 ");
}

/* The option that makes a ring of packets, static; or NULL. */
static const char *
packet_ring(struct nc_text text)
{
	static const char *const rings[] = { "PACKET_RX_RING", "PACKET_TX_RING",
		"XDP_RX_RING", "XDP_TX_RING" };
	size_t i;

	if (!has(text, "SOL_PACKET") && !has(text, "SOL_XDP"))
		return NULL;
	for (i = 0; i < sizeof(rings) / sizeof(rings[0]); i++)
		if (has(text, rings[i]))
			return rings[i];
	return NULL;
}

void
nc_untraced_note(struct nc_trace *t, struct nc_thread *th, enum nc_call_id call,
    struct nc_text text)
{
	const char *option = NULL;
	struct nc_call rec;

	if (th->process->ring_told)
		return;
	if (call == NC_CALL_SETSOCKOPT && (option = packet_ring(text)) == NULL)
		return;
	/* One that the kernel polls by itself needs no further call. */
	if (call == NC_CALL_IO_URING_SETUP && !has(text, "IORING_SETUP_SQPOLL"))
		return;
	if (failed(text))
		return;
	th->process->ring_told = true;
	nc_record_init(NC_KIND_call, &rec);
	rec.host = nc_str(t->machine->name);
	rec.trace = t->number;
	rec.line = rec.entry = t->line;
	if (t->lane->traces > 1)
		rec.from = rec.at = t->lane->at;
	rec.thread = th->tid;
	rec.process = th->process->pid;
	rec.time = t->now;
	rec.name = nc_str(nc_call_name(call));
	if (option)
		rec.option = nc_str(option);
	nc_emit_call(t, t, &rec, NULL);
}
