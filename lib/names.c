/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Names of errors, flags and other constants: a hash over lib/names.def.
 */
#include "names.h"

#include <stdbool.h>
#include <string.h>

struct name {
	enum nc_space space;
	const char *name;
	size_t len;
	int64_t number;
	bool alias;
};

static const struct name names[] = {
#define NC_NAME(s, n, number) \
	{ NC_SPACE_##s, #n, sizeof(#n) - 1, number, false },
#define NC_NAME_BIG(s, n, number) \
	{ NC_SPACE_##s, #n, sizeof(#n) - 1, number, false },
#define NC_NAME_ALIAS(s, n, number) \
	{ NC_SPACE_##s, #n, sizeof(#n) - 1, number, true },
#include "names.def"
#undef NC_NAME
#undef NC_NAME_BIG
#undef NC_NAME_ALIAS
};

#define NNAMES (sizeof(names) / sizeof(names[0]))
/* Power of two, well above the number of names. */
#define SLOTS 1024

/* Index + 1 into names, 0 free; made from names at the first look-up. */
static unsigned short slots[SLOTS];
static bool slots_made;
/* Where the names of a space stand: from its first up to behind its last. */
static unsigned short first[NC_SPACES], past[NC_SPACES];

_Static_assert(NNAMES < SLOTS / 2, "the table must stay sparse");

/* Of both ends of the name: they tell nearly all apart. */
static unsigned
slot_of(enum nc_space space, const char *name, size_t len)
{
	uint64_t head = 0, tail = 0;

	if (len >= sizeof(head)) {
		memcpy(&head, name, sizeof(head));
		memcpy(&tail, name + len - sizeof(tail), sizeof(tail));
	} else {
		memcpy(&head, name, len);
	}
	head = (head ^ (uint64_t)space) * UINT64_C(0x9e3779b97f4a7c15);
	head = (head ^ tail ^ len) * UINT64_C(0xff51afd7ed558ccd);
	return (unsigned)(head >> 32) & (SLOTS - 1);
}

static void
make_slots(void)
{
	size_t i;
	unsigned s;

	for (i = 0; i < NNAMES; i++) {
		s = slot_of(names[i].space, names[i].name, names[i].len);
		while (slots[s] != 0)
			s = (s + 1) & (SLOTS - 1);
		slots[s] = (unsigned short)(i + 1);
		if (past[names[i].space] == 0)
			first[names[i].space] = (unsigned short)i;
		past[names[i].space] = (unsigned short)(i + 1);
	}
	slots_made = true;
}

int64_t
nc_name_number(enum nc_space space, const char *name, size_t len)
{
	const struct name *n;
	unsigned s;

	if (!slots_made)
		make_slots();
	/* No name is that long; do not hash a stranger's megabyte. */
	if (len == 0 || len > 40)
		return -1;
	s = slot_of(space, name, len);
	for (; slots[s] != 0; s = (s + 1) & (SLOTS - 1)) {
		n = &names[slots[s] - 1];
		if (n->space == space && n->len == len &&
		    memcmp(n->name, name, len) == 0)
			return n->number;
	}
	return -1;
}

const char *
nc_name_of(enum nc_space space, int64_t number)
{
	size_t i;

	if (!slots_made)
		make_slots();
	for (i = first[space]; i < past[space]; i++)
		if (names[i].space == space && names[i].number == number &&
		    !names[i].alias)
			return names[i].name;
	return NULL;
}

int
nc_errno_of(const char *name, size_t len)
{
	int64_t n = nc_name_number(NC_SPACE_ERRNO, name, len);

	return n < 0 ? 0 : (int)n;
}

const char *
nc_errno_name(int number)
{
	return nc_name_of(NC_SPACE_ERRNO, number);
}
