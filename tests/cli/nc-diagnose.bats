#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nc-diagnose on streams made here: each rule with what it finds, and with
# the guards that keep it silent.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || exit
}

# stream [OPTION] <lines >stream.nc
stream()
{
	python3 "$ROOT/tests/lib/diagnose_stream.py" "$@"
}

# found [ARG...] <lines: the findings, a line each: severity, id, the id that
# explains it; and nc-diagnose's status.
found()
{
	stream >in.nc || return 9
	nc-diagnose "$@" in.nc >out.nc
	status=$?
	python3 - <<'PY'
import msgpack
kinds, found = {}, []
for r in msgpack.Unpacker(open("out.nc", "rb"), raw=False):
    if r[0] == "netcheck":
        kinds = r[2]
    elif r[0] == "finding":
        found.append(dict(zip(kinds["finding"], r[1:])))
for f in found:
    root = f.get("because_of")
    print(f["severity"], f["id"],
          *(["<", found[root]["id"]] if root is not None else []),
          *(["suppressed"] if f["suppressed"] else []))
PY
	return $status
}

# finds STATUS EXPECTED <lines
finds()
{
	local want=$1 expected=$2 got status=0

	shift 2
	got=$(found "$@") || status=$?
	if [ "$got" != "$expected" ] || [ "$status" -ne "$want" ]; then
		printf 'status %s, expected %s\n--- expected\n%s\n--- got\n%s\n' \
			"$status" "$want" "$expected" "$got"
		return 1
	fi
}

silent()
{
	finds 0 ""
}

# told TEXT <lines: the first finding says that
told()
{
	local first

	stream >in.nc || return 9
	first=$(nc-diagnose in.nc | nc-report -f jsonl |
	    grep '"record": "finding"' | head -n 1)
	if [[ $first != *"$1"* ]]; then
		printf -- '--- expected\n%s\n--- got\n%s\n' "$1" "$first"
		return 1
	fi
}

@test "nc-diagnose: -V tells the version" {
	run -0 --separate-stderr nc-diagnose -V
	[[ $output == "nc-diagnose "[0-9]* ]]
	[ -z "$stderr" ]
}

@test "nc-diagnose: a usage error is status 2 with the usage" {
	run -2 --separate-stderr nc-diagnose -x
	[[ $stderr == *"usage: nc-diagnose"* ]]
	run -2 --separate-stderr nc-diagnose --nothing
	[[ $stderr == *"usage: nc-diagnose"* ]]
	run -2 --separate-stderr nc-diagnose -s no-such-id
	[[ $stderr == *"no-such-id: no such diagnosis"* ]]
	run -2 --separate-stderr nc-diagnose -o refusals=x
	[[ $stderr == *"-o refusals=x"* ]]
	run -2 --separate-stderr nc-diagnose missing.nc
	[[ $stderr == *missing.nc* ]]
}

@test "nc-diagnose: --explain prints an entry in full" {
	run -0 --separate-stderr nc-diagnose --explain mtu
	[[ $output == "mtu (network, at most error)"* ]]
	[[ $output == *"How it is found"*"What to do"* ]]
	run -2 nc-diagnose --explain nothing
}

@test "nc-diagnose: --list has every id once, -o help every threshold" {
	run -0 nc-diagnose --list
	[ "${#lines[@]}" -eq 65 ]
	[ "$(nc-diagnose --list | cut -d' ' -f1 | sort -u | wc -l)" -eq 65 ]
	run -0 nc-diagnose -o help
	[[ $output == *"loss-percent=10"* ]]
}

@test "nc-diagnose: nothing wrong is no finding and status 0" {
	silent <<'X'
conn {"connection": 1}
flow {}
X
}

@test "nc-diagnose: passes every record on, unknown kinds too" {
	stream -m nc-diagnose <<'X' >in.nc
call {"host": "client", "trace": 0, "line": 1, "call": "socket"}
surprise {"anything": [1, {"a": null}]}
conn {"connection": 1}
X
	nc-diagnose <in.nc >out.nc
	cmp in.nc out.nc
}

@test "nc-diagnose: a cut stream is status 2 and no finding" {
	echo 'dev {"code": "SELF_CONNECT"}' | stream --cut >in.nc
	run -2 --separate-stderr nc-diagnose in.nc
	[[ $stderr == "nc-diagnose: in.nc"* ]]
	[[ $output != *self-connect* ]]
}

@test "nc-diagnose: a maker that failed is status 2" {
	echo 'conn {}' | stream --not-ok >in.nc
	run -2 --separate-stderr nc-diagnose in.nc
}

@test "nc-diagnose: a full disk is status 2" {
	echo 'conn {}' | stream >in.nc
	run -2 bash -c 'nc-diagnose in.nc >/dev/full'
}

@test "nc-diagnose: -s keeps a finding but not its status" {
	finds 0 "error self-connect suppressed" -s self-connect <<'X'
dev {"code": "SELF_CONNECT", "connection": 1}
X
}

@test "nc-diagnose: --ignore suppresses what its rows fit" {
	dev='dev {"code": "SELF_CONNECT", "connection": 1}'
	printf '%s\n' "$dev" | stream >in.nc
	nc-diagnose in.nc | nc-report -f json >found.json || [ $? -eq 1 ]
	host=$(jq -r '.findings[0].hosts[0]' found.json)
	endpoint=$(jq -r '.findings[0].endpoints[0]' found.json)
	[ "$host" != null ] && [ "$endpoint" != null ]
	for row in "*,,," "self-*,," "self-connect,$host,$endpoint,known" \
		"self-connect,${host:0:1}*,*:*,"; do
		printf 'id,host,endpoint,reason\n# all\n%s\n' "$row" >ignore.csv
		finds 0 "error self-connect suppressed" \
			--ignore ignore.csv <<<"$dev"
	done
	for row in "mtu,,," "*,no-such-host,," "*,,1.2.3.4:5,"; do
		printf 'id,host,endpoint,reason\n%s\n' "$row" >ignore.csv
		finds 1 "error self-connect" --ignore ignore.csv <<<"$dev"
	done
	# The reason is told.
	printf 'reason,id\n"as usual, and harmless",self-connect\n' >ignore.csv
	run -0 bash -c "nc-diagnose --ignore ignore.csv in.nc | nc-report"
	[[ $output == *"Suppressed: self-connect: as usual, and harmless."* ]]
	run -0 bash -c "nc-diagnose --ignore ignore.csv in.nc |
		nc-report -f json | jq -r '.findings[0].suppressed_reason'"
	[ "$output" = "as usual, and harmless" ]
}

@test "nc-diagnose: a bad ignore file is told with its place" {
	run -2 nc-diagnose --ignore nowhere.csv
	[ "$output" = "nc-diagnose: nowhere.csv: No such file or directory" ]
	echo "host" >ignore.csv
	run -2 nc-diagnose --ignore ignore.csv
	[ "$output" = 'nc-diagnose: ignore.csv:1:1: missing column "id"' ]
	printf 'host,id\na,no-such-id\n' >ignore.csv
	run -2 nc-diagnose --ignore ignore.csv
	[ "$output" = \
		'nc-diagnose: ignore.csv:2:3: no diagnosis has the id "no-such-id"' ]
	printf 'id\n""\n' >ignore.csv
	run -2 nc-diagnose --ignore ignore.csv
	[ "$output" = "nc-diagnose: ignore.csv:2:1: empty id (* stands for all)" ]
}

@test "nc-diagnose: --fail-on says which severity counts" {
	dev='dev {"code": "SELF_CONNECT", "connection": 1}'
	finds 1 "error self-connect" --fail-on=error <<<"$dev"
	finds 1 "error self-connect" --fail-on info <<<"$dev"
	finds 0 "error self-connect" --fail-on never <<<"$dev"
	# The report's status is the same.
	printf '%s\n' "$dev" | stream >in.nc
	run -0 bash -c "nc-diagnose --fail-on never in.nc | nc-report"
	[[ $output == "Problem found: "* ]]
	run -2 nc-diagnose --fail-on much in.nc
	[[ $output == "nc-diagnose: --fail-on much: not one of "* ]]
}

@test "nc-diagnose: weak and uncertain deviations are no finding" {
	silent <<'X'
dev {"code": "SELF_CONNECT", "weak": 1}
dev {"code": "SELF_CONNECT", "confidence": 50}
X
}

@test "payload-modified: known bytes differ on an exact match" {
	finds 1 "error payload-modified" <<'X'
dev {"code": "MSG_DONT_MATCH", "connection": 1, "host": "server", "socket": 5, "args": {"offset": 1, "sent": "ello", "received": "ola!", "known": 5}}
conn {"connection": 1}
X
}

@test "payload-modified: not for mixed, inferred, elastic or hardly known" {
	silent <<'X'
dev {"code": "MSG_DONT_MATCH", "connection": 1, "args": {"known": 9, "mixed": 1}}
dev {"code": "MSG_DONT_MATCH", "connection": 2, "confidence": 60, "args": {"known": 9}}
dev {"code": "MSG_DONT_MATCH", "connection": 3, "args": {"known": 9}}
dev {"code": "MSG_DONT_MATCH", "connection": 1, "args": {"known": 3}}
conn {"connection": 1}
conn {"connection": 2, "match": "inferred"}
conn {"connection": 3, "elastic": 1}
X
}

@test "data-never-sent: both traces are whole" {
	finds 1 "error data-never-sent" <<'X'
dev {"code": "MSGNOTSENT", "connection": 1, "args": {"missing": 10}}
conn {"connection": 1}
X
}

@test "data-never-sent: not when the sender lacks a process" {
	finds 0 "info incomplete-trace" <<'X'
dev {"code": "MSGNOTSENT", "connection": 1, "args": {"missing": 10}}
conn {"connection": 1}
end {"host": "server", "unfollowed": 1}
X
}

@test "loopback-bound: refused where the host serves the loopback only" {
	finds 1 "error loopback-bound" <<'X'
dev {"code": "ECONNREFUSED", "connection": 1, "args": {"reason": "loopback", "listener": "127.0.0.1:8080"}}
conn {"connection": 1, "opened": "refused"}
X
}

@test "loopback-bound: datagrams to a socket bound to loopback" {
	finds 1 "error loopback-bound" <<'X'
dev {"code": "DGRAM_REFUSED", "flow": 1}
flow {"received": 0, "lost": 1, "sent": 1, "facts": {"loopback_listener": "127.0.0.1:8080"}}
X
}

@test "loopback-bound: not for a client on the same host" {
	silent <<'X'
dev {"code": "ECONNREFUSED", "connection": 1, "host": "server", "args": {"reason": "loopback"}}
conn {"connection": 1, "opened": "refused", "client_host": "server"}
X
}

@test "no-listener: the server listens on another of its addresses" {
	finds 1 "error no-listener" <<'X'
dev {"code": "ECONNREFUSED", "connection": 1, "args": {"reason": "address", "listener": "10.9.9.9:8080"}}
conn {"connection": 1, "opened": "refused"}
X
}

@test "no-listener: one refusal that the order cannot place, never tried again" {
	finds 1 "error no-listener" <<'X'
dev {"code": "CONN_REFUSED_LISTENING", "connection": 1, "weak": 1, "confidence": 70, "args": {"listener": "0.0.0.0:8080", "open_before": 0, "open_after": 1, "open_to_end": 1}}
conn {"connection": 1, "opened": "refused"}
X
}

@test "no-listener: not where that client ever reached the port" {
	silent <<'X'
dev {"code": "CONN_REFUSED_LISTENING", "connection": 1, "weak": 1, "confidence": 70, "args": {"listener": "0.0.0.0:8080", "open_before": 1, "open_after": 1}}
conn {"connection": 1, "opened": "refused", "facts": {"client_process": 8}}
conn {"connection": 2, "first": 10000000000, "facts": {"client_process": 9, "seq": 3}}
X
}

@test "no-listener: nothing is bound to the port" {
	finds 1 "error no-listener" <<'X'
dev {"code": "ECONNREFUSED", "connection": 1, "args": {"reason": "none"}}
conn {"connection": 1, "opened": "refused"}
X
}

@test "no-listener: at a host that is not traced" {
	refused() { # refused CONNECTION ADDRESS
		printf 'dev {"code": "ECONNREFUSED", "connection": %s, "peer": "%s", "peer_host": null, "args": {"reason": "foreign"}}\n' "$1" "$2"
		printf 'conn {"connection": %s, "opened": "refused", "match": "external", "server_host": null, "client_target": "%s"}\n' "$1" "$2"
	}
	elsewhere() { # elsewhere CONNECTION ADDRESS: it worked there
		printf 'conn {"connection": %s, "match": "external", "server_host": null, "client_target": "%s", "facts": {"client_process": 9}}\n' "$1" "$2"
	}
	refused 1 203.0.113.9:514 | silent
	{ refused 1 203.0.113.9:514; refused 2 203.0.113.9:514; } |
		finds 1 "error no-listener"
	# Something else works; but not if another host serves that port.
	{
		refused 1 203.0.113.9:514
		refused 2 203.0.113.9:514
		elsewhere 3 203.0.113.9:515
	} | finds 1 "error no-listener"
	{
		refused 1 203.0.113.9:514
		refused 2 203.0.113.9:514
		elsewhere 3 203.0.113.8:514
	} | silent
	# Two places, but not three.
	{
		refused 1 203.0.113.9:514
		refused 2 203.0.113.9:515
		refused 3 203.0.113.9:514
	} | finds 1 "error no-listener"
	{
		refused 1 203.0.113.9:514
		refused 2 203.0.113.9:515
		refused 3 203.0.113.9:516
		refused 4 203.0.113.9:514
	} | silent
}

@test "no-listener: an order that nothing proves is not told as a fact" {
	local args='"reason": "closed_before"'
	told "its listener may not have been open then" <<X
dev {"code": "ECONNREFUSED", "connection": 1, "args": {$args, "unsure": 1}}
conn {"connection": 1, "opened": "refused"}
X
	told "its listener had been closed" <<X
dev {"code": "ECONNREFUSED", "connection": 1, "args": {$args}}
conn {"connection": 1, "opened": "refused"}
X
}

@test "no-listener: only info where the retry works within 30 s" {
	finds 0 "info no-listener" <<'X'
dev {"code": "ECONNREFUSED", "connection": 1, "args": {"reason": "opened_later"}}
conn {"connection": 1, "opened": "refused"}
conn {"connection": 2, "first": 120000000000, "facts": {"client_process": 9, "seq": 60}}
X
}

@test "no-listener: a success after 31 s came too late" {
	finds 1 "error no-listener" <<'X'
dev {"code": "ECONNREFUSED", "connection": 1, "args": {"reason": "opened_later"}}
conn {"connection": 1, "opened": "refused"}
conn {"connection": 2, "first": 131500000000, "facts": {"client_process": 9, "seq": 60}}
X
}

@test "no-listener: not where another address works (happy eyeballs)" {
	silent <<'X'
dev {"code": "ECONNREFUSED", "connection": 1, "peer": "[fd00::1]:8080", "args": {"reason": "none"}}
conn {"connection": 1, "opened": "refused", "client_target": "[fd00::1]:8080"}
conn {"connection": 2, "first": 100200000000, "facts": {"client_process": 7, "seq": 51}}
X
}

@test "no-listener: without times a later success is a retry" {
	finds 0 "info no-listener" <<'X'
dev {"code": "ECONNREFUSED", "connection": 1, "time": null, "args": {"reason": "opened_later"}}
conn {"connection": 1, "opened": "refused", "first": null}
conn {"connection": 2, "first": null, "facts": {"client_process": 9, "seq": 60}}
X
}

@test "no-listener: three datagrams refused" {
	finds 1 "error no-listener" <<'X'
dev {"code": "DGRAM_REFUSED", "flow": 1}
dev {"code": "DGRAM_REFUSED", "flow": 1, "line": 12}
dev {"code": "DGRAM_REFUSED", "flow": 1, "line": 14}
flow {"sent": 3, "received": 0, "lost": 3, "facts": {"receiver_bound": 0}}
X
}

@test "no-listener: not for two datagrams, nor where others arrived" {
	silent <<'X'
dev {"code": "DGRAM_REFUSED", "flow": 1, "text": "recv(3, 9) = -1"}
dev {"code": "DGRAM_REFUSED", "flow": 1, "line": 12, "text": "recv(3, 9) = -1"}
flow {"sent": 2, "received": 0, "lost": 2, "facts": {"receiver_bound": 0}}
dev {"code": "DGRAM_NO_RECEIVER", "flow": 2, "peer": "10.0.1.2:53", "args": {"count": 5}}
flow {"flow": 2, "destination": "10.0.1.2:53", "sent": 9, "received": 4, "lost": 5}
X
}

@test "connection-refused: the listener is open and nothing else works" {
	finds 1 "error connection-refused" <<'X'
dev {"code": "CONN_REFUSED_LISTENING", "connection": 1, "args": {"listener": "0.0.0.0:8080", "open_before": 1, "open_after": 1}}
conn {"connection": 1, "opened": "refused"}
X
}

@test "connection-refused: refused for longer than the server took to open" {
	finds 1 "error connection-refused" <<'X'
dev {"code": "CONN_REFUSED_LISTENING", "weak": 1, "connection": 1, "args": {"listen_after": 1000000000, "open_to_end": 1}}
dev {"code": "CONN_REFUSED_LISTENING", "weak": 1, "connection": 2, "line": 20, "args": {"listen_after": 1000000000, "open_to_end": 1}}
dev {"code": "CONN_REFUSED_LISTENING", "weak": 1, "connection": 3, "line": 30, "args": {"listen_after": 1000000000, "open_to_end": 1}}
conn {"connection": 1, "opened": "refused", "first": 100000000000}
conn {"connection": 2, "opened": "refused", "first": 101000000000}
conn {"connection": 3, "opened": "refused", "first": 102000000000}
X
}

@test "connection-refused: not for refusals while the server may be starting" {
	finds 1 "error no-listener" <<'X'
dev {"code": "CONN_REFUSED_LISTENING", "weak": 1, "connection": 1, "args": {"listen_after": 5000000000, "open_to_end": 1}}
dev {"code": "CONN_REFUSED_LISTENING", "weak": 1, "connection": 2, "line": 20, "args": {"listen_after": 5000000000, "open_to_end": 1}}
dev {"code": "CONN_REFUSED_LISTENING", "weak": 1, "connection": 3, "line": 30, "args": {"listen_after": 5000000000, "open_to_end": 1}}
conn {"connection": 1, "opened": "refused", "first": 100000000000}
conn {"connection": 2, "opened": "refused", "first": 101000000000}
conn {"connection": 3, "opened": "refused", "first": 102000000000}
X
}

@test "firewall: refusals that the order cannot place, and another client" {
	finds 1 "error firewall" <<'X'
address {"host": "other", "address": "10.0.3.2", "source": "hosts"}
dev {"code": "ECONNREFUSED", "connection": 1, "args": {"reason": "opened_later", "after": 40000000, "open_to_end": 1}}
dev {"code": "ECONNREFUSED", "connection": 2, "line": 20, "args": {"reason": "opened_later", "after": 40000000, "open_to_end": 1}}
conn {"connection": 1, "opened": "refused", "first": 100000000000}
conn {"connection": 2, "opened": "refused", "first": 101000000000}
conn {"connection": 3, "client_host": "other", "client_local": "10.0.3.2:4444", "server_peer": "10.0.3.2:4444"}
X
}

@test "firewall: not where both came before the server could be up" {
	finds 1 "error no-listener" <<'X'
address {"host": "other", "address": "10.0.3.2", "source": "hosts"}
dev {"code": "ECONNREFUSED", "connection": 1, "args": {"reason": "opened_later", "after": 4000000000, "open_to_end": 1}}
dev {"code": "ECONNREFUSED", "connection": 2, "line": 20, "args": {"reason": "opened_later", "after": 4000000000, "open_to_end": 1}}
conn {"connection": 1, "opened": "refused", "first": 100000000000}
conn {"connection": 2, "opened": "refused", "first": 101000000000}
conn {"connection": 3, "client_host": "other", "client_local": "10.0.3.2:4444", "server_peer": "10.0.3.2:4444"}
X
}

@test "firewall: REJECT of one port while another works" {
	finds 1 "error firewall
error connection-refused < firewall" <<'X'
dev {"code": "CONN_REFUSED_LISTENING", "connection": 1, "args": {"listener": "0.0.0.0:8080", "open_before": 1, "open_after": 1}}
conn {"connection": 1, "opened": "refused"}
conn {"connection": 2, "client_target": "10.0.1.2:80", "server_local": "10.0.1.2:80", "first": 90000000000}
X
}

@test "firewall: not where the client reaches the port at other times" {
	finds 1 "error connection-refused" <<'X'
dev {"code": "CONN_REFUSED_LISTENING", "connection": 1, "args": {"listener": "0.0.0.0:8080", "open_before": 1, "open_after": 1}}
conn {"connection": 1, "opened": "refused"}
conn {"connection": 2, "first": 50000000000, "facts": {"seq": 10}}
conn {"connection": 3, "client_target": "10.0.1.2:80", "first": 90000000000}
X
}

@test "firewall: DROP of one port while another works" {
	finds 1 "error firewall
error connection-timeout < firewall" <<'X'
dev {"code": "CONN_TIMEOUT", "connection": 1, "args": {"waited": 7000000000, "listener": "0.0.0.0:8080", "pending": 0, "backlog": 128}}
conn {"connection": 1, "opened": "timeout"}
conn {"connection": 2, "client_target": "10.0.1.2:80", "first": 90000000000}
X
}

@test "firewall: EACCES for one port while another works" {
	# ICMPv6 says "administratively prohibited".
	finds 1 "error firewall" <<'X'
dev {"code": "EACCES", "connection": 1, "text": "connect(3, 10.0.1.2:8080) = -1 EACCES", "args": {"error": "EACCES"}}
conn {"connection": 1, "opened": "failed", "facts": {"listener": "0.0.0.0:8080"}}
conn {"connection": 2, "client_target": "10.0.1.2:80", "first": 90000000000}
X
	# A route that prohibits knows no ports.
	finds 1 "error permission-denied" <<'X'
dev {"code": "EACCES", "connection": 1, "text": "connect(3, 10.0.1.2:8080) = -1 EACCES", "args": {"error": "EACCES"}}
conn {"connection": 1, "opened": "failed", "facts": {"listener": "0.0.0.0:8080"}}
X
}

@test "firewall: DROP for one client while another works" {
	finds 1 "error firewall
error connection-timeout < firewall" <<'X'
host {"host": "other", "trace": 0}
dev {"code": "CONN_TIMEOUT", "connection": 1, "args": {"waited": 7000000000, "listener": "0.0.0.0:8080", "pending": 0, "backlog": 128}}
conn {"connection": 1, "opened": "timeout"}
conn {"connection": 2, "client_host": "other", "first": 90000000000}
X
}

@test "connection-timeout: DROP of all" {
	finds 1 "error connection-timeout" <<'X'
dev {"code": "CONN_TIMEOUT", "connection": 1, "args": {"waited": 7000000000, "listener": "0.0.0.0:8080", "pending": 0, "backlog": 128}}
conn {"connection": 1, "opened": "timeout"}
X
}

@test "connection-timeout: a full queue is no firewall" {
	finds 1 "error connection-timeout" <<'X'
dev {"code": "CONN_TIMEOUT", "connection": 1, "args": {"waited": 7000000000, "listener": "0.0.0.0:8080", "pending": 2, "backlog": 1}}
conn {"connection": 1, "opened": "timeout"}
conn {"connection": 2, "client_target": "10.0.1.2:80", "first": 90000000000}
X
}

@test "connection-timeout: not where the other family works at once" {
	silent <<'X'
dev {"code": "CONN_TIMEOUT", "connection": 1, "peer": "[fd00::1]:8080"}
conn {"connection": 1, "opened": "timeout", "client_target": "[fd00::1]:8080", "facts": {"waited": 7000000000}}
conn {"connection": 2, "first": 107100000000, "facts": {"seq": 51}}
X
}

@test "firewall: the host may not send" {
	finds 1 "error firewall" <<'X'
dev {"code": "EACCES", "connection": 1, "args": {"error": "EPERM"}}
conn {"connection": 1, "opened": "failed", "facts": {"error": "EPERM"}}
X
}

@test "firewall: datagrams pass in one direction only" {
	finds 1 "error firewall
warning datagram-loss < firewall" <<'X'
dev {"code": "DGRAM_LOST", "flow": 1, "args": {"lost": 10, "sent": 10}}
flow {"sent": 10, "received": 0, "lost": 10, "facts": {"reverse_received": 5}}
X
}

@test "firewall: not where earlier datagrams of the flow arrived" {
	finds 1 "warning datagram-loss" <<'X'
flow {"flow": 2, "sent": 20, "received": 20, "lost": 0}
dev {"code": "DGRAM_LOST", "flow": 1, "args": {"lost": 10, "sent": 10}}
flow {"sent": 10, "received": 0, "lost": 10, "facts": {"reverse_received": 5}}
X
}

@test "datagram-loss: a receiver that did not keep up is to blame itself" {
	local lost='"sent": 20, "received": 10, "lost": 10, "loss_cause": "application"'
	told '"category": "application"' <<X
dev {"code": "DGRAM_LOST", "flow": 1, "args": {"lost": 10, "sent": 20}}
flow {$lost, "facts": {"lost_overrun": 9}}
X
	told 'reads too slowly: 10 of 20 datagrams (50.0 %)' <<X
dev {"code": "DGRAM_LOST", "flow": 1, "args": {"lost": 10, "sent": 20}}
flow {$lost, "facts": {"lost_overrun": 9}}
X
	# its program had set the size
	finds 1 "warning buffer-size-mismatch" <<X
dev {"code": "DGRAM_LOST", "flow": 1, "args": {"lost": 10, "sent": 20}}
flow {$lost, "facts": {"lost_overrun": 9, "buffer_set": 4096}}
X
	# gone, or not asked, it is no loss
	silent <<X
dev {"code": "DGRAM_LOST", "flow": 1, "args": {"lost": 10, "sent": 20}}
flow {$lost}
X
}

@test "nonblocking-connect-misuse: closed at once, where waits are shown" {
	local left='"code": "CONN_NEVER_COMPLETED", "connection": 1, "args": {"hasty": 1'
	finds 1 "warning nonblocking-connect-misuse" <<X
dev {$left, "waited": 500000}}
conn {"connection": 1, "opened": "pending"}
X
	# it waited; another one to that port worked; another task may have waited
	finds 1 "error nonblocking-connect-failure" <<X
dev {$left, "waited": 5000000000}}
conn {"connection": 1, "opened": "pending", "server_socket": null}
X
	silent <<X
dev {$left, "waited": 500000}}
conn {"connection": 1, "opened": "pending"}
conn {"connection": 2, "first": 100200000000, "facts": {"seq": 51}}
X
	# it got through long before: it needs this one no more
	silent <<X
conn {"connection": 2, "first": 20200000000, "facts": {"seq": 1}}
dev {$left, "waited": 500000}}
conn {"connection": 1, "opened": "pending"}
X
	silent <<X
dev {$left, "apart": 1}}
conn {"connection": 1, "opened": "pending"}
X
	# the trace has no call that waits: it may leave such calls out, or not
	silent <<X
dev {$left, "waited": 500000, "blind": 1}}
conn {"connection": 1, "opened": "pending"}
end {"host": "client", "classes": {"network": 3, "io": 4}}
X
	finds 1 "warning nonblocking-connect-misuse" <<X
dev {$left, "waited": 500000, "blind": 1}}
conn {"connection": 1, "opened": "pending"}
end {"host": "client", "classes": {"network": 3, "io": 4, "other": 90}}
X
}

@test "nonblocking-connect-misuse: info where it was only too early" {
	local early='"code": "CONNECT_MISUSE", "connection": 1, "args": {"use": "recv", "error": "EAGAIN"}'
	finds 0 "info nonblocking-connect-misuse" <<X
dev {$early}
conn {"connection": 1}
X
	finds 1 "error nonblocking-connect-misuse" <<X
dev {$early}
conn {"connection": 1, "to_server": {"received": 0}, "to_client": {"received": 0}}
X
}

@test "oob-data: explains the answer that did not come" {
	finds 1 "warning oob-data
error closed-without-reply < oob-data" <<'X'
dev {"code": "INVALID_OOB_FLAG", "connection": 1, "host": "server", "socket": 5, "args": {"read": 0}}
dev {"code": "CLOSED_NO_REPLY", "connection": 1, "host": "server", "socket": 5, "args": {"read": 9}}
conn {"connection": 1, "closed": "server", "to_client": {"sent": 0, "received": 0}}
X
}

@test "firewall: not for datagrams that nobody waits for" {
	finds 1 "warning datagram-loss" <<'X'
dev {"code": "DGRAM_LOST", "flow": 1, "args": {"lost": 10, "sent": 10}}
flow {"sent": 10, "received": 0, "lost": 10, "facts": {"reverse_received": 5, "receiver_waiting": 0}}
X
}

@test "nonblocking-connect-failure: it never completes" {
	finds 1 "error nonblocking-connect-failure" <<'X'
dev {"code": "CONN_NEVER_COMPLETED", "connection": 1, "args": {"waited": 5000000000, "listener": "0.0.0.0:8080"}}
conn {"connection": 1, "opened": "pending"}
X
}

@test "nonblocking-connect-failure: under firewall where another port works" {
	finds 1 "error firewall
error nonblocking-connect-failure < firewall" <<'X'
dev {"code": "CONN_NEVER_COMPLETED", "connection": 1, "args": {"waited": 5000000000, "listener": "0.0.0.0:8080"}}
conn {"connection": 1, "opened": "pending"}
conn {"connection": 2, "client_target": "10.0.1.2:80", "first": 90000000000}
X
}

@test "nonblocking-connect-failure: not if cancelled, accepted or untraced once" {
	silent <<'X'
dev {"code": "CONN_NEVER_COMPLETED", "connection": 1, "args": {"waited": 900000000}}
conn {"connection": 1, "opened": "pending"}
dev {"code": "CONN_NEVER_COMPLETED", "connection": 2, "args": {"waited": 5000000000, "listener": "0.0.0.0:8080"}}
conn {"connection": 2, "opened": "pending", "server_socket": 9}
dev {"code": "CONN_NEVER_COMPLETED", "connection": 3, "peer": "192.0.2.1:80", "peer_host": null, "args": {"waited": 5000000000, "listener": "0.0.0.0:8080"}}
conn {"connection": 3, "opened": "pending", "client_target": "192.0.2.1:80", "server_host": null}
X
}

@test "no-route: the host itself has none" {
	finds 1 "error no-route" <<'X'
dev {"code": "CONN_UNREACHABLE", "connection": 1, "args": {"error": "ENETUNREACH", "where": "local"}}
conn {"connection": 1, "opened": "unreachable"}
X
}

@test "no-route: not for a probe of the resolver, nor beside IPv4 that works" {
	silent <<'X'
dev {"code": "CONN_UNREACHABLE", "peer": "[2001:db8::1]:80", "peer_host": null, "args": {"error": "ENETUNREACH", "where": "local"}}
dev {"code": "CONN_UNREACHABLE", "connection": 1, "peer": "[fd00::1]:8080", "args": {"error": "EHOSTUNREACH", "where": "remote"}}
conn {"connection": 1, "opened": "unreachable", "client_target": "[fd00::1]:8080", "facts": {"waited": 3000000000}}
conn {"connection": 2, "first": 103100000000, "facts": {"seq": 51}}
X
}

@test "proxy: all that a host connects to is one port elsewhere, in vain" {
	local refused='"code": "ECONNREFUSED", "peer": "203.0.113.9:8888", "peer_host": null, "args": {"reason": "foreign"}'
	local vain='"opened": "refused", "client_target": "203.0.113.9:8888", "server_host": null, "server_socket": null'
	finds 0 "info proxy" <<X
dev {$refused, "connection": 1}
conn {"connection": 1, $vain}
X
	# it reached the server; or another outside; or it tried two
	silent <<X
dev {$refused, "connection": 1}
conn {"connection": 1, $vain}
conn {"connection": 2}
X
	silent <<X
dev {$refused, "connection": 1}
conn {"connection": 1, $vain}
conn {"connection": 2, "client_target": "203.0.113.10:80", "server_host": null, "server_socket": null}
X
	silent <<X
dev {$refused, "connection": 1}
conn {"connection": 1, $vain}
conn {"connection": 2, $vain, "client_target": "203.0.113.9:53"}
X
}

@test "nat: a confirmed match under a foreign address" {
	finds 1 "warning nat" <<'X'
dev {"code": "NAT_ADDRESS", "connection": 1, "host": "server", "severity": "info", "local": "10.0.1.2:8080", "peer": "203.0.113.9:40000", "socket": 5, "args": {"own": "10.0.2.2:40000", "seen": "203.0.113.9:40000", "confirmed": "payload"}}
conn {"connection": 1, "match": "nat"}
X
}

@test "nat: not where the client comes under its own address as well" {
	silent <<'X'
dev {"code": "NAT_ADDRESS", "connection": 1, "host": "server", "severity": "info", "local": "10.0.1.2:8080", "peer": "203.0.113.9:40000", "socket": 5, "args": {"own": "10.0.2.2:40000", "seen": "203.0.113.9:40000", "confirmed": "payload"}}
conn {"connection": 1, "match": "nat"}
conn {"connection": 2, "match": "external", "client_host": null, "client_socket": null, "client_local": null, "client_target": null, "server_peer": "10.0.2.2:40002"}
X
}

@test "nat: only info where the user declared it" {
	finds 0 "info nat" <<'X'
dev {"code": "NAT_ADDRESS", "connection": 1, "host": "server", "severity": "info", "local": "10.0.1.2:8080", "peer": "203.0.113.9:40000", "socket": 5, "args": {"own": "10.0.2.2:40000", "seen": "203.0.113.9:40000", "confirmed": "declared"}}
conn {"connection": 1, "match": "nat"}
X
}

@test "nat: not unconfirmed, nor under another address of the client" {
	silent <<'X'
dev {"code": "NAT_ADDRESS", "connection": 1, "host": "server", "severity": "info", "local": "10.0.1.2:8080", "peer": "203.0.113.9:40000", "socket": 5, "args": {"own": "10.0.2.2:40000", "seen": "203.0.113.9:40000", "confirmed": "none"}}
conn {"connection": 1, "match": "nat"}
address {"host": "client", "address": "10.9.9.9", "source": "getsockname"}
dev {"code": "NAT_ADDRESS", "connection": 1, "host": "server", "severity": "info", "local": "10.0.1.2:8080", "peer": "10.9.9.9:40000", "socket": 5, "args": {"own": "10.0.2.2:40000", "seen": "10.9.9.9:40000", "confirmed": "payload"}}
X
}

@test "nat: explains why nobody gets through to the client's own address" {
	finds 1 "warning nat
error nonblocking-connect-failure < nat" <<'X'
dev {"code": "NAT_ADDRESS", "connection": 1, "host": "server", "severity": "info", "local": "10.0.1.2:8080", "peer": "203.0.113.9:40000", "socket": 5, "args": {"own": "10.0.2.2:40000", "seen": "203.0.113.9:40000", "confirmed": "payload"}}
conn {"connection": 1, "match": "nat"}
dev {"code": "CONN_NEVER_COMPLETED", "connection": 2, "host": "server", "socket": 6, "local": "10.0.1.2:20", "peer": "10.0.2.2:5000", "peer_host": "client", "args": {"waited": 6000000000, "listener": "0.0.0.0:5000"}}
conn {"connection": 2, "opened": "pending", "client_host": "server", "client_socket": 6, "client_local": "10.0.1.2:20", "client_target": "10.0.2.2:5000", "server_host": "client", "server_socket": null}
X
}

@test "nat: missing here and surplus there" {
	finds 1 "warning nat
warning unaccepted-connection < nat" <<'X'
dev {"code": "UNACCEPTED_CONN", "connection": 1, "args": {"waited": 2000000000, "accepted_later": 3, "sent": 9}}
conn {"connection": 1, "match": "external", "server_socket": null}
conn {"connection": 2, "client_host": null, "client_socket": null, "client_local": null, "client_target": null, "server_peer": "203.0.113.9:40000"}
X
}

@test "port-forwarding: is told as info" {
	finds 0 "info port-forwarding" <<'X'
dev {"code": "PORT_FORWARDED", "connection": 1, "args": {"target": "10.0.9.9:80", "local": "10.0.1.2:8080", "confirmed": "payload"}}
conn {"connection": 1}
X
}

@test "unaccepted-connection: others were accepted later" {
	finds 1 "warning unaccepted-connection" <<'X'
dev {"code": "UNACCEPTED_CONN", "connection": 1, "args": {"waited": 2000000000, "accepted_later": 3, "sent": 9}}
conn {"connection": 1, "match": "host", "server_socket": null}
X
}

@test "unaccepted-connection: not at the end of the trace or with an untraced holder" {
	silent <<'X'
dev {"code": "UNACCEPTED_CONN", "connection": 1, "args": {"waited": 500000000, "accepted_later": 3, "sent": 9}}
dev {"code": "UNACCEPTED_CONN", "connection": 1, "args": {"waited": 9000000000, "accepted_later": 0, "sent": 9}}
dev {"code": "UNACCEPTED_CONN", "connection": 1, "args": {"waited": 9000000000, "accepted_later": 3, "sent": 9, "untraced_holder": 1}}
conn {"connection": 1, "server_socket": null}
X
}

@test "ignored-accept: from a port that a traced socket holds" {
	finds 1 "warning ignored-accept" <<'X'
dev {"code": "NO_PENDING_CONN", "host": "server", "local": "10.0.1.2:8080", "peer": "10.0.2.2:5555", "peer_host": "client", "args": {"port_traced": 1}}
X
}

@test "ignored-accept: otherwise info" {
	finds 0 "info ignored-accept" <<'X'
dev {"code": "NO_PENDING_CONN", "host": "server", "local": "10.0.1.2:8080", "peer": "10.0.2.2:5555", "peer_host": "client", "args": {"port_traced": 0}}
X
}

@test "ignored-accept: not from an unseen process" {
	silent <<'X'
dev {"code": "NO_PENDING_CONN", "host": "server", "local": "10.0.1.2:8080", "peer": "10.0.2.2:5555", "peer_host": "client", "weak": 1, "confidence": 30, "args": {"unseen": 1}}
X
}

@test "mtu: large datagrams are lost and smaller ones arrive after" {
	finds 1 "error mtu
warning datagram-loss < mtu" <<'X'
dev {"code": "DGRAM_LOST", "flow": 1, "args": {"lost": 3, "sent": 10}}
flow {"sent": 10, "received": 7, "lost": 3, "facts": {"max_received": 1400, "min_lost": 1600, "large_sent": 3, "small_sent": 7, "small_received": 7, "small_after_large": 1}}
X
}

@test "mtu: not where the receiver set a buffer of that size" {
	finds 1 "warning datagram-loss" <<'X'
dev {"code": "DGRAM_LOST", "flow": 1, "args": {"lost": 3, "sent": 10}}
flow {"sent": 10, "received": 7, "lost": 3, "facts": {"max_received": 1400, "min_lost": 1600, "large_sent": 3, "small_sent": 7, "small_received": 7, "small_after_large": 1, "buffer_set": 1500}}
X
}

@test "mtu: not for one large datagram" {
	silent <<'X'
dev {"code": "DGRAM_LOST", "flow": 1, "args": {"lost": 1, "sent": 10}}
flow {"sent": 10, "received": 9, "lost": 1, "facts": {"max_received": 1400, "min_lost": 1600, "large_sent": 1, "small_sent": 9, "small_received": 9, "small_after_large": 1}}
X
}

@test "mtu: a large write never arrives" {
	finds 1 "error mtu" <<'X'
dev {"code": "DATA_UNDELIVERED", "connection": 1, "args": {"bytes": 4000, "largest_lost": 4000, "largest_delivered": 80, "waiting": 1, "waited": 10000000000, "receiver_open": 1}}
conn {"connection": 1}
X
}

@test "mtu: a connection's first write, where others carry smaller ones" {
	finds 1 "error mtu" <<'X'
dev {"code": "DATA_UNDELIVERED", "connection": 1, "args": {"bytes": 14044, "largest_lost": 14044, "largest_delivered": 0, "waiting": 1, "waited": 10000000000}}
conn {"connection": 1, "to_server": {"sent": 14044, "received": 0, "largest_delivered": 0}}
conn {"connection": 2, "to_server": {"sent": 77, "received": 77, "largest_delivered": 77}}
X
}

@test "mtu: not where another connection carries as much" {
	finds 1 "error data-undelivered" <<'X'
dev {"code": "DATA_UNDELIVERED", "connection": 1, "args": {"bytes": 14044, "largest_lost": 14044, "largest_delivered": 0, "waiting": 1, "waited": 10000000000}}
conn {"connection": 1, "to_server": {"sent": 14044, "received": 0, "largest_delivered": 0}}
conn {"connection": 2, "to_server": {"sent": 77, "received": 77, "largest_delivered": 77}}
conn {"connection": 3, "to_server": {"sent": 20000, "received": 20000, "largest_delivered": 20000}}
X
}

@test "mtu: what passes in the other direction tells nothing" {
	finds 1 "error data-undelivered" <<'X'
dev {"code": "DATA_UNDELIVERED", "connection": 1, "args": {"bytes": 14044, "largest_lost": 14044, "largest_delivered": 0, "waiting": 1, "waited": 10000000000}}
conn {"connection": 1, "to_server": {"sent": 14044, "received": 0, "largest_delivered": 0}}
conn {"connection": 2, "to_client": {"sent": 77, "received": 77, "largest_delivered": 77}}
X
}

@test "mtu: two connections, large first writes after a greeting, no firewall" {
	finds 1 "error mtu" <<'X'
dev {"code": "DATA_UNDELIVERED", "connection": 1, "args": {"bytes": 9000, "largest_lost": 9000, "largest_delivered": 0, "waiting": 1, "waited": 10000000000}}
dev {"code": "DATA_UNDELIVERED", "connection": 2, "args": {"bytes": 9000, "largest_lost": 9000, "largest_delivered": 0, "waiting": 1, "waited": 10000000000}}
conn {"connection": 1, "to_server": {"sent": 9000, "received": 0, "largest_delivered": 0}}
conn {"connection": 2, "to_server": {"sent": 9000, "received": 0, "largest_delivered": 0}}
conn {"connection": 3, "to_server": {"sent": 77, "received": 77, "largest_delivered": 77}}
X
}

@test "mtu: not where the receiver does not read" {
	silent <<'X'
dev {"code": "DATA_UNDELIVERED", "connection": 1, "args": {"bytes": 4000, "largest_lost": 4000, "largest_delivered": 80, "waiting": 0, "waited": 10000000000, "receiver_open": 1}}
conn {"connection": 1}
X
}

@test "datagram-loss: a fifth is lost" {
	finds 1 "warning datagram-loss" <<'X'
dev {"code": "DGRAM_LOST", "flow": 1, "args": {"lost": 4, "sent": 20}}
flow {"sent": 20, "received": 16, "lost": 4}
X
}

@test "datagram-loss: below the share it is only mentioned" {
	finds 0 "info datagram-loss" <<'X'
dev {"code": "DGRAM_LOST", "flow": 1, "args": {"lost": 9, "sent": 100}}
flow {"sent": 100, "received": 91, "lost": 9}
X
}

@test "datagram-loss: every one of a few, where the other way works" {
	finds 1 "warning datagram-loss" <<'X'
dev {"code": "DGRAM_LOST", "flow": 1, "args": {"lost": 3, "sent": 3}}
flow {"sent": 3, "received": 0, "lost": 3, "facts": {"reverse_received": 3}}
X
}

@test "datagram-loss: every one of a few is only mentioned where nobody waits" {
	finds 0 "info datagram-loss" <<'X'
dev {"code": "DGRAM_LOST", "flow": 1, "args": {"lost": 3, "sent": 3}}
flow {"sent": 3, "received": 0, "lost": 3, "facts": {"reverse_received": 3, "receiver_waiting": 0}}
X
}

@test "datagram-loss: answers to many ports of a host are one path" {
	finds 1 "error firewall
warning datagram-loss < firewall" <<'X'
flow {"flow": 1, "source": "10.0.2.2:40001", "destination": "10.0.1.2:53", "sent": 3, "received": 3, "facts": {"seq": 1}}
flow {"flow": 2, "source": "10.0.2.2:40002", "destination": "10.0.1.2:53", "sent": 3, "received": 3, "facts": {"seq": 2}}
dev {"code": "DGRAM_LOST", "host": "server", "flow": 3, "local": "10.0.1.2:53", "peer": "10.0.2.2:40001", "peer_host": "client"}
dev {"code": "DGRAM_LOST", "host": "server", "flow": 4, "local": "10.0.1.2:53", "peer": "10.0.2.2:40002", "peer_host": "client"}
flow {"flow": 3, "sender_host": "server", "sender_socket": 5, "receiver_host": "client", "receiver_socket": 1, "source": "10.0.1.2:53", "destination": "10.0.2.2:40001", "sent": 3, "received": 0, "lost": 3, "facts": {"seq": 3}}
flow {"flow": 4, "sender_host": "server", "sender_socket": 5, "receiver_host": "client", "receiver_socket": 2, "source": "10.0.1.2:53", "destination": "10.0.2.2:40002", "sent": 3, "received": 0, "lost": 3, "facts": {"seq": 4}}
X
}

@test "datagram-loss: not for few, for the tail, or outside the receivers life" {
	silent <<'X'
dev {"code": "DGRAM_LOST", "flow": 1, "args": {"lost": 2, "sent": 20}}
flow {"sent": 20, "received": 18, "lost": 2}
dev {"code": "DGRAM_LOST", "flow": 2, "peer": "10.0.1.2:81"}
flow {"flow": 2, "destination": "10.0.1.2:81", "sent": 20, "received": 16, "lost": 4, "facts": {"lost_tail": 2}}
dev {"code": "DGRAM_LOST", "flow": 3, "peer": "10.0.1.2:82"}
flow {"flow": 3, "destination": "10.0.1.2:82", "sent": 20, "received": 10, "lost": 10, "facts": {"lost_outside": 10}}
dev {"code": "DGRAM_LOST", "flow": 4, "peer": "239.1.1.1:83"}
flow {"flow": 4, "destination": "239.1.1.1:83", "sent": 20, "received": 10, "lost": 10, "facts": {"multicast": 1}}
X
}

@test "datagram-truncated: and not by a probe" {
	finds 1 "error datagram-truncated" <<'X'
dev {"code": "DGRAM_TRUNCATED", "flow": 1, "host": "server", "args": {"datagram": 900, "buffer": 512}}
dev {"code": "DGRAM_TRUNCATED", "flow": 1, "host": "client", "args": {"datagram": 900, "buffer": 512, "peeked": 1}}
flow {}
X
}

@test "datagram-too-large: and EMSGSIZE once below is no mtu" {
	finds 1 "error datagram-too-large" <<'X'
dev {"code": "EMSGSIZE", "args": {"size": 70000}}
dev {"code": "EMSGSIZE", "peer": "10.0.1.2:99", "args": {"size": 1500}}
X
}

@test "unread-data: explains the reset and what follows it" {
	finds 1 "warning unread-data
error connection-reset < unread-data
error not-connected < unread-data" <<'X'
dev {"code": "NONEMPTY_BUFFER", "connection": 1, "text": "close(3) = 0", "args": {"bytes": 41, "confirmed": "partial"}}
dev {"code": "CONN_RESET", "connection": 1, "host": "server", "socket": 5, "local": "10.0.1.2:8080", "peer": "10.0.2.2:40000", "peer_host": "client", "text": "read(6, ...) = -1", "args": {"cause": "unread", "unread": 41}}
dev {"code": "ENOTCONN", "connection": 1, "host": "server", "socket": 5, "local": "10.0.1.2:8080", "text": "shutdown(6, SHUT_RDWR) = 0", "args": {"reason": "reset"}}
conn {"connection": 1, "closed": "reset"}
X
}

@test "unread-data: not the end of TLS, nor crumbs at exit; their resets neither" {
	silent <<'X'
dev {"code": "NONEMPTY_BUFFER", "connection": 3, "text": "close(3) = 0", "args": {"bytes": 17, "confirmed": "reset", "no_data": 1}}
conn {"connection": 3}
dev {"code": "NONEMPTY_BUFFER", "connection": 1, "text": "close(3) = 0", "args": {"bytes": 41, "confirmed": "partial", "tls_close": 1}}
dev {"code": "CONN_RESET", "connection": 1, "host": "server", "socket": 5, "local": "10.0.1.2:8080", "peer": "10.0.2.2:40000", "peer_host": "client", "text": "read(6, ...) = -1", "args": {"cause": "unread", "unread": 41}}
dev {"code": "ENOTCONN", "connection": 1, "host": "server", "socket": 5, "local": "10.0.1.2:8080", "text": "shutdown(6, SHUT_RDWR) = 0", "args": {"reason": "reset"}}
conn {"connection": 1, "closed": "reset"}
dev {"code": "NONEMPTY_BUFFER", "connection": 2, "text": "close(3) = 0", "args": {"bytes": 2, "confirmed": "partial", "at_exit": 1}}
conn {"connection": 2}
X
}

@test "unread-data: not the end of a line, unless its reset costs an answer" {
	silent <<'X'
dev {"code": "NONEMPTY_BUFFER", "connection": 1, "text": "close(3) = 0", "args": {"bytes": 1, "confirmed": "partial", "line_end": 1}}
conn {"connection": 1}
X
	finds 1 "warning unread-data
error connection-reset < unread-data" <<'X'
dev {"code": "NONEMPTY_BUFFER", "connection": 1, "text": "close(3) = 0", "args": {"bytes": 1, "confirmed": "partial", "line_end": 1}}
dev {"code": "CONN_RESET", "connection": 1, "host": "server", "socket": 5, "local": "10.0.1.2:8080", "peer": "10.0.2.2:40000", "peer_host": "client", "text": "read(6, ...) = -1", "args": {"cause": "unread", "unread": 1}}
conn {"connection": 1, "closed": "reset"}
X
}

@test "unread-data: not where undecided or elastic" {
	silent <<'X'
dev {"code": "NONEMPTY_BUFFER", "connection": 1, "text": "close(3) = 0", "weak": 1, "args": {"bytes": 41, "confirmed": "partial"}}
dev {"code": "NONEMPTY_BUFFER", "connection": 2, "text": "close(3) = 0", "args": {"bytes": 41, "confirmed": "partial"}}
conn {"connection": 1}
conn {"connection": 2, "elastic": 1}
X
}

@test "unread-data: matched by host, where no other fits and the bytes agree" {
	finds 1 "warning unread-data" <<'X'
dev {"code": "NONEMPTY_BUFFER", "connection": 1, "text": "close(3) = 0", "confidence": 80, "args": {"bytes": 41, "confirmed": "reset"}}
conn {"connection": 1, "match": "host", "facts": {"payload_confirmed": 1, "sole": 1}}
X
	silent <<'X'
dev {"code": "NONEMPTY_BUFFER", "connection": 1, "text": "close(3) = 0", "confidence": 80, "args": {"bytes": 41, "confirmed": "reset"}}
conn {"connection": 1, "match": "host", "facts": {"payload_confirmed": 1, "sole": 0}}
X
}

@test "unread-data: info where the reader was killed" {
	finds 0 "info unread-data" <<'X'
dev {"code": "NONEMPTY_BUFFER", "connection": 1, "text": "close(3) = 0", "args": {"bytes": 41, "confirmed": "partial", "killed": 1}}
conn {"connection": 1}
X
}

@test "unread-data: what follows the kill of a client is info, too" {
	finds 0 "info unread-data
info connection-reset < unread-data
info not-connected < unread-data" <<'X'
dev {"code": "NONEMPTY_BUFFER", "connection": 1, "text": "release of socket 1 (kill)", "args": {"bytes": 41, "confirmed": "partial", "killed": 1}}
dev {"code": "CONN_RESET", "connection": 1, "host": "server", "socket": 5, "local": "10.0.1.2:8080", "peer": "10.0.2.2:40000", "peer_host": "client", "text": "send(6, ...) = -1", "args": {"cause": "killed", "unread": 41}}
dev {"code": "ENOTCONN", "connection": 1, "host": "server", "socket": 5, "local": "10.0.1.2:8080", "text": "shutdown(6, SHUT_WR) = -1", "args": {"reason": "reset"}}
conn {"connection": 1, "closed": "reset"}
X
}

@test "connection-reset: the client of a killed server had no answer" {
	finds 1 "error connection-reset
error not-connected < connection-reset
info unread-data" <<'X'
dev {"code": "NONEMPTY_BUFFER", "connection": 1, "host": "server", "socket": 5, "local": "10.0.1.2:8080", "peer": "10.0.2.2:40000", "peer_host": "client", "text": "release of socket 5 (kill)", "args": {"bytes": 20, "confirmed": "partial", "killed": 1}}
dev {"code": "CONN_RESET", "connection": 1, "text": "recv(3, ...) = -1", "args": {"cause": "killed", "unread": 20}}
dev {"code": "ENOTCONN", "connection": 1, "text": "shutdown(3, SHUT_RDWR) = -1", "args": {"reason": "reset"}}
conn {"connection": 1, "closed": "reset"}
X
}

@test "connection-reset: a crash is one whoever it leaves" {
	finds 1 "error connection-reset" <<'X'
dev {"code": "CONN_RESET", "connection": 1, "host": "server", "socket": 5, "local": "10.0.1.2:8080", "peer": "10.0.2.2:40000", "peer_host": "client", "text": "send(6, ...) = -1", "args": {"cause": "killed", "unread": 41, "crashed": 1}}
conn {"connection": 1, "closed": "reset"}
X
}

@test "linger-reset: with output outstanding" {
	finds 1 "warning linger-reset" <<'X'
dev {"code": "LINGER_RESET", "connection": 1, "args": {"outstanding": 100, "peer_open": 1}}
conn {"connection": 1}
X
}

@test "linger-reset: not after the peer had finished" {
	silent <<'X'
dev {"code": "LINGER_RESET", "connection": 1, "args": {"outstanding": 0, "peer_open": 0}}
conn {"connection": 1}
X
}

@test "connection-reset: by the network" {
	finds 1 "error connection-reset" <<'X'
dev {"code": "RESET_BY_NETWORK", "connection": 1, "args": {"received": 9, "sent": 9}}
conn {"connection": 1, "closed": "reset"}
X
}

@test "connection-reset: first data of every connection to one port is firewall" {
	finds 1 "error firewall
error connection-reset < firewall" <<'X'
dev {"code": "RESET_BY_NETWORK", "connection": 1, "args": {"received": 0, "sent": 9, "first_data": 1}}
conn {"connection": 1, "closed": "reset"}
conn {"connection": 2, "client_target": "10.0.1.2:80", "first": 90000000000}
X
}

@test "connection-reset: not after both had done" {
	silent <<'X'
dev {"code": "CONN_RESET", "connection": 1, "args": {"cause": "unread", "both_done": 1}}
conn {"connection": 1}
X
}

@test "send-after-close: a send fails" {
	finds 1 "error send-after-close" <<'X'
dev {"code": "SEND_AFTER_CLOSE", "connection": 1, "args": {"error": "EPIPE"}}
conn {"connection": 1}
X
}

@test "send-after-close: not the first send, nor the end of TLS" {
	silent <<'X'
dev {"code": "SEND_AFTER_CLOSE", "connection": 1, "severity": "info", "args": {"first": 1, "bytes": 20}}
dev {"code": "SEND_AFTER_CLOSE", "connection": 1, "args": {"error": "EPIPE", "tls_close": 1}}
conn {"connection": 1}
X
}

@test "send-after-close: a client that was being answered may have enough" {
	finds 0 "info send-after-close" <<'X'
dev {"code": "SEND_AFTER_CLOSE", "connection": 1, "host": "server", "socket": 5, "local": "10.0.1.2:8080", "peer": "10.0.2.2:40000", "peer_host": "client", "args": {"error": "EPIPE", "answered": 1}}
conn {"connection": 1}
X
}

@test "closed-without-reply: the request was read" {
	finds 1 "error closed-without-reply" <<'X'
dev {"code": "CLOSED_NO_REPLY", "connection": 1, "args": {"received": 81, "sent": 81, "replied": 2}}
conn {"connection": 1}
X
}

@test "closed-without-reply: turned away unread, so nothing else is told" {
	finds 1 "error closed-without-reply" <<'X'
dev {"code": "CLOSED_NO_REPLY", "connection": 1, "args": {"received": 0, "sent": 20}}
dev {"code": "NONEMPTY_BUFFER", "connection": 1, "host": "server", "socket": 5, "args": {"bytes": 20, "confirmed": "reset"}}
dev {"code": "CONN_RESET", "connection": 1, "args": {"cause": "unread", "unread": 20}}
conn {"connection": 1}
X
}

@test "closed-without-reply: part of the request was left unread" {
	finds 1 "warning unread-data
error connection-reset < unread-data
error closed-without-reply < unread-data" <<'X'
dev {"code": "CLOSED_NO_REPLY", "connection": 1, "args": {"received": 5, "sent": 20}}
dev {"code": "NONEMPTY_BUFFER", "connection": 1, "host": "server", "socket": 5, "args": {"bytes": 15, "confirmed": "reset"}}
dev {"code": "CONN_RESET", "connection": 1, "args": {"cause": "unread", "unread": 15}}
conn {"connection": 1}
X
}

@test "closed-without-reply: info where the server was to end" {
	finds 0 "info closed-without-reply" <<'X'
dev {"code": "CLOSED_NO_REPLY", "connection": 1, "args": {"received": 81, "at_exit": 1, "after": 4000000000}}
conn {"connection": 1}
X
	finds 1 "error closed-without-reply" <<'X'
dev {"code": "CLOSED_NO_REPLY", "connection": 1, "args": {"received": 81, "at_exit": 1, "after": 4000000}}
conn {"connection": 1}
X
}

@test "closed-without-reply: not where the match is in doubt" {
	silent <<'X'
dev {"code": "CLOSED_NO_REPLY", "connection": 1, "confidence": 60, "args": {"received": 81}}
conn {"connection": 1, "match": "inferred"}
X
}

@test "idle-close: used after a quiet time" {
	finds 1 "warning idle-close
error send-after-close < idle-close" <<'X'
dev {"code": "IDLE_CLOSED", "connection": 1, "args": {"quiet": 2000000000, "bytes": 70}}
dev {"code": "SEND_AFTER_CLOSE", "connection": 1, "args": {"error": "EPIPE"}}
conn {"connection": 1}
X
}

@test "idle-close: not after a short one" {
	silent <<'X'
dev {"code": "IDLE_CLOSED", "connection": 1, "args": {"quiet": 400000000, "bytes": 70}}
conn {"connection": 1}
X
	finds 1 "warning idle-close" -o idle-ms=300 <<'X'
dev {"code": "IDLE_CLOSED", "connection": 1, "args": {"quiet": 400000000, "bytes": 70}}
conn {"connection": 1}
X
}

# names ARGS: a deviation of a look-up
lookup()
{
	printf 'dev {"code": "NAME_LOOKUP", "peer": "10.0.1.2:53", "peer_host": "server", "args": {"name": "www.example", "tries": 1, %s}}\n' "$1"
}

@test "name-resolution: no answer, an error, a late answer" {
	lookup '"outcome": "none", "waited": 10000000000' |
		finds 1 "error name-resolution"
	lookup '"outcome": "none", "slow": 1' |
		finds 1 "error name-resolution"
	lookup '"outcome": "servfail"' | finds 1 "error name-resolution"
	lookup '"outcome": "refused"' |
		finds 1 "error name-resolution"
	lookup '"outcome": "slow", "waited": 5000000000, "found": 1' |
		finds 1 "warning name-resolution"
	lookup '"outcome": "slow", "waited": 1500000000' | silent
	lookup '"outcome": "slow", "waited": 1500000000' |
		finds 1 "warning name-resolution" -o lookup-ms=1000
}

@test "name-resolution: nothing listens at the resolver" {
	local at='"peer": "127.0.0.1:53", "peer_host": "client"'

	absent() { lookup "\"outcome\": \"absent\"$1" | sed "s/\"peer.*server\"/$2/"; }
	absent '' "$at" | finds 1 "error name-resolution"
	absent '' '"peer": "192.0.2.1:53", "peer_host": null' |
		finds 1 "error name-resolution"
	# this host's own name?
	absent '' "$at" | sed 's/www.example/box/' | silent
	# another traced host: no-listener tells
	absent '' '"peer": "10.0.1.2:53", "peer_host": "server"' | silent
	# it went on without
	absent ', "then": 1' "$at" | silent
	absent ', "serves": 1' "$at" | silent
}

@test "name-resolution: a name that does not exist, where it is the end" {
	lookup '"outcome": "nxdomain"' | finds 1 "error name-resolution"
	lookup '"outcome": "nxdomain", "then": 1' | silent
	lookup '"outcome": "nxdomain", "found": 3' | silent
	lookup '"outcome": "nxdomain", "serves": 1' | silent
	lookup '"outcome": "nxdomain", "reverse": 1' | silent
}

@test "name-resolution: an address without a name is a problem if it takes long" {
	lookup '"outcome": "servfail", "reverse": 1, "waited": 4000000' | silent
	lookup '"outcome": "servfail", "reverse": 1, "waited": 9000000000' |
		finds 1 "error name-resolution"
}

@test "tls-failure: and what follows from it" {
	finds 1 "error tls-failure
error connection-reset < tls-failure
warning unread-data < tls-failure" <<'X'
dev {"code": "TLS_FAILED", "connection": 1, "args": {"how": "alert", "by": "client", "alert": 48, "name": "unknown_ca"}}
dev {"code": "NONEMPTY_BUFFER", "connection": 1, "args": {"bytes": 20, "confirmed": "reset"}}
dev {"code": "CONN_RESET", "connection": 1, "host": "server", "socket": 5, "args": {"cause": "unread", "unread": 20}}
conn {"connection": 1}
X
}

@test "permission-denied: a port, a raw socket, a file, a destination" {
	finds 1 "error permission-denied" <<'X'
dev {"code": "EACCES", "local": "0.0.0.0:80", "text": "bind(3, 0.0.0.0:80) = -1 EACCES", "args": {"error": "EACCES"}}
X
	finds 1 "error permission-denied" <<'X'
dev {"code": "EACCES", "text": "socket(AF_INET, SOCK_RAW) = -1 EPERM", "args": {"error": "EPERM"}}
X
	finds 1 "error permission-denied" <<'X'
dev {"code": "EACCES", "connection": 1, "text": "openat(plan.html) = -1 EACCES", "args": {"error": "EACCES", "file": "plan.html"}}
conn {"connection": 1}
X
	finds 1 "error permission-denied
warning unread-data < permission-denied" <<'X'
dev {"code": "EACCES", "connection": 1, "text": "openat(kept/x) = -1 EACCES", "args": {"error": "EACCES", "file": "kept/x"}}
dev {"code": "NONEMPTY_BUFFER", "connection": 1, "args": {"bytes": 41, "confirmed": "partial"}}
conn {"connection": 1}
X
	finds 1 "error permission-denied" <<'X'
dev {"code": "EACCES", "text": "connect(3, 10.0.9.9:80) = -1 EACCES", "peer": "10.0.9.9:80", "args": {"error": "EACCES"}}
X
}

@test "permission-denied: not where the program goes on without it" {
	silent <<'X'
dev {"code": "EACCES", "severity": "info", "local": "0.0.0.0:700", "text": "bind(3, 0.0.0.0:700) = -1 EACCES", "args": {"error": "EACCES", "recovered": 1}}
X
}

@test "nagle-delay: waits for delayed acknowledgements" {
	finds 1 "warning nagle-delay" <<'X'
dev {"code": "NAGLE_DELAY", "connection": 1, "args": {"delays": 3, "lost": 120000000}}
conn {"connection": 1}
X
	silent <<'X'
dev {"code": "NAGLE_DELAY", "connection": 1, "severity": "info", "args": {"delays": 2, "lost": 80000000}}
conn {"connection": 1}
X
	finds 0 "" -o nagle-delays=5 <<'X'
dev {"code": "NAGLE_DELAY", "connection": 1, "args": {"delays": 3, "lost": 120000000}}
conn {"connection": 1}
X
}

@test "not-connected: a send on a socket without a peer" {
	finds 1 "error not-connected" <<'X'
dev {"code": "ENOTCONN", "text": "send(3, ...) = -1"}
X
}

@test "not-connected: info for a word after the own shutdown, at the end" {
	finds 0 "info not-connected" <<'X'
dev {"code": "ENOTCONN", "connection": 1, "host": "server", "socket": 5, "text": "write(0, ...) = -1 EPIPE", "args": {"reason": "shutdown"}}
conn {"connection": 1, "facts": {"client_released": 1, "server_released": 1}}
X
	finds 1 "error not-connected" <<'X'
dev {"code": "ENOTCONN", "connection": 1, "host": "server", "socket": 5, "text": "write(0, ...) = -1 EPIPE", "args": {"reason": "shutdown"}}
conn {"connection": 1, "facts": {"client_released": 0, "server_released": 1}}
X
}

@test "send-after-close: info where the client was killed" {
	finds 0 "info send-after-close" <<'X'
dev {"code": "SEND_AFTER_CLOSE", "connection": 1, "host": "server", "socket": 5, "local": "10.0.1.2:8080", "peer": "10.0.2.2:40000", "peer_host": "client", "args": {"error": "EPIPE", "killed": 1}}
conn {"connection": 1}
X
}

@test "send-after-close: info where the client's program had ended" {
	finds 0 "info send-after-close" <<'X'
dev {"code": "SEND_AFTER_CLOSE", "connection": 1, "host": "server", "socket": 5, "local": "10.0.1.2:8080", "peer": "10.0.2.2:40000", "peer_host": "client", "args": {"error": "EPIPE", "killed": 0, "at_exit": 1}}
conn {"connection": 1}
X
}

@test "send-after-close: info where the client is in no trace" {
	finds 0 "info send-after-close" <<'X'
dev {"code": "SEND_AFTER_CLOSE", "connection": 1, "host": "server", "socket": 5, "local": "10.0.1.2:8080", "peer": "192.0.2.9:40000", "peer_host": null, "args": {"error": "EPIPE"}}
conn {"connection": 1, "client_host": null, "client_socket": null, "server_peer": "192.0.2.9:40000", "match": "external"}
X
}

@test "unread-data: not the page of an HTTP error" {
	silent <<'X'
dev {"code": "NONEMPTY_BUFFER", "connection": 1, "args": {"bytes": 400, "http_status": 404}}
conn {"connection": 1}
X
	finds 1 "warning unread-data" <<'X'
dev {"code": "NONEMPTY_BUFFER", "connection": 1, "args": {"bytes": 400, "http_status": 200}}
conn {"connection": 1}
X
}

@test "not-connected: info where another thread had shut it down" {
	finds 0 "info not-connected" <<'X'
dev {"code": "ENOTCONN", "connection": 1, "text": "sendto(3, ...) = -1 EPIPE", "args": {"reason": "aborted"}}
conn {"connection": 1}
X
}

@test "not-connected: not to ask for the peer, nor to tidy up" {
	silent <<'X'
dev {"code": "ENOTCONN", "text": "getpeername(3, ...) = -1"}
dev {"code": "ENOTCONN", "connection": 1, "text": "shutdown(3, SHUT_RDWR) = -1"}
conn {"connection": 1, "opened": "refused"}
X
}

@test "data-undelivered: the receiver waited" {
	finds 1 "error data-undelivered" <<'X'
dev {"code": "DATA_UNDELIVERED", "connection": 1, "args": {"bytes": 40, "largest_lost": 40, "largest_delivered": 80, "waiting": 1, "waited": 2000000000}}
conn {"connection": 1}
X
}

@test "data-undelivered: not where the connection was reset" {
	finds 1 "error connection-reset" <<'X'
dev {"code": "DATA_UNDELIVERED", "connection": 1, "args": {"bytes": 40, "largest_lost": 40, "largest_delivered": 80, "waiting": 1, "waited": 2000000000}}
dev {"code": "RESET_BY_NETWORK", "connection": 1, "args": {"received": 9, "sent": 9}}
conn {"connection": 1}
X
}

@test "data-undelivered: not within a second" {
	silent <<'X'
dev {"code": "DATA_UNDELIVERED", "connection": 1, "args": {"bytes": 40, "waiting": 1, "waited": 900000000}}
conn {"connection": 1}
X
}

@test "close-while-blocked: never woken" {
	finds 1 "error close-while-blocked" <<'X'
dev {"code": "CLOSE_WHILE_BLOCKED", "text": "close(3) = 0", "args": {"blocked": "recvfrom", "woken": "never", "after": 3000000000}}
X
}

@test "close-while-blocked: not at exit, woken soon, or in a short poll" {
	silent <<'X'
dev {"code": "CLOSE_WHILE_BLOCKED", "args": {"woken": "never", "after": 100000000}}
dev {"code": "CLOSE_WHILE_BLOCKED", "args": {"woken": "never", "after": 5000000000, "at_exit": 1}}
dev {"code": "CLOSE_WHILE_BLOCKED", "args": {"woken": "data", "after": 10000000}}
dev {"code": "CLOSE_WHILE_BLOCKED", "args": {"woken": "close", "after": 2000000000, "timeout": 500000000}}
X
}

@test "address-in-use: and what it causes" {
	finds 1 "error address-in-use
error no-listener < address-in-use" <<'X'
dev {"code": "EADDRINUSE", "host": "server", "local": "0.0.0.0:8080", "peer": null, "peer_host": null, "text": "bind(3, ...) = -1", "args": {"holder": "unseen"}}
dev {"code": "ECONNREFUSED", "connection": 1, "args": {"reason": "none"}}
conn {"connection": 1, "opened": "refused"}
X
}

@test "address-in-use: info where the next port worked" {
	finds 0 "info address-in-use" <<'X'
dev {"code": "EADDRINUSE", "local": "0.0.0.0:8080", "peer": null, "peer_host": null, "text": "bind(3, ...) = -1", "args": {"retried": 1}}
X
}

@test "ipv6-only: the port is served over the other family" {
	finds 1 "error ipv6-only" <<'X'
dev {"code": "FAMILY_MISMATCH", "connection": 1, "args": {"listener": "[::]:8080", "error": "ECONNREFUSED"}}
conn {"connection": 1, "opened": "refused"}
X
}

@test "ipv6-only: not where the other family works as well" {
	silent <<'X'
dev {"code": "FAMILY_MISMATCH", "connection": 1, "args": {"listener": "[::]:8080"}}
conn {"connection": 1, "opened": "refused"}
conn {"connection": 2, "client_target": "[fd00::1]:8080", "first": 100100000000, "facts": {"seq": 51}}
X
}

@test "backlog-overflow: a full queue" {
	finds 1 "error backlog-overflow" <<'X'
dev {"code": "BACKLOG_FULL", "connection": 1, "args": {"pending": 2, "backlog": 1, "waited": 1000000000}}
conn {"connection": 1, "opened": "timeout", "server_socket": null}
X
}

@test "backlog-overflow: a burst that came through in the end is a note" {
	finds 0 "info backlog-overflow" <<'X'
dev {"code": "BACKLOG_FULL", "connection": 1, "args": {"pending": 2, "backlog": 1, "waited": 1000000000}}
conn {"connection": 1}
X
}

@test "backlog-overflow: a listener that stopped" {
	finds 1 "error backlog-overflow" <<'X'
dev {"code": "UNACCEPTED_CONN", "connection": 1, "args": {"waited": 6000000000, "accepted_later": 0, "sent": 9}}
dev {"code": "UNACCEPTED_CONN", "connection": 2, "args": {"waited": 6000000000, "accepted_later": 0, "sent": 9}}
conn {"connection": 1, "server_socket": null}
conn {"connection": 2, "server_socket": null}
X
}

@test "backlog-overflow: clients of a stopped listener that give up" {
	finds 1 "error backlog-overflow" <<'X'
dev {"code": "UNACCEPTED_CONN", "connection": 1, "args": {"waited": 2000000000, "accepted_later": 0, "sent": 9, "released": 1}}
dev {"code": "UNACCEPTED_CONN", "connection": 2, "args": {"waited": 2000000000, "accepted_later": 0, "sent": 9, "released": 1}}
conn {"connection": 1, "server_socket": null, "first": 100000000000}
conn {"connection": 2, "server_socket": null, "first": 102000000000}
X
}

@test "backlog-overflow: not those that met the end of the server" {
	silent <<'X'
dev {"code": "UNACCEPTED_CONN", "connection": 1, "args": {"waited": 2000000000, "accepted_later": 0, "sent": 9, "released": 1}}
dev {"code": "UNACCEPTED_CONN", "connection": 2, "args": {"waited": 2000000000, "accepted_later": 0, "sent": 9, "released": 1}}
conn {"connection": 1, "server_socket": null, "first": 100000000000}
conn {"connection": 2, "server_socket": null, "first": 100010000000}
X
}

@test "unaccepted-connection: the listener was waited on in vain" {
	finds 1 "warning unaccepted-connection" <<'X'
dev {"code": "UNACCEPTED_CONN", "connection": 1, "args": {"waited": 2000000000, "accepted_later": 0, "sent": 9, "acceptor_waited": 1}}
dev {"code": "UNACCEPTED_CONN", "connection": 2, "args": {"waited": 2000000000, "accepted_later": 0, "sent": 9, "acceptor_waited": 1}}
conn {"connection": 1, "server_socket": null, "first": 100000000000}
conn {"connection": 2, "server_socket": null, "first": 102000000000}
X
}

@test "backlog-overflow: nor where an untraced process may accept" {
	silent <<'X'
dev {"code": "UNACCEPTED_CONN", "connection": 1, "args": {"waited": 6000000000, "accepted_later": 0, "sent": 9, "untraced_holder": 1}}
dev {"code": "UNACCEPTED_CONN", "connection": 2, "args": {"waited": 6000000000, "accepted_later": 0, "sent": 9, "untraced_holder": 1}}
conn {"connection": 1, "server_socket": null, "first": 100000000000}
conn {"connection": 2, "server_socket": null, "first": 102000000000}
X
}

@test "backlog-overflow: explains the connects that a full queue left out" {
	finds 1 "error backlog-overflow
error nonblocking-connect-failure < backlog-overflow" <<'X'
dev {"code": "UNACCEPTED_CONN", "connection": 1, "args": {"waited": 3000000000, "accepted_later": 0, "sent": 9, "released": 1}}
dev {"code": "CONN_NEVER_COMPLETED", "connection": 2, "args": {"waited": 1200000000, "listener": "0.0.0.0:8080", "pending": 2, "backlog": 1}}
conn {"connection": 1, "server_socket": null, "first": 90000000000}
conn {"connection": 2, "opened": "pending"}
X
}

@test "backlog-overflow: not for pending connects that were all accepted" {
	finds 1 "error nonblocking-connect-failure" <<'X'
dev {"code": "CONN_NEVER_COMPLETED", "connection": 2, "args": {"waited": 1200000000, "listener": "0.0.0.0:8080", "pending": 2, "backlog": 1}}
conn {"connection": 2, "opened": "pending"}
X
}

@test "misuse: already-connected, self-connect, invalid-port" {
	finds 1 "error self-connect
error already-connected
error invalid-port" <<'X'
dev {"code": "SELF_CONNECT", "connection": 1}
dev {"code": "EISCONN", "connection": 2}
dev {"code": "INVALID_PORT", "connection": 3, "peer": "10.0.1.2:0"}
dev {"code": "INVALID_PORT", "peer": "10.0.1.2:0"}
conn {"connection": 3, "opened": "refused", "client_target": "10.0.1.2:0"}
X
}

@test "misuse: invalid-port where a datagram was to be sent, not asked for" {
	finds 1 "error invalid-port" <<'X'
dev {"code": "INVALID_PORT", "peer": "10.0.1.2:0", "text": "sendto(3, \"x\", 1, 10.0.1.2:0) = -1 EINVAL"}
X
	finds 0 "" <<'X'
dev {"code": "INVALID_PORT", "peer": "10.0.1.2:0", "text": "connect(3, 10.0.1.2:0) = 0"}
X
}

@test "address-changed: connections died, the next come from elsewhere" {
	local died='dev {"code": "DATA_UNDELIVERED", "connection": 1, "args": {"bytes": 40, "largest_lost": 40, "largest_delivered": 80, "waiting": 1, "waited": 2000000000}}
conn {"connection": 1}'

	finds 1 "error address-changed
error data-undelivered < address-changed" <<X
$died
conn {"connection": 2, "client_local": "10.0.2.3:40001", "facts": {"seq": 80}}
X
	# Not where the old address is used still, or the new one was before.
	finds 1 "error data-undelivered" <<X
$died
conn {"connection": 2, "client_local": "10.0.2.3:40001", "facts": {"seq": 80}}
conn {"connection": 3, "client_local": "10.0.2.2:40002", "facts": {"seq": 90}}
X
	finds 1 "error data-undelivered" <<X
$died
conn {"connection": 2, "client_local": "10.0.2.3:40001", "facts": {"seq": 40}}
conn {"connection": 3, "client_local": "10.0.2.3:40002", "facts": {"seq": 90}}
X
}

@test "wildcard-destination: not where a server wakes its own processes" {
	silent <<'X'
dev {"code": "WILDCARD_DEST", "severity": "info", "connection": 1, "peer": "0.0.0.0:80"}
conn {"connection": 1, "client_target": "0.0.0.0:80"}
X
}

@test "wildcard-destination: where nothing else explains the socket" {
	finds 1 "warning wildcard-destination" <<'X'
dev {"code": "WILDCARD_DEST", "connection": 1, "peer": "0.0.0.0:80"}
conn {"connection": 1, "client_target": "0.0.0.0:80"}
X
}

@test "descriptor-exhaustion: but not a probe with dup" {
	finds 1 "error descriptor-exhaustion" <<'X'
dev {"code": "FD_EXHAUSTED", "text": "accept(3, ...) = -1", "args": {"error": "EMFILE"}}
dev {"code": "FD_EXHAUSTED", "host": "server", "text": "dup(3) = -1", "args": {"error": "EMFILE"}}
X
}

@test "port-exhaustion: after connects that worked" {
	finds 1 "error port-exhaustion" <<'X'
dev {"code": "EADDRNOTAVAIL", "connection": 1, "args": {"unbound": 1}}
conn {"connection": 1, "opened": "failed", "facts": {"error": "EADDRNOTAVAIL"}}
conn {"connection": 2, "first": 50000000000, "facts": {"seq": 10}}
X
}

@test "address-not-available: the host has no such address" {
	finds 1 "error address-not-available" <<'X'
dev {"code": "EADDRNOTAVAIL", "host": "server", "local": "10.7.7.7:80", "peer": null, "peer_host": null, "text": "bind(3, ...) = -1"}
X
}

@test "connect-failure: only what no other rule explains" {
	finds 1 "error connect-failure" <<'X'
conn {"connection": 1, "opened": "failed", "facts": {"error": "EPROTO"}}
conn {"connection": 2, "opened": "failed", "client_target": "192.0.2.1:80", "server_host": null, "facts": {"error": "EPROTO"}}
X
}

@test "clock-offset: bounds that leave out a second" {
	finds 0 "info clock-offset" <<'X'
clock {"a": "client", "b": "server", "low": 3599000000000, "high": 3601000000000, "pairs": 9}
X
}

@test "clock-offset: not within a second" {
	silent <<'X'
clock {"a": "client", "b": "server", "low": -20000000, "high": 900000000, "pairs": 9}
X
}

@test "clock-offset: a clock that was set, by more than a second" {
	finds 0 "info clock-offset" <<'X'
clock {"a": "client", "b": "server", "low": -60000000000, "high": 1000000, "pairs": 90, "change": "set"}
X
	silent <<'X'
clock {"a": "client", "b": "server", "low": -60000000000, "high": 1000000, "pairs": 9, "change": "set"}
clock {"a": "client", "b": "other", "low": -6000000, "high": 1000000, "pairs": 90, "change": "set"}
clock {"a": "server", "b": "other", "low": -6000000, "high": 1000000, "pairs": 90, "change": "drift"}
X
}

@test "redaction-mismatch: other keys, or payload redacted on one host only" {
	finds 1 "warning redaction-mismatch" <<'X'
host {"host": "third", "trace": 0, "file": {"$hex": "61"}, "redacted": "k1"}
X
	[[ $(nc-report --part problems out.nc | tr -s ' \n' ' ') == \
		*"the payload of third is redacted, that of server is not"* ]]
	finds 1 "error self-connect
warning redaction-mismatch" <<'X'
host {"host": "third", "trace": 0, "file": {"$hex": "61"}, "redacted": "k1"}
host {"host": "fourth", "trace": 0, "file": {"$hex": "62"}, "redacted": "k2"}
dev {"code": "SELF_CONNECT"}
X
}

@test "redaction-mismatch: not with one key, which takes no check away" {
	silent <<'X'
end {"host": "client", "hidden": ["payload redacted"]}
end {"host": "server", "hidden": ["payload redacted"]}
X
}

@test "incomplete-trace: comes last" {
	finds 1 "error self-connect
info incomplete-trace
info incomplete-trace" <<'X'
end {"host": "client", "late": 2, "cut": 1}
end {"host": "server", "timed": 0}
dev {"code": "SELF_CONNECT"}
X
}

@test "incomplete-trace: cut payloads alone are for the ledger" {
	silent <<'X'
end {"host": "client", "truncated": 5}
conn {"connection": 1}
X
}

@test "incomplete-trace: cut payloads that left most bytes unchecked" {
	finds 0 "info incomplete-trace" <<'X'
end {"host": "client", "truncated": 5}
conn {"connection": 1, "to_client": {"sent": 9000, "received": 9000, "compared": 32}}
X
}

@test "nc-diagnose: evidence names files and both hosts" {
	stream <<'X' >in.nc
dev {"code": "ECONNREFUSED", "connection": 1, "args": {"reason": "loopback"}, "causes": [["server", 0, 5, "listen(4, 128) = 0"]]}
conn {"connection": 1, "opened": "refused", "refs": []}
X
	run -1 bash -c 'nc-diagnose in.nc >out.nc'
	run -0 bash -c 'tail -c 900 out.nc | tr -dc "[:print:]"'
	[[ $output == *client.trace*server.trace* ]]
}

@test "nc-diagnose: running twice gives the same bytes" {
	stream <<'X' >in.nc
dev {"code": "SELF_CONNECT", "connection": 1}
dev {"code": "EISCONN", "connection": 2}
X
	nc-diagnose in.nc >a.nc || [ $? -eq 1 ]
	nc-diagnose <in.nc >b.nc || [ $? -eq 1 ]
	cmp a.nc b.nc
}

@test "nc-diagnose: more than 20 targets between two hosts become one" {
	local i

	for i in $(seq 1 30); do
		echo "dev {\"code\": \"ECONNREFUSED\", \"connection\": $i," \
			"\"peer\": \"10.0.1.2:$((8000 + i))\"," \
			"\"args\": {\"reason\": \"none\"}}"
	done | finds 1 "error no-listener"
}
