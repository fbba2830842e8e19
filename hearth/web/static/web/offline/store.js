// The one store of what this browser keeps for when there is no connection. Everything of a person is sealed with a key
// that the server gave to them alone; the browser holds it unreadable to scripts, and forgets it when they sign out.

import { database } from "./database.js";

const NAME = "hearth-kept";
const KEY_AT = "/offline/key/";
const PATIENCE = 10_000; // milliseconds for an answer before it counts as none
const text = new TextEncoder();

// Why something could not be kept: this browser may use no more of the device.
export const isNoRoom = (error) => error?.name === "QuotaExceededError";

export const isPossible = () =>
  Boolean(globalThis.crypto?.subtle && globalThis.indexedDB && navigator.locks) && !document.body.hasAttribute("data-shared-device");

export const { read, all, write, remove } = database(NAME, { keys: "owner", pages: "address", queue: "id" });

export const ask = (address, options = {}) =>
  fetch(address, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE), ...options });

// Whether the server can be reached by the one who is signed in: "sent" (nothing is left to send), "away", "signed-out".
export async function reach() {
  if (!navigator.onLine) return "away";
  try {
    return (await ask(KEY_AT)).status === 200 ? "sent" : "signed-out";
  } catch {
    return "away";
  }
}

// The notebook's entries as the server has them, encrypted there already. They are held as long as the notebook's own
// key, which lies among the pages under a name that is no address.
export const NOTEBOOK = "notebook";
export const held = database("hearth-notebook", { entries: "id" });

// What is sealed is bound to whose and which it is, so that nothing can be put in another's place.
const bound = (owner, name) => text.encode(`${owner} ${name}`);

export async function seal(key, owner, name, words) {
  const iv = crypto.getRandomValues(new Uint8Array(12)); // NIST SP 800-38D
  const how = { name: "AES-GCM", iv, additionalData: bound(owner, name) };
  return { iv, sealed: await crypto.subtle.encrypt(how, key, text.encode(words)) };
}

export async function unseal(key, owner, name, { iv, sealed }) {
  const how = { name: "AES-GCM", iv, additionalData: bound(owner, name) };
  return new TextDecoder().decode(await crypto.subtle.decrypt(how, key, sealed));
}

// The key of `owner`: from the server, or without a connection the one this browser still holds. Null: nothing may be
// kept for them here. `skew` is how far this device's clock is behind the server's, in milliseconds.
export async function unlock(owner, until = 0) {
  const held = await read("keys", owner);
  try {
    const before = Date.now();
    const answer = await ask(KEY_AT);
    if (answer.status !== 200) return null;
    const given = await answer.json();
    if (given.owner !== owner) return null;
    const raw = Uint8Array.from(atob(given.key), (letter) => letter.charCodeAt(0));
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
    const skew = Math.round(given.now - (before + Date.now()) / 2);
    const row = { owner, key, skew, until: Math.max(until, held?.until ?? 0), lock: chosenLock(), seen: Date.now() };
    await write("keys", row);
    return row;
  } catch {
    return held && held.until > Date.now() + held.skew ? held : null;
  }
}

// A smaller page without anything of a chart, fetched `from` the server and shown at `address` when it is away. `mark`
// says which state of a thing it shows, where there are several.
export async function keepPage(address, { from, owner, until, mark }) {
  const held = await read("keys", owner);
  const answer = held && (await ask(from));
  if (answer?.status !== 200) return;
  const policy = answer.headers.get("Content-Security-Policy") ?? "";
  const page = JSON.stringify({ policy, html: await answer.text() });
  await write("pages", { address, from, owner, until, mark, ...(await seal(held.key, owner, address, page)) });
}

// What was done on a kept page has been sent: what is kept of it shows that from now on.
export async function keepAgain(address) {
  const old = await read("pages", address);
  if (old?.from) await keepPage(address, { from: old.from, owner: old.owner, until: old.until });
}

// After how many milliseconds without a touch the reader chose that their devices lock; 0: they did not.
function chosenLock() {
  const idle = document.querySelector("meta[name='hearth-idle']");
  return idle?.hasAttribute("data-locks") ? Number(idle.content) * 1000 : 0;
}

// Whether what is kept under this key may be opened: not where its owner chose that their devices lock, and nobody has
// touched this one for so long. The service worker asks the same.
export const isLocked = (own) => Boolean(own?.lock) && Date.now() - own.seen > own.lock;

// Its owner is here. What has locked is opened again only by signing in, when the server gives the key.
export async function touch(owner) {
  const own = await read("keys", owner);
  if (own?.lock && !isLocked(own)) await write("keys", { ...own, seen: Date.now() });
}

export async function isOpen(address) {
  const row = await read("pages", address);
  return Boolean(row) && !isLocked(await read("keys", row.owner));
}

// Forget everything but what belongs to `owner` and is not over. What waits to be sent stays, sealed and unreadable,
// until the one who made it signs in again. Undefined: only what is over is forgotten.
export async function forgetAllBut(owner) {
  const over = (row) => row.until < Date.now() + (row.skew ?? 0);
  const gone = (row) => over(row) || (owner !== undefined && row.owner !== owner);
  for (const row of (await all("pages")).filter(gone)) await remove("pages", row.address);
  for (const row of (await all("keys")).filter(gone)) await remove("keys", row.owner);
  if (!(await read("pages", NOTEBOOK))) held.drop();
}
