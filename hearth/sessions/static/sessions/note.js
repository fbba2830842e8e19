// The group note by keyboard: in a row, 1 to 5 says how much someone took part, E goes to their line, Escape back.

const writing = (target) => target.matches("textarea, select, input:not([type='radio'], [type='checkbox'])");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
  const row = event.target.closest("[data-line]");
  if (!row) return;
  if (event.key === "Escape" && writing(event.target)) {
    row.querySelector("a").focus();
    return;
  }
  if (writing(event.target)) return;
  const pip = row.querySelector(`.pip input[value="${CSS.escape(event.key)}"]`);
  if (pip) {
    event.preventDefault();
    pip.checked = true;
    pip.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (event.key === "e") {
    const line = row.querySelector("textarea");
    if (!line) return;
    event.preventDefault();
    line.focus();
  }
});
