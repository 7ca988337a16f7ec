/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What the name of a trace file tells.
 */
#include "tracename.h"

#include "record.h"
#include "util.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#define PID_MAX 0x7fffffff

/* Length without an ending that only tells how the file is packed. */
static size_t
unpacked(const char *file)
{
	static const char *const endings[] = { ".gz", ".xz", ".zst" };
	size_t len = strlen(file), n, i;

	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		n = strlen(endings[i]);
		if (len > n && file[len - n - 1] != '/' &&
		    memcmp(file + len - n, endings[i], n) == 0)
			return len - n;
	}
	return len;
}

int64_t
nc_tracename_pid(const char *file, size_t *stem)
{
	size_t end = unpacked(file), at = end;
	int64_t pid;

	while (at > 0 && file[at - 1] >= '0' && file[at - 1] <= '9')
		at--;
	if (at == end || at < 2 || file[at - 1] != '.' || file[at - 2] == '/' ||
	    nc_parse_int(file + at, end - at, 1, PID_MAX, &pid) < 0)
		return NC_NIL;
	*stem = at - 1;
	return pid;
}

char *
nc_tracename_host(const char *file, size_t parents)
{
	const char *base, *dot, *end, *start;
	char *name, *p;
	size_t len;

	if (nc_tracename_pid(file, &len) == NC_NIL)
		len = unpacked(file);
	end = file + len;
	for (base = end; base > file && base[-1] != '/'; base--)
		;
	for (dot = end; dot > base && dot[-1] != '.'; dot--)
		;
	dot = dot > base + 1 ? dot - 1 : end;
	for (start = base; parents > 0 && start > file; parents--) {
		start--;
		while (start > file && start[-1] != '/')
			start--;
	}
	name = nc_xstrndup(start, (size_t)(dot - start));
	/* Names are text in records and reports. */
	for (p = name; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || (unsigned char)*p > 0x7e)
			*p = '_';
	return name;
}

bool
nc_tracename_is_pattern(const char *text)
{
	return strpbrk(text, "*?[") != NULL;
}

static int
compare_pids(const void *va, const void *vb)
{
	const char *a = *(char *const *)va, *b = *(char *const *)vb;
	size_t stem;
	int64_t x = nc_tracename_pid(a, &stem), y = nc_tracename_pid(b, &stem);

	if (x != y)
		return x == NC_NIL ? 1 : y == NC_NIL ? -1 : x < y ? -1 : 1;
	return strcmp(a, b);
}

char **
nc_tracename_expand(const char *pattern, size_t len, size_t *n)
{
	char *quoted = nc_xmalloc(2 * len + strlen(pattern + len) + 1);
	char **list, *p = quoted;
	glob_t found;
	size_t i;

	for (i = 0; i < len; i++) {
		if (strchr("*?[]\\", pattern[i]) != NULL)
			*p++ = '\\';
		*p++ = pattern[i];
	}
	strcpy(p, pattern + len);
	*n = 0;
	i = (size_t)glob(quoted, GLOB_NOSORT, NULL, &found);
	free(quoted);
	if (i != 0)
		return NULL;
	*n = found.gl_pathc;
	list = nc_xcalloc(*n, sizeof(char *));
	for (i = 0; i < *n; i++)
		list[i] = nc_xstrdup(found.gl_pathv[i]);
	globfree(&found);
	qsort(list, *n, sizeof(char *), compare_pids);
	return list;
}

static bool
is_trace(const char *path)
{
	static const char *const endings[] = { ".trace", ".strace", ".truss",
		".kdump" };
	size_t len = unpacked(path), stem, n, i;

	if (nc_tracename_pid(path, &stem) != NC_NIL)
		return true;
	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		n = strlen(endings[i]);
		if (len > n && path[len - n - 1] != '/' &&
		    memcmp(path + len - n, endings[i], n) == 0)
			return true;
	}
	return false;
}

char **
nc_tracename_folder(const char *folder, size_t len, size_t *n)
{
	char *pattern = nc_xmalloc(len + 3);
	size_t all, i;
	char **list;

	memcpy(pattern, folder, len);
	strcpy(pattern + len, "/*");
	list = nc_tracename_expand(pattern, len + 1, &all);
	free(pattern);
	*n = 0;
	for (i = 0; i < all; i++)
		if (is_trace(list[i]))
			list[(*n)++] = list[i];
		else
			free(list[i]);
	if (*n == 0) {
		free(list);
		list = NULL;
	}
	return list;
}
