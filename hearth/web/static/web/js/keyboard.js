// The staff's keyboard: "/" to search, "j" and "k" through the rows, Ctrl+Enter to sign. Single letters do nothing
// while someone types or where no rows are.

const typing = (target) => target.matches("input, textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-rows] tbody tr, [data-rows] > li")].filter((row) => row.offsetParent);
const firstStop = (row) => row.querySelector("a, button, input, select, textarea");

function step(by) {
  const all = rows();
  if (!all.length) return false;
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.min(Math.max(here + by, 0), all.length - 1)];
  const stop = firstStop(next);
  if (!stop) next.tabIndex = -1;
  (stop ?? next).focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form[data-sign]") ?? document.querySelector("form[data-sign]");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || typing(event.target) || document.querySelector("dialog:modal")) return;
  const search = document.querySelector("[data-search]");
  if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if ((event.key === "j" && step(1)) || (event.key === "k" && step(-1))) {
    event.preventDefault();
  }
});
