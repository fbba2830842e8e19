// The list of entries: date and first line, decrypted here, searched here, and taken along as one file.

import { drafts } from "./drafts.js";
import { byId, dateWords, say, show, word } from "./page.js";

const list = byId("shelf-list");
const search = byId("shelf-search");
const line = byId("shelf-line"); // <template>
const more = byId("shelf-more");
const STEP = 100; // lines drawn at a time: years of entries are searched at every key

// Small and large letters and accents make no difference.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const firstLine = (text) => text.split("\n").find((one) => one.trim()) ?? "";

const folded = new WeakMap(); // entry: its text as it is searched

function holds(entry, wanted) {
  if (!folded.has(entry)) folded.set(entry, plain(entry.text ?? ""));
  return folded.get(entry).includes(wanted);
}

let notebook = null;
let unkept = [];
let shown = STEP;

// Drafts first, then what was kept, newest first. An entry with a draft shows the draft.
function all() {
  const drafted = new Set(unkept.map((draft) => draft.id));
  const kept = notebook.newestFirst().filter((entry) => !drafted.has(entry.id));
  return [...unkept.map((draft) => ({ ...draft, createdAt: new Date(draft.at), isDraft: true })), ...kept];
}

function draw() {
  const wanted = plain(search.value.trim());
  const entries = all();
  const found = entries.filter((entry) => holds(entry, wanted));
  list.replaceChildren(...found.slice(0, shown).map(lineOf));
  more.hidden = found.length <= shown;
  byId("shelf-empty").hidden = entries.length > 0;
  byId("shelf-full").hidden = entries.length === 0;
  return found.length;
}

function lineOf(entry) {
  const item = line.content.cloneNode(true);
  const button = item.querySelector("button");
  button.dataset.entry = entry.id;
  item.querySelector("[data-title]").textContent = entry.text === null ? word("cannotOpen") : firstLine(entry.text);
  item.querySelector("[data-date]").textContent = dateWords(entry.createdAt);
  item.querySelector("[data-draft]").hidden = !entry.isDraft;
  item.querySelector("[data-waits]").hidden = Boolean(entry.isDraft) || !entry.over?.length;
  item.querySelector("[data-shared]").hidden = !entry.shared;
  item.querySelector("[data-beside]").hidden = !notebook.entries.has(entry.beside);
  return item;
}

export async function showShelf(open, { focus = true } = {}) {
  notebook = open;
  unkept = await drafts(open);
  shown = STEP;
  draw();
  show("shelf", { focus });
}

export function wipeShelf() {
  notebook = null;
  unkept = [];
  search.value = "";
  list.replaceChildren();
}

more.addEventListener("click", () => {
  const first = shown;
  shown += STEP;
  draw();
  list.children[first]?.querySelector("button").focus();
});

search.addEventListener("input", () => {
  shown = STEP;
  const count = draw();
  say(search.value.trim() ? (count === 1 ? "foundOne" : "found") : "", { count });
});

// Calls `choose` with the draft or entry that was pressed.
export function onChoose(choose) {
  list.addEventListener("click", (event) => {
    const id = event.target.closest("button")?.dataset.entry;
    if (id) choose(unkept.find((draft) => draft.id === id) ?? notebook.entries.get(id));
  });
}

// Everything that can be opened, oldest first, as one file of plain text. It is made here and goes nowhere else.
byId("export-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const kept = all().filter((entry) => entry.text !== null).sort((one, other) => one.createdAt - other.createdAt);
  const text = kept.map((entry) => `${dateWords(entry.createdAt)}\n\n${entry.text}\n`).join("\n* * *\n\n");
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: word("exportName") });
  link.click();
  URL.revokeObjectURL(address);
  byId("shelf-export").close();
});
