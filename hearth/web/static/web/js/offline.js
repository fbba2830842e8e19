// Help now stays readable without a connection. What is kept for somebody is forgotten when they are gone from this
// browser, and what still waits to be sent goes out as soon as they are back, on whatever page. A shared device keeps
// nothing.

import { endNotices, endNoticesOfOthers } from "../offline/notices.js";
import { count, send, waiting } from "../offline/queue.js";
import { forgetAllBut, isOpen, isPossible, keepAgain, touch } from "../offline/store.js";

const EVERY = 15_000; // milliseconds between two tries to send
const { owner } = document.body.dataset;
const shared = document.body.hasAttribute("data-shared-device");

if ("serviceWorker" in navigator && !shared) {
  navigator.serviceWorker.register("/service-worker.js", { scope: "/" }).catch(() => {});
}

(document.body.hasAttribute("data-signed-out") ? endNotices() : endNoticesOfOthers(owner)).catch(() => {});

// An app on the home screen asks that what it keeps is not thrown away when the device gets short of room. A page in a
// browser does not: some of them would ask the person.
if (owner && !shared && matchMedia("(display-mode: standalone)").matches) navigator.storage?.persist?.().catch(() => {});

// Something could not be kept, for want of room: said once, until it is closed.
document.addEventListener("hearth:no-room", () => {
  const toasts = document.querySelector("#toasts");
  if (toasts.querySelector("[data-no-room]")) return;
  const toast = document.querySelector("#no-room").content.cloneNode(true).firstElementChild;
  toast.dataset.noRoom = "";
  toasts.append(toast);
});

// What is kept here closes when nobody touches this device for as long as its owner chose (accounts/idle.js signs them out).
let touched = Date.now();

function seen() {
  if (Date.now() - touched < EVERY) return;
  touched = Date.now();
  touch(owner).catch(() => {});
}

async function sendWhatWaits() {
  if (!(await count(owner))) return;
  const pages = new Set((await waiting(owner)).map((item) => item.page));
  const outcome = await send(owner);
  if (outcome === "sent") await Promise.all([...pages].map((page) => keepAgain(page).catch(() => {})));
  document.dispatchEvent(new CustomEvent("hearth:sent", { detail: outcome }));
}

if (globalThis.indexedDB) {
  await forgetAllBut(shared ? "" : owner).catch(() => {});
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[action$='/sign-out/']") && !event.defaultPrevented) forgetAllBut("");
  });
  if (owner && isPossible()) {
    for (const kind of ["keydown", "pointerdown", "scroll"]) addEventListener(kind, seen, { passive: true, capture: true });
    sendWhatWaits();
    setInterval(sendWhatWaits, EVERY);
    addEventListener("online", sendWhatWaits);
    document.addEventListener("hearth:waits", sendWhatWaits); // something was put there just now
  }
  for (const place of document.querySelectorAll("[data-kept-here]")) {
    place.hidden = shared || !(await isOpen(place.dataset.keptHere).catch(() => false));
  }
}
