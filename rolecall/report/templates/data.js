// The data in the page (rolecall/report/outputs/html.py, html_rows.py): rules, wirings, and blocks of rows.

const report = JSON.parse(byId("report").textContent);
const words = report.words;
const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
const things = new Map();
const blocks = JSON.parse(byId("rows").textContent);
const rows = blocks.flatMap(readBlock);

/** A resource: what rows are of. */
function readThing(block, [id, label, arn, type, account, region]) {
  const known = things.get(id);
  if (known) return known;
  const [typeText, accountText, regionText] = [type, account, region].map((text) => block.strings[text]);
  const thing = { id, label, arn, type: typeText, account: accountText, region: regionText, rows: [] };
  thing.names = [arn, label, accountText, regionText];
  things.set(id, thing);
  return thing;
}

function readBlock(block) {
  const those = block.things.map((thing) => readThing(block, thing));
  const known = block.rules.map((id) => rules.get(id));
  return block.rows.map((raw) => readRow(block, raw, known[raw[0]], those[raw[1]]));
}

/** A row; what only details show is read when they are shown. */
function readRow(block, raw, rule, thing) {
  const row = {
    rule,
    thing,
    severity: words.severities[raw[2] || 0],
    status: words.statuses[raw[3]],
    codeStatus: words.statuses[raw[4] || 0],
    liveStatus: words.statuses[raw[5] || 0],
    found: words.foundKeys[raw[9] || 0],
    joined: words.joinedKeys[raw[10] || 0],
    sure: words.sure[raw[11] || 0],
    change: words.changes[raw[12] || 0],
    block,
    raw,
  };
  thing.rows.push(row);
  return row;
}

/** A text of a row, in which marks stand for names of its resource. */
function textOf(row, number) {
  const text = row.block.strings[number || 0];
  return text.replace(/[\ue000-\ue003]/g, (mark) => row.thing.names[mark.charCodeAt(0) - 0xe000]);
}

function messageOf(row) {
  return textOf(row, row.raw[6]);
}

function codeOf(row) {
  return (row.raw[7] || []).map((raw) => readResult(row, raw));
}

function liveOf(row) {
  return (row.raw[8] || []).map((raw) => readResult(row, raw));
}

function readResult(row, [tools, status, message, address, lines, evidence, waived, time]) {
  const [tool, check, framework, type] = row.block.tools[tools];
  const [reason, owner, expires] = (waived || []).map((text) => textOf(row, text));
  return {
    tool,
    check,
    framework,
    type,
    status: words.statuses[status],
    message: textOf(row, message),
    address: textOf(row, address),
    file: lines ? row.block.strings[lines[0]] : "",
    place: lines ? placeOf(row.block.strings[lines[0]], lines[1], lines[2]) : "",
    evidence: (evidence || []).map((text) => textOf(row, text)),
    waived: waived ? { reason, owner, expires } : null,
    time: row.block.strings[time || 0],
  };
}

function placeOf(file, first, last) {
  if (!first) return file;
  return last > first ? `${file}:${first}-${last}` : `${file}:${first}`;
}

/** Where a row's resource is: account and region, or the first place in the code. */
function whereOf(row) {
  if (row.raw[8] && row.raw[8].length) return [row.thing.account, row.thing.region].filter(Boolean).join(" ");
  const first = codeOf(row)[0];
  return first ? first.place || first.address : "";
}

/** The remediations made for the row's resource, as pairs of form and text; else those of the rule. */
function fixesOf(row) {
  const own = (row.raw[13] || []).map(([form, text]) => ({ form, text: textOf(row, text) }));
  if (own.length || row.status !== "FAIL") return { own: true, fixes: own };
  const general = Object.entries(row.rule.remediation || {}).map(([form, text]) => ({ form, text }));
  return { own: false, fixes: general };
}

/** What a rule is called: its ID and a few words; its title, where nobody knows the ID by heart. */
function calledOf(rule) {
  return rule.short === rule.title ? [rule.title, ""] : [rule.id, rule.short];
}

/** How sure it is that the code and the account speak of one resource, in words; a likely join is never told as a fact. */
function joinOf(row) {
  if (!row.joined) return "";
  const key = words.joined[row.joined];
  return row.sure === "likely" ? `probably the same: ${key}` : `the same: ${key}`;
}
