#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: slapd, its root entry and its schema are searched; a second search
# asks for more than there is, and is refused within the protocol.
# usage: openldap-search.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS='-f -r -yy -s 256'
LAB_FLAGS+=' -e trace=!mmap,munmap,mprotect,brk,rt_sigaction,newfstatat,lseek'
lab_init slapd "$1"
lab_host server
lab_host client
mkdir db
cat >slapd.conf <<CONF
include /etc/ldap/schema/core.schema
moduleload back_mdb
modulepath /usr/lib/ldap
pidfile $LAB_WORK/pid
database mdb
directory $LAB_WORK/db
suffix dc=example,dc=com
rootdn cn=admin,dc=example,dc=com
rootpw secret
CONF
lab_trace_bg server server.trace -- /usr/sbin/slapd -d 0 \
    -h "ldap://$(lab_addr server)" -f "$LAB_WORK/slapd.conf"
srv=$LAB_PID
lab_wait_port server 389
to="-x -H ldap://$(lab_addr server)"
lab_trace client client.trace -- sh -c "ldapsearch $to -s base -b '' namingContexts
printf 'dn: dc=example,dc=com\nobjectClass: dcObject\nobjectClass: organization\no: x\ndc: example\n' | ldapadd $to -D cn=admin,dc=example,dc=com -w secret
ldapsearch $to -b dc=example,dc=com
ldapsearch $to -b dc=nothing; ldapwhoami $to -D cn=admin,dc=example,dc=com -w wrong" || :
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
