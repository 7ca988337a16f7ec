# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# fish completion of netcheck; the programs themselves tell their formats,
# diagnoses and thresholds.

function __netcheck_ids
    nc-diagnose --list 2>/dev/null | string replace -r ' .*' ''
end

set -l report 'not __fish_seen_subcommand_from record explain demo check-trace'
set -l record '__fish_seen_subcommand_from record'

complete -c netcheck -n __fish_use_subcommand -a record -d 'record a trace'
complete -c netcheck -n __fish_use_subcommand -a check-trace -d 'is a trace good enough?'
complete -c netcheck -n __fish_use_subcommand -a explain -d 'what a finding means'
complete -c netcheck -n __fish_use_subcommand -a demo -d 'a recorded fault'
complete -c netcheck -f -n '__fish_seen_subcommand_from explain' -a '(__netcheck_ids)'

complete -c netcheck -n $record -s o -r -d 'write the trace to'
complete -c netcheck -n $record -s p -x -a '(__fish_complete_pids)' -d 'record a running process'
complete -c netcheck -n $record -s P -x -a '(__fish_complete_proc)' -d 'record processes of a name'
complete -c netcheck -n $record -l host -x -d 'name of this host'
complete -c netcheck -n $record -l on -x -a '(__fish_print_hostnames)' -d 'record over ssh on'

complete -c netcheck -n $report -s f -x -a '(nc-report -f list 2>/dev/null)' -d 'format of the report'
complete -c netcheck -n $report -s o -r -d 'write the report to'
complete -c netcheck -n $report -s k -r -d 'keep the ordered trace in'
complete -c netcheck -n $report -s q -d 'only the answer'
complete -c netcheck -n $report -s s -x -a '(__netcheck_ids)' -d 'suppress a diagnosis'
complete -c netcheck -n $report -l color -x -a 'auto always never' -d 'when to use colour'
complete -c netcheck -n $report -l fail-on -x -a 'info warning error never' -d 'severity that counts'
complete -c netcheck -n $report -l finding -x -a '(__netcheck_ids)' -d 'that mermaid draws'
complete -c netcheck -n $report -l ignore -r -d 'what need not be told'
complete -c netcheck -n $report -l part -x -a 'answer trace stats problems ledger' -d 'parts of the text'
complete -c netcheck -n $report -l save -r -d 'store the records in'
complete -c netcheck -n $report -l strict -d 'a damaged line is an error'
complete -c netcheck -n $report -l table -x -a 'findings connections flows hosts' -d 'table of csv'
complete -c netcheck -n $report -l threshold -x -a '(nc-diagnose -o help 2>/dev/null | string match -r "^[a-z].*")' -d 'of the rules'
