/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Rules on TLS: tls-failure.
 */
#include "../rules.h"

#include <inttypes.h>

/* RFC 8446 6.2, RFC 5246 7.2.2, RFC 6066 3: what the sender means. */
static const char *
meaning(int64_t alert, bool client)
{
	static const struct {
		int64_t alert;
		const char *text;
	} table[] = {
		{ 40,
		    "it found no cipher, version or certificate to agree on" },
		{ 42, "it does not accept the other's certificate" },
		{ 43, "it does not support the other's certificate" },
		{ 44, "the other's certificate is revoked" },
		{ 45, "the other's certificate is expired" },
		{ 46, "it does not accept the other's certificate" },
		{ 47, "a message made no sense to it" },
		{ 48, "it does not trust who signed the other's certificate" },
		{ 49, "it does not give the other access" },
		{ 50, "it could not read a message" },
		{ 51, "a signature or checksum is wrong" },
		{ 70, "it does not support the version of TLS" },
		{ 71, "the other's ciphers are not safe enough for it" },
		{ 80, "an error of its own" },
		{ 86, "the other came back with an older version" },
		{ 112, "it serves no such name" },
		{ 115, "it does not know the other's key" },
		{ 116, "it wants a certificate of the client" },
		{ 120, "it supports none of the application protocols" },
	};
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].alert == alert)
			return table[i].text;
	/* What was sent in plain makes no sense as TLS: RFC 8446 6.2. */
	if ((alert == 10 || alert == 20 || alert == 22) && !client)
		return "what came is not what it expects, or not TLS";
	return "what came is not what it expects";
}

static bool
how(const struct dev *d, const char *way)
{
	return nc_str_eq(nc_find_str(d->d.args, "how"), way);
}

static bool
by_client(const struct dev *d)
{
	return nc_str_eq(nc_find_str(d->d.args, "by"), "client");
}

static bool
tls_want(struct rules *r, const struct dev *d)
{
	return strong(r, d);
}

static uint64_t
tls_key(const struct dev *d)
{
	return key_target(d) ^ nc_hash_int(by_client(d) ? 51 : 52) ^
	    nc_hash_int((uint64_t)nc_find_int(d->d.args, "alert"));
}

static const char *
what(struct rules *r, const struct dev *d)
{
	int64_t alert = nc_find_int(d->d.args, "alert");
	struct nc_bytes name = nc_find_str(d->d.args, "name");

	if (how(d, "alert"))
		return text(r,
		    "ended the TLS handshake with alert %" PRId64 "%s%s: %s",
		    alert, name.p ? " " : "", text_bytes(r, name),
		    meaning(alert, by_client(d)));
	if (how(d, "hidden"))
		return by_client(d) ?
		    "ended the TLS handshake with an encrypted alert, most "
		    "likely for the server's certificate" :
		    "ended the TLS session with an encrypted alert and no "
		    "answer, most likely for the client's certificate";
	if (how(d, "not_tls"))
		return "answered the TLS handshake with something else than "
		       "TLS";
	return "closed within the TLS handshake";
}

static void
tls_emit(struct rules *r, const struct picked *p)
{
	const struct dev *d = p->v[0];
	struct nc_addr a = dev_service(d);
	struct finding *f = make(r, "tls-failure", least(p), p);
	const char *server = text_at(r, dev_server(d), &a);
	const char *client = text_host(
	    r, dev_client(d), dev_at_server(d) ? &d->remote : &d->local);
	int64_t n = count_conns(p);

	make_target(f, d);
	finding_endpoint(f, nc_str(text_addr(r, &a)));
	finding_say(f, "%s, %s %s, %s%s", by_client(d) ? client : server,
	    by_client(d) ? "talking to" : "asked by",
	    by_client(d) ? server : client, what(r, d),
	    n > 1 ? text(r, " (%s)", text_count(r, n, "connection")) : "");
}

void
rule_tls_failure(struct rules *r)
{
	static const enum code codes[] = { CODE_TLS_FAILED, CODE_NONE };

	rules_each(r, codes, tls_want, tls_key, tls_emit);
}
