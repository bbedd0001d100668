// Elements. Whatever comes from input goes in as text or as the value of an attribute that does nothing.

const SVG = "http://www.w3.org/2000/svg";

/** An element: attributes (false and null: none; a function: listens to the event of that name), then what is in it. */
function make(tag, attributes = {}, ...inside) {
  return filled(document.createElement(tag), attributes, inside);
}

function draw(tag, attributes = {}, ...inside) {
  return filled(document.createElementNS(SVG, tag), attributes, inside);
}

function filled(element, attributes, inside) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...inside.flat(9).filter((part) => part || part === 0));
  return element;
}

function byId(id) {
  return document.getElementById(id);
}

/** A link, where the address is one of the web; else its text. */
function webLink(address, label) {
  if (!/^https:\/\//.test(address)) return label;
  return make("a", { href: address, rel: "noopener noreferrer" }, label);
}

function unseen(text) {
  return make("span", { class: "unseen" }, text);
}

/** Text of input, which may be long, and may run from right to left. */
function name(text) {
  return make("bdi", { class: "name" }, text);
}

function pill(status) {
  return make("span", { class: `pill ${status || "NONE"}` }, status || ["–", unseen("no finding")]);
}

function grade(severity) {
  return make("span", { class: "severity" }, make("span", { class: `dot ${severity}` }), severity);
}

function ruleName(rule) {
  const [first, more] = calledOf(rule);
  return [make("b", {}, first), more && ` ${more}`];
}

function counted(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/** Say something to a screen reader. */
function say(text) {
  byId("said").textContent = text;
}

let names = 0;

/** An ID that no other element has. */
function freshId() {
  names += 1;
  return `x${names}`;
}
