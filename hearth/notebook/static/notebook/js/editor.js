// One entry being written. Text is never lost: a draft after every pause, and a choice where two versions meet.

import { dropDraft, keepDraft } from "./drafts.js";
import { ChangedElsewhere } from "./entries.js";
import { byId, dateWords, onSubmit, problem, report, say, shared, show, word } from "./page.js";
import { showSharing } from "./share.js";

const PAUSE = 400; // milliseconds after the last key
const field = byId("entry-text");
const form = byId("entry-form");
const conflict = byId("entry-conflict");
const deletion = byId("entry-delete");

let notebook = null;
let entry = null; // {id, version: 0 for a new one, over and aside of what waits here to be sent, text as it was kept}
let leaving = () => {}; // called with the word to say on the shelf
let timer;
let other = null; // the version found there
let drafted = true; // whether what is typed is in a draft or kept

export const isDirty = () => entry !== null && field.value !== entry.text;
export const isAtRisk = () => isDirty() && !drafted;

export function begin(whenLeft) {
  leaving = whenLeft;
}

// A new entry, one that was kept, or a draft of either. A new one may have a beginning that nobody typed: it is no draft.
export function write(open, found = { id: crypto.randomUUID(), version: 0, text: "" }) {
  notebook = open;
  const kept = notebook.entries.get(found.id);
  const { id, version, over = [], aside } = found;
  entry = { id, version, over, aside, text: kept && kept.version === version ? kept.text ?? "" : "" };
  if (found.isBeginning) entry.text = found.text;
  field.value = found.text ?? "";
  field.readOnly = found.text === null;
  drafted = true;
  byId("entry-title").textContent = kept ? dateWords(kept.createdAt) : word("newEntry");
  byId("entry-remove").hidden = !kept;
  byId("entry-prompts").hidden = Boolean(field.value);
  byId("entry-undo").hidden = true;
  showOther(notebook.entries.get(kept?.beside));
  showSharing(notebook, kept);
  show("entry", { focus: false });
  field.focus();
  if (found.text === null) say("cannotOpen");
  else if (isDirty()) sayDraftFound();
}

// What was written in between on another device, where this stands beside it.
function showOther(found) {
  byId("entry-beside").hidden = !found;
  byId("beside-text").textContent = found?.text ?? "";
}

function sayDraftFound() {
  byId("entry-undo").hidden = false;
  say("draftFound");
}

export async function keepDraftNow() {
  clearTimeout(timer);
  if (!isDirty()) return;
  const text = field.value;
  const kept = await keepDraft(notebook, { ...entry, text });
  if (!kept && !shared) say("noRoomForDraft");
  if (!kept || field.value !== text) return;
  drafted = true;
  byId("entry-undo").hidden = false;
  say("draftKept");
}

field.addEventListener("input", () => {
  drafted = false;
  clearTimeout(timer);
  timer = setTimeout(keepDraftNow, PAUSE);
});

// "kept", or "waits" where there is no connection; false if it is not. Raises what went wrong; the text stays.
export async function keep() {
  clearTimeout(timer);
  const sent = { ...entry, text: field.value };
  let how;
  try {
    how = await notebook.keep(sent);
  } catch (error) {
    await keepDraftNow();
    if (!(error instanceof ChangedElsewhere)) throw error;
    offer(error.there);
    return false;
  }
  dropDraft(notebook, sent.id);
  const { id, version, over, aside } = notebook.entries.get(sent.id);
  entry = { id, version, over, aside, text: sent.text };
  drafted = true;
  return how;
}

export function wipeEditor() {
  clearTimeout(timer);
  for (const dialog of [conflict, deletion]) dialog.close();
  byId("conflict-text").textContent = "";
  showOther(null);
  showSharing(null, null);
  field.value = "";
  notebook = entry = other = null;
}

function leave(said) {
  wipeEditor();
  leaving(said);
}

onSubmit(form, async () => {
  if (!field.value.trim()) return problem(field, "writeSomething");
  say("keeping");
  const how = await keep();
  if (how) leave(how);
});

// Where nothing may stay on the device, going back keeps the entry.
export async function goBack() {
  if (shared && isDirty()) {
    const how = await keep();
    if (how) leave(how);
    return;
  }
  await keepDraftNow();
  leave(isDirty() ? "draftWaits" : "");
}

byId("entry-back").addEventListener("click", () => goBack().catch(report));
byId("entry-undo").addEventListener("click", () => {
  dropDraft(notebook, entry.id);
  leave("undone");
});

onSubmit(byId("delete-form"), async () => {
  deletion.close();
  const { id, version, over } = entry;
  try {
    await notebook.remove({ id, version, over });
  } catch (error) {
    if (!(error instanceof ChangedElsewhere)) throw error;
    return offer(error.there);
  }
  dropDraft(notebook, id);
  leave("deleted");
});

for (const prompt of byId("entry-prompts").querySelectorAll("[data-prompt]")) {
  prompt.addEventListener("click", () => {
    field.value = `${prompt.textContent.trim()}\n\n${field.value}`;
    field.dispatchEvent(new Event("input"));
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  });
}

function offer(there) {
  other = there;
  byId("conflict-words").textContent = word(there ? "changedElsewhere" : "deletedElsewhere");
  byId("conflict-other").hidden = !there;
  byId("conflict-text").textContent = there?.text ?? "";
  for (const id of ["conflict-both", "conflict-theirs"]) byId(id).hidden = !there;
  say("");
  conflict.showModal();
}

// Mine as a new entry; over the other version; or the other version instead of mine.
async function settle(how) {
  conflict.close();
  const mine = { ...entry, text: field.value };
  if (how === "theirs") {
    dropDraft(notebook, mine.id);
    return write(notebook, notebook.entries.get(mine.id));
  }
  const isNew = how === "both" || !other;
  entry = isNew
    ? { id: crypto.randomUUID(), version: 0, over: [], text: "" }
    : { id: mine.id, version: other.version, over: [], text: other.text };
  const kept = await keep();
  if (!kept) return;
  dropDraft(notebook, mine.id);
  leave(kept);
}

for (const how of ["both", "mine", "theirs"]) {
  byId(`conflict-${how}`).addEventListener("click", () => settle(how).catch(report));
}
