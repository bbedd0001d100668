// The overview: what fails, counted in some ways. Every bar is a link to what it counts.

const MOST_BARS = 8;

function makeOverview() {
  const failing = rows.filter((row) => row.status === "FAIL");
  if (!failing.length) {
    byId("charts").append(make("p", { class: "none" }, rows.length ? "Nothing fails." : "There are no findings in the inputs."));
    return;
  }
  byId("charts").append(
    ...[
      chart("Failing, by severity", severities(failing)),
      chart("Code against cloud", report.bothSides ? places(failing) : []),
      chart("Against the baseline", bars("change", tallied(failing, VALUES.change))),
      chart("Failing, by control", bars("rule", tallied(failing, VALUES.rule)), { group: "rule" }),
      chart("Failing, by account and region", accounts(failing), { group: "resource" }),
    ].filter(Boolean),
  );
}

function severities(failing) {
  const counts = new Map(tallied(failing, VALUES.severity));
  return words.severities.filter((severity) => counts.has(severity)).map((severity) => {
    const those = failing.filter((row) => row.severity === severity);
    const [code, live] = ["codeStatus", "liveStatus"].map((side) => those.filter((row) => row[side] === "FAIL").length);
    const note = report.bothSides ? `${code.toLocaleString("en")} in code, ${live.toLocaleString("en")} in account` : "";
    return { label: severity, count: counts.get(severity), changes: { severity: [severity] }, look: severity, note };
  });
}

function places(failing) {
  const counts = new Map(tallied(failing, VALUES.found));
  return Object.keys(words.found).filter((key) => counts.has(key))
    .map((key) => ({ label: words.found[key], count: counts.get(key), changes: { found: [key] } }));
}

function accounts(failing) {
  const key = (row) => [VALUES.account(row), VALUES.region(row)].join("\n");
  return tallied(failing, key).map(([place, count]) => {
    const [account, region] = place.split("\n");
    const known = [account, region].filter((part) => part !== NONE);
    return { label: known.join(" ") || "account not known (code)", count, changes: { account: [account], region: [region] } };
  });
}

function bars(key, counts) {
  return counts.map(([value, count]) => ({ label: (SAID[key] && SAID[key](value)) || value, count, changes: { [key]: [value] } }));
}

/** A small bar chart; more: changes of the state that list all of what it counts. */
function chart(title, some, more = {}) {
  if (!some.length) return null;
  const most = Math.max(...some.map((one) => one.count));
  const id = freshId();
  const rest = some.length - MOST_BARS;
  return make("div", { class: "chart" },
    make("h3", { id }, title),
    make("ul", { "aria-labelledby": id }, some.slice(0, MOST_BARS).map((one) => make("li", {}, bar(one, most)))),
    rest > 0 && stateLink({ status: ["FAIL"], ...more }, "more", `and ${rest.toLocaleString("en")} more`));
}

function bar({ label, count, changes, note = "", look = "any" }, most) {
  const width = Math.max(1, (100 * count) / most);
  return stateLink({ status: ["FAIL"], ...changes }, "bar",
    make("span", { class: "bar-label" }, name(label), note && make("small", {}, note)),
    make("span", { class: "bar-count" }, count.toLocaleString("en")),
    draw("svg", { "aria-hidden": "true", width: "100%", height: "6" },
      draw("rect", { class: `fill ${look}`, width: `${width}%`, height: "6", rx: "3" })));
}

/** A link to the list with some filters, and no others. */
function stateLink(changes, look, ...inside) {
  return make("a", { href: writeState(changes), class: look, "data-filter": true }, inside);
}
