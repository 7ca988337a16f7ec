# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# What every bats file loads first: `load ../lib/helper`.  A clean
# environment, the built programs in PATH, ROOT for the project's folder.

bats_require_minimum_version 1.8.0

ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
PATH=${NC_BUILD:-$ROOT/build}/bin:/usr/sbin:/usr/bin:/sbin:/bin
export ROOT PATH
export LC_ALL=C TZ=UTC PYTHONDONTWRITEBYTECODE=1
unset NO_COLOR CLICOLOR_FORCE COLUMNS XDG_CONFIG_HOME POSIXLY_CORRECT

# record KIND VALUE... prints a packed record; streams are put together by
# pack, which reads Python literals, a record a line, and adds header and end
# marker itself:  pack '["host", "a", 0]' ... >a.nc
pack()
{
	python3 "$ROOT/tests/lib/pack.py" "$@"
}
