// The ways to the data key: setting up, the passphrase, the recovery code, changing them, beginning anew.

import * as crypto from "./crypto.js";
import { heldKey, holdNothing } from "./held.js";
import { byId, onSubmit, problem, say, shared, show, wipe } from "./page.js";
import { ask, Offline, Refused } from "./server.js";

const SHORTEST = 12; // letters of a passphrase

let address; // of the key
let key; // as the server keeps it, or null
let opened; // called with (key, dataKey)

export async function begin(keyAddress, whenOpened) {
  address = keyAddress;
  opened = whenOpened;
  await ways();
}

// The key as the server keeps it, or, without a connection, as this device holds it.
async function find() {
  try {
    ({ key } = await ask(address));
    if (!key) await holdNothing();
  } catch (error) {
    key = error instanceof Offline ? await heldKey() : null;
    if (!key) throw error;
  }
}

// Shows the right first view: setting up, or the passphrase.
export async function ways({ focus = false } = {}) {
  await find();
  show(key ? "unlock" : "set-up", { focus });
}

function chosen(first, again) {
  if ([...first.value].length < SHORTEST) return void problem(first, "tooShort", { count: SHORTEST });
  if (first.value !== again.value) return void problem(again, "notTheSame");
  return first.value;
}

async function put(content) {
  try {
    ({ key } = await ask(address, "PUT", content));
    return true;
  } catch (error) {
    if (!(error instanceof Refused) || error.answer.problem !== "stale") throw error;
    await ways({ focus: true }); // another tab was first
    say("keyChanged");
    return false;
  }
}

const content = (version, passphrase, recovery) => ({ version, iterations: crypto.ITERATIONS, passphrase, recovery });

// A data key that was made or wrapped anew can be read out; the one the notebook works with cannot.
async function open(passphrase) {
  await opened(key, await crypto.unwrapByPassphrase(key.passphrase, passphrase, key.iterations));
}

// The code is shown before anything is stored: who closes the page here has changed nothing.
let afterCode = null;

function showCode(code, next) {
  afterCode = next;
  byId("code-letters").textContent = code;
  show("code");
}

function hideCode() {
  afterCode = null;
  byId("code-letters").textContent = "";
  wipe(byId("code-form"));
}

byId("code-print").addEventListener("click", () => window.print());
byId("code-copy").hidden = shared;
byId("code-copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(byId("code-letters").textContent);
  say("copied");
});
onSubmit(byId("code-form"), async () => {
  if (!byId("code-kept").checked) return problem(byId("code-kept"), "keepCodeFirst");
  say("working");
  await afterCode();
});

onSubmit(byId("set-up-form"), async () => {
  const passphrase = chosen(byId("set-up-passphrase"), byId("set-up-again"));
  if (!passphrase) return;
  say("working");
  const dataKey = await crypto.newDataKey();
  const code = crypto.newCode();
  const sent = content(0, await crypto.wrapByPassphrase(dataKey, passphrase), await crypto.wrapByCode(dataKey, code));
  wipe(byId("set-up-form"));
  showCode(code, async () => {
    if (!(await put(sent))) return hideCode();
    await open(passphrase);
    hideCode();
  });
});

onSubmit(byId("unlock-form"), async () => {
  const field = byId("unlock-passphrase");
  if (!field.value) return problem(field, "typePassphrase");
  say("working");
  await find(); // it may have been changed on another device
  if (!key) return ways({ focus: true });
  const dataKey = await crypto.unwrapByPassphrase(key.passphrase, field.value, key.iterations);
  say("");
  if (!dataKey) return problem(field, "wrongPassphrase");
  wipe(byId("unlock-form"));
  await opened(key, dataKey);
});

byId("to-recover").addEventListener("click", () => show("recover"));
byId("to-unlock").addEventListener("click", () => {
  wipe(byId("recover-form"));
  show("unlock");
});

onSubmit(byId("recover-form"), async () => {
  const code = byId("recover-code");
  if (!crypto.readCode(code.value)) return problem(code, "notACode");
  const passphrase = chosen(byId("recover-passphrase"), byId("recover-again"));
  if (!passphrase) return;
  say("working");
  ({ key } = await ask(address));
  const dataKey = key && (await crypto.unwrapByCode(key.recovery, code.value, true));
  say("");
  if (!dataKey) return problem(code, "wrongCode");
  if (!(await put(content(key.version, await crypto.wrapByPassphrase(dataKey, passphrase), key.recovery)))) return;
  wipe(byId("recover-form"));
  await open(passphrase);
  say("recovered");
});

onSubmit(byId("change-form"), async () => {
  const current = byId("change-current");
  const passphrase = chosen(byId("change-passphrase"), byId("change-again"));
  if (!passphrase) return;
  say("working");
  ({ key } = await ask(address));
  const dataKey = key && (await crypto.unwrapByPassphrase(key.passphrase, current.value, key.iterations, true));
  say("");
  if (!dataKey) return problem(current, "wrongPassphrase");
  const byPassphrase = await crypto.wrapByPassphrase(dataKey, passphrase);
  const finish = async (recovery) => {
    if (!(await put(content(key.version, byPassphrase, recovery)))) return;
    hideCode();
    show("shelf");
    say("passphraseChanged");
  };
  const wantsCode = byId("change-code").checked;
  wipe(byId("change-form"));
  if (!wantsCode) return finish(key.recovery);
  const code = crypto.newCode();
  const recovery = await crypto.wrapByCode(dataKey, code);
  showCode(code, () => finish(recovery));
});

onSubmit(byId("anew-form"), async () => {
  byId("begin-anew").close();
  await ask(address, "DELETE", { version: key.version });
  await ways({ focus: true });
  say("begunAnew");
});

for (const box of document.querySelectorAll("#notebook [data-shows]")) {
  box.addEventListener("change", () => {
    for (const field of box.form.querySelectorAll("[data-secret]")) field.type = box.checked ? "text" : "password";
  });
}

export function wipeAll() {
  for (const form of ["set-up-form", "unlock-form", "recover-form", "change-form"]) wipe(byId(form));
  hideCode();
}
