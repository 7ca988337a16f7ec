#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nc-report on streams made here: no other stage is needed.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || exit
	make_stream() { python3 "$ROOT/tests/lib/make_stream.py" "$@"; }
	make_stream <"$ROOT/tests/golden/figure8.jsonl" >figure8.nc
	make_stream <"$ROOT/tests/golden/healthy.jsonl" >healthy.nc
	echo '{"record": "host", "host": "a", "trace": 0}' |
		make_stream >empty.nc
}

# json EXPRESSION FILE: the value of a Python expression over the object r.
json()
{
	python3 -c 'import json, sys
r = json.load(open(sys.argv[2], encoding="utf-8"))
print(eval(sys.argv[1]))' "$1" "$2"
}

@test "nc-report: -V tells the version" {
	run -0 --separate-stderr nc-report -V
	[[ $output == "nc-report "[0-9]* ]]
	[ -z "$stderr" ]
}

@test "nc-report: an unknown option, format, part or colour is a usage error" {
	for args in -x "-f nope" "--part nope" "--part ," "--color red" -f \
		"--table nope"; do
		# shellcheck disable=SC2086 # a list of arguments
		run -2 --separate-stderr nc-report $args empty.nc
		[ -z "$output" ]
		[[ $stderr == *"usage: nc-report [-hV] [-f FORMAT]"* ]]
	done
}

@test "nc-report: an unknown format names the known ones" {
	run -2 --separate-stderr nc-report -f yaml empty.nc
	[[ $stderr == *"yaml (known: text, json, jsonl, csv, "* ]]
}

@test "nc-report: a missing file is trouble, and no report is written" {
	run -2 --separate-stderr nc-report nowhere.nc
	[ -z "$output" ]
	[[ $stderr == "nc-report: nowhere.nc: No such file"* ]]
}

@test "nc-report: what is no record stream is trouble" {
	echo "GET / HTTP/1.1" >text
	for input in text /dev/null; do
		run -2 --separate-stderr nc-report -f json "$input"
		[ -z "$output" ]
		[[ $stderr == *"not a record stream"* ]]
	done
}

@test "nc-report: the paper's Figure 8 as text" {
	run -1 --separate-stderr nc-report -o out.txt figure8.nc
	[ -z "$output$stderr" ]
	diff -u "$ROOT/tests/golden/figure8.txt" out.txt
	grep -q '114/114/0' out.txt
	grep -q '517/476/41 = 7.93 %; lost by the application' out.txt
}

@test "nc-report: a healthy exchange opens with: no problem" {
	run -0 --separate-stderr nc-report healthy.nc
	echo "$output" >out.txt
	diff -u "$ROOT/tests/golden/healthy.txt" out.txt
	[[ ${lines[0]} == "No problem found: 1 connection and 1 datagram "* ]]
	[[ $output == *"; 1000"*"of 1250 bytes received (80.00 %) "* ]]
}

@test "nc-report: standard input, - and a file give the same" {
	run -1 nc-report figure8.nc
	first=$output
	run -1 nc-report - <figure8.nc
	[ "$output" = "$first" ]
	run -1 nc-report <figure8.nc
	[ "$output" = "$first" ]
}

@test "nc-report: --part chooses among the parts" {
	run -1 nc-report --part stats,ledger figure8.nc
	[[ $output == *"2. Connection and flow"*"4. Ledger"* ]]
	[[ $output != *"1. Verified"* && $output != *"3. Problems"* ]]
	run -1 nc-report --part trace figure8.nc
	[[ $output == *"1. Verified"* && $output != *"4. Ledger"* ]]
}

@test "nc-report: colour only where it is asked for" {
	run -1 nc-report figure8.nc
	[[ $output != *$'\033'* ]]
	run -1 nc-report --color always figure8.nc
	[[ $output == *$'\033[1;33m'* ]]
	run -1 nc-report --color never figure8.nc
	[[ $output != *$'\033'* ]]
}

@test "nc-report: colour on a terminal, unless NO_COLOR is set" {
	command -v script >/dev/null || skip "needs script(1)"
	TERM=xterm script -qec "nc-report figure8.nc" /dev/null >typed || true
	grep -q $'\033\\[1m' typed
	NO_COLOR=1 TERM=xterm script -qec "nc-report figure8.nc" /dev/null \
		>typed || true
	run ! grep -q $'\033' typed
	TERM=dumb script -qec "nc-report figure8.nc" /dev/null >typed || true
	run ! grep -q $'\033' typed
}

@test "nc-report: a cut stream is told, and exits 2" {
	make_stream --cut <"$ROOT/tests/golden/figure8.jsonl" >cut.nc
	run -2 --separate-stderr nc-report cut.nc
	[[ $output == "Incomplete: "*"unread-data"* ]]
	[[ $stderr == *"cut: the end marker is missing"* ]]
	run -2 --separate-stderr nc-report -f json -o cut.json cut.nc
	[ "$(json 'r["summary"]["complete"]' cut.json)" = False ]
}

@test "nc-report: a maker that failed is told, and exits 2" {
	make_stream --not-ok <"$ROOT/tests/golden/healthy.jsonl" >bad.nc
	run -2 --separate-stderr nc-report bad.nc
	[[ $output == "Incomplete: "*"Not diagnosed: 1 connection and "* ]]
	[[ $output != *"No problem"* ]]
	for format in html mermaid; do
		run -2 nc-report -f $format bad.nc
		[[ $output == *ncomplete* && $output != *"No problem"* ]]
	done
	[[ $stderr == *"an earlier stage could not do its work"* ]]
}

@test "nc-report: a stream cut at any byte neither crashes nor passes" {
	size=$(wc -c <figure8.nc)
	for ((n = 0; n < size; n += 97)); do
		head -c "$n" figure8.nc >part.nc
		for format in $(nc-report -f list); do
			run -2 nc-report -f "$format" part.nc
		done
	done
}

@test "nc-report: a full disk is trouble" {
	for format in $(nc-report -f list); do
		run -2 --separate-stderr nc-report -f "$format" \
			-o /dev/full figure8.nc
		[[ $stderr == "nc-report: /dev/full: No space left on device" ]]
		run -2 --separate-stderr bash -c \
			"nc-report -f $format figure8.nc >/dev/full"
		[[ $stderr == "nc-report: standard output: No space left"* ]]
	done
	# A block that fails whole leaves nothing behind to fail again.
	for i in {1..400}; do
		cat "$ROOT/tests/golden/figure8.jsonl"
	done | make_stream >large.nc
	for format in $(nc-report -f list); do
		run -2 --separate-stderr nc-report -f "$format" \
			-o /dev/full large.nc
		[[ $stderr == "nc-report: /dev/full: No space left on device" ]]
	done
	run -2 --separate-stderr nc-report -o nowhere/file figure8.nc
	[[ $stderr == *"nowhere/file: No such file"* ]]
}

@test "nc-report: only findings of warning or error count for the status" {
	f='{"record": "finding", "id": "x", "summary": "s"'
	for row in 'info:0' 'warning:1' 'error:1'; do
		echo "$f, \"severity\": \"${row%:*}\"}" | make_stream >f.nc
		for format in $(nc-report -f list); do
			run "-${row#*:}" nc-report -f "$format" f.nc
		done
	done
	echo "$f, \"severity\": \"error\", \"suppressed\": 1}" |
		make_stream >f.nc
	run -0 nc-report f.nc
	[[ $output == "No problem found"*"Suppressed: x."* ]]
}

@test "nc-report: json holds the contract's keys" {
	run -1 nc-report -f json -o r.json figure8.nc
	[ "$(json 'list(r)[:7]' r.json)" = "['version', 'summary', 'ledger', \
'findings', 'connections', 'flows', 'deviations']" ]
	[ "$(json 'r["version"], r["flows"]' r.json)" = "(1, [])" ]
	s='[r["summary"][k] for k in ("hosts", "records", "ordered",'
	s+=' "parse_errors", "order_errors", "permanent_rejects",'
	s+=' "deviations", "deviations_info", "findings",'
	s+=' "bytes_received", "bytes_compared")]'
	[ "$(json "$s" r.json)" = "[2, 12, 13, 2, 0, 0, 3, 1, 3, 590, 590]" ]
	[ "$(json 'r["summary"]["connections"]' r.json)" = "{'exact': 1, \
'host': 0, 'nat': 0, 'inferred': 0, 'external': 0, 'elastic': 0}" ]
	[ "$(json '[f["because_of"] for f in r["findings"]]' r.json)" = \
		"[None, 0, 0, None]" ]
	[ "$(json 'r["findings"][0]["evidence"][0]' r.json)" = "{'host': \
'Browser', 'file': 'browser.trace', 'line': 6, 'call': 'close(3) = 0'}" ]
	[ "$(json 'r["ledger"][1]["trace"], r["ledger"][1]["rejected"]' \
		r.json)" = "('server.trace', 2)" ]
	[ "$(json 'r["connections"][0]["to_client"]["lost"]' r.json)" = 41 ]
	[ "$(json 'r["deviations"][1]["causes"][0]["file"]' r.json)" = \
		browser.trace ]
}

@test "nc-report: json fits its schema, and what does not is told" {
	schema() { /usr/bin/python3 "$ROOT/tests/lib/schema.py" "$@"; }
	for stream in figure8 healthy empty; do
		nc-report -f json -o "$stream.json" "$stream.nc" || [ $? -eq 1 ]
	done
	run -0 schema figure8.json healthy.json empty.json
	jq '.findings[0].extra = 1' figure8.json >extra.json
	jq 'del(.ledger[0].lines)' figure8.json >less.json
	jq '.summary.hosts = "2"' figure8.json >other.json
	for fault in extra less other; do
		run -1 schema "$fault.json"
		[[ $output == "$fault.json: "* ]]
	done
}

@test "nc-report: json without a model says null, not 0" {
	run -0 nc-report -f json -o r.json empty.nc
	[ "$(json 'r["summary"]["ordered"], r["summary"]["order_errors"]' \
		r.json)" = "(None, None)" ]
	[ "$(json 'r["findings"], r["deviations"], r["ledger"]' r.json)" = \
		"([], [], [])" ]
}

@test "nc-report: a stream without findings has a ledger" {
	grep -v -e finding -e deviation -e '"connection"' -e nc-model \
		"$ROOT/tests/golden/figure8.jsonl" | make_stream >parsed.nc
	run -0 nc-report --part ledger parsed.nc
	[[ $output == "Not diagnosed: 12 call records of 2 hosts"* ]]
	[[ $output == *"server.trace (strace)"*"rejected lines: 10, 11"* ]]
}

@test "nc-report: jsonl shows every record, and makes the same stream again" {
	run -1 nc-report -f jsonl -o r.jsonl figure8.nc
	make_stream <r.jsonl >again.nc
	cmp figure8.nc again.nc
	run -1 grep -vc '^{"record": "' r.jsonl
	[ "$output" = 0 ]
}

@test "nc-report: jsonl shows kinds and fields that it does not know" {
	make_stream >new.nc <<-'EOF'
	{"record": "omen", "host": "a", "deep": [1, {"x": [null, true, 1.5]}]}
	{"record": "host", "host": "a", "colour": "red"}
	EOF
	run -0 --separate-stderr nc-report -f jsonl new.nc
	[ "${lines[0]}" = '{"record": "omen", "host": "a", "deep": [1, {"x": '\
'[null, true, 1.5]}]}' ]
	[ "${lines[1]}" = '{"record": "host", "host": "a", "colour": "red"}' ]
	for format in text json; do
		run -0 nc-report -f "$format" new.nc
	done
}

@test "nc-report: jsonl writes bytes that are no text as \\u00HH" {
	# shellcheck disable=SC2016 # $hex is a name of make_stream.py
	echo '{"record": "call", "host": "a", "data": {"$hex": "61ff00c3a91b"}}' |
		make_stream >b.nc
	run -0 nc-report -f jsonl b.nc
	[ "$output" = \
		$'{"record": "call", "host": "a", "data": "a\\u00ff\\u0000\303\251\\u001b"}' ]
}

@test "nc-report: what holds no exchange is not called healthy" {
	run -0 nc-report empty.nc
	[[ ${lines[0]} == "Not diagnosed: "* ]]
	{
		echo '{"record": "host", "host": "a", "trace": 0}'
		echo '{"record": "count", "stage": "nc-model", "name": "ordered",
		    "value": 0}' | tr '\n' ' '
	} | make_stream >none.nc
	run -0 nc-report none.nc
	[[ ${lines[0]} == "Nothing to check: what was traced on 1 host shows "* ]]
	# A maker that failed and sent no more than counts: nothing to show.
	echo '{"record": "count", "stage": "nc-order", "name": "calls",
	    "value": 0}' | tr '\n' ' ' | make_stream --not-ok >failed.nc
	for format in $(nc-report -f list); do
		[ "$format" != jsonl ] || continue
		run -2 --separate-stderr nc-report -f "$format" failed.nc
		[ -z "$output" ]
		[[ $stderr == *"an earlier stage could not do its work" ]]
	done
}

@test "nc-report: nothing from a trace reaches the terminal raw" {
	python3 - >evil.jsonl <<-'EOF'
	import json
	evil = {"$hex": "1b5d303b70776e6564071b5b324a9bc29b0d0aff"}
	for line in open(__import__("os").environ["ROOT"]
	                 + "/tests/golden/figure8.jsonl"):
	    if line.startswith("#"):
	        continue
	    r = json.loads(line)
	    for key, value in r.items():
	        if key in ("record", "severity", "why"):
	            continue
	        if isinstance(value, str):
	            r[key] = evil
	        elif isinstance(value, dict):
	            r[key] = {"a\u001b[2J\u202e": evil}
	        elif isinstance(value, list):
	            r[key] = [evil, [evil, evil, 1, evil], 7]
	    print(json.dumps(r))
	EOF
	make_stream <evil.jsonl >evil.nc
	nc-report -o evil.txt evil.nc || [ $? -eq 1 ]
	run ! grep -qaP '[\x00-\x09\x0b-\x1f\x7f-\x9f\xff]' evil.txt
	nc-report -f json -o evil.json evil.nc || [ $? -eq 1 ]
	[ "$(json 'r["version"]' evil.json)" = 1 ]
	nc-report -f jsonl -o evil.jsonl evil.nc || [ $? -eq 1 ]
	run ! grep -qaP '[\x00-\x09\x0b-\x1f\x7f\xff]' evil.jsonl
	nc-report -f mermaid -o evil.mmd evil.nc || [ $? -eq 1 ]
	run ! grep -qaP '[\x00-\x09\x0b-\x1f\x7f-\x9f\xff]' evil.mmd
}

@test "nc-report: no more than 200 deviations are shown, all are counted" {
	for ((i = 1; i <= 250; i++)); do
		echo '{"record": "deviation", "code": "EMSGSIZE", "severity":' \
			'"warning", "host": "a", "trace": 0, "line": '"$i}"
	done | make_stream >many.nc
	run -0 nc-report --part trace many.nc
	[ "$(grep -c '^  EMSGSIZE' <<<"$output")" = 200 ]
	[[ $output == *"50 more deviations not shown."*"In all EMSGSIZE 250."* ]]
	run -0 nc-report -f json -o many.json many.nc
	[ "$(json 'len(r["deviations"])' many.json)" = 250 ]
}

@test "nc-report: a deviation told late stands at its call's place" {
	for i in 1 2 3 4 5; do
		echo '{"record": "call", "host": "a", "trace": 0, "line":' \
			"$i, \"call\": \"close\", \"fd\": $i, \"socket\": 1}"
	done >late
	echo '{"record": "deviation", "code": "EINVAL", "severity": "warning",' \
		'"host": "a", "trace": 0, "line": 4, "text": "here",' \
		'"socket": 1}' >>late
	make_stream <late >late.nc
	run -0 nc-report --part trace late.nc
	[[ $output == *"close(3) = ?"*"> a  ?:4  here"*"close(5) = ?"* ]]
	[[ $output != *"close(4)"* ]]
}

@test "nc-report: a forced order is shown with its circle" {
	make_stream >forced.nc <<-'EOF'
	{"record": "host", "host": "a", "trace": 0, "file": "a.trace"}
	{"record": "order", "host": "a", "trace": 0, "line": 7, "why": "forced", "key": "BYTES(1,5)", "circle": [["a", 0, 7, "read(3, \"\", 5) = 5"]]}
	{"record": "order", "host": "a", "trace": 0, "line": 9, "why": "deferred"}
	EOF
	run -0 nc-report --part trace forced.nc
	[[ $output == *"FORCED  waiting for BYTES(1,5)"*"> a  a.trace:7"* ]]
	[[ $output == *'a  a.trace:7  read(3, "", 5) = 5'* ]]
	[[ $output != *"a.trace:9"* ]]
}

@test "nc-report: a long chain of consequences stays readable" {
	echo '{"record": "finding", "id": "f", "severity": "error"}' >chain
	for ((i = 0; i < 3000; i++)); do
		echo '{"record": "finding", "id": "f", "severity": "error",' \
			"\"because_of\": $i}"
	done >>chain
	make_stream <chain >chain.nc
	run -1 nc-report --part problems chain.nc
	[ "$(grep -c ' error f: ' <<<"$output")" = 3001 ]
	echo '{"record": "finding", "id": "f", "because_of": 0}' |
		make_stream >self.nc
	run -0 nc-report self.nc
}

@test "nc-report: several files are read one after the other" {
	run -1 nc-report -f jsonl healthy.nc figure8.nc
	first=$output
	run -1 bash -c "cat healthy.nc figure8.nc | nc-report -f jsonl"
	[ "$output" = "$first" ]
}

@test "nc-report: twice the same input, twice the same bytes" {
	for format in $(nc-report -f list); do
		nc-report -f "$format" figure8.nc >one || true
		nc-report -f "$format" figure8.nc >two || true
		cmp one two
	done
}

@test "nc-report: memory does not grow with the calls" {
	python3 - >calls.jsonl <<-'EOF'
	import json
	print(json.dumps({"record": "host", "host": "a", "trace": 0}))
	for i in range(60000):
	    for name in "connect", "write", "release":
	        print(json.dumps({"record": "call", "host": "a", "trace": 0,
	                          "line": i, "call": name, "socket": i,
	                          "data": "x" * 100}))
	EOF
	make_stream <calls.jsonl >calls.nc
	# A checked build needs more than that before it begins.
	bash -c "ulimit -v 30000; nc-report -V" >/dev/null 2>&1 || return 0
	for format in text json jsonl csv; do
		run -0 bash -c "ulimit -v 30000
			nc-report -f $format calls.nc >/dev/null"
	done
}

# rows FILE: a table's rows as Python reads them, the head first.
rows()
{
	python3 -c 'import csv, sys
for row in csv.reader(open(sys.argv[1], newline="", encoding="utf-8")):
    print("|".join(row))' "$1"
}

@test "nc-report: pictures keep texts and payload out of memory" {
	python3 - >calls.jsonl <<-'EOF'
	import json
	print(json.dumps({"record": "host", "host": "a", "trace": 0}))
	for i in range(1500):
	    for name in "connect", "write", "release":
	        print(json.dumps({"record": "call", "host": "a", "trace": 0,
	                          "line": 3 * i, "call": name, "socket": i,
	                          "data": "x" * 20000}))
	EOF
	make_stream <calls.jsonl >calls.nc
	[ "$(wc -c <calls.nc)" -gt 90000000 ]
	bash -c "ulimit -v 30000; nc-report -V" >/dev/null 2>&1 || return 0
	mkdir tmp
	export TMPDIR=$PWD/tmp
	for format in html mermaid pcapng perfetto shiviz; do
		run -0 bash -c "ulimit -v 30000
			nc-report -f $format calls.nc >/dev/null"
	done
	[ -z "$(ls tmp)" ]
}

@test "nc-report: -f list names the formats" {
	run -0 nc-report -f list
	[ "$output" = $'text\njson\njsonl\ncsv\nhtml\nmermaid\npcapng\nperfetto\nshiviz\nadvice' ]
}

@test "nc-report: csv has a row for each finding" {
	run -1 nc-report -f csv -o f.csv figure8.nc
	run -0 rows f.csv
	[[ ${lines[0]} == "id|severity|confidence|category|hosts|"* ]]
	[[ ${lines[1]} == "unread-data|"*".trace:"* ]]
	[ "${#lines[@]}" -eq $(("$(nc-report -f json figure8.nc |
		grep -c '"because_of"')" + 1)) ]
	# Without findings there is the head alone.
	run -0 nc-report -f csv empty.nc
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == "id,severity,"* ]]
}

@test "nc-report: csv has tables of connections, flows and hosts" {
	nc-report -f json -o r.json figure8.nc || [ $? -eq 1 ]
	for table in connections flows hosts; do
		run -1 nc-report -f csv --table "$table" -o t.csv figure8.nc
		[ "$table" = hosts ] && list=ledger || list=$table
		run -0 rows t.csv
		[ "${#lines[@]}" -eq \
			"$(json "len(r['$list']) + 1" r.json)" ]
	done
	[[ ${lines[0]} == "host|file|lines|"* ]]
	[[ ${lines[1]} == "$(json "r['ledger'][0]['host']" r.json)|"* ]]
}

@test "nc-report: csv gives a spreadsheet nothing to run" {
	for text in '=1+1' '+1' '-1' '@x' $'\tx'; do
		jq -nc --arg t "$text" '{record: "finding", id: $t,
		    severity: "info", confidence: 60, hosts: [$t, "b"],
		    summary: ("a," + $t)}' | make_stream >f.nc
		run -0 nc-report -f csv -o f.csv f.nc
		run -0 rows f.csv
		[[ ${lines[1]} == "'$text|info|60||'$text b||a,$text|"* ]]
	done
}

@test "nc-report: an output file is whole or not touched" {
	echo old >r.txt
	chmod 640 r.txt
	ln -s r.txt link
	# A stream that is none, and a disk that is full.
	run -2 nc-report -o r.txt /dev/null
	[ "$(cat r.txt)" = old ]
	run -2 bash -c "ulimit -f 0; trap '' XFSZ; nc-report -o r.txt figure8.nc"
	[ "$(cat r.txt)" = old ]
	run -1 nc-report -o link figure8.nc
	[ -L link ]
	[[ $(cat r.txt) == *unread-data* ]]
	[ "$(stat -c %a r.txt)" = 640 ]
	# Nothing is left beside it, by a signal neither.
	mkfifo slow
	nc-report -o r.txt slow &
	exec 9>slow
	cat figure8.nc >&9
	sleep 0.3
	kill -TERM $!
	# Not with run: a subshell cannot wait for a child of this shell.
	status=0
	wait $! || status=$?
	[ "$status" -eq 143 ]
	exec 9>&-
	[[ $(cat r.txt) == *unread-data* ]]
	run ! compgen -G 'r.txt.*'
}

@test "nc-report: --stage tells who wrote a stream" {
	python3 "$ROOT/tests/lib/make_stream.py" -m nc-order --cut \
		<"$ROOT/tests/golden/figure8.jsonl" >cut.nc
	run -0 nc-report --stage cut.nc
	[ "$output" = nc-order ]
	run -0 nc-report --stage <figure8.nc
	[ "$output" = unknown ]
	run -2 nc-report --stage /dev/null
	[[ $output == *"not a record stream"* ]]
	run -2 nc-report --stage a b
	[[ $output == *"usage: nc-report"* ]]
}

@test "nc-report: CLICOLOR_FORCE colours what is no terminal" {
	CLICOLOR_FORCE=1 run -1 nc-report figure8.nc
	[[ $output == *$'\033['* ]]
	CLICOLOR_FORCE=0 run -1 nc-report figure8.nc
	[[ $output != *$'\033['* ]]
	CLICOLOR_FORCE=1 NO_COLOR=1 run -1 nc-report figure8.nc
	[[ $output != *$'\033['* ]]
	CLICOLOR_FORCE=1 run -1 nc-report --color never figure8.nc
	[[ $output != *$'\033['* ]]
}

# mermaid_lines FILE: lines of a diagram that are no Mermaid of ours
strange()
{
	tail -n +3 "$1" | grep -vE -e '^    participant p[0-9]+ as [^#;<>%{}]*$' \
		-e '^    p[0-9]+(->>|-->>|-x)p[0-9]+: ([^#;<>%{}&`]|#[0-9]+;|<br/>)*$' \
		-e '^    Note over p[0-9]+: ([^#;<>%{}&`]|#[0-9]+;|<br/>)*$'
}

@test "nc-report: mermaid draws the exchange of the first finding" {
	run -1 nc-report -f mermaid -o f.mmd figure8.nc
	diff -u "$ROOT/tests/golden/figure8.mmd" f.mmd
	run -0 nc-report -f mermaid -o h.mmd healthy.nc
	[ "$(head -n 2 h.mmd)" = $'sequenceDiagram\n    title: No problem found' ]
	run ! strange f.mmd
	run ! strange h.mmd
	run -0 nc-report -f mermaid empty.nc
	[ "${#lines[@]}" -eq 3 ]
}

@test "nc-report: mermaid draws the finding that is asked for" {
	f='{"record": "finding", "severity": "warning", "summary": "s", "id":'
	{
		cat "$ROOT/tests/golden/figure8.jsonl"
		echo "$f"' "hidden", "suppressed": 1}'
		echo "$f"' "second", "evidence":
		    [["client", "client.trace", 1, "x"]]}' | tr '\n' ' '
	} | make_stream >two.nc
	for finding in 4 second; do
		run -1 nc-report -f mermaid --finding $finding two.nc
		[ "${lines[1]}" = "    title: second: s" ]
	done
	run -1 nc-report -f mermaid --finding 1 two.nc
	echo "$output" | diff "$ROOT/tests/golden/figure8.mmd" -
	echo old >r
	for finding in 0 5 hidden nope; do
		run -2 --separate-stderr nc-report -f mermaid -o r \
			--finding $finding two.nc
		[[ $stderr == "nc-report: there is no finding $finding, but 4" ]]
	done
	[ "$(cat r)" = old ]
}

@test "nc-report: mermaid takes nothing from a trace for its own language" {
	python3 - >evil.jsonl <<-'EOF'
	import json
	evil = "a\n%%{init: {}}%%\nend; p1->>p2: <script>&lt;`#59;`"
	for line in open(__import__("os").environ["ROOT"]
	                 + "/tests/golden/figure8.jsonl"):
	    r = json.loads(line) if line[0] == "{" else {"record": "count"}
	    for key in "data", "file", "summary", "peer":
	        if key in r:
	            r[key] = evil
	    print(json.dumps(r).replace('"browser.trace"', json.dumps(evil)))
	EOF
	make_stream <evil.jsonl >evil.nc
	run -1 nc-report -f mermaid -o evil.mmd evil.nc
	[ "$(wc -l <evil.mmd)" -gt 6 ]
	run ! strange evil.mmd
}

@test "nc-report: mermaid shows at most 60 messages, those near the evidence" {
	{
		echo '{"record": "host", "host": "a", "trace": 0, "file": "a"}'
		for ((i = 1; i <= 300; i++)); do
			echo '{"record": "call", "host": "a", "trace": 0,' \
				"\"line\": $i, \"entry\": $i, \"thread\": 1," \
				'"call": "write", "socket": 1, "result": 5}'
		done
		echo '{"record": "connection", "connection": 1, "match":' \
			'"external", "client_host": "a", "client_socket": 1,' \
			'"client_target": "10.0.0.9:80", "opened": "connected"}'
		echo '{"record": "finding", "id": "x", "severity": "error",' \
			'"summary": "s", "evidence": [["a", "a", 200, "write"]]}'
	} | make_stream >long.nc
	run -1 nc-report -f mermaid long.nc
	[ "$(grep -c -e '->>' <<<"$output")" -eq 60 ]
	[[ $output == *"a:200"*"240 more messages not shown"* ]]
	[[ $output == *"10.0.0.9 (not traced)"* ]]
	[[ $output != *"a:1"$'\n'* ]]
}

# blocks FILE: the types of a pcapng file's blocks, each length checked
blocks()
{
	python3 - "$1" <<-'EOF'
	import struct, sys
	data = open(sys.argv[1], "rb").read()
	at = 0
	while at < len(data):
	    kind, size = struct.unpack_from("<II", data, at)
	    assert size % 4 == 0 and size >= 12 and at + size <= len(data)
	    assert struct.unpack_from("<I", data, at + size - 4)[0] == size
	    print(f"{kind:x}")
	    at += size
	EOF
}

@test "nc-report: pcapng is whole blocks, a packet for each thing sent" {
	run -1 nc-report -f pcapng -o f.pcapng figure8.nc
	run -0 blocks f.pcapng
	[ "${lines[0]} ${lines[1]}" = "0a0d0d0a 1" ] ||
		[ "${lines[0]} ${lines[1]}" = "a0d0d0a 1" ]
	[ "$(grep -cx 6 <<<"$output")" -ge 10 ]
	grep -qa "browser.trace:2 connect" f.pcapng
	run -0 nc-report -f pcapng -o e.pcapng empty.nc
	run -0 blocks e.pcapng
	[ "${#lines[@]}" -eq 2 ]
}

@test "nc-report: pcapng writes no more packets than a call can be worth" {
	{
		echo '{"record": "host", "host": "a", "trace": 0, "file": "a"}'
		echo '{"record": "call", "host": "a", "trace": 0, "line": 1,' \
			'"entry": 1, "thread": 1, "call": "write", "socket": 1,' \
			'"result": 9000000000000000000, "data": "x"}'
		echo '{"record": "connection", "connection": 1, "match":' \
			'"external", "client_host": "a", "client_socket": 1,' \
			'"client_target": "10.0.0.9:80", "opened": "connected"}'
	} | make_stream >huge.nc
	run -0 nc-report -f pcapng -o huge.pcapng huge.nc
	run -0 blocks huge.pcapng
	[ "${#lines[@]}" -lt 1100 ]
}

@test "nc-report: html is one whole page that needs nothing else" {
	run -1 nc-report -f html -o f.html figure8.nc
	[ "$(head -n 1 f.html)" = "<!doctype html>" ]
	[ "$(tail -n 1 f.html)" = "</html>" ]
	run ! grep -qE '@@|(src|href)="?(http|//|[a-z]+\.)' f.html
	# The answer and the findings are there without a script.
	grep -q '<h1>Browser closed its connection to Server' f.html
	grep -q '<code>unread-data</code>' f.html
	[ "$(grep -c '<article' f.html)" -eq "$(grep -c '</article' f.html)" ]
	run -0 nc-report -f html -o e.html empty.nc
	grep -q '<p class="verdict">Not diagnosed:' e.html
	make_stream --cut <"$ROOT/tests/golden/figure8.jsonl" >cut.nc
	run -2 nc-report -f html -o c.html cut.nc
	grep -q 'class="notice">Incomplete: ' c.html
}

@test "nc-report: html takes nothing from a trace for its own language" {
	sed 's/browser.trace/<script>\&amp;\x27@@CSS@@/; s/bytes that it/<i>/' \
		"$ROOT/tests/golden/figure8.jsonl" | make_stream >evil.nc
	run -1 nc-report -f html -o evil.html evil.nc
	[ "$(grep -c '<script' evil.html)" -eq 3 ]
	grep -q '&#60;script&#62;&#38;amp;&#39;@@CSS@@:6' evil.html
	run ! grep -q '<i>' evil.html
}

# laws FORMAT FILE: see tests/lib/traces.py
laws()
{
	/usr/bin/python3 "$ROOT/tests/lib/traces.py" "$@"
}

@test "nc-report: shiviz has clocks that the messages make" {
	run -1 nc-report -f shiviz -o f.log figure8.nc
	diff -u "$ROOT/tests/golden/figure8.shiviz" f.log
	run -0 laws shiviz f.log
	[ "$output" = "12 5" ]
	run -0 nc-report -f shiviz -o e.log empty.nc
	[ ! -s e.log ]
}

@test "nc-report: perfetto has slices, and arrows between them" {
	run -1 nc-report -f perfetto -o f.json figure8.nc
	run -0 laws perfetto f.json
	[ "$output" = "12 6" ]
	run -0 nc-report -f perfetto -o e.json empty.nc
	run -0 laws perfetto e.json
	[ "$output" = "0 0" ]
	jq -e '[.traceEvents[] | select(.ph == "i").name] ==
	    ["NONEMPTY_BUFFER", "CONN_RESET", "ENOTCONN"]' f.json
}

@test "nc-report: the laws of shiviz and perfetto hold for real programs" {
	for case in python-http-20-threads datagram-loss-echo ff-fork-threads \
		late-attach-redis self-connect-curl; do
		netcheck -q --save s.nc "$ROOT/tests/cases/$case/hosts.csv" ||
			[ $? -eq 1 ]
		for format in shiviz perfetto; do
			nc-report -f "$format" -o "$case" s.nc || [ $? -eq 1 ]
			run -0 laws "$format" "$case"
			[ "${output% *}" -gt 20 ]
		done
	done
}

@test "nc-report: text fills the terminal's width, and 80 columns elsewhere" {
	command -v script >/dev/null || skip "needs script(1)"
	longest() { sed 's/\x1b\[[0-9;]*m//g' "$1" | tr -d '\r' | wc -L; }
	nc-report --part stats,problems,ledger -o plain.txt figure8.nc ||
		[ $? -eq 1 ]
	[ "$(longest plain.txt)" -le 80 ]
	COLUMNS=140 nc-report --part problems figure8.nc >piped.txt || true
	[ "$(longest piped.txt)" -le 80 ]
	for columns in 100 140; do
		TERM=xterm script -qec "stty cols $columns
			nc-report --part problems figure8.nc" /dev/null \
			>typed </dev/null || true
		[ "$(longest typed)" -le "$columns" ]
		[ "$(longest typed)" -gt $((columns - 20)) ]
	done
}

@test "nc-report: evidence of two hosts stands side by side" {
	run -1 nc-report --part problems figure8.nc
	[[ $output == *"Evidence:"*$'\n       Browser   '*"   Server"$'\n'* ]]
	[[ $output == *"browser.trace:6  close(3) = 0   "*"server.trace:7"* ]]
	# Of three hosts, or of one, it is a list.
	for hosts in 'a b c' a; do
		# shellcheck disable=SC2086 # a list of names
		e=$(printf '["%s", "f", 1, "close(1) = 0"],' $hosts)
		echo '{"record": "finding", "id": "x", "severity": "error",' \
			"\"evidence\": [${e%,}]}" | make_stream >e.nc
		run -1 nc-report --part problems e.nc
		[[ $output == *"       a  f:1  close(1) = 0"* ]]
	done
	# What is longer than its column goes on in the next line, whole.
	echo '{"record": "finding", "id": "x", "severity": "error", "evidence":
	    [["a", "f", 1, "012345678901234567890123456789012345678901234567"],
	     ["b", "g", 2, "short"]]}' | tr '\n' ' ' | make_stream >e.nc
	run -1 nc-report --part problems e.nc
	[[ $output == *"f:1   "*"   g:2  short"$'\n'* ]]
	[ "$(grep -oE '^ +[0-9]+$|^ +[0-9]+ ' <<<"$output" | tr -d ' \n')" = \
		012345678901234567890123456789012345678901234567 ]
}

@test "nc-report: bad input and output leave an old file alone, in any format" {
	python3 -c 'import msgpack, sys
out = sys.stdout.buffer
out.write(msgpack.packb(["netcheck", 2, {"host": ["host"]}]))
out.write(msgpack.packb(["eof", 0, 1]))' >newer.nc
	: >nothing.nc
	for format in $(nc-report -f list); do
		echo old >r
		run -2 --separate-stderr nc-report -f "$format" -o r newer.nc
		[[ $stderr == "nc-report: newer.nc: "*"stream version 2"* ]]
		run -2 --separate-stderr nc-report -f "$format" -o r nothing.nc
		[[ $stderr == "nc-report: nothing.nc: "* ]]
		[ "$(cat r)" = old ]
		# A reader that went away, told where it does not kill.
		run -2 --separate-stderr bash -c "trap '' PIPE
			mkfifo pipe.$format; head -c 0 <pipe.$format &
			exec 9>pipe.$format; wait
			nc-report -f $format figure8.nc >&9"
		[[ $stderr == "nc-report: standard output: "* ]]
	done
}

@test "nc-report: the messages drawn are those that the model counted" {
	for case in bind9-dig python-http-20-threads datagram-loss-echo \
		nginx-workers-ab ff-fork-threads; do
		netcheck -f html -o r.html \
			"$ROOT/tests/cases/$case/hosts.csv" || [ $? -eq 1 ]
		run -0 python3 "$ROOT/tests/lib/messages.py" r.html
		[ "${#lines[@]}" -eq 1 ]
		[ "$output" -ge 2 ]
	done
}
