// The private notebook: what is written here is encrypted before it leaves this device. Ties the parts together.

import { isPossible } from "./crypto.js";
import { drafts, keepDraft } from "./drafts.js";
import * as editor from "./editor.js";
import { Notebook } from "./entries.js";
import { heldSince, leaveOut } from "./held.js";
import * as keys from "./keys.js";
import { takeBeginning } from "./lesson.js";
import { watch } from "./lock.js";
import { byId, dateWords, isShown, report, root, say, shared, show } from "./page.js";
import { showShelf, onChoose, wipeShelf } from "./shelf.js";

const addresses = { key: root.dataset.key, entries: root.dataset.entries };
const HOW = { full: "noRoom", held: "fromDevice", lost: "thrownAway" }; // what is said of how it was opened
let notebook = null; // while it is open
let locking = false;

async function opened(key, dataKey) {
  const found = new Notebook(addresses, key, dataKey);
  const how = await found.load();
  const isRefused = found.refused.length > 0;
  await takeBack(found);
  notebook = found;
  const [draft] = await drafts(notebook);
  const beginning = takeBeginning();
  if (beginning) write({ id: crypto.randomUUID(), version: 0, text: beginning, isBeginning: true });
  else if (draft && !isRefused) write(draft);
  else await showShelf(notebook);
  if (isRefused) say("refused");
  else if (!draft && how !== "fresh") say(HOW[how], { when: how === "held" && dateWords(await heldSince()) });
}

// What was written without a connection on an entry that another device deleted is a draft of a new one from here on.
async function takeBack(open) {
  for (const { key, text } of open.refused) {
    if (await keepDraft(open, { id: crypto.randomUUID(), version: 0, text })) await leaveOut(key);
  }
  open.refused = [];
}

// Something that waited here has arrived: what stands there now is shown.
async function sent() {
  if (!notebook) return;
  await notebook.load();
  await takeBack(notebook);
  if (notebook && isShown("shelf")) await showShelf(notebook, { focus: false });
}

document.addEventListener("hearth:sent", ({ detail }) => {
  if (detail === "sent") sent().catch(report);
});

function write(entry) {
  if (!history.state?.writing) history.pushState({ writing: true }, "");
  editor.write(notebook, entry);
}

// The device's Back button leads from an entry to the list.
addEventListener("popstate", () => {
  if (isShown("entry")) editor.goBack().catch(report);
});

async function left(said) {
  await showShelf(notebook);
  say(said);
  if (said === "waits") document.dispatchEvent(new CustomEvent("hearth:waits"));
  if (history.state?.writing) history.back();
}

// Keeps what was typed if it can, then forgets the key and every word.
async function lock(said) {
  if (!notebook || locking) return;
  locking = true;
  try {
    if (shared && editor.isDirty()) await editor.keep();
    else await editor.keepDraftNow();
  } catch {
    // nothing more can be done for it here
  }
  forget();
  locking = false;
  await keys.ways({ focus: true }).catch(report);
  if (isShown("unlock")) say(said);
}

function forget() {
  notebook = null;
  editor.wipeEditor();
  wipeShelf();
  keys.wipeAll();
  show("unlock");
}

byId("shelf-new").addEventListener("click", () => write());
byId("shelf-first").addEventListener("click", () => write());
byId("shelf-lock").addEventListener("click", () => lock("locked"));
byId("shelf-change").addEventListener("click", () => show("change"));
byId("change-back").addEventListener("click", () => {
  keys.wipeAll();
  showShelf(notebook).catch(report);
});
onChoose(write);
editor.begin((said) => left(said).catch(report));
watch(() => lock("lockedItself"));

document.addEventListener("visibilitychange", () => {
  if (document.hidden && notebook) editor.keepDraftNow().catch(report);
});
addEventListener("beforeunload", (event) => {
  if (editor.isAtRisk()) event.preventDefault();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

if (isPossible()) keys.begin(addresses.key, opened).catch(report);
else show("unable", { focus: false });
