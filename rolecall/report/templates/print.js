// On paper: the overview, and what the list shows in full; or the page of one resource.

const MOST_PRINTED = 500;

function beforePrint() {
  const paper = byId("print");
  if (state.resource) return;
  const those = shownRows.slice(0, MOST_PRINTED);
  const rest = shownRows.length - those.length;
  paper.replaceChildren(
    make("h2", {}, "Findings"),
    make("p", {}, `${byId("shown").textContent}${describedState()}`),
    ...those.map((row) => findingOf(row, true)),
    rest > 0 ? make("p", { class: "notice" }, `${counted(rest, "more row")} not printed: choose fewer with the filters.`) : "",
  );
}

function describedState() {
  const parts = CHOICES.filter((key) => state[key]).map((key) => `${key} ${state[key].join(" or ")}`);
  if (state.q) parts.push(`with “${state.q}”`);
  return parts.length ? `: ${parts.join(", ")}` : "";
}

function afterPrint() {
  byId("print").replaceChildren();
}
