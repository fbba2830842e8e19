// The student's own tools without a connection: their pages are kept on this phone, sealed, and what is written waits in
// the one queue until it can be sent. Without scripts, on a shared device or an old browser these are plain forms.

import { add } from "../../web/offline/queue.js";
import { isPossible, keepPage, reach, read, unlock } from "../../web/offline/store.js";

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

async function send(event, place) {
  const form = event.target;
  if (form.dataset.asked === "yes" || !owner || !isPossible()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const isAway = place.hasAttribute("data-is-kept") || (await reach()) === "away";
  if (!isAway || !(await unlock(owner))) {
    form.dataset.asked = "yes";
    form.requestSubmit(event.submitter);
    return;
  }
  if (!form.reportValidity()) return;
  const { to, page, what } = place.dataset;
  await add({ owner, to, page, body: { what, fields: words(form) } });
  form.dispatchEvent(new CustomEvent("hearth:stored")); // no draft of it is needed any more
  const later = place.querySelector("template[data-later]").content.cloneNode(true).firstElementChild;
  form.replaceWith(later);
  later.focus();
}

for (const place of document.querySelectorAll("[data-own]")) {
  place.addEventListener("submit", (event) => send(event, place), { capture: true });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
keepAll([...document.querySelectorAll("[data-keep]")]);
