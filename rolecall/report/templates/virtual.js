// The list draws only the lines that are in sight; arrow keys walk through all of it.
// The pattern: https://www.w3.org/WAI/ARIA/apg/patterns/treegrid/

const BEYOND = 10; // lines that are drawn above and below what is in sight
let grid, body, height;
let active = 0; // the line that has the focus, or gets it
const drawn = new Map(); // lines by index

function makeList() {
  const titles = ["Severity", "Control and finding", "Resource", "In code", "In account"];
  body = make("div", { class: "body", role: "rowgroup" });
  grid = make("div", { class: "list", role: "grid", "aria-labelledby": "findings-title", "aria-colcount": 5, keydown: onKey, click: onClick, focusin: onFocus },
    make("div", { role: "rowgroup" }, make("div", { class: "head", role: "row", "aria-rowindex": 1 },
      titles.map((title) => make("div", { role: "columnheader" }, title)))),
    body);
  byId("list").append(grid, make("p", { id: "nothing", class: "none", hidden: true }, "Nothing matches."));
  addEventListener("scroll", later(drawLines), { passive: true });
  addEventListener("resize", later(fillVirtual));
}

/** The function, called once before the next frame. */
function later(work) {
  let due = false;
  return () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      work();
    });
  };
}

/** Begin anew with other items. */
function fillVirtual() {
  for (const line of drawn.values()) line.remove();
  drawn.clear();
  active = Math.max(0, Math.min(active, items.length - 1));
  grid.setAttribute("role", state.group ? "treegrid" : "grid");
  grid.setAttribute("aria-rowcount", items.length + 1);
  grid.hidden = !items.length;
  byId("nothing").hidden = items.length > 0;
  height = parseFloat(getComputedStyle(grid).getPropertyValue("--line-height"));
  body.style.setProperty("height", `${items.length * height}px`);
  drawLines();
}

function drawLines() {
  if (!items.length || byId("home").hidden) return;
  const top = -body.getBoundingClientRect().top;
  const first = Math.max(0, Math.floor(top / height) - BEYOND);
  const last = Math.min(items.length, Math.ceil((top + innerHeight) / height) + BEYOND);
  const focused = body.contains(document.activeElement) ? active : -1;
  for (const [index, line] of drawn) {
    if ((index < first || index >= last) && index !== focused) {
      line.remove();
      drawn.delete(index);
    }
  }
  for (let index = first; index < last; index += 1) drawLine(index);
}

/** The line of an item; in the page they stand in the order of the list. */
function drawLine(index) {
  if (drawn.has(index)) return drawn.get(index);
  const line = lineOf(items[index], index);
  line.tabIndex = index === active ? 0 : -1;
  line.style.setProperty("top", `${index * height}px`);
  let next = null;
  for (const [other, there] of drawn) {
    if (other > index && (next === null || other < Number(next.dataset.index))) next = there;
  }
  body.insertBefore(line, next);
  drawn.set(index, line);
  return line;
}

/** Give a line the focus, and bring it into sight. */
function focusLine(index) {
  const to = Math.max(0, Math.min(index, items.length - 1));
  if (!items.length) return;
  const before = drawn.get(active);
  if (before) before.tabIndex = -1;
  active = to;
  const line = drawLine(active);
  line.tabIndex = 0;
  line.focus({ preventScroll: true });
  line.scrollIntoView({ block: "nearest" });
}

function onFocus(event) {
  const line = event.target.closest(".line");
  if (!line) return;
  const before = drawn.get(active);
  if (before) before.tabIndex = -1;
  active = Number(line.dataset.index);
  line.tabIndex = 0;
}

const KEYS = {
  ArrowDown: () => focusLine(active + 1),
  ArrowUp: () => focusLine(active - 1),
  PageDown: () => focusLine(active + Math.floor(innerHeight / height) - 1),
  PageUp: () => focusLine(active - Math.floor(innerHeight / height) + 1),
  Home: () => focusLine(0),
  End: () => focusLine(items.length - 1),
  Enter: () => openItem(items[active]),
  " ": () => openItem(items[active]),
  ArrowRight: () => unfold(items[active], true),
  ArrowLeft: () => unfold(items[active], false),
};

function onKey(event) {
  const act = KEYS[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || !event.target.classList.contains("line")) return;
  event.preventDefault();
  act();
}

function onClick(event) {
  const line = event.target.closest(".line");
  if (!line || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  active = Number(line.dataset.index);
  const link = event.target.closest("a");
  event.preventDefault();
  if (link && items[active].group) go({ resource: items[active].group.key, at: "" });
  else if (String(getSelection()) === "") openItem(items[active]);
}

function openItem({ group, row }) {
  if (row) go({ resource: row.thing.id, at: row.rule.id });
  else unfold({ group }, !group.open);
}

/** Open or close a group; from within one, Left goes to its head. */
function unfold({ group }, open) {
  if (group) {
    if (group.open !== open) toggle(group, open);
    focusLine(active);
  } else if (!open && state.group) {
    let head = active;
    while (!items[head].group) head -= 1;
    focusLine(head);
  }
}
