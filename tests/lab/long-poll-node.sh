#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The NetCheck authors
# SPDX-License-Identifier: MIT
#
# Healthy: a Node server with long polls, server-sent events and a WebSocket-
# like upgrade; the client polls three times, listens to events and leaves.
# usage: long-poll-node.sh OUTDIR

. "$(dirname "$0")/lib.sh"
LAB_FLAGS="-f -ttt -T -yy -s 200 -e $LAB_CALLS"
lab_init long-poll "$1"
lab_host server
lab_host client
cat >serve.js <<'JS'
const http = require('http');
const waiting = [];
http.createServer((q, a) => {
	if (q.url === '/poll') {
		waiting.push(a);
	} else if (q.url === '/events') {
		a.writeHead(200, {'Content-Type': 'text/event-stream'});
		let n = 0;
		const t = setInterval(() => a.write(`data: ${++n}\n\n`), 300);
		q.on('close', () => clearInterval(t));
	} else {
		for (const w of waiting.splice(0))
			w.end('news\n');
		a.end('told\n');
	}
}).listen(8000);
JS
cat >ask.js <<'JS'
const http = require('http');
const base = {host: process.argv[2], port: 8000,
	agent: new http.Agent({keepAlive: true})};
const get = (path) => new Promise((done) => http.get({...base, path}, (a) => {
	let s = '';
	a.on('data', (d) => { s += d; });
	a.on('end', () => done(s));
}));
(async () => {
	const events = http.get({...base, path: '/events'}, (a) => a.on('data',
		(d) => process.stdout.write(d)));
	for (let i = 0; i < 3; i++) {
		setTimeout(() => get('/tell'), 1200);
		process.stdout.write(await get('/poll'));
	}
	events.destroy();
	setTimeout(() => process.exit(0), 500);
})();
JS
lab_trace_bg server server.trace -- node serve.js
srv=$LAB_PID
lab_wait_port server 8000
lab_trace client client.trace -- node ask.js "$(lab_addr server)"
[ "$(grep -c news client.trace.out)" = 3 ]
lab_stop "$srv"
lab_row server server.trace
lab_row client client.trace
