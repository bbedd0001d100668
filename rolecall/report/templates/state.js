// What the page shows is in the address, behind the #: it can be shared, and Back works.

const CHOICES = ["status", "severity", "rule", "account", "region", "found", "change"];
const TEXTS = ["q", "group", "resource", "at"];
const NONE = "none"; // an account or region that is not known; no status at all
const hasOthers = rows.some((row) => row.status !== "PASS");
const present = words.statuses.filter((status) => status && rows.some((row) => row.status === status));
const USUAL = present.filter((status) => !hasOthers || status !== "PASS");

let state = readState(location.hash);

function decoded(text) {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** What an address says; whatever else it holds means nothing. */
function readState(hash) {
  const read = {};
  for (const part of hash.replace(/^#/, "").split("&")) {
    const [key, ...rest] = part.split("=");
    const value = rest.join("=");
    if (CHOICES.includes(key) && value) read[key] = value.split(",").map(decoded);
    if (TEXTS.includes(key) && value) read[key] = decoded(value);
  }
  if (!["rule", "resource"].includes(read.group)) delete read.group;
  return read;
}

function writeState(what) {
  const parts = CHOICES.filter((key) => what[key] && what[key].length && !isUsual(key, what[key])).map(
    (key) => `${key}=${what[key].map(encodeURIComponent).join(",")}`,
  );
  const texts = TEXTS.filter((key) => what[key]).map((key) => `${key}=${encodeURIComponent(what[key])}`);
  return `#${[...parts, ...texts].join("&")}`;
}

function isUsual(key, values) {
  return key === "status" && USUAL.length === values.length && USUAL.every((status) => values.includes(status));
}

/** The address of what is shown now, but for some changes. */
function addressWith(changes) {
  return writeState({ ...state, resource: "", at: "", ...changes });
}

let laterWritten = 0;

/** Show something else. Every step is one that Back undoes, but for those that follow each other while someone types. */
function go(changes, { typing = false } = {}) {
  clearTimeout(laterWritten);
  const before = state;
  state = readState(writeState({ ...state, ...changes }));
  const write = () => history.replaceState({ y: scrollY }, "", writeState(state));
  if (typing && before.q) laterWritten = setTimeout(write, 300); // browsers allow only so many changes of the address
  else {
    history.replaceState({ y: scrollY }, "");
    history.pushState(null, "", writeState(state));
  }
  show(before);
}

function onMoved(event) {
  clearTimeout(laterWritten);
  const before = state;
  state = readState(location.hash);
  show(before);
  const y = event.state && event.state.y;
  if (y !== undefined && y !== null && !state.resource) scrollTo(0, y);
}
