// SPDX-FileCopyrightText: 2026 The NetCheck authors
// SPDX-License-Identifier: MIT
//
// A pool of connections that drops what its server has closed.
// usage: agent.js HOST
const http = require('http');
const agent = new http.Agent({ keepAlive: true });
const get = (done) => http.get(
    { host: process.argv[2], path: '/index.html', agent }, (answer) => {
	answer.resume();
	answer.on('end', done);
});
get(() => get(() => setTimeout(() => get(() => setTimeout(() => {
	agent.destroy();
}, 200)), 2500)));
