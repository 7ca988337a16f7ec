#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# nc-report -f html in a real browser; what is looked at is in browser.py.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || exit
}

browser()
{
	python3 "$ROOT/tests/full/browser.py" "$@"
}

# report CASE: the case's report as report.html
report()
{
	netcheck -f html -o report.html "$ROOT/tests/cases/$1/hosts.csv" ||
		[ $? -eq 1 ]
}

@test "chromium shows the answer, the findings and the exchange" {
	report firewall-drop-one-port-curl
	browser loads report.html
}

@test "evidence leads to its call, with keys and with clicks" {
	report firewall-drop-one-port-curl
	browser jumps report.html
}

@test "tables sort and filter, the diagram shows what was asked for" {
	report firewall-drop-one-port-curl
	browser filters report.html
}

@test "the report prints" {
	report firewall-drop-one-port-curl
	browser prints report.html
}

@test "a hundred thousand calls scroll and zoom" {
	python3 "$ROOT/tests/full/exchange.py" 100000 |
		python3 "$ROOT/tests/lib/make_stream.py" >large.nc
	run -1 nc-report -f html -o large.html large.nc
	[ "$(wc -c <large.html)" -lt 4000000 ]
	browser large large.html
}

@test "nothing from a trace is run" {
	python3 - >evil.jsonl <<-'PY'
	import json, os
	evil = "</script><script>window.pwned=1</script>" \
	       "<img src=x onerror=window.pwned=2>\"'`${window.pwned=3}\u2028@@CSS@@"
	keep = "record", "severity", "why", "call", "host", "match", "opened"
	for line in open(os.environ["ROOT"] + "/tests/golden/figure8.jsonl"):
	    if line.startswith("#"):
	        continue
	    r = json.loads(line)
	    for key, value in r.items():
	        if key not in keep and isinstance(value, str):
	            r[key] = evil
	    r = json.loads(json.dumps(r).replace('"browser.trace"',
	                                         json.dumps(evil)))
	    print(json.dumps(r))
	PY
	python3 "$ROOT/tests/lib/make_stream.py" <evil.jsonl >evil.nc
	run -1 nc-report -f html -o evil.html evil.nc
	run ! grep -q 'onerror=window' <(sed 's/&#60;/\n/g' evil.html |
		grep '^<img')
	browser hostile evil.html
}
