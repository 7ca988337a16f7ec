/* SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * What nc-report/format/html_columns.c packed: columns of all calls and messages, their
 * texts and the beginnings of their payloads, deflated, in base64. */
"use strict";

const NONE = 0xffffffff;
const BIT = { failed: 1, unfinished: 2, injected: 4, deviation: 8, evidence: 16 };
const KIND = { open: 0, data: 1, end: 2 };

async function unpack(text) {
	const chunks = text.split("\n").filter((l) => l.length > 0).map((line) => {
		const s = atob(line), a = new Uint8Array(s.length);
		for (let i = 0; i < s.length; i++)
			a[i] = s.charCodeAt(i);
		return a;
	});
	const packed = new Blob(chunks).stream().pipeThrough(new DecompressionStream("gzip"));
	return new Response(packed).arrayBuffer();
}

/* Typed arrays over the buffer, in the order of html_columns.c. */
function columns(buffer, n, m) {
	let at = 0;
	const take = (type, count) => {
		const a = new type(buffer, at, count);
		at += Math.ceil(count * type.BYTES_PER_ELEMENT / 8) * 8;
		return a;
	};
	const d = {
		time: take(Float64Array, n), duration: take(Float64Array, n),
		file: take(Uint32Array, n), thread: take(Uint32Array, n),
		line: take(Uint32Array, n), begin: take(Uint32Array, n),
		link: take(Uint32Array, n), result: take(Float64Array, n),
		bits: take(Uint8Array, n),
		textLength: take(Uint16Array, n), dataLength: take(Uint16Array, n),
		from: take(Uint32Array, m), to: take(Uint32Array, m),
		messageLink: take(Uint32Array, m), length: take(Uint32Array, m),
		kind: take(Uint8Array, m), lost: take(Uint8Array, m),
		side: take(Uint8Array, m),
	};
	/* Texts and payloads, one after the other, end the whole. */
	d.textAt = new Float64Array(n);
	d.dataAt = new Float64Array(n);
	let texts = 0, payload = 0;
	for (let i = 0; i < n; i++) {
		d.textAt[i] = texts;
		d.dataAt[i] = payload;
		texts += d.textLength[i];
		payload += d.dataLength[i];
	}
	d.texts = take(Uint8Array, texts);
	d.payload = take(Uint8Array, payload);
	return d;
}

class Exchange {
	constructor(meta, buffer) {
		Object.assign(this, columns(buffer, meta.calls, meta.messages));
		this.meta = meta;
		this.n = meta.calls;
		this.m = meta.messages;
		this.decoder = new TextDecoder();
	}
	host(i) {
		return this.meta.files[this.file[i]].host;
	}
	text(i) {
		return this.decoder.decode(this.texts.subarray(this.textAt[i], this.textAt[i] + this.textLength[i]));
	}
	data(i) {
		return this.payload.subarray(this.dataAt[i], this.dataAt[i] + this.dataLength[i]);
	}
	place(i) {
		const f = this.meta.files[this.file[i]];
		return (f.name || "?") + (this.line[i] ? ":" + this.line[i] : "");
	}
	marked(i) {
		return (this.bits[i] & (BIT.deviation | BIT.evidence)) !== 0;
	}
	/* The calls whose text holds what is looked for, letters of either case. */
	find(what, among) {
		const place = /^(.+):(\d+)$/.exec(what);
		if (place) {
			const hits = among.filter((i) => this.line[i] === +place[2] &&
				(this.meta.files[this.file[i]].name || "").endsWith(place[1]));
			if (hits.length > 0)
				return hits;
		}
		const want = new TextEncoder().encode(what.toLowerCase());
		const low = (c) => c >= 65 && c <= 90 ? c + 32 : c;
		return among.filter((i) => {
			const end = this.textAt[i] + this.textLength[i] - want.length;
			for (let at = this.textAt[i]; at <= end; at++) {
				let k = 0;
				while (k < want.length && low(this.texts[at + k]) === want[k])
					k++;
				if (k === want.length)
					return true;
			}
			return false;
		});
	}
}

function seconds(s) {
	if (!Number.isFinite(s))
		return "";
	const a = Math.abs(s);
	if (a >= 1 || a === 0)
		return s.toFixed(3) + " s";
	return a >= 1e-3 ? (s * 1e3).toFixed(2) + " ms" : (s * 1e6).toFixed(0) + " \u00b5s";
}

function plural(n, noun) {
	return n.toLocaleString("en") + " " + noun + (n === 1 ? "" : "s");
}

/* An element with text or children; nothing is ever parsed as HTML. */
function el(tag, props, ...children) {
	const e = document.createElement(tag);
	for (const [k, v] of Object.entries(props || {}))
		if (k in e)
			e[k] = v;
		else
			e.setAttribute(k, v);
	e.append(...children);
	return e;
}
