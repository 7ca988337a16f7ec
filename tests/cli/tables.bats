#!/usr/bin/env bats
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# tests/cases/TABLES.md: each fault of the paper has its cases.

load ../lib/helper

setup()
{
	cd "$ROOT/tests/cases" || exit
	sed -n 's/^| \([345]\) | \([^|]*\) | \([^|]*\) | \([^|]*\) |$/\1,\2,\3,\4/p' \
	    TABLES.md >"$BATS_TEST_TMPDIR/rows"
}

# named TABLE: the names of its items
named()
{
	grep "^$1," "$BATS_TEST_TMPDIR/rows" | cut -d, -f2 | sort -u |
	    tr '\n' ' '
}

# many NAME: how many different cases an item has
many()
{
	grep "^[345],$1," "$BATS_TEST_TMPDIR/rows" | cut -d, -f3 |
	    tr ' ' '\n' | sort -u | grep -c .
}

@test "tables: each item of the paper's three tables is there" {
	[ "$(named 3)" = "bind_local_interface block_tcp_close_socket \
block_udp_close_socket broadcast_flag buffer_full invalid_port \
loopback_address multicast_issue multiple_bind nonblock_connect \
nonblock_flag_inheritance oob_data readline recvtimeo setsockopt_misc \
shutdown_reset sigstop_signal so_linger so_reuseaddr tcp_nodelay \
tcp_set_buf_size_vm udp_large_datagram_vm udp_set_buf_size_vm \
vary_udp_datagram " ]
	[ "$(named 4)" = "bind6 bind6-2 clientpermission closethread conn0 \
firewall gethostbyaddr httpprox1 httpprox2 keepalive local max1 maxconn \
maxconn2 mtu multibyte noread permission portfwd special " ]
	[ "$(named 5)" = "FTP Pidgin Skype VirtualBox " ]
	[ "$(many nonblock_connect)" -ge 9 ]
	[ "$(many oob_data)" -ge 5 ]
}

@test "tables: each case is there and has that finding first" {
	[ "$(grep -c . "$BATS_TEST_TMPDIR/rows")" -eq \
	    "$(grep -c '^| [0-9]' TABLES.md)" ]
	while IFS=, read -r _ item cases id; do
		for c in $cases; do
			grep -qx "first $id" "$c/expect" || {
				echo "$item: $c does not have $id first"
				return 1
			}
			[ -s "$c/hosts.csv" ]
		done
	done <"$BATS_TEST_TMPDIR/rows"
}
