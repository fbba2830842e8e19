// The student's own tools without a connection: their pages are kept on this phone, sealed, and what is written waits in
// the one queue until it can be sent. Without scripts, on a shared device or an old browser these are plain forms.

import { sendOrKeep } from "../../web/offline/later.js";
import { isPossible, keepPage, read, unlock } from "../../web/offline/store.js";

const KEPT_FOR = 30 * 24 * 60 * 60 * 1000; // milliseconds for which a page is kept
const AGAIN = 60 * 60 * 1000; // milliseconds after which it is fetched anew, unless it says that it changed
const { owner } = document.body.dataset;
const NEVER = new Set(["token", "csrfmiddlewaretoken"]);

async function keepAll(places) {
  const until = Date.now() + KEPT_FOR;
  if (!places.length || !owner || !isPossible() || !(await unlock(owner, until))) return;
  for (const { dataset } of places) {
    const old = await read("pages", dataset.keep);
    const isFresh = old?.owner === owner && old.until > until - AGAIN && dataset.changed === undefined;
    if (!isFresh) await keepPage(dataset.keep, { from: `${dataset.keep}?kept=yes`, owner, until }).catch(() => {});
  }
}

const words = (form) => Object.fromEntries([...new FormData(form)].filter(([name]) => !NEVER.has(name)));

for (const place of document.querySelectorAll("[data-own]")) {
  const body = (form) => (form.reportValidity() ? { what: place.dataset.what, fields: words(form) } : null);
  sendOrKeep(place, { body, shown: (form) => form });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
keepAll([...document.querySelectorAll("[data-keep]")]);
