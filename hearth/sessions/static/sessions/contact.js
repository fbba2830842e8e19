// A contact's note saves itself as it is written. Where that fails the page says so and tries again.

import { nothingElseOnceSent } from "./sent.js";

const AGAIN = 8000; // milliseconds until saving is tried again
const kept = document.getElementById("contact-kept");
const form = kept.closest("form");
let again;

nothingElseOnceSent(form);
for (const trouble of ["htmx:sendError", "htmx:timeout", "htmx:responseError"])
  form.addEventListener(trouble, () => {
    kept.textContent = kept.dataset.lost;
    clearTimeout(again);
    again = setTimeout(() => form.dispatchEvent(new CustomEvent("hearth:save")), AGAIN);
  });
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "contact-state") return;
  clearTimeout(again);
  kept.textContent = "";
});
