// The page of one resource: what it is, what is wired to it, and all that was found on it.

const MOST_AT_ONCE = 100;

function showResource() {
  const page = byId("resource");
  const thing = things.get(state.resource);
  page.replaceChildren(make("a", { href: addressWith({}), class: "back" }, "← All findings"));
  if (!thing) {
    page.append(make("h2", { tabindex: "-1", id: "resource-title" }, "This resource is not in this page"));
    return;
  }
  const listed = thing.rows.filter((row) => row.status !== "PASS" || row.rule.id === state.at);
  const passing = thing.rows.filter((row) => !listed.includes(row));
  const wirings = (report.wirings || []).filter((wiring) => wiring.resource === thing.id);
  const title = make("h2", { tabindex: "-1", id: "resource-title" }, name(thing.label));
  page.append(title, factsOf(thing), ...wirings.map(drawWiring), ...inParts(listed), passingOf(passing));
}

/** What is known of the resource itself. */
function factsOf(thing) {
  const joined = [...new Set(thing.rows.map(joinOf).filter(Boolean))];
  const code = placesOf(thing);
  const facts = [
    ["Type", thing.type],
    ["ARN", thing.arn],
    ["Account", thing.account],
    ["Region", thing.region],
    ["In code", code.slice(0, 8).concat(code.length > 8 ? [`and ${code.length - 8} more places`] : [])],
    ["Code and account", joined],
  ].filter(([, value]) => value.length);
  return make("dl", { class: "facts" }, facts.map(([label, value]) =>
    make("div", {}, make("dt", {}, label), [value].flat().map((text) => make("dd", {}, name(text))))));
}

/** Where it is in the code: of each address the first place, since tools count the lines of a block differently. */
function placesOf(thing) {
  const places = new Map();
  for (const { file, place, address } of thing.rows.flatMap(codeOf)) {
    const key = `${file} ${address}`;
    if (!places.has(key)) places.set(key, [place, address].filter(Boolean).join(" "));
  }
  return [...places.values()];
}

/** Findings, and a button for those beyond the first. */
function inParts(some) {
  const more = some.slice(MOST_AT_ONCE);
  const button = make("button", { type: "button", click: () => {
    const [first, ...others] = inParts(more);
    button.replaceWith(first, ...others);
    first.querySelector("h3").focus();
  } }, `Show ${counted(more.length, "more finding")}`);
  return [...some.slice(0, MOST_AT_ONCE).map((row) => findingOf(row)), ...(more.length ? [button] : [])];
}

function passingOf(some) {
  if (!some.length) return "";
  return make("details", { class: "passing" },
    make("summary", {}, `${counted(some.length, "control")} ${some.length === 1 ? "passes" : "pass"}`),
    make("ul", { class: "lines" }, some.map((row) => make("li", {},
      make("a", { href: writeState({ ...state, at: row.rule.id }) }, ruleName(row.rule)), " ", make("small", {}, messageOf(row))))));
}

/** A row in full; named: with the name of its resource, where it does not stand on the page of that. */
function findingOf(row, named = false) {
  const [code, live] = [codeOf(row), liveOf(row)];
  const { rule } = row;
  const label = freshId();
  return make("article", { class: "finding", "data-rule": rule.id, "aria-labelledby": label },
    make("div", { class: "finding-head" },
      make("h3", { id: label, tabindex: "-1" }, ruleName(rule), named && [" – ", name(row.thing.label)]),
      make("div", { class: "marks" }, pill(row.status), grade(row.severity), row.change && make("span", { class: row.change }, row.change))),
    make("p", { class: "title" }, rule.title === rule.short ? rule.id : `${rule.title}.`),
    row.found && report.bothSides && make("p", { class: "found" }, make("b", {}, words.found[row.found]), row.joined && ` – ${joinOf(row)}`),
    make("div", { class: "sides" }, side("In code", code, row.raw[14]), side("In the account", live, row.raw[15])),
    remedyOf(row, [...live, ...code]),
    aboutOf(rule));
}

function side(title, results, more = 0) {
  if (!results.length) return null;
  return make("div", { class: "side" }, make("h4", {}, title), results.map((result) => make("div", { class: "result" },
    make("p", {}, pill(result.status), " ", make("span", { class: "message" }, result.message)),
    result.waived && make("p", { class: "waived" }, waiverOf(result.waived)),
    result.evidence.length > 0 && make("ul", { "aria-label": "Evidence" }, result.evidence.map((fact) => make("li", {}, fact))),
    make("p", { class: "where" }, [result.address, result.place, result.framework !== "live" && result.framework,
      `${result.tool} ${result.check}`, result.time].filter(Boolean).map((part) => make("span", {}, name(part)))))),
    more > 0 && make("p", { class: "soft" }, `${counted(more, "more result")} in the report’s other files.`));
}

function waiverOf({ reason, owner, expires }) {
  const parts = [`Waived: ${reason || "no reason given"}`, owner && `owner ${owner}`, expires && `until ${expires}`];
  return parts.filter(Boolean).join(" · ");
}

/** What is said of the rule itself. */
function aboutOf(rule) {
  const called = Object.entries(rule.names || {}).map(([tool, those]) => `${tool}: ${those.join(", ")}`).filter((text) => !text.endsWith(": "));
  const links = (rule.links || []).filter(Boolean);
  if (!rule.description && !rule.risk && !links.length && !called.length) return null;
  return make("details", { class: "about" },
    make("summary", {}, "About this control"),
    rule.description && make("p", {}, rule.description),
    rule.risk && make("p", {}, make("b", {}, "Risk: "), rule.risk),
    links.length > 0 && make("ul", {}, links.map((link) => make("li", {}, webLink(link, link)))),
    called.length > 0 && make("p", { class: "soft" }, called.join(" · ")));
}

/** Bring into sight what the page was opened for; returns its title. */
function aimResource() {
  const sections = [...byId("resource").querySelectorAll("[data-rule]")];
  const wanted = sections.find((section) => section.dataset.rule === state.at);
  scrollTo(0, 0);
  if (wanted && wanted !== sections[0]) wanted.scrollIntoView({ block: "start" });
  return wanted ? wanted.querySelector("h3") : byId("resource-title");
}
