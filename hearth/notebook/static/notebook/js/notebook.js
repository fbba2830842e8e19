// The notebook's page: set up, open, write, shut. The key lives in this module's memory while the notebook is open and
// nowhere else; ten idle minutes, leaving the page or a press on Shut forget it, and the words with it.

import { ITERATIONS, WrongWords, newCode, newRawKey, openKey, unwrap, unseal, wrap } from "./sealing.js";
import { Store } from "./store.js";
import { Writing, sentence } from "./writing.js";

const IDLE = 10 * 60 * 1000; // milliseconds
const LEAST_LENGTH = 10; // characters of a passphrase

const root = document.getElementById("notebook");
const store = new Store(root);
const words = root.dataset;
const view = (name) => root.querySelector(`[data-view="${name}"]`);
const within = (name, part) => view(name).querySelector(`[data-${part}]`);
const today = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full" });

let wrapped = null; // the server's answer: iterations and two wrappings
let key = null; // a CryptoKey that cannot be read out
let timer;

const writing = new Writing(store, view("write"), words, () => key);

function show(name) {
  for (const each of root.querySelectorAll("[data-view]")) each.hidden = each.dataset.view !== name;
  for (const form of root.querySelectorAll("form[data-form]")) settle(form);
  (view(name).querySelector("[data-focus]") ?? view(name).querySelector("h2"))?.focus();
}

function settle(form) {
  if (form.dataset.form !== "write") form.reset();
  say(form, "");
}

function say(form, text) {
  const place = form.querySelector("[data-problem]");
  if (!place) return;
  place.hidden = text === "";
  place.querySelector("p").textContent = text;
  for (const field of form.querySelectorAll("input")) field.removeAttribute("aria-invalid");
  const field = text && form.querySelector("input");
  if (field) {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }
}

function shut(note = "") {
  key = null;
  writing.clear();
  within("list", "entries").replaceChildren();
  within("code", "code").textContent = "";
  clearTimeout(timer);
  show(wrapped ? "unlock" : "setup");
  within("unlock", "note").textContent = note;
}

function stir() {
  if (!key) return;
  clearTimeout(timer);
  timer = setTimeout(async () => {
    await writing.keepNow();
    shut(words.idle);
  }, IDLE);
}

async function open(raw) {
  key = await openKey(raw);
  raw.fill(0);
  stir();
}

async function list() {
  within("list", "note").textContent = (await writing.sendParked()) ?? "";
  const sealed = await store.entries();
  const rows = await Promise.all(sealed.map(async (each) => {
    try {
      return { ...each, text: await unseal(key, each.id, each) };
    } catch {
      return { ...each, text: null };
    }
  }));
  within("list", "entries").replaceChildren(...rows.map(line));
  within("list", "empty").hidden = rows.length > 0;
  show("list");
}

function line(entry) {
  const item = view("list").querySelector("template").content.firstElementChild.cloneNode(true);
  const button = item.querySelector("button");
  const first = entry.text === null ? words.unreadable : entry.text.trim().split("\n", 1)[0];
  button.textContent = first.slice(0, 90) || words.untitled;
  button.disabled = entry.text === null;
  item.querySelector("time").textContent = today.format(new Date(entry.created_at));
  button.addEventListener("click", () => {
    writing.begin(entry);
    show("write");
  });
  return item;
}

function newPassphrase(form) {
  const [first, second] = form.querySelectorAll("[data-new]");
  if (first.value.length < LEAST_LENGTH) throw new Error(words.short);
  if (first.value !== second.value) throw new Error(words.different);
  return first.value;
}

function showCode(code) {
  within("code", "code").textContent = code;
  show("code");
}

const does = {
  async setup(form) {
    const passphrase = newPassphrase(form);
    const raw = newRawKey();
    const code = newCode();
    const message = {
      iterations: ITERATIONS,
      passphrase: await wrap(raw, passphrase, "passphrase"),
      recovery: await wrap(raw, code, "recovery"),
    };
    wrapped = (await store.setUp(message)).key;
    await open(raw);
    showCode(code);
  },
  async code() {
    within("code", "code").textContent = "";
    await list();
  },
  async unlock(form) {
    const typed = form.querySelector("input").value;
    await open(await unwrap(wrapped.passphrase, typed, "passphrase", wrapped.iterations).catch(wrong(words.wrongPassphrase)));
    await list();
  },
  async recover(form) {
    const passphrase = newPassphrase(form);
    const typed = form.querySelector("[data-recovery]").value;
    const raw = await unwrap(wrapped.recovery, typed, "recovery", wrapped.iterations).catch(wrong(words.wrongCode));
    const code = newCode();
    await store.newPassphrase(await wrap(raw, passphrase, "passphrase", wrapped.iterations));
    wrapped = (await store.newRecovery(await wrap(raw, code, "recovery", wrapped.iterations))).key;
    await open(raw);
    showCode(code);
  },
  async change(form) {
    const passphrase = newPassphrase(form);
    const typed = form.querySelector("[data-now]").value;
    const raw = await unwrap(wrapped.passphrase, typed, "passphrase", wrapped.iterations).catch(wrong(words.wrongPassphrase));
    wrapped = (await store.newPassphrase(await wrap(raw, passphrase, "passphrase", wrapped.iterations))).key;
    raw.fill(0);
    await list();
    within("list", "note").textContent = words.changed;
  },
  async over(form) {
    if (form.querySelector("input").value.trim().toUpperCase() !== words.overWord.toUpperCase()) throw new Error(words.overWrong);
    await store.startOver();
    wrapped = null;
    shut();
  },
  async write() {
    if (await writing.keepNow()) await list();
  },
};

const wrong = (told) => (error) => {
  throw error instanceof WrongWords ? new Error(told) : error;
};

async function submit(form) {
  const button = form.querySelector("button[type=submit]");
  if (button.disabled) return;
  const inside = [...button.childNodes];
  button.disabled = true;
  if (form.dataset.form !== "write") button.replaceChildren(words.moment);
  try {
    say(form, "");
    await does[form.dataset.form](form);
  } catch (error) {
    say(form, error.word ? sentence(words, error) : error.message);
  } finally {
    button.disabled = false;
    button.replaceChildren(...inside);
  }
}

function press(name) {
  if (name === "new") {
    writing.begin(null);
    show("write");
  } else if (name === "shut") {
    writing.keepNow().then((kept) => kept && shut(words.shut));
  } else if (name === "print") {
    print();
  } else if (name === "remove") {
    writing.remove().then((gone) => gone && list());
  } else if (name === "list") {
    list();
  } else {
    show(name);
  }
}

async function begin() {
  if (!globalThis.crypto?.subtle) {
    document.getElementById("notebook-cannot").hidden = false;
    return;
  }
  root.hidden = false;
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(event.target);
  });
  root.addEventListener("click", (event) => {
    const name = event.target.closest("[data-press]")?.dataset.press;
    if (name) press(name);
  });
  for (const sign of ["pointerdown", "keydown", "input"]) document.addEventListener(sign, stir, { passive: true });
  document.addEventListener("visibilitychange", () => document.hidden && writing.keepNow());
  addEventListener("pagehide", () => shut());
  addEventListener("beforeunload", (event) => writing.isUnkept && event.preventDefault());
  try {
    wrapped = await store.key();
    shut();
  } catch {
    root.hidden = true;
    document.getElementById("notebook-away").hidden = false;
  }
}

begin();
