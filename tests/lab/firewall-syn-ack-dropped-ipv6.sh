#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# The client's INPUT drops SYN-ACKs of one port, over IPv6; another port of
# the same Java server works.
# usage: firewall-syn-ack-dropped-ipv6.sh OUTDIR

. "$(dirname "$0")/fault-lib.sh"
fault_init firewall-syn-ack-dropped-ipv6 "$1"
lab_in client ip6tables -A INPUT -p tcp --sport 9902 \
    --tcp-flags SYN,ACK SYN,ACK -j DROP
LAB_FLAGS="-f -ttt -T -yy -s 64 -e $LAB_CALLS"
cat >Srv.java <<'EOF'
import java.net.*;

public class Srv {
	static void serve(ServerSocket l) {
		try {
			for (;;) {
				Socket s = l.accept();
				s.getOutputStream().write("hello\n".getBytes());
				s.close();
			}
		} catch (Exception e) {
		}
	}

	static void start(int port) throws Exception {
		ServerSocket l = new ServerSocket(port);
		Thread t = new Thread(() -> serve(l));
		t.setDaemon(true);
		t.start();
	}

	public static void main(String[] a) throws Exception {
		start(9901);
		start(9902);
		Thread.sleep(14000);
	}
}
EOF
cat >cli.py <<'EOF'
import socket
import sys

for port in (9901, 9902, 9902, 9901):
    try:
        s = socket.create_connection((sys.argv[1], port), 3)
        while s.recv(10):
            pass
        s.close()
    except OSError as e:
        print(port, e)
EOF
javac Srv.java
fault_serve 9902 java -Xint -XX:+UseSerialGC -cp . Srv
fault_client "exec python3 cli.py $(lab_addr6 server)"
lab_wait "$server_pid"
