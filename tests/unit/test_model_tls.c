/*
 * SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * TLS sessions, from the headers of their records.
 */
#include "model_kit.h"

/* Records: hellos and Finished with no more than their first bytes. */
#define CLIENT_HELLO "160301000401000000"
#define SERVER_HELLO "160303000402000000"
#define CHANGE "140303000101"
#define FINISHED \
	"1703030018" \
	"000102030405060708090a0b0c0d0e0f1011121314151617"
#define FINISHED_12 "1603030004aabbccdd"
#define HIDDEN "1703030013000102030405060708090a0b0c0d0e0f101112"
#define ENDED "client release s3 cause=close", "server release s2 cause=close"

#define GREETED \
	CONNECTED, "client write s3 hex=" CLIENT_HELLO " = 9", \
	    "server read s2 hex=" CLIENT_HELLO " = 9", \
	    "server write s2 hex=" SERVER_HELLO " = 9", \
	    "client read s3 hex=" SERVER_HELLO " = 9"

static void
alerts(void)
{
	/* the client does not know who signed */
	script(GREETED, "client write s3 hex=15030300020230 = 7 ! TLS_FAILED",
	    "dev TLS_FAILED how=alert by=client alert=48 name=unknown_ca");
	/* the server has no such version */
	script(CONNECTED, "client write s3 hex=" CLIENT_HELLO " = 9",
	    "server write s2 hex=15030300020246 = 7 ! TLS_FAILED",
	    "dev TLS_FAILED how=alert by=server alert=70"
	    " name=protocol_version");
	/* header and body apart; one without a name */
	script(GREETED, "client write s3 hex=1503030002 = 5",
	    "client write s3 hex=02fe = 2 ! TLS_FAILED",
	    "dev TLS_FAILED alert=254");
	/* behind another record */
	script(GREETED,
	    "client write s3 hex=" CHANGE "1503030002022a = 13 ! TLS_FAILED",
	    "dev TLS_FAILED alert=42");
	/* what was no hello: an answer by alert */
	script(CONNECTED, "client write s3 \"GET\" = 3",
	    "server write s2 hex=1503010002020a = 7 ! TLS_FAILED",
	    "dev TLS_FAILED by=server alert=10");
	/* a warning, the regular end, an encrypted one */
	script(GREETED, "client write s3 hex=15030300020170 = 7",
	    "client write s3 hex=15030300020100 = 7");
	script(GREETED, "client write s3 hex=" CHANGE FINISHED_12 " = 15",
	    "client write s3 hex=150303000800000000000000 = 12");
	/* the server is in no trace: what the client receives */
	script("host client 10.0.2.2", "client socket s3",
	    "client connect s3 192.0.2.1:443 local=10.0.2.2:4000 = 0",
	    "client write s3 hex=" CLIENT_HELLO " = 9",
	    "client read s3 hex=1503030002 = 5",
	    "client read s3 hex=0246 = 2 ! TLS_FAILED",
	    "dev TLS_FAILED by=server alert=70");
	/* after a word in plain: STARTTLS */
	script(CONNECTED, "server write s2 \"220 go\" = 6",
	    "client read s3 \"220 go\" = 6",
	    "client write s3 hex=" CLIENT_HELLO " = 9",
	    "server write s2 hex=15030300020228 = 7 ! TLS_FAILED",
	    "dev TLS_FAILED alert=40");
}

static void
hidden(void)
{
	/* in place of the client's Finished */
	script(GREETED,
	    "client write s3 hex=" CHANGE HIDDEN " = 30 ! TLS_FAILED",
	    "dev TLS_FAILED how=hidden by=client");
	/* after it, it is the regular end */
	script(GREETED, "client write s3 hex=" CHANGE FINISHED " = 35",
	    "client write s3 hex=" HIDDEN " = 24",
	    "server read s2 hex=" CHANGE FINISHED HIDDEN " = 59", ENDED,
	    "end client", "end server", "finish");
	/* all that the server had to say to a request */
	script(GREETED, "client write s3 hex=" FINISHED FINISHED " = 58",
	    "server read s2 hex=" FINISHED FINISHED " = 58",
	    "server write s2 hex=" HIDDEN " = 24",
	    "client read s3 hex=" HIDDEN " = 24",
	    "client release s3 cause=close",
	    "server release s2 cause=close ! TLS_FAILED",
	    "dev TLS_FAILED how=hidden by=server");
	/* it had answered before; nothing was asked for */
	script(GREETED, "client write s3 hex=" FINISHED FINISHED " = 58",
	    "server read s2 hex=" FINISHED FINISHED " = 58",
	    "server write s2 hex=" FINISHED HIDDEN " = 53",
	    "client read s3 hex=" FINISHED HIDDEN " = 53", ENDED);
	script(GREETED, "client write s3 hex=" FINISHED " = 29",
	    "server read s2 hex=" FINISHED " = 29",
	    "server write s2 hex=" HIDDEN " = 24",
	    "client read s3 hex=" HIDDEN " = 24", ENDED);
}

static void
ends(void)
{
	/* the server closes on the hello, or in the middle */
	script(CONNECTED, "client write s3 hex=" CLIENT_HELLO " = 9",
	    "server read s2 hex=" CLIENT_HELLO " = 9",
	    "server release s2 cause=close", "client read s3 = 0",
	    "client release s3 cause=close ! TLS_FAILED",
	    "dev TLS_FAILED how=closed by=server");
	script(GREETED, "server release s2 cause=close", "client read s3 = 0",
	    "client release s3 cause=close ! TLS_FAILED",
	    "dev TLS_FAILED how=closed by=server");
	/* ... with its program; or the client closes */
	script(GREETED, "server release s2 cause=exit", "client read s3 = 0",
	    "client release s3 cause=close");
	script(GREETED, "client release s3 cause=close", "server read s2 = 0",
	    "server release s2 cause=close");
	/* the handshake was over: TLS 1.2 */
	script(GREETED, "client write s3 hex=" CHANGE FINISHED_12 " = 15",
	    "server read s2 hex=" CHANGE FINISHED_12 " = 15",
	    "server release s2 cause=close", "client read s3 = 0",
	    "client release s3 cause=close");
	/* no TLS at all */
	script(CONNECTED, "client write s3 hex=" CLIENT_HELLO " = 9",
	    "server read s2 hex=" CLIENT_HELLO " = 9",
	    "server write s2 \"HTTP/1.0 400\" = 12",
	    "client read s3 \"HTTP/1.0 400\" = 12",
	    "client release s3 cause=close",
	    "server release s2 cause=close ! TLS_FAILED",
	    "dev TLS_FAILED how=not_tls by=server");
	/* a cut payload: no step is taken in the dark */
	script(CONNECTED, "client write s3 hex=" CLIENT_HELLO " = 9",
	    "server read s2 hex=" CLIENT_HELLO " = 9",
	    "server write s2 hex=1603 asked=9 = 9",
	    "client read s3 hex=1603 asked=9 = 9", ENDED);
	script(GREETED, "client write s3 hex=" CHANGE " asked=60 = 60",
	    "client write s3 hex=15030300020230 = 7 ! TLS_FAILED",
	    "dev TLS_FAILED alert=48");
}

int
main(void)
{
	alerts();
	hidden();
	ends();
	return done();
}
