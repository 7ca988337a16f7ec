// SPDX-FileCopyrightText: 2026 The NetCheck authors
// SPDX-License-Identifier: MIT
//
// A Node cluster that echoes what is posted to it, and its client.
// usage: cluster.js server PORT WORKERS | client HOST PORT NUMBER
'use strict';
const cluster = require('cluster');
const http = require('http');

function echo(request, response) {
	const parts = [];
	request.on('data', (d) => parts.push(d));
	request.on('end', () => {
		response.setHeader('X-Worker', process.pid);
		response.end(Buffer.concat(parts));
	});
}

function serve(port, workers) {
	if (!cluster.isPrimary) {
		http.createServer(echo).listen(port);
		return;
	}
	let ready = 0;
	cluster.on('listening', () => console.log('ready', ++ready));
	for (let i = 0; i < workers; i++)
		cluster.fork();
}

function post(agent, host, port, text, done) {
	const request = http.request({ agent, host, port, method: 'POST' },
	    (response) => {
		const parts = [];
		response.on('data', (d) => parts.push(d));
		response.on('end', () => {
			if (String(Buffer.concat(parts)) !== text)
				process.exit(1);
			done();
		});
	});
	request.end(text);
}

function ask(host, port, number) {
	const agent = new http.Agent({ keepAlive: true, maxSockets: 6 });
	let answers = 0;
	for (let i = 0; i < number; i++) {
		const text = `message ${i} `.repeat(1 + i * 3);
		const again = () => {
			if (++answers === 2 * number) {
				console.log('answers', answers);
				agent.destroy();
			}
		};
		post(agent, host, port, text, () => {
			again();
			post(i % 3 ? agent : false, host, port, text + '!',
			    again);
		});
	}
}

const [, , what, ...rest] = process.argv;
if (what === 'server')
	serve(+rest[0], +rest[1]);
else
	ask(rest[0], +rest[1], +rest[2]);
