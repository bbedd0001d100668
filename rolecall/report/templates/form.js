// The form above the list.

function makeFilter() {
  const form = byId("filter");
  const search = make("input", {
    type: "search", id: "search", placeholder: "Search name, rule, ARN, file, message …", "aria-label": "Search",
    "aria-keyshortcuts": "/", autocomplete: "off", spellcheck: "false",
    input: () => go({ q: search.value }, { typing: true }),
  });
  const chips = present.map((status) => make("label", {},
    make("input", { type: "checkbox", name: "status", value: status, change: () => go({ status: checked() }) }),
    status, make("span", {}, rows.filter((row) => row.status === status).length.toLocaleString("en"))));
  const checked = () => {
    const values = [...form.querySelectorAll("[name=status]:checked")].map((box) => box.value);
    return values.length ? values : [NONE];
  };
  form.append(
    search,
    make("button", { type: "button", id: "clear", click: clearFilter }, "Clear"),
    make("div", { class: "chips", role: "group", "aria-label": "Status" }, chips),
    make("div", { class: "selects" }, SELECTS.map(makeSelect),
      make("label", {}, "group by ", make("select", { id: "group", change: (event) => go({ group: event.target.value }) },
        make("option", { value: "" }, "nothing"), make("option", { value: "rule" }, "control"),
        make("option", { value: "resource" }, "resource")))));
  form.addEventListener("submit", (event) => event.preventDefault());
}

const SELECTS = [["severity", "severity"], ["rule", "control"], ["account", "account"], ["region", "region"],
  ["found", "found"], ["change", "baseline"]];
const SAID = {
  rule: (id) => (rules.has(id) ? calledOf(rules.get(id)).filter(Boolean).join(" ") : id),
  found: (key) => words.found[key],
};

/** One choice; nothing where there is nothing to choose between. */
function makeSelect([key, label]) {
  const values = [...new Set(rows.map(VALUES[key]))].filter(Boolean);
  if (values.length < 2) return null;
  const order = key === "severity" ? words.severities : values.sort();
  const options = order.filter((value) => values.includes(value))
    .map((value) => make("option", { value }, (SAID[key] && SAID[key](value)) || value));
  const select = make("select", { "data-key": key, change: () => go({ [key]: select.value ? [select.value] : [] }) },
    make("option", { value: "" }, "any"), options);
  return make("label", {}, `${label} `, select);
}

function clearFilter() {
  go(Object.fromEntries([...CHOICES, "q"].map((key) => [key, ""])));
  byId("search").focus();
}

/** Bring the form in line with the state. */
function showFilter() {
  const search = byId("search");
  if (search.value !== (state.q || "")) search.value = state.q || "";
  const wanted = state.status || USUAL;
  for (const box of document.querySelectorAll("[name=status]")) box.checked = wanted.includes(box.value);
  for (const select of document.querySelectorAll("[data-key]")) {
    const values = state[select.dataset.key] || [];
    for (const several of select.querySelectorAll(".several")) several.remove();
    const there = values.length === 1 && [...select.options].some((option) => option.value === values[0]);
    if (values.length && !there) select.append(make("option", { class: "several", value: values.join(",") }, values.join(", ")));
    select.value = values.join(",");
  }
  byId("group").value = state.group || "";
  byId("clear").hidden = !CHOICES.some((key) => state[key]) && !state.q;
}
