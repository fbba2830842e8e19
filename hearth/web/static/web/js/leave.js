// “Leave this page” and “Clear this phone”, on every page where somebody may be looked over the shoulder. Without
// JavaScript the first is a plain link; the second has nothing to clear.

const OURS = /^hearth\.(check|draft)\b/;

function clear() {
  for (const store of [localStorage, sessionStorage]) {
    for (const key of Object.keys(store).filter((key) => OURS.test(key))) store.removeItem(key);
  }
  for (const form of document.forms) form.reset();
}

document.addEventListener("click", (event) => {
  const way = event.target.closest("[data-leave], [data-clear]");
  if (!way) return;
  event.preventDefault();
  clear();
  document.dispatchEvent(new CustomEvent("hearth:cleared"));
  // Replaced, not followed: “back” does not lead here again.
  location.replace(way.matches("[data-leave]") ? way.href : way.dataset.clear);
});

for (const button of document.querySelectorAll("[data-clear]")) button.hidden = false;
