// The session's page by keyboard: in a row, a letter marks how somebody attends and 1 to 5 how much they took part.
// Focus stays in the row when the roster renews itself.

const LETTERS = { p: "present", l: "late", e: "left", a: "absent", u: "expected" };
const typing = (target) => target.matches("input, textarea, select, [contenteditable]");
let row = ""; // the place of the row that was last in focus

function press(place, name, value) {
  const button = place.querySelector(`button[name="${name}"][value="${CSS.escape(value)}"]`);
  if (!button?.offsetParent) return false;
  place.querySelector("[data-name]").focus(); // a button that was pressed may be gone afterwards
  button.click();
  return true;
}

document.addEventListener("focusin", (event) => {
  row = event.target.closest("[data-place]")?.dataset.place ?? "";
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "roster" || !row || document.activeElement !== document.body) return;
  document.querySelector(`[data-place="${CSS.escape(row)}"] a`)?.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || typing(event.target)) return;
  if (document.querySelector("dialog:modal")) return;
  if (event.key === "?") {
    event.preventDefault();
    document.getElementById("keys-opener").click();
    return;
  }
  const place = event.target.closest("[data-place]");
  const status = LETTERS[event.key.toLowerCase()];
  const done = place && (status ? press(place, "status", status) : /^[1-5]$/.test(event.key) && press(place, "took_part", event.key));
  if (done) event.preventDefault();
});
