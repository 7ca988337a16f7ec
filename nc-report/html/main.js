/* SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * Puts the parts together. */

/* Rows of the diagram that are printed, and of those on a page. */
const PAPER_ROWS = 200, PAGE_ROWS = 40;

const byId = (id) => document.getElementById(id);

function hexDump(bytes) {
	const lines = [];
	for (let at = 0; at < bytes.length; at += 16) {
		const row = [...bytes.subarray(at, at + 16)];
		const hex = row.map((b) => b.toString(16).padStart(2, "0")).join(" ");
		const text = row.map((b) => b >= 32 && b < 127 ? String.fromCharCode(b) : ".").join("");
		lines.push(at.toString(16).padStart(4, "0") + "  " + hex.padEnd(47) + "  " + text);
	}
	return lines.join("\n");
}

function showDetail(x, ladder, call) {
	const box = byId("detail"), facts = [];
	const thread = x.meta.threads[x.thread[call]];
	facts.push(x.host(call), x.place(call));
	if (thread.id)
		facts.push("thread " + thread.id);
	if (Number.isFinite(x.time[call]))
		facts.push("+" + x.time[call].toFixed(6) + " s");
	if (Number.isFinite(x.duration[call]))
		facts.push("took " + seconds(x.duration[call]));
	const parts = [el("p", { className: "call" }, el("code", {}, x.text(call))),
		el("p", { className: "muted" }, facts.join(" \u00b7 "))];
	const link = x.link[call] === NONE ? null : x.meta.links[x.link[call]];
	if (link)
		parts.push(el("p", {}, el("button", { type: "button", className: "plain", onclick: () => showLink(x.link[call]) },
			link.name), " " + link.a.text + " \u2192 " + link.b.text));
	for (const d of x.meta.deviations.filter((v) => v.call === call))
		parts.push(el("p", {}, el("b", {}, d.code), d.args ? " " + d.args : ""));
	const list = ladder.messagesOf(call).slice(0, 8).map((k) => {
		const sent = x.from[k] === call, other = sent ? x.to[k] : x.from[k];
		const what = x.kind[k] === KIND.data ? plural(x.length[k], "byte") : x.kind[k] === KIND.open ? "the connection" : "the end";
		if (other === NONE)
			return el("p", {}, x.lost[k] && x.kind[k] === KIND.open ? "The connection was never made: " + (link.opened || "unknown") + "." :
				x.lost[k] ? what + ": never received" : sent ? what + ": to an end that was not traced" : what + ": from an end that was not traced");
		return el("p", {}, what + (sent ? ": received by " : ": sent by "),
			el("button", { type: "button", className: "plain", onclick: () => jump(other) }, x.host(other) + " " + x.place(other)));
	});
	parts.push(...list);
	const data = x.data(call);
	if (data.length > 0) {
		const total = x.result[call], pre = el("pre");
		const more = el("details", { ontoggle: () => { pre.textContent = hexDump(data); } },
			el("summary", {}, "Payload: the first " + plural(data.length, "byte") + (total > data.length ? " of " + total.toLocaleString("en") : "")), pre);
		parts.push(more);
	}
	box.replaceChildren(...parts);
}

let showLink, jump;

function endText(end) {
	return (end.host ? end.host + " " : "") + (end.address || "") + (end.traced ? "" : " (not traced)");
}

function start(x) {
	const meta = x.meta;
	const ladder = window.ladder = new Ladder(x, byId("ladder"), byId("map"), (call) => showDetail(x, ladder, call));
	const show = byId("show"), search = byId("search");
	const everything = Uint32Array.from({ length: x.n }, (_, i) => i);
	const ofLinks = (links, calls) => {
		const wanted = new Set(links), also = new Set(calls);
		return everything.filter((i) => wanted.has(x.link[i]) || also.has(i));
	};
	const choices = [{ text: "Everything: " + plural(x.n, "call"), rows: () => everything }];
	meta.findings.forEach((f, i) => {
		if (f.calls.length > 0)
			choices.push({ finding: i, text: "Finding " + f.number + ": " + f.id, rows: () => ofLinks(f.links, f.calls) });
	});
	show.append(...choices.map((c, i) => el("option", { value: String(i) }, c.text)));
	let chosen = 0;

	const apply = () => {
		const what = search.value.trim();
		let rows = choices[chosen].rows();
		if (what)
			rows = x.find(what, rows);
		show.value = String(chosen);
		ladder.setRows(rows);
		byId("count").textContent = rows.length === 0 ? "No call " + (what ? "holds \u201c" + what + "\u201d." : "to show.") :
			plural(rows.length, "call") + (rows.length < x.n ? " of " + x.n.toLocaleString("en") : "") + " of " + plural(meta.hosts.length, "host") +
			(meta.timed ? ", times in seconds since the first" : "");
		if (what && rows.length > 0 && rows.length < 20)
			ladder.choose(rows[0], false);
	};
	const choice = (i) => {
		chosen = i;
		search.value = "";
		apply();
	};
	const toExchange = () => {
		byId("exchange").scrollIntoView();
		byId("ladder").focus({ preventScroll: true });
	};
	showLink = (l) => {
		let i = choices.findIndex((c) => c.link === l);
		if (i < 0) {
			const link = meta.links[l];
			i = choices.push({ link: l, text: link.name + ": " + link.a.text + " \u2192 " + link.b.text, rows: () => ofLinks([l], []) }) - 1;
			show.append(el("option", { value: String(i) }, choices[i].text));
		}
		choice(i);
		toExchange();
	};
	jump = (call, finding) => {
		if (ladder.rowOf[call] < 0) {
			const i = finding === undefined ? 0 : choices.findIndex((c) => c.finding === finding);
			choice(Math.max(0, i));
		}
		if (ladder.rowOf[call] < 0)
			choice(0);
		toExchange();
		ladder.choose(call, true);
	};
	show.addEventListener("change", () => choice(Number(show.value)));
	let timer = 0;
	search.addEventListener("input", () => {
		clearTimeout(timer);
		timer = setTimeout(apply, x.n > 20000 ? 400 : 120);
	});
	byId("prev").onclick = () => ladder.toMarked(-1);
	byId("next").onclick = () => ladder.toMarked(1);
	byId("in").onclick = () => ladder.zoom(1.5, ladder.H / 2);
	byId("out").onclick = () => ladder.zoom(1 / 1.5, ladder.H / 2);
	byId("fit").onclick = () => ladder.fit(false);
	document.querySelectorAll("a[data-call]").forEach((a) => a.addEventListener("click", (e) => {
		e.preventDefault();
		jump(Number(a.dataset.call), Number(a.dataset.finding));
	}));
	const paper = () => {
		const box = byId("paper"), n = ladder.rows.length;
		const first = n <= PAPER_ROWS ? 0 : Math.min(Math.floor(ladder.top / ladder.row), n - PAPER_ROWS);
		const last = Math.min(n, first + PAPER_ROWS);
		/* The colours of the style sheet for paper, which is not in force yet. */
		document.documentElement.classList.add("paper");
		const css = getComputedStyle(document.documentElement), known = new Map();
		const color = (name) => {
			if (!known.has(name))
				known.set(name, css.getPropertyValue("--" + name).trim());
			return known.get(name);
		};
		box.replaceChildren();
		if (last - first < n)
			box.append(el("p", {}, "Calls " + (first + 1).toLocaleString("en") + " to " + last.toLocaleString("en") + " of these."));
		for (let r = first; r < last; r += PAGE_ROWS)
			box.append(ladder.onPaper(r, Math.min(last, r + PAGE_ROWS), color));
		document.documentElement.classList.remove("paper");
	};
	window.addEventListener("beforeprint", paper);
	window.addEventListener("afterprint", () => byId("paper").replaceChildren());
	ladder.resize();
	choice(choices.findIndex((c) => c.finding === 0) > 0 && x.n > 12 ? choices.findIndex((c) => c.finding === 0) : 0);
	const first = choices[chosen].finding !== undefined ? meta.findings[choices[chosen].finding].first : undefined;
	if (first !== undefined)
		ladder.choose(first, ladder.rows.length > 20);
}

function tables(meta) {
	const numbered = meta.links.map((l, i) => ({ ...l, index: i }));
	const go = (l) => showLink && showLink(l.index);
	const part = (side, name) => (l) => l[side] ? l[side][name] : null;
	const lost = (l) => ((l.toB && l.toB.lost) || 0) + ((l.toA && l.toA.lost) || 0) > 0;
	makeTable(byId("connections"), "connection", [
		{ name: "No.", value: (l) => l.number, number: true, go },
		{ name: "Client", value: (l) => l.a.text }, { name: "Server", value: (l) => l.b.text },
		{ name: "Opened", value: (l) => l.opened, bad: (l) => l.opened && l.opened !== "connected" },
		{ name: "Closed", value: (l) => l.opened === "connected" ? l.closed : null },
		{ name: "Match", value: (l) => l.match },
		{ name: "To server", value: part("toB", "sent"), number: true }, { name: "lost", value: part("toB", "lost"), number: true, bad: (l) => l.toB && l.toB.lost > 0 },
		{ name: "To client", value: part("toA", "sent"), number: true }, { name: "lost", value: part("toA", "lost"), number: true, bad: (l) => l.toA && l.toA.lost > 0 },
		{ name: "Lost by", value: (l) => lost(l) ? l.cause : null },
	], numbered.filter((l) => !l.flow));
	makeTable(byId("flows"), "flow", [
		{ name: "No.", value: (l) => l.number, number: true, go },
		{ name: "Sender", value: (l) => l.a.text }, { name: "Receiver", value: (l) => l.b.text },
		{ name: "Sent", value: part("toB", "sent"), number: true }, { name: "Received", value: part("toB", "received"), number: true },
		{ name: "Lost", value: part("toB", "lost"), number: true, bad: lost },
		{ name: "Bytes sent", value: (l) => l.bytes, number: true }, { name: "Duplicated", value: (l) => l.duplicated, number: true },
		{ name: "Reordered", value: (l) => l.reordered, number: true }, { name: "Lost by", value: (l) => lost(l) ? l.cause : null },
	], numbered.filter((l) => l.flow));
	makeTable(byId("deviations"), "deviation", [
		{ name: "Code", value: (d) => d.code, go: (d) => d.call !== null && jump && jump(d.call) },
		{ name: "Host", value: (d) => d.host }, { name: "Line", value: (d) => d.place },
		{ name: "Call", value: (d) => d.text, wrap: true }, { name: "Details", value: (d) => d.args, wrap: true },
	], meta.deviations);
}

(async () => {
	try {
		if (typeof DecompressionStream === "undefined")
			throw new Error("this browser cannot unpack them; any since 2023 can");
		const meta = JSON.parse(new TextDecoder().decode(await unpack(byId("meta").textContent)));
		for (const l of meta.links) {
			l.name = (l.flow ? "Flow " : "Connection ") + l.number;
			for (const end of [l.a, l.b])
				end.text = endText(end);
		}
		tables(meta);
		start(new Exchange(meta, await unpack(byId("calls").textContent)));
		document.documentElement.dataset.ready = "1";
	} catch (e) {
		byId("count").textContent = "The diagram and the tables cannot be shown: " + e.message + ".";
		document.documentElement.dataset.ready = "failed";
		console.error(e);
	}
})();
