// Being shown on this device that something waits: the browser is asked once its person has said yes on our page.

import { endNotices, keepWords } from "../web/offline/notices.js";

const { owner } = document.body.dataset;
const form = document.querySelector("[data-allow-notices]");
const say = (what, hidden = false) => (document.querySelector(`[data-notices-say="${what}"]`).hidden = hidden);
const words = document.querySelector("[data-notices-words]").content.textContent;

async function allow(event) {
  event.preventDefault();
  if ((await Notification.requestPermission()) !== "granted") return say("denied");
  try {
    const registration = await navigator.serviceWorker.ready;
    await (await registration.pushManager.getSubscription())?.unsubscribe(); // it may be bound to an older key of ours
    const asked = { userVisibleOnly: true, applicationServerKey: form.dataset.key };
    const { endpoint } = await registration.pushManager.subscribe(asked);
    await keepWords(owner, words);
    form.elements.endpoint.value = endpoint;
    form.submit();
  } catch {
    say("cannot");
  }
}

if (form && "PushManager" in globalThis && "Notification" in globalThis && "serviceWorker" in navigator) {
  form.hidden = false;
  say("cannot", true);
  form.addEventListener("submit", allow);
}
for (const stop of document.querySelectorAll("[data-stop-notices]")) stop.addEventListener("submit", () => endNotices());
if (document.querySelector("[data-told-here]")) keepWords(owner, words).catch(() => {}); // in the language of today
