// The page begins here: it is drawn for the address, and again whenever that changes.

/** Show what the state says; before: what was shown. */
function show(before) {
  const resource = Boolean(state.resource);
  byId("home").hidden = resource;
  byId("resource").hidden = !resource;
  if (resource) {
    showResource();
    document.title = `${byId("resource-title").textContent} – Rolecall report`;
    const title = aimResource();
    if (before) title.focus({ preventScroll: true });
    return;
  }
  document.title = "Rolecall report";
  if (before && before.group !== state.group) opened = new Map();
  if (before && !before.resource) active = 0;
  showFilter();
  showList();
  if (before && before.resource) backToList(before);
}

/** From the page of a resource to the line that led there. */
function backToList(before) {
  const index = items.findIndex(({ row, group }) =>
    row ? row.thing.id === before.resource && (!before.at || row.rule.id === before.at) : group.key === before.resource);
  byId("resource").replaceChildren();
  focusLine(Math.max(0, index));
}

/** Links within the page: to a filter, to a resource, to the findings. */
function onLink(event) {
  const link = event.target.closest("a[href^='#']");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const hash = link.getAttribute("href");
  if (hash !== "#findings") {
    const none = Object.fromEntries([...CHOICES, ...TEXTS].map((key) => [key, ""]));
    go({ ...none, ...readState(hash) });
  }
  if (hash === "#findings" || !link.matches(".back") && !state.resource) {
    if (state.resource) go({ resource: "", at: "" });
    byId("findings").focus({ preventScroll: true });
    byId("findings").scrollIntoView();
  }
}

function onShortcut(event) {
  const typing = event.target.matches("input[type=search]");
  if (event.key === "/" && !event.target.matches("input, select, textarea") && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    if (state.resource) go({ resource: "", at: "" });
    byId("search").focus();
  } else if (event.key === "Escape" && state.resource) {
    go({ resource: "", at: "" });
  } else if (event.key === "Escape" && typing && !event.target.value) {
    focusLine(active);
  } else if (event.key === "ArrowDown" && typing) {
    event.preventDefault();
    focusLine(active);
  }
}

function begin() {
  history.scrollRestoration = "manual";
  makeOverview();
  byId("overview").hidden = !rows.length && report.total > 0;
  byId("findings").hidden = !rows.length;
  makeFilter();
  makeList();
  addEventListener("popstate", onMoved);
  addEventListener("beforeprint", beforePrint);
  addEventListener("afterprint", afterPrint);
  document.addEventListener("click", onLink);
  document.addEventListener("keydown", onShortcut);
  show(null);
  prepareIdly();
  if (location.hash.length > 1 && !state.resource) byId("findings").scrollIntoView();
}

begin();
