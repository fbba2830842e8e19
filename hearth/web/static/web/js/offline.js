// Help now stays readable without a connection. What is kept for somebody is forgotten when they are gone from this
// browser, and what still waits to be sent goes out as soon as they are back, on whatever page. A shared device keeps
// nothing.

import { endNotices, endNoticesOfOthers } from "../offline/notices.js";
import { count, send, waiting } from "../offline/queue.js";
import { forgetAllBut, isPossible, keepAgain, read } from "../offline/store.js";

const EVERY = 15_000; // milliseconds between two tries to send
const { owner } = document.body.dataset;
const shared = document.body.hasAttribute("data-shared-device");

if ("serviceWorker" in navigator && !shared) {
  navigator.serviceWorker.register("/service-worker.js", { scope: "/" }).catch(() => {});
}

(document.body.hasAttribute("data-signed-out") ? endNotices() : endNoticesOfOthers(owner)).catch(() => {});

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
    sendWhatWaits();
    setInterval(sendWhatWaits, EVERY);
    addEventListener("online", sendWhatWaits);
    document.addEventListener("hearth:waits", sendWhatWaits); // something was put there just now
  }
  for (const place of document.querySelectorAll("[data-kept-here]")) {
    place.hidden = shared || !(await read("pages", place.dataset.keptHere).catch(() => null));
  }
}
