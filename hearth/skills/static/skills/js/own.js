// The student's own tools and lessons without a connection: their pages are kept on this phone, sealed, and what is
// written waits in the one queue until it can be sent. Without scripts, on a shared device or an old browser these are
// plain forms.

import { sendOrKeep } from "../../web/offline/later.js";
import { waiting } from "../../web/offline/queue.js";
import { isPossible, keepPage, read, unlock } from "../../web/offline/store.js";

const DAY = 24 * 60 * 60 * 1000; // milliseconds
const LONGEST_KEPT = 30; // days for which a page is kept, where it names no shorter time
const AGAIN = 60 * 60 * 1000; // milliseconds after which it is fetched anew, unless it says that it changed
const LONGEST = 100; // keys of what was written over on this phone that are told to the server
const { owner } = document.body.dataset;
const NEVER = new Set(["token", "csrfmiddlewaretoken"]);

async function keepAll(places) {
  const now = Date.now();
  if (!places.length || !owner || !isPossible() || !(await unlock(owner, now + LONGEST_KEPT * DAY))) return;
  for (const { dataset } of places) {
    const { keep, changed, mark, days = LONGEST_KEPT } = dataset;
    const until = now + days * DAY;
    const old = await read("pages", keep);
    const isFresh = old?.owner === owner && old.until > until - AGAIN && changed === undefined && old.mark === mark;
    if (!isFresh) await keepPage(keep, { from: `${keep}?kept=yes`, owner, until, mark }).catch(() => {});
  }
}

const words = (form) => Object.fromEntries([...new FormData(form)].filter(([name]) => !NEVER.has(name)));

function fill(form, fields) {
  for (const field of form.elements) {
    if (!field.name || NEVER.has(field.name)) continue;
    if (field.type === "checkbox") field.checked = field.name in fields;
    else if (field.name in fields) field.value = fields[field.name];
    if (field.value && field.closest("details")) field.closest("details").open = true;
  }
}

// Go on with what waits on this phone: the one that the address names, or the newest of a row with a page of its own.
async function goOn({ dataset }, form) {
  if (!owner || !isPossible()) return null;
  const items = await waiting(owner);
  const fits = ({ body }) => body.what === dataset.what || body.anew === dataset.page;
  const named = items.find((item) => item.id === location.hash.slice(1) && fits(item));
  const found = named ?? (dataset.row === undefined ? null : items.findLast(({ page }) => page === dataset.page));
  if (!found) return null;
  if (!form.dataset.draftFound) fill(form, found.body.fields); // a draft was typed after it
  const keys = `${found.body.fields.over ?? ""} ${found.id}`.trim().split(" ");
  if (form.elements.over) form.elements.over.value = keys.slice(-LONGEST).join(" ");
  return found.id;
}

async function goOnWriting({ dataset }) {
  const newest = (await waiting(owner)).findLast(({ page, body }) => page === dataset.page && body.what === dataset.what);
  location.hash = newest?.id ?? ""; // none: it was sent meanwhile
  location.reload();
}

for (const place of document.querySelectorAll("[data-own]")) {
  const { what, title, anew } = place.dataset;
  let waits = null;
  const body = (form) => (form.reportValidity() ? { what, title, anew, fields: words(form) } : null);
  sendOrKeep(place, { body, shown: (form) => form, instead: () => waits });
  const form = place.querySelector("form");
  if (form) goOn(place, form).then((id) => (waits = id));
  place.addEventListener("click", (event) => event.target.matches("[data-go-on]") && goOnWriting(place));
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
keepAll([...document.querySelectorAll("[data-keep]")]);
