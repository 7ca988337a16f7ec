/* SPDX-FileCopyrightText: 2026 The NetCheck authors
 * SPDX-License-Identifier: MIT
 *
 * A table that sorts by its heads and filters by what is typed; rows are made
 * a page at a time, so that a hundred thousand of them are no burden. */

const PAGE = 25, MORE = 250;

/* columns: { name, value(row), number, wrap, bad(row), go(row) } */
function makeTable(section, noun, columns, rows) {
	if (rows.length === 0) {
		section.append(el("p", { className: "muted" }, "None."));
		return;
	}
	let shown = rows, limit = PAGE, sorted = -1, down = false;
	const body = el("tbody");
	const status = el("span", { className: "muted", role: "status" });
	const more = el("button", { type: "button", className: "more" });
	const input = el("input", { type: "search", placeholder: "Filter", spellcheck: false });
	input.setAttribute("aria-label", "Filter the " + noun + "s");
	const heads = columns.map((c, i) => {
		const b = el("button", { type: "button" }, c.name);
		const th = el("th", { scope: "col", className: c.number ? "n" : "" }, b);
		b.addEventListener("click", () => {
			down = sorted === i ? !down : Boolean(c.number);
			sorted = i;
			heads.forEach((h) => h.removeAttribute("aria-sort"));
			th.setAttribute("aria-sort", down ? "descending" : "ascending");
			refresh();
		});
		return th;
	});
	const texts = new Map();
	const textOf = (row) => {
		if (!texts.has(row))
			texts.set(row, columns.map((c) => c.value(row) ?? "").join("\t").toLowerCase());
		return texts.get(row);
	};
	const cell = (c, row) => {
		const v = c.value(row), td = el("td", { className: (c.number ? "n " : "") + (c.wrap ? "wrap " : "") + (c.bad && c.bad(row) ? "bad" : "") });
		const text = v === null || v === undefined ? "" : c.number ? v.toLocaleString("en") : String(v);
		if (c.go)
			td.append(el("button", { type: "button", className: "plain", onclick: () => c.go(row) }, text));
		else
			td.append(text);
		return td;
	};
	const fill = () => {
		body.replaceChildren(...shown.slice(0, limit).map((row) => el("tr", {}, ...columns.map((c) => cell(c, row)))));
		const n = Math.min(limit, shown.length);
		status.textContent = (n < shown.length ? "the first " + n.toLocaleString("en") + " of " : "") + (shown.length < rows.length ? shown.length.toLocaleString("en") + " of " : "") + plural(rows.length, noun);
		more.hidden = n === shown.length;
		more.textContent = "Show " + Math.min(MORE, shown.length - n) + " more";
	};
	const refresh = () => {
		const words = input.value.toLowerCase().split(/\s+/).filter((w) => w);
		shown = words.length ? rows.filter((r) => words.every((w) => textOf(r).includes(w))) : rows.slice();
		if (sorted >= 0) {
			const c = columns[sorted], sign = down ? -1 : 1;
			const order = new Intl.Collator("en", { numeric: true });
			shown.sort((a, b) => {
				const p = c.value(a), q = c.value(b);
				const none = (p === null || p === undefined) - (q === null || q === undefined);
				return none || sign * (c.number ? p - q : order.compare(p, q));
			});
		}
		limit = PAGE;
		fill();
	};
	let timer = 0;
	input.addEventListener("input", () => {
		clearTimeout(timer);
		timer = setTimeout(refresh, rows.length > 2000 ? 150 : 0);
	});
	more.addEventListener("click", () => {
		limit += MORE;
		fill();
	});
	section.append(el("div", { className: "tools" }, input, status),
		el("div", { className: "scroll" }, el("table", {}, el("thead", {}, el("tr", {}, ...heads)), body)),
		more);
	fill();
}
