/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Ways in which a descriptor comes to stand for a socket, a scenario each.
 *
 * Every socket is bound to a port of its own, and whatever is sent through a
 * descriptor is the port of the socket that it stands for: so a trace tells
 * itself which socket each send is on.
 *
 * descriptors SCENARIO        without: their names
 * descriptors use FD:PORT...  after execve; port 0: the descriptor is closed
 */
#define _GNU_SOURCE
#include "kit.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	void (*run)(void);
} scenarios[] = {
	{ "fork", do_fork },
	{ "clone3", do_clone3 },
	{ "clone-files", do_clone_files },
	{ "clone3-files", do_clone3_files },
	{ "spawn", do_spawn },
	{ "exec-unshares", do_exec_unshares },
	{ "vfork", do_vfork },
	{ "thread-exec", do_thread_exec },
	{ "dups", do_dups },
	{ "cloexec", do_cloexec },
	{ "close-range", do_close_range },
	{ "close-range-unshare", do_close_range_unshare },
	{ "unshare", do_unshare },
	{ "pidfd-open", do_pidfd_open },
	{ "clone-pidfd", do_clone_pidfd },
	{ "clone3-pidfd", do_clone3_pidfd },
	{ "peer-pidfd", do_peer_pidfd },
	{ "rights", do_rights },
	{ "rights-unread", do_rights_unread },
	{ "rights-mmsg", do_rights_mmsg },
	{ "prefork", do_prefork },
	{ "handover", do_handover },
	{ "reuse", do_reuse },
	{ "attach", do_attach },
};

int
main(int argc, char *argv[])
{
	size_t i;

	if (argc > 2 && strcmp(argv[1], "use") == 0)
		return main_use(argv + 2);
	for (i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
		if (argc == 1)
			puts(scenarios[i].name);
		else if (strcmp(argv[1], scenarios[i].name) == 0) {
			scenarios[i].run();
			return 0;
		}
	}
	return argc == 1 ? 0 : 1;
}
