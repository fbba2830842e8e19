// The list of entries: date and first line, decrypted here, searched here.

import { drafts } from "./drafts.js";
import { byId, dateWords, say, show, word } from "./page.js";

const list = byId("shelf-list");
const search = byId("shelf-search");
const line = byId("shelf-line"); // <template>

// Small and large letters and accents make no difference.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const firstLine = (text) => text.split("\n").find((one) => one.trim()) ?? "";

let notebook = null;
let unkept = [];

// Drafts first, then what was kept, newest first. An entry with a draft shows the draft.
function all() {
  const drafted = new Set(unkept.map((draft) => draft.id));
  const kept = notebook.newestFirst().filter((entry) => !drafted.has(entry.id));
  return [...unkept.map((draft) => ({ ...draft, createdAt: new Date(draft.at), isDraft: true })), ...kept];
}

function draw() {
  const wanted = plain(search.value.trim());
  const entries = all();
  const found = entries.filter((entry) => plain(entry.text ?? "").includes(wanted));
  list.replaceChildren(...found.map(lineOf));
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
  return item;
}

export async function showShelf(open, { focus = true } = {}) {
  notebook = open;
  unkept = await drafts(open);
  draw();
  show("shelf", { focus });
}

export function wipeShelf() {
  notebook = null;
  unkept = [];
  search.value = "";
  list.replaceChildren();
}

search.addEventListener("input", () => {
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
