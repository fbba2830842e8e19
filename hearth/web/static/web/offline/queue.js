// The one queue of what was done here and has not reached the server yet. Each item has a key of its own, made with it,
// so that sending it twice does nothing twice. What the server refuses stays, with its sentence, until somebody has
// corrected it or left it out.

import { all, ask, isNoRoom, reach, read, remove, seal, unlock, unseal, write } from "./store.js";

const AT_ONCE = 50; // items of one sending, as many as the server reads
const LONGEST = 4_000_000; // letters of one sending

const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
const inOrder = (one, other) => one.made - other.made;

async function sealed(held, row, body) {
  return { ...row, ...(await seal(held.key, row.owner, row.id, JSON.stringify(body))) };
}

// `to`: where it is sent; `page`: where it was done, to lead back there; `body`: what was done; `id`: its key, where it was
// tried under one before.
export async function add({ owner, to, page, body, id = crypto.randomUUID() }) {
  const held = await read("keys", owner);
  const row = { id, owner, to, page, made: Date.now(), words: "" };
  const whole = await sealed(held, row, { at: row.made, skew: held.skew, ...body });
  try {
    await write("queue", whole);
  } catch (error) {
    if (isNoRoom(error)) document.dispatchEvent(new CustomEvent("hearth:no-room")); // said by js/offline.js
    throw error;
  }
  return row.id;
}

// Instead of one that waits: what was written since, under a key of its own, because the first may have arrived without
// an answer. Not while something is being sent.
export const replace = (id, item) =>
  navigator.locks.request("hearth-send", async () => {
    const key = await add(item);
    await remove("queue", id);
    return key;
  });

// Everything of `owner` that is still here, oldest first, opened; nothing of anybody else.
export async function waiting(owner) {
  const held = await read("keys", owner);
  if (!held) return [];
  const rows = (await all("queue")).filter((row) => row.owner === owner).sort(inOrder);
  return Promise.all(rows.map(async (row) => ({ ...row, body: JSON.parse(await unseal(held.key, owner, row.id, row)) })));
}

// How many are still to be sent: what was refused is not sent again as it is.
export const count = async (owner) => (await all("queue")).filter((row) => row.owner === owner && !row.words).length;
export const leaveOut = (id) => remove("queue", id);

export async function leaveOutRefused(id) {
  if ((await read("queue", id))?.words) await leaveOut(id);
}

export async function correct(id, changes) {
  const row = await read("queue", id);
  const held = await read("keys", row.owner);
  const body = JSON.parse(await unseal(held.key, row.owner, row.id, row));
  await write("queue", await sealed(held, { ...row, words: "" }, { ...body, ...changes }));
}

// Send what waits. Answers what happened: "sent", "away" (no connection), "signed-out", or "another" (somebody else is
// signed in here now). One window sends at a time.
export const send = (owner) => navigator.locks.request("hearth-send", () => sendNow(owner));

async function sendNow(owner) {
  if (!(await read("keys", owner)) && !(await unlock(owner))) return navigator.onLine ? "signed-out" : "away";
  const items = (await waiting(owner)).filter((row) => !row.words);
  if (!items.length) return reach();
  for (const to of new Set(items.map((row) => row.to))) {
    for (const part of parts(items.filter((row) => row.to === to))) {
      const outcome = await post(owner, to, part);
      if (outcome !== "sent") return outcome;
    }
  }
  return "sent";
}

// So many at once as the server takes: fewer where they are long.
function parts(items) {
  const found = [];
  let length = LONGEST;
  for (const item of items) {
    const its = JSON.stringify(item.body).length;
    if (length + its > LONGEST || found.at(-1).length === AT_ONCE) {
      found.push([]);
      length = 0;
    }
    found.at(-1).push(item);
    length += its;
  }
  return found;
}

// Times go out as the server's clock shows them, so that a device that believes it is 1970 says nothing strange: only
// by how much its clock was changed since an item was made is left in `skew`.
const MOST = 86_400_000; // milliseconds; what was changed by more is doubted all the same

function timed(row, { skew }) {
  const changed = Math.max(-MOST, Math.min(MOST, row.body.skew - skew));
  return { key: row.id, ...row.body, at: row.body.at + skew, skew: changed };
}

async function post(owner, to, items) {
  const held = await read("keys", owner);
  const sent = Date.now() + held.skew;
  const body = JSON.stringify({ owner, sent, items: items.map((row) => timed(row, held)) });
  let answer, told;
  try {
    answer = await ask(to, { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token() } });
    if (answer.type === "opaqueredirect" || answer.status === 401) return "signed-out";
    if (answer.status === 409) return "another";
    told = await answer.json();
  } catch {
    return answer?.status === 403 ? "signed-out" : "away"; // a page instead of an answer: the form's token is out of date
  }
  for (const result of told.results ?? []) {
    if (result.done) await remove("queue", result.key);
    else await refuse(result);
  }
  return told.results ? "sent" : "away";
}

async function refuse({ key, words, gone }) {
  const row = await read("queue", key);
  if (row) await write("queue", { ...row, words, gone }); // the browser may have thrown it away meanwhile
}
