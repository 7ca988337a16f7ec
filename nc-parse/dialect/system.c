/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Constants of other systems.
 */
#include "system.h"

#include "names.h"

#include <string.h>

static const struct {
	unsigned char systems, space;
	const char *name;
	int64_t number;
} constants[] = {
#define NC_CONST(systems, space, name, number) \
	{ NC_SYSTEM_##systems, NC_CONST_##space, name, number },
#include "system.def"
#undef NC_CONST
};

#define NCONSTANTS (sizeof(constants) / sizeof(constants[0]))

/* Below, all systems agree but for one. */
#define ERRNO_COMMON 35

const char *
nc_system_name(enum nc_system system, enum nc_constant space, int64_t number)
{
	size_t i;

	for (i = 0; i < NCONSTANTS; i++)
		if (constants[i].space == space &&
		    (constants[i].systems & system) != 0 &&
		    constants[i].number == number)
			return constants[i].name;
	return NULL;
}

const char *
nc_system_errno(enum nc_system system, int64_t number)
{
	const char *name = nc_system_name(system, NC_CONST_ERRNO, number);

	if (name != NULL || number <= 0 || number >= ERRNO_COMMON)
		return name;
	return nc_errno_name((int)number);
}

void
nc_system_flags(struct nc_buf *b, enum nc_system system, enum nc_constant space,
    int64_t number)
{
	size_t i, before = b->len;

	for (i = 0; i < NCONSTANTS; i++) {
		if (constants[i].space != space ||
		    (constants[i].systems & system) == 0 ||
		    (number & constants[i].number) == 0)
			continue;
		if (b->len > before)
			nc_buf_add(b, "|", 1);
		nc_buf_add(b, constants[i].name, strlen(constants[i].name));
	}
	if (b->len == before)
		nc_buf_add(b, "0", 1);
}
