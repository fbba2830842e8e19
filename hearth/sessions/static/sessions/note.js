// The group note: by keyboard, brought together with what a colleague writes at the same time, and never lost.
//
// The page knows for every field the value and the version it last agreed on with the server (`agreed`). What comes back
// from saving, or when a colleague has saved, is taken over where nothing was typed since; a field typed in meanwhile
// keeps its older version, so that the server sees that two wrote there and keeps both.

import { nothingElseOnceSent } from "./sent.js";

const form = document.getElementById("note");
const PREFIX = "hearth.draft."; // as all drafts (drafts.js): its writer's alone, and gone on shared devices
const KEY = `${PREFIX}${document.body.dataset.owner}.${form.dataset.key}`;
const LONGEST = 7 * 24 * 60 * 60 * 1000; // milliseconds a draft is kept
const AGAIN = 8000; // milliseconds until saving is tried again
const shared = document.body.hasAttribute("data-shared-device");
const kept = document.getElementById("note-kept");
const agreed = new Map(); // field name -> { value, version }
let beside = new Set(); // fields that two changed, as the page last knew
let sent = null; // what was last sent, until its answer has come
let again;

// --- fields ---------------------------------------------------------------------------------------------------

const state = () => document.getElementById("note-state");
const controls = (name) => [...form.elements].filter((field) => field.name === name);
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function read(name) {
  const found = controls(name);
  if (found[0]?.type === "checkbox") return found.filter((field) => field.checked).map((field) => field.value);
  if (found[0]?.type === "radio") return found.find((field) => field.checked)?.value ?? "";
  return (found[0]?.value ?? "").replaceAll("\r\n", "\n");
}

function write(name, value) {
  for (const field of controls(name)) {
    if (field.type === "checkbox") field.checked = value.includes(field.value);
    else if (field.type === "radio") field.checked = field.value === value;
    else if (field.type === "hidden") field.setAttribute("value", value);
    else field.value = value;
  }
}

// An order of interventions means nothing; line ends and space at the end may differ.
const plain = (value) => (Array.isArray(value) ? [...value].sort() : value.replaceAll("\r\n", "\n").trimEnd());
const snapshot = () => new Map([...agreed.keys()].map((name) => [name, plain(read(name))]));

function tellVersions() {
  const version = Number(state().dataset.version);
  const older = {};
  for (const [name, one] of agreed) if (one.version !== version) older[name] = one.version;
  form.elements.base.value = version;
  form.elements.bases.value = JSON.stringify(older);
}

function takeOver() {
  const { version, values, beside: waiting } = state().dataset;
  const number = Number(version);
  const stillBeside = new Set(JSON.parse(waiting));
  for (const [name, raw] of Object.entries(JSON.parse(values))) {
    if (!controls(name).length) continue;
    const value = plain(raw);
    if (name.endsWith("proposed")) {
      write(name, value);
      continue;
    }
    const before = agreed.get(name);
    const now = plain(read(name));
    const settled = before && beside.has(name) && !stillBeside.has(name);
    if (!before || same(now, value)) agreed.set(name, { value, version: number });
    else if (same(now, before.value) || settled) {
      write(name, value);
      agreed.set(name, { value, version: number });
    } else if (same(value, before.value) || same(value, sent?.get(name))) agreed.set(name, { value, version: number });
  }
  beside = stillBeside;
  tellVersions();
}

// --- nothing typed is lost --------------------------------------------------------------------------------------

const unsaved = () => Object.fromEntries([...snapshot()].filter(([name, now]) => !same(now, agreed.get(name).value)));

function keepHere() {
  if (shared) return;
  const typed = unsaved();
  if (!Object.keys(typed).length) return localStorage.removeItem(KEY);
  const fields = Object.entries(typed).map(([name, value]) => [name, value, agreed.get(name).version]);
  localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), fields }));
}

function findHere() {
  let draft;
  try {
    draft = JSON.parse(localStorage.getItem(KEY));
  } catch {
    draft = null;
  }
  if (!draft || Date.now() - draft.at > LONGEST) return;
  let found = false;
  for (const [name, value, version] of draft.fields) {
    if (!agreed.has(name) || same(plain(read(name)), value)) continue;
    write(name, value);
    agreed.set(name, { value: agreed.get(name).value, version });
    found = true;
  }
  if (!found) return localStorage.removeItem(KEY);
  kept.textContent = form.dataset.found;
  tellVersions();
  save();
}

const save = () => form.dispatchEvent(new CustomEvent("hearth:save"));

function notSaved(event) {
  sent = null;
  keepHere();
  kept.textContent = event.detail.xhr?.status === 422 ? form.dataset.refused : form.dataset.lost;
  clearTimeout(again);
  again = setTimeout(save, AGAIN);
}

// --- keys -------------------------------------------------------------------------------------------------------

const writing = (target) => target.matches("textarea, select, input:not([type='radio'], [type='checkbox'])");
const rowOf = (target) => target.closest("[data-line]");
const changed = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));

function choose(row, name, value) {
  const field = row.querySelector(`select[name$="-${name}"]`);
  if (!field) return false;
  field.value = value;
  changed(field);
  return true;
}

function nextGoal(row) {
  const field = row.querySelector('select[name$="-goal"]');
  if (!field) return false;
  field.selectedIndex = (field.selectedIndex % (field.options.length - 1)) + 1;
  changed(field);
  return true;
}

function tick(field) {
  if (!field?.offsetParent) return false;
  field.checked = true;
  changed(field);
  return true;
}

function go(field) {
  if (!field) return false;
  field.focus();
  if (field.tagName === "TEXTAREA") field.setSelectionRange(field.value.length, field.value.length);
  return true;
}

// What is written goes on from what is proposed.
function spaced(field) {
  if (field && /\S$/.test(field.value)) field.value += " ";
  return field;
}

const inRow = {
  e: (row) => go(spaced(row.querySelector("textarea"))),
  a: (row) => tick(row.querySelector('[name$="-keep"]')),
  g: nextGoal,
  f: (row) => choose(row, "progress", "forward"),
  s: (row) => choose(row, "progress", "same"),
  b: (row) => choose(row, "progress", "back"),
  n: (row) => choose(row, "risk", "none"),
  r: (row) => go(row.querySelector('select[name$="-risk"]')),
};
for (const much of "12345") inRow[much] = (row) => tick(row.querySelector(`.pip input[value="${much}"]`));

const anywhere = {
  a: () => [...form.querySelectorAll(".said [name$='_keep']")].map(tick).some(Boolean),
  i: () => go(form.querySelector("[data-chips] input")),
  t: () => go(form.elements.text),
  p: () => go(form.elements.plan),
  "?": () => !document.getElementById("keys-opener")?.click(),
};

function byItsLetter(chips, letter) {
  const all = [...chips.querySelectorAll("input")];
  const here = all.indexOf(document.activeElement);
  const named = [...all.slice(here + 1), ...all.slice(0, here + 1)];
  return go(named.find((one) => one.closest("label").textContent.trim().toLowerCase().startsWith(letter)));
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
  if (document.querySelector("dialog:modal")) return;
  const row = rowOf(event.target);
  const chips = event.target.closest("[data-chips]");
  const key = event.key.toLowerCase();
  let done = false;
  if (event.key === "Escape" && form.contains(event.target)) done = go((row ?? form.querySelector("[data-line]"))?.querySelector("a"));
  else if (writing(event.target)) return;
  else if (chips && key.length === 1 && key !== " ") done = byItsLetter(chips, key);
  else done = (row && inRow[key]?.(row)) || anywhere[key]?.();
  if (done) event.preventDefault();
});

// --- saving -------------------------------------------------------------------------------------------------------

if (form.hasAttribute("hx-post")) {
  takeOver();
  findHere();
  nothingElseOnceSent(form);
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keepHere, 400);
  });
  form.addEventListener("change", keepHere);
  form.addEventListener("submit", () => {
    tellVersions();
    keepHere();
  });
  window.addEventListener("pagehide", keepHere);
  window.addEventListener("online", save);
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt === form) sent = snapshot();
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id !== "note-state") return;
    takeOver();
    sent = null;
    keepHere();
    clearTimeout(again);
    kept.textContent = "";
  });
  for (const trouble of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) form.addEventListener(trouble, notSaved);
}
