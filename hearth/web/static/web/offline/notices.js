// What this device shows when something waits for its person: words that say nothing, kept where the service worker
// finds them, with whose they are. Nobody else who signs in here is shown it.

const CACHE = "hearth-notices";
const [WORDS, OWNER, NAME, ICON] = ["/notices/words", "/notices/owner", "/notices/name", "/notices/icon"];

export async function keepWords(owner, words) {
  const kept = await caches.open(CACHE);
  await kept.put(WORDS, new Response(words));
  await kept.put(OWNER, new Response(owner));
  await keepName(kept);
}

// The name and icon that this person chose for their phone, as every page of theirs says them (web/parts/app.html).
async function keepName(kept) {
  const name = document.querySelector("meta[name=apple-mobile-web-app-title]");
  if (!name) return;
  await kept.put(NAME, new Response(name.content));
  await kept.put(ICON, new Response(name.dataset.icon));
}

export async function endNotices() {
  if (!globalThis.caches || !(await caches.delete(CACHE))) return;
  const registration = await navigator.serviceWorker?.getRegistration();
  await (await registration?.pushManager?.getSubscription())?.unsubscribe();
}

// `owner`: who is signed in now; nobody is no reason, since somebody who was away for long is still told.
export async function endNoticesOfOthers(owner) {
  if (!owner || !globalThis.caches || !(await caches.has(CACHE))) return;
  const kept = await caches.open(CACHE);
  const whose = await kept.match(OWNER);
  await ((await whose?.text()) === owner ? keepName(kept) : endNotices()); // it may have been chosen on another device
}
