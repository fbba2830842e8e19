// What this device holds of the notebook for when there is no connection. The wrapped key is sealed with the key that the
// server gives to the one signed in (web/offline/store.js); entries are encrypted under the data key, as the server has
// them. What is written meanwhile waits in the one queue, encrypted in the same way. Signing out forgets all but that.

import { add, leaveOut, replace, waiting } from "../../web/offline/queue.js";
import * as store from "../../web/offline/store.js";
import { NoRoom } from "./errors.js";
import { root, shared } from "./page.js";

const { held, isNoRoom, isPossible, keepPage, NOTEBOOK, read, remove, seal, unlock, unseal, write } = store;
const KEPT_FOR = 30 * 24 * 60 * 60 * 1000; // milliseconds since the notebook was last opened with a connection
const PAGE = location.pathname;
const { owner } = document.body.dataset;
const to = root.dataset.queued;

const canHold = () => Boolean(owner) && !shared && isPossible();

// The wrapped key and all entries, as the server has them now. False where the browser has no room for them: nothing is
// lost by that, but they do not open without a connection.
export async function hold(key, rows) {
  if (!canHold()) return true;
  const at = Date.now();
  const until = at + KEPT_FOR;
  const own = await unlock(owner, until);
  if (!own) return true;
  try {
    const sealed = await seal(own.key, owner, NOTEBOOK, JSON.stringify(key));
    await write("pages", { address: NOTEBOOK, owner, at, until, isEmpty: !rows.length, ...sealed });
    await holdEntries(rows);
    if (!root.hasAttribute("data-is-kept")) await keepPage(PAGE, { from: `${PAGE}?kept=yes`, owner, until }).catch(() => {});
    return true;
  } catch (error) {
    if (!isNoRoom(error)) throw error;
    return false;
  }
}

// Only what is new is written.
async function holdEntries(rows) {
  const there = new Map((await held.all("entries")).map((row) => [row.id, row]));
  const isNew = (row) => ["iv", "beside", "shared"].some((name) => there.get(row.id)?.[name] !== row[name]);
  await held.writeAll("entries", rows.filter(isNew));
  for (const row of rows) there.delete(row.id);
  await held.removeAll("entries", [...there.keys()]);
}

// It was begun anew, or ended, elsewhere.
export const holdNothing = () => canHold() && remove("pages", NOTEBOOK);

export async function heldKey() {
  if (!canHold()) return null;
  const [row, own] = [await read("pages", NOTEBOOK), await read("keys", owner)];
  return row?.owner === owner && own ? JSON.parse(await unseal(own.key, owner, NOTEBOOK, row)) : null;
}

export const heldSince = async () => new Date((await read("pages", NOTEBOOK))?.at);

// Null where the browser has thrown away what was held.
export async function heldEntries() {
  const [key, rows] = canHold() ? [await read("pages", NOTEBOOK), await held.all("entries")] : [null, []];
  return rows.length || key?.isEmpty ? rows : null;
}

export async function holdEntry(row) {
  const key = canHold() && (await read("pages", NOTEBOOK));
  if (!key) return;
  await write("pages", { ...key, isEmpty: false });
  await held.write("entries", row);
}

export const dropEntry = (id) => canHold() && held.remove("entries", id);

// What was written here and is not sent yet, oldest first.
export const unsent = async () => (canHold() ? (await waiting(owner)).filter((item) => item.to === to) : []);

// Over what waited here in its place before. `id`: the key under which it was tried just now. Null: nothing may wait here.
export async function waitToSend(body, id) {
  if (!canHold() || !(await read("keys", owner))) return null;
  const item = { owner, to, page: PAGE, body, id };
  try {
    return await (body.over.length ? replace(body.over.at(-1), item) : add(item));
  } catch (error) {
    throw isNoRoom(error) ? new NoRoom() : error;
  }
}

export { leaveOut };
