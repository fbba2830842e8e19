// What this device shows when something waits for its person: words that say nothing, kept where the service worker
// finds them, with whose they are. Nobody else who signs in here is shown it.

const CACHE = "hearth-notices";
const [WORDS, OWNER] = ["/notices/words", "/notices/owner"];

export async function keepWords(owner, words) {
  const kept = await caches.open(CACHE);
  await kept.put(WORDS, new Response(words));
  await kept.put(OWNER, new Response(owner));
}

export async function endNotices() {
  if (!globalThis.caches || !(await caches.delete(CACHE))) return;
  const registration = await navigator.serviceWorker?.getRegistration();
  await (await registration?.pushManager?.getSubscription())?.unsubscribe();
}

// `owner`: who is signed in now; nobody is no reason, since somebody who was away for long is still told.
export async function endNoticesOfOthers(owner) {
  if (!owner || !globalThis.caches || !(await caches.has(CACHE))) return;
  const whose = await (await caches.open(CACHE)).match(OWNER);
  if ((await whose?.text()) !== owner) await endNotices();
}
