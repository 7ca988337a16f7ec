/* SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * The ladder: a lane for each host (or thread, where they are few), a row for
 * each call, arrows from what sent to what received.  Rows are drawn only
 * where they show, and thinned out where several share a pixel. */

const HEAD = 44, FULL = 20, LEAST = 3, LONG = 4096;
const PAPER = 940;
const ARROWS_MAX = 4000, CROWD = 1500, MARKS_MAX = 60000, THREADS_MAX = 6, OUTSIDE_MAX = 4;

class Ladder {
	constructor(x, canvas, map, onChoose) {
		this.x = x;
		this.canvas = canvas;
		this.map = map;
		this.onChoose = onChoose;
		this.chosen = -1;
		this.top = 0;
		this.left = 0;
		this.row = FULL;
		this.rowOf = new Int32Array(x.n).fill(-1);
		this.listen();
	}

	/* Lanes of what is shown: the hosts, or the threads of a single one if
	   they are few; then the ends that were not traced. */
	makeLanes() {
		const { meta } = this.x, threads = new Set(), links = new Set();
		for (const i of this.rows) {
			threads.add(this.x.thread[i]);
			if (this.x.link[i] !== NONE)
				links.add(this.x.link[i]);
		}
		const used = [...threads].sort((a, b) => a - b);
		const hosts = new Set(used.map((t) => meta.threads[t].host));
		for (const l of links)
			for (const end of [meta.links[l].a, meta.links[l].b])
				if (end.traced)
					hosts.add(end.host);
		const byThread = hosts.size === 1 && used.length > 1 && used.length <= THREADS_MAX;
		this.lanes = [];
		this.laneOfHost = new Map();
		this.laneOfThread = new Int32Array(meta.threads.length).fill(0);
		/* Who opens connections stands to the left of who takes them. */
		const asks = new Map();
		for (const l of links)
			for (const [end, by] of [[meta.links[l].a, -1], [meta.links[l].b, 1]])
				asks.set(end.host, (asks.get(end.host) || 0) + by);
		const ordered = meta.hosts.filter((h) => hosts.has(h)).sort((p, q) => Math.sign(asks.get(p) || 0) - Math.sign(asks.get(q) || 0));
		for (const host of ordered) {
			this.laneOfHost.set(host, this.lanes.length);
			if (!byThread)
				this.lanes.push({ name: host, sub: "" });
			for (const t of used.filter((u) => meta.threads[u].host === host)) {
				if (byThread)
					this.lanes.push({ name: host, sub: "thread " + meta.threads[t].id });
				this.laneOfThread[t] = this.lanes.length - 1;
			}
		}
		const outside = new Set();
		for (const l of links)
			for (const end of [meta.links[l].a, meta.links[l].b])
				if (!end.traced)
					outside.add(end.ip);
		const shown = [...outside].slice(0, OUTSIDE_MAX);
		this.outside = new Map([...outside].map((ip, i) => [ip, this.lanes.length + Math.min(i, shown.length)]));
		for (const ip of shown)
			this.lanes.push({ name: ip, sub: "not traced", outside: true });
		if (outside.size > shown.length)
			this.lanes.push({ name: plural(outside.size - shown.length, "other"), sub: "not traced", outside: true });
		if (this.lanes.length === 0)
			this.lanes.push({ name: "no calls", sub: "" });
	}

	/* What is shown: calls in ascending order. */
	setRows(rows) {
		const x = this.x;
		this.rows = rows;
		this.rowOf.fill(-1);
		/* A short exchange needs no tall box; the observer tells us. */
		this.canvas.parentElement.style.maxHeight = Math.max(180, HEAD + (rows.length + 1) * FULL) + "px";
		rows.forEach((i, r) => { this.rowOf[i] = r; });
		this.makeLanes();
		this.short = [];
		this.long = [];
		for (let k = 0; k < x.m; k++) {
			const a = x.from[k] === NONE ? -1 : this.rowOf[x.from[k]];
			const b = x.to[k] === NONE ? -1 : this.rowOf[x.to[k]];
			if (a < 0 && b < 0)
				continue;
			const span = a < 0 || b < 0 ? 0 : Math.abs(a - b);
			(span > LONG ? this.long : this.short).push(k);
		}
		this.first = Int32Array.from(this.short, (k) => this.messageRow(k));
		if (this.H)
			this.measure();
		this.fit(true);
	}
	messageRow(k) {
		const a = this.x.from[k] === NONE ? -1 : this.rowOf[this.x.from[k]];
		return a >= 0 ? a : this.rowOf[this.x.to[k]];
	}

	resize() {
		const dpr = window.devicePixelRatio || 1;
		for (const c of [this.canvas, this.map]) {
			c.width = Math.max(1, Math.round(c.clientWidth * dpr));
			c.height = Math.max(1, Math.round(c.clientHeight * dpr));
		}
		this.dpr = dpr;
		this.W = this.canvas.clientWidth;
		this.H = this.canvas.clientHeight;
		this.css = getComputedStyle(document.documentElement);
		this.color = (name) => this.css.getPropertyValue("--" + name).trim();
		if (!this.rows)
			return;
		this.measure();
		this.clamp();
		this.draw();
	}
	measure() {
		const n = this.lanes.length;
		this.gutter = this.W > 700 && this.x.meta.timed ? 88 : 8;
		this.width = Math.max((this.W - this.gutter) / n, this.W > 700 ? 190 : 120);
	}
	laneX(i) {
		const n = this.lanes.length;
		if (this.W <= 700 && n === 2)
			return i === 0 ? this.gutter + 10 : this.W - 12;
		if (this.W <= 700)
			return this.gutter + this.width * i + 10 - this.left;
		/* Room for a call's text outside, but still some for the arrows. */
		const out = Math.max(0.64, Math.min(0.8, 390 / this.width));
		const at = n === 2 ? [out, 2 - out][i] : i + 0.5;
		return this.gutter + this.width * at - this.left;
	}
	laneOf(i) {
		return this.laneOfThread[this.x.thread[i]];
	}

	least() {
		return Math.min(FULL, (this.H - HEAD) / Math.max(1, this.rows.length));
	}
	fit(whole) {
		const least = this.H ? this.least() : FULL;
		this.row = whole && this.rows.length <= 400 ? FULL : Math.max(least, whole ? LEAST : least);
		if (!whole)
			this.row = least;
		this.top = 0;
		this.clamp();
		this.draw();
	}
	clamp() {
		if (!this.H)
			return;
		this.row = Math.min(28, Math.max(this.row, this.least()));
		const most = this.rows.length * this.row - (this.H - HEAD) + this.row;
		this.top = Math.max(0, Math.min(this.top, most));
		const fits = this.W <= 700 && this.lanes.length === 2;
		const wide = fits ? 0 : this.lanes.length * this.width + this.gutter - this.W;
		this.left = Math.max(0, Math.min(this.left, wide));
	}
	zoom(by, y) {
		const at = (this.top + (y - HEAD)) / this.row;
		this.row *= by;
		this.row = Math.min(28, Math.max(this.row, this.least()));
		this.top = at * this.row - (y - HEAD);
		this.clamp();
		this.draw();
	}
	scroll(dx, dy) {
		this.left += dx;
		this.top += dy;
		this.clamp();
		this.draw();
	}

	choose(call, center) {
		const r = this.rowOf[call];
		this.chosen = call;
		if (r >= 0 && this.H) {
			if (this.row < 12 && center)
				this.row = FULL;
			const y = r * this.row - this.top, H = this.H - HEAD;
			if (center || y < 0 || y > H - this.row)
				this.top = r * this.row - (center ? H / 2 : y < 0 ? this.row : H - 2 * this.row);
			const lane = this.laneX(this.laneOf(call));
			if (lane < this.gutter || lane > this.W - 40)
				this.left += lane - this.W / 2;
			this.clamp();
		}
		this.draw();
		this.onChoose(call);
	}
	step(by) {
		if (this.rows.length === 0)
			return;
		const r = this.chosen >= 0 ? this.rowOf[this.chosen] : -1;
		const to = r < 0 ? Math.round(this.top / this.row) : r + by;
		this.choose(this.rows[Math.max(0, Math.min(this.rows.length - 1, to))], false);
	}
	toMarked(by) {
		const n = this.rows.length;
		let r = this.chosen >= 0 ? this.rowOf[this.chosen] : by > 0 ? -1 : n;
		for (r += by; r >= 0 && r < n; r += by)
			if (this.x.marked(this.rows[r])) {
				this.choose(this.rows[r], true);
				return;
			}
	}
	/* The messages of a call, as numbers. */
	messagesOf(call) {
		const out = [];
		const r = this.rowOf[call];
		for (const k of this.near(r, r).concat(this.long))
			if (this.x.from[k] === call || this.x.to[k] === call)
				out.push(k);
		return out;
	}
	/* Short messages that may touch rows r0 to r1. */
	near(r0, r1) {
		const find = (row) => {
			let low = 0, high = this.first.length;
			while (low < high) {
				const mid = low + high >> 1;
				if (this.first[mid] < row)
					low = mid + 1;
				else
					high = mid;
			}
			return low;
		};
		return this.short.slice(find(r0 - LONG), find(r1 + LONG));
	}

	draw() {
		if (this.pending || !this.H || !this.rows)
			return;
		this.pending = true;
		requestAnimationFrame(() => {
			this.pending = false;
			this.paint();
			this.paintMap();
		});
	}
	paint() {
		const g = this.canvas.getContext("2d");
		g.setTransform(this.dpr, 0, 0, this.dpr, 0, 0);
		g.fillStyle = this.color("panel");
		g.fillRect(0, 0, this.W, this.H);
		const r0 = Math.max(0, Math.floor(this.top / this.row) - 1);
		const r1 = Math.min(this.rows.length, Math.ceil((this.top + this.H - HEAD) / this.row) + 1);
		this.paintRows(g, r0, r1);
		this.paintLanes(g);
		this.paintArrows(g, r0, r1);
		this.paintCalls(g, r0, r1);
		this.paintHead(g);
	}
	y(r) {
		return HEAD + (r + 0.5) * this.row - this.top;
	}
	step_(r0, r1) {
		return Math.max(1, Math.floor((r1 - r0) / MARKS_MAX));
	}
	paintRows(g, r0, r1) {
		const mark = this.color("mark");
		for (let r = r0; r < r1; r++) {
			const i = this.rows[r];
			if (this.x.marked(i)) {
				g.fillStyle = mark;
				g.fillRect(0, this.y(r) - Math.max(1, this.row / 2), this.W, Math.max(2, this.row));
			}
		}
		if (this.chosen >= 0 && this.rowOf[this.chosen] >= 0) {
			g.fillStyle = this.color("soft");
			g.fillRect(0, this.y(this.rowOf[this.chosen]) - Math.max(2, this.row / 2), this.W, Math.max(4, this.row));
			g.strokeStyle = this.color("link");
			g.lineWidth = 1;
			g.strokeRect(0.5, this.y(this.rowOf[this.chosen]) - Math.max(2, this.row / 2) + 0.5, this.W - 1, Math.max(4, this.row) - 1);
		}
	}
	paintLanes(g) {
		g.strokeStyle = this.color("line");
		g.lineWidth = 1;
		this.lanes.forEach((lane, i) => {
			g.setLineDash(lane.outside ? [3, 4] : []);
			g.beginPath();
			g.moveTo(this.laneX(i), HEAD);
			g.lineTo(this.laneX(i), this.H);
			g.stroke();
		});
		g.setLineDash([]);
	}
	/* The rows from r0 to r1 as a picture of its own, for paper. */
	onPaper(r0, r1, color) {
		const mine = { canvas: this.canvas, W: this.W, H: this.H, dpr: this.dpr, row: this.row, top: this.top,
			left: this.left, chosen: this.chosen, color: this.color };
		const c = document.createElement("canvas");
		Object.assign(this, { canvas: c, W: PAPER, H: HEAD + (r1 - r0) * FULL, dpr: 2, row: FULL, top: r0 * FULL,
			left: 0, chosen: -1, color });
		c.width = this.W * this.dpr;
		c.height = this.H * this.dpr;
		this.measure();
		this.paint();
		Object.assign(this, mine);
		this.measure();
		return c;
	}
	/* Where an end without a call is drawn: at the lane of its host. */
	laneOfEnd(end) {
		if (!end.traced)
			return this.outside.get(end.ip);
		return this.laneOfHost.get(end.host) ?? 0;
	}
	paintArrows(g, r0, r1) {
		const x = this.x;
		let ks = this.near(r0, r1).filter((k) => this.touches(k, r0, r1));
		ks = ks.concat(this.long.filter((k) => this.touches(k, r0, r1)));
		const crowd = this.row < 4;
		const skip = Math.max(1, Math.ceil(ks.length / (crowd ? CROWD : ARROWS_MAX)));
		const colors = [this.color("open"), this.color("data"), this.color("end")];
		const lost = this.color("error");
		if (crowd)
			ks.sort((p, q) => x.lost[p] - x.lost[q]);
		/* Where they are many the whole is to be seen, not each. */
		const fade = crowd ? Math.max(0.03, Math.min(1, 0.3 * this.H * skip / (ks.length + 1))) : 1;
		for (let n = 0; n < ks.length; n++) {
			const k = ks[n];
			if (n % skip !== 0 && !x.lost[k] && x.from[k] !== this.chosen && x.to[k] !== this.chosen)
				continue;
			const hot = this.chosen >= 0 && (x.from[k] === this.chosen || x.to[k] === this.chosen);
			g.globalAlpha = x.lost[k] || hot ? 1 : fade;
			g.lineWidth = hot ? 2.5 : 1.25;
			g.strokeStyle = g.fillStyle = x.lost[k] ? lost : colors[x.kind[k]];
			g.setLineDash(x.kind[k] === KIND.open ? [6, 3] : x.kind[k] === KIND.end ? [2, 3] : []);
			this.arrow(g, k);
		}
		g.globalAlpha = 1;
		g.setLineDash([]);
	}
	touches(k, r0, r1) {
		const x = this.x;
		const a = x.from[k] === NONE ? -1 : this.rowOf[x.from[k]];
		const b = x.to[k] === NONE ? -1 : this.rowOf[x.to[k]];
		const low = a < 0 ? b : b < 0 ? a : Math.min(a, b);
		return low <= r1 && Math.max(a, b) >= r0;
	}
	arrow(g, k) {
		const x = this.x, link = x.meta.links[x.messageLink[k]];
		const ends = x.side[k] ? [link.b, link.a] : [link.a, link.b];
		const from = x.from[k], to = x.to[k];
		const seenA = from !== NONE && this.rowOf[from] >= 0;
		const seenB = to !== NONE && this.rowOf[to] >= 0;
		const x0 = this.laneX(seenA ? this.laneOf(from) : this.laneOfEnd(ends[0]));
		let x1 = this.laneX(seenB ? this.laneOf(to) : this.laneOfEnd(ends[1]));
		const y0 = this.y(this.rowOf[seenA ? from : to]);
		const y1 = this.y(this.rowOf[seenB ? to : from]);
		if (x0 === x1) {
			g.beginPath();
			g.moveTo(x0, y0);
			g.quadraticCurveTo(x0 + 36, (y0 + y1) / 2, x1, y1 + (y0 === y1 ? 6 : 0));
			g.stroke();
			return;
		}
		if (x.lost[k])
			x1 = x0 + (x1 - x0) * 0.7;
		g.beginPath();
		g.moveTo(x0, y0);
		g.lineTo(x1, y1);
		g.stroke();
		if (this.row < 4 && !x.lost[k])
			return;
		g.setLineDash([]);
		if (x.lost[k]) {
			g.beginPath();
			g.moveTo(x1 - 4, y1 - 4);
			g.lineTo(x1 + 4, y1 + 4);
			g.moveTo(x1 - 4, y1 + 4);
			g.lineTo(x1 + 4, y1 - 4);
			g.lineWidth = 2;
			g.stroke();
			return;
		}
		const a = Math.atan2(y1 - y0, x1 - x0), s = 7;
		const tx = x1 - Math.cos(a) * 3, ty = y1 - Math.sin(a) * 3;
		g.beginPath();
		g.moveTo(tx, ty);
		g.lineTo(tx - s * Math.cos(a - 0.4), ty - s * Math.sin(a - 0.4));
		g.lineTo(tx - s * Math.cos(a + 0.4), ty - s * Math.sin(a + 0.4));
		g.fill();
	}
	paintCalls(g, r0, r1) {
		const x = this.x, texts = this.row >= 13;
		const ink = this.color("ink"), muted = this.color("muted"), bad = this.color("error");
		const panel = this.color("panel"), soft = this.color("end");
		const by = this.step_(r0, r1);
		g.font = "12px " + this.css.getPropertyValue("--mono");
		g.textBaseline = "middle";
		const size = Math.max(1, Math.min(3.5, this.row / 3));
		let before = NaN;
		for (let r = r0; r < r1; r += by) {
			const i = this.rows[r], y = this.y(r), lx = this.laneX(this.laneOf(i));
			const failed = (x.bits[i] & BIT.failed) !== 0;
			/* A call that waited: from where it began. */
			if (x.begin[i] < i && this.row >= 2) {
				let b = x.begin[i];
				while (b < i && this.rowOf[b] < 0)
					b++;
				if (b < i) {
					g.fillStyle = soft;
					g.globalAlpha = 0.5;
					g.fillRect(lx - 2, this.y(this.rowOf[b]), 4, y - this.y(this.rowOf[b]));
					g.globalAlpha = 1;
				}
			}
			g.fillStyle = failed ? bad : x.link[i] === NONE || this.row < 2 ? muted : ink;
			g.fillRect(lx - size, y - size, 2 * size, 2 * size);
			if (!texts)
				continue;
			this.label(g, i, lx, y, panel, failed ? bad : x.link[i] === NONE ? muted : ink);
			if (this.gutter > 20 && Number.isFinite(x.time[i])) {
				g.textAlign = "right";
				g.fillStyle = x.time[i] - before > 0.2 ? ink : muted;
				g.fillText("+" + x.time[i].toFixed(4), this.gutter - 8, y);
				before = x.time[i];
			}
		}
	}
	label(g, i, lx, y, back, color) {
		/* Two lanes: texts stand outside of them, or where that is too
		   narrow between them; more: to the right of each. */
		const both = this.lanes.length === 2, two = both && this.W > 700;
		const first = this.laneOf(i) === 0;
		const left = two ? first : both && !first;
		const room = two ? (left ? lx - this.gutter - 14 : this.W - lx - 14) :
			both ? this.W - 50 : this.width - 22;
		const chars = Math.floor(room / 7.25);
		if (chars < 6)
			return;
		let t = this.x.text(i);
		if (t.length > chars)
			t = t.slice(0, chars - 1) + "\u2026";
		g.textAlign = left ? "right" : "left";
		const at = left ? lx - 9 : lx + 9;
		if (!two) {
			g.fillStyle = back;
			g.globalAlpha = 0.8;
			g.fillRect(left ? at - t.length * 7.25 - 2 : at - 2, y - 7, t.length * 7.25 + 4, 14);
			g.globalAlpha = 1;
		}
		g.fillStyle = color;
		g.fillText(t, at, y);
	}
	paintHead(g) {
		const sans = this.css.getPropertyValue("--sans");
		g.fillStyle = this.color("panel");
		g.fillRect(0, 0, this.W, HEAD);
		g.strokeStyle = this.color("line");
		g.lineWidth = 1;
		g.beginPath();
		g.moveTo(0, HEAD - 0.5);
		g.lineTo(this.W, HEAD - 0.5);
		g.stroke();
		g.textBaseline = "middle";
		const fit = (t) => {
			while (t.length > 3 && g.measureText(t).width > this.width - 8)
				t = t.slice(0, -2) + "\u2026";
			return t;
		};
		this.lanes.forEach((lane, i) => {
			const last = this.W <= 700 && this.lanes.length === 2 && i === 1;
			const at = this.laneX(i) + (this.W > 700 ? 0 : last ? 4 : -4);
			g.textAlign = this.W > 700 ? "center" : last ? "right" : "left";
			g.font = "600 14px " + sans;
			g.fillStyle = this.color("ink");
			g.fillText(fit(lane.name), at, lane.sub ? 16 : 22);
			g.font = "12px " + sans;
			g.fillStyle = this.color("muted");
			if (lane.sub)
				g.fillText(fit(lane.sub), at, 33);
		});
	}
	/* The whole at the side: how much happens where, and what is marked. */
	paintMap() {
		const g = this.map.getContext("2d"), w = this.map.clientWidth, n = this.rows.length;
		g.setTransform(this.dpr, 0, 0, this.dpr, 0, 0);
		g.fillStyle = this.color("soft");
		g.fillRect(0, 0, w, this.H);
		if (n === 0)
			return;
		const from = this.top / this.row, to = from + (this.H - HEAD) / this.row;
		if (to - from < n) {
			g.fillStyle = this.color("panel");
			g.fillRect(0, from / n * this.H, w, Math.max(6, (to - from) / n * this.H));
			g.strokeStyle = this.color("muted");
			g.strokeRect(0.5, from / n * this.H + 0.5, w - 1, Math.max(6, (to - from) / n * this.H) - 1);
		}
		g.fillStyle = this.color("error");
		let last = -9;
		for (let r = 0; r < n; r++) {
			const y = r / n * this.H;
			if (y - last >= 1 && this.x.marked(this.rows[r])) {
				g.fillRect(4, y, w - 8, 2);
				last = y;
			}
		}
	}

	/* The call nearest to a point. */
	at(px, py) {
		const r = Math.floor((this.top + py - HEAD) / this.row);
		if (py < HEAD || r < 0 || r >= this.rows.length)
			return -1;
		let best = this.rows[r], far = Infinity;
		const spread = Math.max(0, Math.ceil(5 / this.row));
		for (let q = Math.max(0, r - spread); q <= Math.min(this.rows.length - 1, r + spread); q++) {
			const d = Math.abs(this.laneX(this.laneOf(this.rows[q])) - px) + Math.abs(this.y(q) - py) * 4;
			if (d < far) {
				far = d;
				best = this.rows[q];
			}
		}
		return best;
	}
	listen() {
		const c = this.canvas;
		const at = (e, canvas) => {
			const b = canvas.getBoundingClientRect();
			return [e.clientX - b.left, e.clientY - b.top];
		};
		c.addEventListener("wheel", (e) => {
			const unit = e.deltaMode === 1 ? 20 : e.deltaMode === 2 ? this.H : 1;
			if (e.ctrlKey || e.metaKey) {
				this.zoom(Math.exp(-e.deltaY * unit / 300), at(e, c)[1]);
				e.preventDefault();
				return;
			}
			/* At its ends the page scrolls on. */
			const before = [this.top, this.left];
			this.scroll(e.deltaX * unit, e.deltaY * unit);
			if (before[0] !== this.top || before[1] !== this.left)
				e.preventDefault();
		}, { passive: false });
		const fingers = new Map();
		let moved = 0, apart = 0;
		c.addEventListener("pointerdown", (e) => {
			fingers.set(e.pointerId, at(e, c));
			c.setPointerCapture(e.pointerId);
			moved = apart = 0;
		});
		c.addEventListener("pointermove", (e) => {
			const was = fingers.get(e.pointerId), now = at(e, c);
			if (!was)
				return;
			fingers.set(e.pointerId, now);
			if (fingers.size === 2) {
				const [p, q] = [...fingers.values()];
				const d = Math.hypot(p[0] - q[0], p[1] - q[1]);
				if (apart > 0)
					this.zoom(d / apart, (p[1] + q[1]) / 2);
				apart = d;
				moved = 99;
				return;
			}
			moved += Math.abs(now[0] - was[0]) + Math.abs(now[1] - was[1]);
			if (moved > 4)
				this.scroll(was[0] - now[0], was[1] - now[1]);
		});
		const up = (e) => {
			const p = fingers.get(e.pointerId);
			fingers.delete(e.pointerId);
			if (e.type === "pointerup" && p && moved <= 4) {
				const call = this.at(...p);
				if (call >= 0)
					this.choose(call, false);
			}
		};
		c.addEventListener("pointerup", up);
		c.addEventListener("pointercancel", up);
		c.addEventListener("keydown", (e) => this.key(e));
		const seek = (e) => {
			if (e.buttons === 0)
				return;
			const y = at(e, this.map)[1];
			this.top = y / this.H * this.rows.length * this.row - (this.H - HEAD) / 2;
			this.clamp();
			this.draw();
		};
		this.map.addEventListener("pointerdown", (e) => {
			this.map.setPointerCapture(e.pointerId);
			seek(e);
		});
		this.map.addEventListener("pointermove", seek);
		new ResizeObserver(() => this.resize()).observe(c);
		matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.resize());
	}
	key(e) {
		if (e.ctrlKey || e.metaKey || e.altKey)
			return;
		const page = Math.max(1, Math.floor((this.H - HEAD) / this.row) - 1);
		const keys = {
			ArrowDown: () => this.step(1), ArrowUp: () => this.step(-1),
			PageDown: () => this.step(page), PageUp: () => this.step(-page),
			Home: () => this.step(-this.x.n), End: () => this.step(this.x.n),
			ArrowRight: () => this.scroll(80, 0), ArrowLeft: () => this.scroll(-80, 0),
			"+": () => this.zoom(1.5, this.H / 2), "=": () => this.zoom(1.5, this.H / 2),
			"-": () => this.zoom(1 / 1.5, this.H / 2), 0: () => this.fit(false),
			n: () => this.toMarked(1), p: () => this.toMarked(-1),
			Enter: () => this.across(), Escape: () => this.canvas.blur(),
		};
		if (keys[e.key]) {
			keys[e.key]();
			e.preventDefault();
		}
	}
	/* To the other end of the chosen call's first message. */
	across() {
		for (const k of this.chosen >= 0 ? this.messagesOf(this.chosen) : []) {
			const other = this.x.from[k] === this.chosen ? this.x.to[k] : this.x.from[k];
			if (other !== NONE && this.rowOf[other] >= 0) {
				this.choose(other, false);
				return;
			}
		}
	}
}
