// Remediations: words, and the forms to copy.

const FORMS = { cli: "AWS CLI", terraform: "Terraform", cloudformation: "CloudFormation", serverless: "Serverless Framework" };
const FIRST = { terraform: "terraform", terraform_plan: "terraform", cloudformation: "cloudformation", sam: "cloudformation", serverless: "serverless", live: "cli" };

function remedyOf(row, results) {
  const { own, fixes } = fixesOf(row);
  if (!fixes.length) return null;
  const texts = fixes.filter((fix) => fix.form === "text");
  const forms = Object.keys(FORMS).filter((form) => fixes.some((fix) => fix.form === form));
  const failing = results.find((result) => result.status === "FAIL") || results[0];
  const wanted = FIRST[failing.framework];
  return make("section", { class: "remedy" },
    make("h4", {}, "Fix"),
    texts.map((fix) => make("p", {}, fix.text)),
    !own && forms.length > 0 && make("p", { class: "soft" }, "In general; names have to be filled in:"),
    forms.length > 0 && tabs(forms, forms.includes(wanted) ? wanted : forms[0], (form) =>
      fixes.filter((fix) => fix.form === form).map((fix) => copyable(fix.text, FORMS[form]))));
}

/** Tabs: https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ On paper all panels show. */
function tabs(forms, first, inside) {
  const ids = forms.map(() => [freshId(), freshId()]);
  const buttons = forms.map((form, at) => make("button", { type: "button", role: "tab", id: ids[at][0],
    "aria-controls": ids[at][1], click: () => choose(at) }, FORMS[form]));
  const panels = forms.map((form, at) => make("div", { role: "tabpanel", id: ids[at][1], "aria-labelledby": ids[at][0] },
    make("p", { class: "on-paper", "aria-hidden": "true" }, FORMS[form]), inside(form)));
  const choose = (chosen) => buttons.forEach((button, at) => {
    button.setAttribute("aria-selected", String(at === chosen));
    button.tabIndex = at === chosen ? 0 : -1;
    panels[at].classList.toggle("off", at !== chosen);
  });
  const onArrow = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = (buttons.indexOf(event.target) + step + buttons.length) % buttons.length;
    choose(next);
    buttons[next].focus();
  };
  choose(forms.indexOf(first));
  return make("div", { class: "tabs" },
    make("div", { role: "tablist", "aria-label": "Forms", keydown: onArrow }, buttons), panels);
}

/** A text to copy. what: said of it to a screen reader. */
function copyable(text, what) {
  const code = make("code", {}, text);
  const button = make("button", { type: "button", class: "copy", "aria-label": `Copy ${what}`, click: () => copy(code, button) }, "Copy");
  return make("div", { class: "copyable" }, make("pre", { tabindex: "0", role: "group", "aria-label": what }, code), button);
}

/** Copy an element's text; where the clipboard is denied, in the old way, or select it at least. */
async function copy(element, button) {
  let said = "Copied";
  try {
    await navigator.clipboard.writeText(element.textContent);
  } catch {
    getSelection().selectAllChildren(element);
    if (!document.execCommand("copy")) said = "Selected";
  }
  button.textContent = said;
  say(said);
  setTimeout(() => {
    button.textContent = "Copy";
  }, 1500);
}
