#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: two avahi-daemons on one network announce themselves and each a
# service, and answer each other's questions.
# usage: multicast-mdns-avahi.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 1500 -e $LAB_CALLS"
fault_lan multicast-mdns-avahi "$1"
for h in server client; do
	mkdir -p "$LAB_WORK/$h/services"
	echo 'avahi:x:110:116::/run/avahi-daemon:/usr/sbin/nologin' \
	    >>"/etc/netns/$(lab_ns "$h")/passwd"
	echo 'avahi:x:116:' >>"/etc/netns/$(lab_ns "$h")/group"
	cat >"$LAB_WORK/$h/avahi.conf" <<END
[server]
host-name=$h
use-ipv6=no
allow-interfaces=eth1
enable-dbus=no
[publish]
publish-hinfo=no
publish-workstation=no
[rlimits]
END
	cat >"$LAB_WORK/$h/services/web.service" <<END
<service-group><name>web on $h</name>
<service><type>_http._tcp</type><port>80</port></service></service-group>
END
done
# Each has a /run and an /etc/avahi of its own.
avahi()
{
	lab_trace_bg "$1" "$1.trace" -- sh -c "mount -t tmpfs none /run &&
mkdir /run/avahi-daemon && mount --bind $LAB_WORK/$1 /etc/avahi &&
exec avahi-daemon --no-drop-root --no-chroot --no-rlimits -f /etc/avahi/avahi.conf"
}
avahi server
one=$LAB_PID
sleep 1
avahi client
two=$LAB_PID
sleep 4
lab_stop "$two"
sleep 0.5
lab_stop "$one"
