// Which rows fit.

const VALUES = {
  status: (row) => row.status,
  severity: (row) => row.severity,
  rule: (row) => row.rule.id,
  account: (row) => row.thing.account || NONE,
  region: (row) => row.thing.region || NONE,
  found: (row) => row.found,
  change: (row) => row.change,
};

/** The rows that fit a state, the worst first. */
function fitting(what) {
  const chosen = CHOICES.map((key) => [VALUES[key], what[key] || (key === "status" ? USUAL : null)])
    .filter(([, values]) => values)
    .map(([value, values]) => [value, new Set(values)]);
  const searched = (what.q || "").toLowerCase().split(/\s+/).filter(Boolean);
  const tests = searched.map(wordTest);
  return rows.filter(
    (row) => chosen.every(([value, values]) => values.has(value(row))) && tests.every((fits) => fits(row)),
  );
}

/** Whether a word is in a row: in what its rule is called, in the names of its resource, or in what is said of it. */
function wordTest(word) {
  const byRule = new Map(report.rules.map((rule) => [rule, ruleWords(rule).includes(word)]));
  const byThing = new Map();
  const byBlock = new Map();
  return (row) => {
    if (byRule.get(row.rule)) return true;
    let found = byThing.get(row.thing);
    if (found === undefined) byThing.set(row.thing, (found = thingWords(row.thing).includes(word)));
    if (found) return true;
    let inBlock = byBlock.get(row.block);
    if (inBlock === undefined) byBlock.set(row.block, (inBlock = lookedUp(row.block, word)));
    return isSaid(row, word, inBlock);
  };
}

const [NOT, YES, MAYBE] = [0, 1, 2];

/** Which texts of a block have a word; maybe: only with the names of a row in it. */
function lookedUp(block, word) {
  prepare(block);
  const texts = Uint8Array.from(block.lower, (text, number) =>
    text.includes(word) ? YES : block.parts[number] && straddles(block.parts[number], word) ? MAYBE : NOT);
  return { texts, checks: block.checks.map((check) => check.includes(word)) };
}

/** Make what a search goes through. */
function prepare(block) {
  if (block.lower) return;
  block.lower = block.strings.map((text) => text.toLowerCase());
  block.parts = block.lower.map((text) => (/[\ue000-\ue003]/.test(text) ? text.split(/[\ue000-\ue003]/) : null));
  block.checks = block.tools.map((tool) => tool[1].toLowerCase());
}

/** Do so before someone searches, while there is nothing else to do. */
function prepareIdly() {
  const idly = window.requestIdleCallback || ((work) => setTimeout(work, 50));
  const works = [...blocks.map((block) => () => prepare(block)), () => things.forEach(thingWords)];
  const step = () => {
    const work = works.shift();
    if (!work) return;
    work();
    idly(step);
  };
  idly(step);
}

/** Whether a word may lie across a mark: it begins with what stands before one, ends with what stands behind one, or
 *  has all that stands between two in it. */
function straddles(parts, word) {
  for (let length = 1; length < word.length; length += 1) {
    const [begin, end] = [word.slice(0, length), word.slice(-length)];
    if (parts.some((part, at) => (at < parts.length - 1 && part.endsWith(begin)) || (at > 0 && part.startsWith(end)))) return true;
  }
  return parts.slice(1, -1).some((part) => word.includes(part));
}

/** Whether a word is in messages, addresses, files, evidence or checks of a row. */
function isSaid(row, word, { texts, checks }) {
  const has = (number) => {
    const found = texts[number || 0];
    return found === YES || (found === MAYBE && textOf(row, number).toLowerCase().includes(word));
  };
  const inResult = (raw) =>
    checks[raw[0]] || has(raw[2]) || has(raw[3]) || (raw[4] && has(raw[4][0])) || (raw[5] && raw[5].some(has));
  const { raw } = row;
  return has(raw[6]) || (raw[7] && raw[7].some(inResult)) || (raw[8] && raw[8].some(inResult));
}

function ruleWords(rule) {
  if (!rule.words) {
    const called = Object.values(rule.names || {}).flat();
    rule.words = [rule.id, rule.title, rule.short, ...called].join("\n").toLowerCase();
  }
  return rule.words;
}

function thingWords(thing) {
  if (!thing.words) thing.words = [thing.label, thing.arn, thing.type, thing.account, thing.region].join("\n").toLowerCase();
  return thing.words;
}

/** How many of some rows have each value, the most first. */
function tallied(some, value) {
  const counts = new Map();
  for (const row of some) {
    const key = value(row);
    if (key) counts.set(key, (counts.get(key) || 0) + 1);
  }
  return [...counts].sort((one, other) => other[1] - one[1]);
}
