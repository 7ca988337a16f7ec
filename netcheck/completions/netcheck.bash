# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# bash completion of netcheck; the programs themselves tell their formats,
# diagnoses and thresholds.

_netcheck_words()
{
	local word
	while IFS= read -r word; do
		COMPREPLY+=("$word")
	done < <(compgen -W "$1" -- "$2")
}

_netcheck()
{
	local cur=${COMP_WORDS[COMP_CWORD]}
	local prev=${COMP_WORDS[COMP_CWORD - 1]} word
	COMPREPLY=()
	compopt -o filenames 2>/dev/null
	case ${COMP_WORDS[1]}:$prev in
	record:--)	return ;;
	record:-p)	_netcheck_words "$(ps -e -o pid= 2>/dev/null)" "$cur"
			return ;;
	record:-P)	_netcheck_words "$(ps -e -o comm= 2>/dev/null)" "$cur"
			return ;;
	explain:explain)
			_netcheck_words "$(nc-diagnose --list 2>/dev/null |
				cut -d' ' -f1)" "$cur"
			return ;;
	esac
	case $prev in
	-f)		_netcheck_words "$(nc-report -f list 2>/dev/null)" \
				"$cur"
			return ;;
	-s|--finding)	_netcheck_words "$(nc-diagnose --list 2>/dev/null |
				cut -d' ' -f1)" "$cur"
			return ;;
	--threshold)	_netcheck_words "$(nc-diagnose -o help 2>/dev/null |
				grep '^[a-z]')" "$cur"
			compopt -o nospace 2>/dev/null
			return ;;
	--fail-on)	_netcheck_words "info warning error never" "$cur"
			return ;;
	--color)	_netcheck_words "auto always never" "$cur"; return ;;
	--part)		_netcheck_words \
				"answer trace stats problems ledger" "$cur"
			return ;;
	--table)	_netcheck_words "findings connections flows hosts" \
				"$cur"
			return ;;
	esac
	case ${COMP_WORDS[1]}:$cur in
	record:-*)	_netcheck_words "-o -p -P --host --on --" "$cur"
			return ;;
	*:-*)		_netcheck_words "-f -h -k -o -q -s -V --color --fail-on
				--finding --ignore --part --save --strict --table
				--threshold" "$cur"
			return ;;
	esac
	[ "$COMP_CWORD" -ne 1 ] ||
		_netcheck_words "record check-trace explain demo" "$cur"
	while IFS= read -r word; do
		COMPREPLY+=("$word")
	done < <(compgen -f -- "$cur")
}

complete -F _netcheck netcheck
