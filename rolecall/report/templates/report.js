
"use strict";
(() => {
  const form = document.querySelector(".filter");
  const rows = [...document.querySelectorAll(".row")];
  const search = document.getElementById("search");
  const severity = document.getElementById("severity");
  const expand = document.getElementById("expand");
  const chips = [...form.querySelectorAll("[name=status]")];

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(chips.filter((chip) => chip.checked).map((chip) => chip.value));
    let shown = 0;
    for (const row of rows) {
      const fits =
        wanted.has(row.dataset.status) &&
        (!severity.value || row.dataset.severity === severity.value) &&
        words.every((word) => row.dataset.text.includes(word));
      row.hidden = !fits;
      shown += fits;
    }
    document.getElementById("shown").textContent = `${shown} of ${rows.length} shown`;
    document.getElementById("nothing").hidden = shown > 0 || rows.length === 0;
  };

  const copy = async (button) => {
    const text = button.closest(".fix").querySelector("code").textContent;
    let said = "Copied";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(button.closest(".fix").querySelector("code"));
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      if (!document.execCommand("copy")) said = "Selected";
    }
    button.textContent = said;
    setTimeout(() => (button.textContent = "Copy"), 1500);
  };

  form.hidden = rows.length === 0;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  expand.addEventListener("click", () => {
    const open = expand.textContent === "Expand all";
    for (const row of rows) row.open = open && !row.hidden;
    expand.textContent = open ? "Collapse all" : "Expand all";
  });
  for (const button of document.querySelectorAll(".copy")) button.hidden = false;
  document.addEventListener("click", (event) => {
    if (event.target.matches(".copy")) copy(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.matches("input, select")) {
      event.preventDefault();
      search.focus();
    }
  });
  filter();
})();
