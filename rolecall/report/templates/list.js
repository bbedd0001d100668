// The list of findings, plain or grouped: what is in it, and how one line of it looks.

const OPEN_BY_ITSELF = 60; // groups of so many rows in all are open
let items = []; // what the list has: {group} or {row}, those of a group with level 2
let opened = new Map(); // what someone did to groups, by key

/** Groups of rows in the order in which their worst rows come. */
function grouped(some, by) {
  const groups = new Map();
  for (const row of some) {
    const what = by === "rule" ? row.rule : row.thing;
    if (!groups.has(what)) groups.set(what, { key: what.id, what, by, rows: [] });
    groups.get(what).rows.push(row);
  }
  return [...groups.values()];
}

function itemsOf(some, by) {
  if (!by) return some.map((row) => ({ row, level: 1 }));
  const all = grouped(some, by);
  return all.flatMap((group) => {
    group.open = opened.has(group.key) ? opened.get(group.key) : some.length <= OPEN_BY_ITSELF;
    return [{ group, level: 1 }, ...(group.open ? group.rows.map((row) => ({ row, level: 2 })) : [])];
  });
}

let shownRows = [];

/** Fill the list for the state. */
function showList() {
  shownRows = fitting(state);
  const all = rows.length;
  byId("shown").textContent = `${shownRows.length.toLocaleString("en")} of ${counted(all, "row")}`;
  refill();
}

function refill() {
  items = itemsOf(shownRows, state.group);
  fillVirtual();
}

function toggle(group, open = !group.open) {
  opened.set(group.key, open);
  refill();
}

function lineOf(item, index) {
  const line = item.group ? groupLine(item.group) : rowLine(item.row);
  line.setAttribute("role", "row");
  line.setAttribute("aria-rowindex", index + 2);
  if (state.group) line.setAttribute("aria-level", item.level);
  line.dataset.index = index;
  return line;
}

function cell(look, ...inside) {
  return make("div", { role: "gridcell", class: look }, inside);
}

function groupLine(group) {
  const { what, by } = group;
  const title = by === "rule"
    ? ruleName(what)
    : [make("b", {}, name(what.label)), " ", make("small", {}, [what.account, what.region].filter(Boolean).join(" "))];
  const counts = tallied(group.rows, VALUES.status).map(([status, count]) =>
    make("span", { class: `pill ${status}` }, `${count.toLocaleString("en")} ${status}`));
  const line = make("div", { class: "line group", "aria-expanded": String(group.open) },
    cell("group-title", title), cell("group-counts", counts));
  line.firstChild.setAttribute("aria-colspan", 3);
  line.lastChild.setAttribute("aria-colspan", 2);
  if (by === "resource") {
    line.firstChild.append(" ", make("a", { href: addressWith({ resource: what.id }), tabindex: "-1" }, "details"));
  }
  return line;
}

function rowLine(row) {
  const where = whereOf(row);
  const apart = [where, row.sure === "likely" && joinOf(row)].filter(Boolean).join(" · ");
  return make("div", { class: "line" },
    cell("", grade(row.severity), row.change === "new" && make("span", { class: "new" }, "new")),
    cell("rule", make("span", { class: "one" }, ruleName(row.rule)), make("small", {}, messageOf(row))),
    cell("resource", make("a", { class: "one", href: addressOf(row), tabindex: "-1" }, name(row.thing.label)),
      make("small", {}, name(apart))),
    cell("state", make("span", { class: "label" }, "code "), pill(row.codeStatus)),
    cell("state", make("span", { class: "label" }, "account "), pill(row.liveStatus)));
}

/** The address of the row on the page of its resource. */
function addressOf(row) {
  return addressWith({ resource: row.thing.id, at: row.rule.id });
}
