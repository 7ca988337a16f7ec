#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The manual says what the programs do.

load ../lib/helper

setup()
{
	cd "$BATS_TEST_TMPDIR" || return 1
	programs=(nc-parse nc-order nc-model nc-diagnose nc-report)
}

plain()
{
	mandoc -T ascii -O width=200 "$ROOT/man/$1" | sed 's,.\x08,,g'
}

# section PAGE NAME: the rendered lines of one section
section()
{
	plain "$1" | awk -v name="$2" '
	/^[A-Z]/ { on = $0 == name; next }
	on { print }'
}

words()
{
	tr -s ' \n\t' ' ' | sed 's/^ //; s/ $//'
}

@test "manual: SYNOPSIS is what the usage message says" {
	for p in "${programs[@]}" netcheck; do
		run -2 --separate-stderr "$p" -?
		usage=$(printf '%s\n' "$stderr" | sed -n '/^usage:/,$p' |
		    sed 's/^usage: //; s/^ *or: //' | words)
		synopsis=$(section "$p.1" SYNOPSIS | words)
		echo "$p usage:    $usage"
		echo "$p synopsis: $synopsis"
		[ "$usage" = "$synopsis" ]
	done
}

@test "manual: every option of getopt has its entry" {
	for p in "${programs[@]}"; do
		letters=$(cat "$ROOT/$p"/*.c | tr '\n' ' ' | grep -oE \
		    'getopt(_long)?\(argc, argv,[[:space:]]*"[^"]*"' |
		    sed 's/.*"\([^"]*\)"/\1/' | tr -d '+:' | fold -w1 | sort)
		long=$(cat "$ROOT/$p"/*.c | grep -oE -e '"--[a-z][a-z-]+"' \
		    -e '\{ ?"[a-z-]+", *(no|required|optional)_argument' |
		    sed 's/.*"-*\([a-z-]*\)".*/-\1/' | sort -u)
		paged=$(grep '^\.It Fl' "$ROOT/man/$p.1" |
		    grep -oE 'Fl [^ ]+' | sed 's/^Fl //' | sort)
		echo "$p: code: $letters $long; page: $paged"
		[ -n "$letters" ]
		[ "$(printf '%s\n' "$letters" "$long" | sed '/^$/d' |
		    sort)" = "$paged" ]
	done
}

@test "manual: nc-records(5) lists the fields of record.def, in order" {
	sed -n 's/^NC_KIND(\(.*\))$/kind \1/p
	    s/^NC_SAME(\([a-z]*\), .*/kind \1/p
	    s/^NC_FIELD([a-z]*, [a-z_]*, "\([a-z_]*\)", \([A-Z]*\)).*/\1 \2/p' \
	    "$ROOT/lib/record.def" | sed 's/ INT$/ integer/; s/ STR$/ text/
	    s/ BIN$/ bytes/; s/ RAW$/ value/' >code
	sed -n '/^\.Sh KINDS/,/^\.Sh CALLS/{
		s/^\.Ss \([a-z]*\)$/kind \1/p
		s/^\.It Va \([a-z_]*\) Pq \([a-z]*\)$/\1 \2/p
	}' "$ROOT/man/nc-records.5" >page
	[ "$(wc -l <code)" -gt 100 ]
	diff -u code page
}

@test "manual: nc-records(5) lists the deviation codes and their arguments" {
	tr '\n' ' ' <"$ROOT/lib/model/deviation.def" |
	    grep -oE 'NC_DEVIATION\([A-Z_]+, [A-Z]+, [A-Z]+,[[:space:]]*"[^"]*"' |
	    sed -E 's/NC_DEVIATION\(([A-Z_]+), ([A-Z]+), ([A-Z]+),[[:space:]]*"/\1 \L\2, \3: \E/
	    s/"$//; s/ *$//' >code
	awk '/^\.Sh/ { on = $2 == "DEVIATIONS"; args = 0 }
	function out() { if (line != "") print line; line = "" }
	!on { out(); next }
	/^\.It / { out(); line = $2 " " $4 " " $5 ":"; args = 0; next }
	/^Args:/ { args = 1; next }
	args && /^\.Va / { line = line " " $2; next }
	END { out() }' "$ROOT/man/nc-records.5" >page
	[ "$(wc -l <code)" -gt 50 ]
	diff -u code page
}

@test "manual: nc-records(5) lists the marks" {
	sed -n 's/^.*NC_MARK_[A-Z_]* = \([0-9]*\).*/\1/p' \
	    "$ROOT/lib/record.h" >code
	sed -n '/^\.Ss Marks/,/^\.El/s/^\.It \([0-9]*\)$/\1/p' \
	    "$ROOT/man/nc-records.5" >page
	diff -u code page
}

@test "manual: nc-diagnose(1) lists the thresholds and their values" {
	sed -n 's/^NC_THRESHOLD([a-z_]*, "\([a-z-]*\)", \([0-9]*\),.*/\1 \2/p' \
	    "$ROOT/nc-diagnose/threshold.def" >code
	sed -n '/^\.Ss Thresholds/,/^\.El/s/^\.It Cm \([a-z-]*\) Pq \([0-9]*\)$/\1 \2/p' \
	    "$ROOT/man/nc-diagnose.1" >page
	[ "$(wc -l <code)" -gt 5 ]
	diff -u code page
}

@test "manual: each id that a case expects is in netcheck-diagnoses(7)" {
	sed -n 's/^\.Ss //p' "$ROOT/man/netcheck-diagnoses.7" | sort >ids
	[ "$(uniq -d ids)" = "" ]
	cat "$ROOT"/tests/cases/*/expect | sed 's/#.*//' |
	    awk '$1 ~ /^(first|also|needs-time)$/ {
		for (i = 2; i <= NF; i++) print $i }' | sort -u >used
	[ -s used ]
	run -0 comm -13 ids used
	[ -z "$output" ]
}

@test "manual: incomplete-trace tells what may be missed without times" {
	sed 's/#.*//' "$ROOT"/tests/cases/*/expect | awk '$1 == "needs-time" {
		for (i = 2; i <= NF; i++) print $i }' | sort -u >code
	sed -n '/^\.Ss incomplete-trace/,/^\.It Mind/s/^\.Sx \([a-z-]*\).*/\1/p' \
	    "$ROOT/man/netcheck-diagnoses.7" | sort -u >page
	[ -s code ]
	run -0 comm -23 code page
	[ -z "$output" ]
}

@test "manual: netcheck-diagnoses(7) tells the ids with a rule from the others" {
	sed -n 's/^RULE(\(.*\))$/\1/p' "$ROOT/nc-diagnose/rules.def" |
	    tr _ - | sort >code
	sed -n '/^\.Sh DIAGNOSES/,/^\.Sh RES/s/^\.Ss //p' \
	    "$ROOT/man/netcheck-diagnoses.7" | sort >page
	[ -s code ]
	diff -u code page
}

@test "manual: every page has its sections in the usual order" {
	for page in "$ROOT"/man/*.[157]; do
		sed -n 's/^\.Sh //p' "$page" | awk '
		BEGIN {
			n = split("NAME/SYNOPSIS/DESCRIPTION/KINDS/CALLS/" \
			    "DEVIATIONS/DIAGNOSES/RESERVED IDS/ENVIRONMENT/" \
			    "FILES/EXIT STATUS/EXAMPLES/DIAGNOSTICS/" \
			    "SEE ALSO/STANDARDS/HISTORY/CAVEATS", names, "/")
			for (i = 1; i <= n; i++)
				place[names[i]] = i
		}
		!place[$0] || place[$0] <= last { print; bad = 1 }
		{ last = place[$0] }
		END { exit bad }'
	done
}

# The literal displays of a page's EXAMPLES.
examples()
{
	awk '/^\.Sh/ { on = $2 == "EXAMPLES" }
	on && /^\.Ed/ { code = 0 }
	on && code { print }
	on && /^\.Bd -literal/ { code = 1 }' "$ROOT/man/$1"
}

@test "manual: the examples of the stages run" {
	cp "$ROOT"/tests/cases/redis-pipelining/* .
	[ -e client.trace ] || cp client-cli.trace client.trace
	python3 "$ROOT/tests/lib/split_ff.py" server.trace server.trace
	nc-parse hosts.csv | nc-order | nc-model >model.nc
	nc-diagnose model.nc >findings.nc || [ $? -eq 1 ]
	for page in nc-parse.1 nc-order.1 nc-model.1 nc-diagnose.1 \
	    nc-report.1 nc-records.5; do
		examples "$page" >commands
		[ -s commands ]
		# A report's status says what it found, head leaves early.
		while IFS= read -r line; do
			while [[ $line == *'|' ]] && IFS= read -r more; do
				line="$line $more"
			done
			run bash -c "$line"
			echo "$page: $line: $status: $output"
			[ "$status" -le 1 ]
			[[ $output != *usage:* ]]
			[[ $output != *"not a record"* ]]
		done <commands
	done
}

@test "manual: the example hosts files of netcheck-hosts(5) are read" {
	examples netcheck-hosts.5 >all
	for t in server client nginx backend db; do
		echo '1 close(3) = 0' >$t.trace
	done
	awk '/^host,/ { n++ } { print > ("hosts" n ".csv") }' all
	for h in hosts1.csv hosts2.csv; do
		run -0 --separate-stderr bash -c \
		    "nc-parse $h | nc-report -f jsonl"
	done
	[[ $output == *'"fd00::5"'* ]]
}

@test "manual: the three shells complete the options and commands of the usage" {
	run -0 netcheck -h
	options=$(grep -oE -e '[[ ](-[a-zA-Z]|--[a-z-]+)\b' <<<"$output" |
		tr -d '[ ' | sort -u)
	[ "$(wc -l <<<"$options")" -gt 15 ]
	cd "$ROOT/netcheck/completions"
	for word in $options record check-trace explain demo; do
		tr -s ' \t"' '\n' <netcheck.bash | grep -qxFe "$word" ||
			echo "bash $word"
		grep -qe "[' *(]${word}[][ )]" _netcheck || echo "zsh $word"
		case $word in
		-V|-h)	continue ;;
		--*)	fish="-l ${word#--} " ;;
		-*)	fish="-s ${word#-} " ;;
		*)	fish="-a $word " ;;
		esac
		grep -qe "$fish" netcheck.fish || echo "fish $word"
	done >"$BATS_TEST_TMPDIR/missing"
	cat "$BATS_TEST_TMPDIR/missing"
	[ ! -s "$BATS_TEST_TMPDIR/missing" ]
}
