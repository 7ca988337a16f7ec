/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * lib/tracename: what names of trace files tell, and patterns of them.
 */
#include "tracename.h"

#include "record.h"
#include "tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *file;
	int64_t pid;
	const char *host; /* without parents */
	const char *parent;
} names[] = {
	{ "server.trace", NC_NIL, "server", "server" },
	{ "run/server.trace", NC_NIL, "server", "run/server" },
	{ "server", NC_NIL, "server", "server" },
	{ ".hidden", NC_NIL, ".hidden", ".hidden" },
	{ "x.101", 101, "x", "x" },
	{ "a/b/x.101", 101, "x", "b/x" },
	{ "server.trace.101", 101, "server", "server" },
	{ "a.b.c.7", 7, "a.b", "a.b" },
	{ "x.101.gz", 101, "x", "x" },
	{ "x.101.zst", 101, "x", "x" },
	{ "a/server.trace.gz", NC_NIL, "server", "a/server" },
	{ "client.xz", NC_NIL, "client", "client" },
	{ "dir/.gz", NC_NIL, ".gz", "dir/.gz" },
	{ "x.0", NC_NIL, "x", "x" },
	{ "x.99999999999", NC_NIL, "x", "x" },
	{ "x101", NC_NIL, "x101", "x101" },
	{ ".101", NC_NIL, ".101", ".101" },
	{ "dir/.101", NC_NIL, ".101", "dir/.101" },
	{ "101", NC_NIL, "101", "101" },
	{ "", NC_NIL, "", "" },
};

static void
touch(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	if (fd >= 0)
		close(fd);
}

static void
patterns(void)
{
	static const char *const files[] = { "x.10", "x.9", "x.log", "x.100" };
	char folder[] = "/tmp/nc-t[est]XXXXXX", path[64];
	char **list;
	size_t len, n, i;

	if (!ok(mkdtemp(folder) != NULL, "a folder whose name is a pattern"))
		return;
	for (i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
		touch(path);
	}
	snprintf(path, sizeof(path), "%s/x.*", folder);
	len = strlen(folder) + 1;
	list = nc_tracename_expand(path, len, &n);
	if (ok(list != NULL && n == 4, "all files are found")) {
		is_str(list[0] + len, "x.9", "by process id");
		is_str(list[1] + len, "x.10", "as a number");
		is_str(list[2] + len, "x.100", "to the last");
		is_str(list[3] + len, "x.log", "then those without");
	}
	for (i = 0; i < n; i++) {
		unlink(list[i]);
		free(list[i]);
	}
	free(list);
	list = nc_tracename_expand(path, len, &n);
	ok(list == NULL && n == 0, "no file is found");
	rmdir(folder);
	ok(nc_tracename_is_pattern("x.*") && nc_tracename_is_pattern("x.?") &&
		nc_tracename_is_pattern("x.[1-3]"),
	    "patterns");
	ok(!nc_tracename_is_pattern("server.trace"), "a plain name is none");
}

int
main(void)
{
	char *host;
	size_t i, stem;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		stem = 0;
		is_int(nc_tracename_pid(names[i].file, &stem), names[i].pid,
		    names[i].file);
		host = nc_tracename_host(names[i].file, 0);
		is_str(host, names[i].host, "its host");
		free(host);
		host = nc_tracename_host(names[i].file, 1);
		is_str(host, names[i].parent, "its host with a folder");
		free(host);
	}
	patterns();
	return tap_done();
}
