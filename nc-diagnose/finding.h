/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Findings as the rules make them, and their order in the output.
 *
 * A finding has objects: the connections, flows, targets and listeners that
 * it is about.  Two findings that share one may explain each other.
 */
#ifndef NC_FINDING_H
#define NC_FINDING_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag.h"
#include "record.h"

#define EVIDENCE_MAX 6
/* Objects past this no longer tell causes. */
#define OBJECTS_MAX 1024

enum object_type {
	OBJECT_CONNECTION, /* its number */
	OBJECT_FLOW,       /* its number */
	OBJECT_TARGET,     /* a client host and a server's port */
	OBJECT_LISTENER    /* a host's port */
};

struct object {
	enum object_type type;
	uint64_t key;
};

struct evidence {
	char *host, *file, *call;
	size_t file_len;
	int64_t trace, line;
};

struct finding {
	const struct nc_diag *diag;
	/* Static, instead of the vocabulary's; or NULL. */
	const char *category, *remedy;
	enum nc_severity severity;
	int confidence; /* percent */
	char **hosts, **endpoints;
	size_t nhosts, hosts_cap, nendpoints, endpoints_cap;
	char *summary;
	char *more; /* said after the vocabulary's explanation */
	struct evidence evidence[EVIDENCE_MAX];
	size_t nevidence;
	int64_t count;
	struct object *objects;
	size_t nobjects, objects_cap;
	uint64_t *pairs; /* of hosts concerned, as keys */
	size_t npairs, pairs_cap;
	size_t at;   /* earliest position in the stream */
	size_t made; /* position among the findings made */
	bool suppressed;
	char *suppressed_reason; /* as the user gave it, or NULL */
	bool counts;             /* for the exit status */
	bool mild; /* lowered to info, and so is what only follows from it */
	bool own;  /* a problem even so */
	bool echo; /* no problem unless something explains it */
	struct finding *cause; /* the highest that explains it, or NULL */
};

struct findings {
	struct finding **v;
	size_t n, cap;
};

/* A finding of the vocabulary's severity, count 1; owned by fs. */
struct finding *finding_new(
    struct findings *fs, const char *id, int confidence);
void finding_free(struct finding *f);
void findings_fini(struct findings *fs);

/* Severity is never raised. */
void finding_lower(struct finding *f, enum nc_severity severity);

/* What is there already is not added again. */
void finding_host(struct finding *f, const char *host);
void finding_endpoint(struct finding *f, struct nc_bytes endpoint);
void finding_object(struct finding *f, enum object_type type, uint64_t key);
void finding_pair(struct finding *f, uint64_t key);
void finding_evidence(struct finding *f, const char *host, int64_t trace,
    const char *file, size_t file_len, int64_t line, struct nc_bytes call);

/* Sets the summary; adds a sentence to the explanation. */
void finding_say(struct finding *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void finding_more(struct finding *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* printf to the heap. */
char *nc_vformat(const char *fmt, va_list ap)
    __attribute__((format(printf, 1, 0)));

/* True if a and b are about a common object. */
bool finding_share(const struct finding *a, const struct finding *b);

/*
 * Drops what is not certain enough, merges equal ones (past objects of an id
 * between two hosts all into one), finds the causes and sorts: each root
 * cause, then what it explains.
 */
void findings_rank(struct findings *fs, int64_t confidence, int64_t objects);

#endif
