// Native dialogs: anything with data-opens="id" opens the dialog of that id, and would follow its own link if
// scripts did not run. The browser closes them on Escape; focus goes back to what opened them.

const openers = new WeakMap();

function open(dialog, opener) {
  openers.set(dialog, opener);
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (dialog && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    opener.closest("[popover]")?.hidePopover?.();
    open(dialog, opener);
    return;
  }
  if (event.target.matches("dialog")) event.target.close(); // a press on the veil around it
  const closed = event.target.closest("[data-closes]")?.closest(".toast, dialog");
  if (closed?.matches("dialog")) closed.close();
  else closed?.remove();
});

document.addEventListener("close", (event) => openers.get(event.target)?.focus?.(), true);

function settle(root) {
  for (const dialog of root.querySelectorAll("dialog[data-open]")) {
    if (!dialog.open) open(dialog, document.activeElement);
  }
  root.querySelector("[data-focus-first]")?.focus();
}

settle(document);
document.addEventListener("htmx:afterSettle", (event) => settle(event.target));
