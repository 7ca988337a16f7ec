/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * System calls by name: a hash over the table of lib/call.def.
 */
#include "call.h"

#include <string.h>

enum nc_call_role { ROLE_PRODUCER, ROLE_CONSUMER };

struct call_info {
	const char *name;
	size_t len;
	enum nc_call_role role;
	enum nc_call_group group;
};

struct call_key {
	const char *name;
	size_t len;
	enum nc_call_id call;
};

#define KEY(name) name, sizeof(name) - 1
/* Power of two, well above the number of names. */
#define SLOTS 1024

static const struct call_info calls[NC_CALLS] = {
	{ KEY("?"), ROLE_PRODUCER, NC_GROUP_OTHER },
#define NC_CALL(id, name, role, group) \
	{ KEY(name), ROLE_##role, NC_GROUP_##group },
#include "call.def"
#undef NC_CALL
};

static const struct call_key keys[] = {
#define NC_CALL(id, name, role, group) { KEY(name), NC_CALL_##id },
#define NC_CALL_ALIAS(name, id) { KEY(name), NC_CALL_##id },
#include "call.def"
#undef NC_CALL
#undef NC_CALL_ALIAS
};

#define NKEYS (sizeof(keys) / sizeof(keys[0]))

/* Index + 1 into keys, 0 free; made from keys at the first look-up. */
static unsigned char slots[SLOTS];
static bool slots_made;

_Static_assert(NKEYS < 255, "slots hold one byte");

static unsigned
slot_of(const char *name, size_t len)
{
	unsigned h = (unsigned)len;

	h = h * 37 + (unsigned char)name[0];
	h = h * 37 + (unsigned char)name[len / 2];
	h = h * 37 + (unsigned char)name[len - 1];
	return (h ^ h >> 10) & (SLOTS - 1);
}

static void
make_slots(void)
{
	size_t i;
	unsigned s;

	for (i = 0; i < NKEYS; i++) {
		s = slot_of(keys[i].name, keys[i].len);
		while (slots[s] != 0)
			s = (s + 1) & (SLOTS - 1);
		slots[s] = (unsigned char)(i + 1);
	}
	slots_made = true;
}

const char *
nc_call_traced(size_t *at)
{
	const struct call_key *k;

	while (*at < NKEYS) {
		k = &keys[(*at)++];
		/* What an old tracer wrote for a call without a name. */
		if (k->name[0] != '_' || k->name[1] == 'n')
			if (strncmp(k->name, "syscall_", 8) != 0 &&
			    calls[k->call].group != NC_GROUP_PSEUDO)
				return k->name;
	}
	return NULL;
}

enum nc_call_id
nc_call_of(const char *name, size_t len)
{
	const struct call_key *key;
	unsigned s;

	if (len == 0)
		return NC_CALL_NONE;
	if (!slots_made)
		make_slots();
	for (s = slot_of(name, len); slots[s] != 0; s = (s + 1) & (SLOTS - 1)) {
		key = &keys[slots[s] - 1];
		if (key->len == len && memcmp(key->name, name, len) == 0)
			return key->call;
	}
	/* x32 programs: "readv#64". */
	if (name[len - 1] == '4' && len > 3 &&
	    memcmp(name + len - 3, "#64", 3) == 0)
		return nc_call_of(name, len - 3);
	return NC_CALL_NONE;
}

const char *
nc_call_name(enum nc_call_id call)
{
	return call < NC_CALLS ? calls[call].name : "?";
}

const char *
nc_call_name_len(enum nc_call_id call, size_t *len)
{
	if (call >= NC_CALLS)
		call = NC_CALL_NONE;
	*len = calls[call].len;
	return calls[call].name;
}

bool
nc_call_is_producer(enum nc_call_id call)
{
	return call >= NC_CALLS || calls[call].role == ROLE_PRODUCER;
}

bool
nc_option_is_query(const char *option, size_t len)
{
	static const struct {
		const char *name;
		size_t len;
	} queries[] = {
		{ KEY("SO_ERROR") },
		{ KEY("FIONREAD") },
		{ KEY("SIOCATMARK") },
		{ KEY("SIOCOUTQ") },
	};
	size_t i;

	for (i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		if (queries[i].len == len &&
		    memcmp(queries[i].name, option, len) == 0)
			return true;
	return false;
}

bool
nc_call_is_epoll(enum nc_call_id call)
{
	return call == NC_CALL_EPOLL_CTL || call == NC_CALL_EPOLL_WAIT ||
	    call == NC_CALL_EPOLL_PWAIT || call == NC_CALL_EPOLL_PWAIT2;
}

bool
nc_call_forks(enum nc_call_id call)
{
	return call == NC_CALL_CLONE || call == NC_CALL_CLONE3 ||
	    call == NC_CALL_FORK || call == NC_CALL_VFORK;
}

enum nc_call_group
nc_call_group(enum nc_call_id call)
{
	return call < NC_CALLS ? calls[call].group : NC_GROUP_OTHER;
}

const char *
nc_group_name(enum nc_call_group group)
{
	static const char *const names[NC_GROUPS] = {
		[NC_GROUP_OTHER] = "other",
		[NC_GROUP_NETWORK] = "network",
		[NC_GROUP_IO] = "io",
		[NC_GROUP_READINESS] = "readiness",
		[NC_GROUP_DESCRIPTOR] = "descriptor",
		[NC_GROUP_PROCESS] = "process",
		[NC_GROUP_FILE] = "file",
		[NC_GROUP_PSEUDO] = "pseudo",
	};

	return group < NC_GROUPS ? names[group] : "other";
}
