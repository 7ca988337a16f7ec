# shellcheck shell=bash disable=SC2034
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# A PostgreSQL for the recordings.
#
# postgres_init	make a cluster in the work folder's data, for the host server;
#	sets bin to its programs' folder and as to the words that run a
#	command as its user

postgres_init()
{
	bin=$(echo /usr/lib/postgresql/*/bin)
	mkdir data
	chown postgres: data
	as="setpriv --reuid=postgres --regid=postgres --clear-groups"
	# shellcheck disable=SC2086 # a list of words
	lab_in server $as "$bin/initdb" -D "$LAB_WORK/data" -A trust -N \
	    >/dev/null
	cat >>data/postgresql.conf <<-CONF
	listen_addresses = '*'
	unix_socket_directories = ''
	shared_buffers = 16MB
	fsync = off
	jit = off
	CONF
	echo 'host all all 0.0.0.0/0 trust' >>data/pg_hba.conf
}
