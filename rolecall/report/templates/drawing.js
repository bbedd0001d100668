// What is wired to a function, as a drawing and as a list that says the same.

const WIDTH = 1092;
const BOX = { left: 2, middle: 436, right: 810, width: 280, own: 220, height: 46, gap: 12 };
const MOST_DRAWN = 8; // on each side; the list has all
const SAYS = {
  FAIL: { mark: "✕", words: "broken" },
  ERROR: { mark: "!", words: "rule broke" },
  UNKNOWN: { mark: "?", words: "not known" },
  MUTED: { mark: "–", words: "muted" },
  PASS: { mark: "✓", words: "works" },
};
const ROLE_STATES = { there: "", missing: "is missing", unknown: "not known" };

/** The ends of a wiring, each with what it is, what is said of it, and where it stands. */
function endsOf(wiring) {
  const list = (key) => wiring[key] || [];
  const left = [
    ...list("invokers").map((end) => ({ ...end, sort: "invokes it", rules: end.rule ? [end.rule] : [],
      note: end.role ? `with the role ${end.role}` : "" })),
    ...list("sources").map((end) => ({ ...end, sort: "is polled for it", note: "" })),
  ];
  const right = list("destinations").map((end) => ({ ...end, sort: end.purpose || "destination", note: "" }));
  return { left, right, role: roleEnd(wiring.role) };
}

function roleEnd(role) {
  const what = role.name || role.address || role.arn || "a role that is not known";
  return { what, sort: "execution role", status: role.status, rules: role.rules || [], state: role.state || "unknown",
    note: ROLE_STATES[role.state || "unknown"] };
}

function drawWiring(wiring) {
  const { left, right, role } = endsOf(wiring);
  const [drawnLeft, drawnRight] = [few(left), few([role, ...right])];
  const tall = Math.max(drawnLeft.length, drawnRight.length, 1);
  const high = tall * (BOX.height + BOX.gap) + BOX.gap;
  const middle = high / 2;
  const title = freshId();
  const start = left.length ? 0 : BOX.middle - 2;
  const picture = draw("svg", { viewBox: `${start} 0 ${WIDTH - start} ${high}`, role: "img", "aria-labelledby": title, class: "drawing" },
    draw("title", { id: title }, `What is wired to ${wiring.name}: the list below says the same`));
  picture.style.setProperty("max-width", `${WIDTH - start}px`);
  picture.style.setProperty("min-width", `${0.7 * (WIDTH - start)}px`);
  const placed = (ends) => ends.map((end, at) => ({ end, y: middle + (at - (ends.length - 1) / 2) * (BOX.height + BOX.gap) }));
  for (const { end, y } of placed(drawnLeft)) picture.append(...edge(BOX.left + BOX.width, y, BOX.middle, middle, end, 0.4));
  for (const { end, y } of placed(drawnRight)) picture.append(...edge(BOX.middle + BOX.own, middle, BOX.right, y, end, 0.6));
  for (const { end, y } of placed(drawnLeft)) picture.append(box(BOX.left, y, BOX.width, end));
  for (const { end, y } of placed(drawnRight)) picture.append(box(BOX.right, y, BOX.width, end));
  picture.append(box(BOX.middle, middle, BOX.own, { what: wiring.name, sort: "function", own: true }));
  return make("figure", { class: "wiring" },
    make("figcaption", {}, titleOf(wiring), wiring.place && make("span", { class: "where" }, " ", name(wiring.place))),
    make("div", { class: "wide", tabindex: "0", role: "group", "aria-label": titleOf(wiring) }, picture),
    asList(wiring, [...left, role, ...right]));
}

function titleOf(wiring) {
  return wiring.framework === "live" ? "Wired in the account" : `Wired in code (${wiring.framework})`;
}

/** The first ends, and how many more there are. */
function few(ends) {
  if (ends.length <= MOST_DRAWN) return ends;
  const rest = ends.length - MOST_DRAWN + 1;
  return [...ends.slice(0, MOST_DRAWN - 1), { what: `${rest} more, see the list`, sort: "", rest: true }];
}

function shortened(text, most) {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
}

/** A box around the middle of its left side. */
function box(x, y, width, end) {
  const lost = end.state === "missing" || end.rest;
  const look = ["box", end.own ? "own" : "", lost ? "lost" : "", end.status || ""].join(" ");
  const top = y - BOX.height / 2;
  const small = [end.sort, end.note].filter(Boolean).join(", ");
  const most = Math.floor((width - 24) / 7.9);
  return draw("g", { class: look }, draw("title", {}, `${small}: ${end.what}`),
    draw("rect", { x, y: top, width, height: BOX.height, rx: 8 }),
    draw("text", { x: x + 12, y: top + (small ? 19 : 28), class: "what" }, shortened(end.what, most)),
    small && draw("text", { x: x + 12, y: top + 36, class: "sort" }, shortened(small, most + 6)));
}

/** A line with an arrow; on one that is broken a cross and the word, so that it is not told by the colour alone.
 *  at: how far along the line that stands, where it is nearer to the outer end: there lines are apart. */
function edge(fromX, fromY, toX, toY, end, at) {
  const bend = (fromX + toX) / 2;
  const along = (from, first, second, to) =>
    from * (1 - at) ** 3 + 3 * first * at * (1 - at) ** 2 + 3 * second * at ** 2 * (1 - at) + to * at ** 3;
  const [x, y] = [along(fromX, bend, bend, toX), along(fromY, fromY, toY, toY)];
  const said = SAYS[end.status];
  const marked = said && end.status !== "PASS";
  const text = marked ? `${said.mark} ${said.words}` : "";
  const half = 8 + text.length * 3.6;
  return [
    draw("path", { class: `edge ${end.status || "NONE"}`, d: `M${fromX} ${fromY}C${bend} ${fromY} ${bend} ${toY} ${toX - 7} ${toY}` }),
    draw("path", { class: `tip ${end.status || "NONE"}`, d: `M${toX - 9} ${toY - 5}L${toX} ${toY}L${toX - 9} ${toY + 5}Z` }),
    marked && draw("g", { class: `mark ${end.status}` },
      draw("rect", { x: x - half, y: y - 10, width: 2 * half, height: 20, rx: 10 }),
      draw("text", { x, y: y + 4, "text-anchor": "middle" }, text)),
  ].filter(Boolean);
}

/** The drawing in words, with all that the drawing has no room for. */
function asList(wiring, ends) {
  const left = wiring.left_out || 0;
  const broken = ends.some((end) => end.status === "FAIL");
  return make("details", { class: "in-words", open: broken },
    make("summary", {}, "In words"),
    make("ul", {}, ends.map((end) => make("li", { class: end.status === "FAIL" ? "broken" : "" },
      make("span", { class: "soft" }, `${[end.sort, end.note].filter(Boolean).join(", ")}: `), name(end.what),
      end.status ? ` – ${SAYS[end.status].words}` : " – not judged",
      (end.rules || []).length > 0 && ` (${end.rules.join(", ")})`,
      end.message && end.status !== "PASS" && make("div", { class: "message" }, end.message)))),
    left > 0 && make("p", { class: "soft" }, `${counted(left, "more edge")} not in the trace.`),
    wiring.more && make("p", { class: "soft" }, "There may be more that invokes it: not all kinds of invokers were read."));
}
