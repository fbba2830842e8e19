// The session's page with and without a connection: every tap goes into the queue first, shows at once, and is sent
// at once where the server answers. Without scripts, on a shared device or an old browser the taps are plain forms.

import { add, correct, leaveOut, send, waiting } from "../web/offline/queue.js";
import { isPossible, keepPage, unlock } from "../web/offline/store.js";

const RENEW = 120_000; // milliseconds after which what is kept of the page is brought up to date
const QUIET = 5_000; // milliseconds without a tap before it is
const AGAIN = 15_000; // milliseconds between two looks whether the server is there again
const place = document.getElementById("keeping");
const { owner } = document.body.dataset;
const { page, marks: to, kept: from } = place.dataset;
const until = Number(place.dataset.until);
const isKept = place.hasAttribute("data-is-kept");
const says = place.querySelector("[data-keeping-says]");
const refused = place.querySelector("[data-keeping-refused]");
const cover = document.getElementById("cover");
const OPENED = "hearth.opened-again";
let state = "";
let keeping;

const rowOf = (pk) => document.querySelector(`[data-place="${CSS.escape(pk)}"]`);
const wordsOf = (status) => place.querySelector(`template[data-status-of="${CSS.escape(status)}"]`)?.content.cloneNode(true);

function say(what, n) {
  const name = n === undefined ? what : `${what}-${n === 1 ? 1 : "n"}`;
  const words = place.querySelector(`template[data-says="${name}"]`).content.cloneNode(true);
  for (const node of [words, ...words.querySelectorAll("*")].flatMap((each) => [...each.childNodes])) {
    if (node.nodeType === Node.TEXT_NODE) node.data = node.data.replace("{n}", n);
  }
  says.replaceChildren(words);
  place.dataset.state = what;
}

// Show what was tapped and is not in the page yet.
function show({ body }) {
  const row = rowOf(body.place);
  if (!row) return;
  row.dataset.waits = "";
  if (body.what === "took_part") {
    for (const pip of row.querySelectorAll(".pip")) pip.setAttribute("aria-pressed", String(pip.value === String(body.took_part)));
  } else {
    row.dataset.status = body.what;
    row.querySelector("[data-status-words]").replaceChildren(wordsOf(body.what) ?? "");
  }
}

function showRefused(items) {
  refused.hidden = !items.length;
  const old = new Map([...refused.children].map((line) => [line.dataset.id, line]));
  refused.replaceChildren(...items.map((item) => old.get(item.id) ?? lineOf(item)));
}

function lineOf({ id, words, body }) {
  const line = place.querySelector("template[data-refused]").content.cloneNode(true).firstElementChild;
  const row = rowOf(body.place);
  line.dataset.id = id;
  line.querySelector("[data-who]").textContent = row?.querySelector("[data-name]").textContent ?? "";
  line.querySelector("[data-what]").replaceChildren(wordsOf(body.what) ?? String(body.took_part));
  line.querySelector("[data-why]").textContent = words;
  line.querySelector("[data-again]").addEventListener("click", async () => {
    const time = line.querySelector("input");
    if (!time.reportValidity()) return;
    await correct(id, { written: time.value });
    line.remove();
    settle();
  });
  line.querySelector("[data-leave-out]").addEventListener("click", async () => {
    await leaveOut(id);
    line.remove();
    settle();
  });
  return line;
}

// Send what waits, and say where things stand.
async function settle() {
  const before = (await waiting(owner)).filter((item) => !item.words).length;
  const was = state;
  state = await send(owner);
  const items = (await waiting(owner)).filter((item) => item.page === page);
  const left = items.filter((item) => !item.words);
  left.forEach(show);
  showRefused(items.filter((item) => item.words));
  if (state === "away" || (state === "signed-out" && !left.length)) say("away", left.length || undefined);
  else if (state === "signed-out") say("signed-out", left.length);
  else if (state === "another") say("another");
  else sent(before, was);
}

function sent(many, was) {
  if (isKept) return openWhole();
  if (many && was !== "sent") say("sent", many);
  else say("ready");
  if (!many) return;
  for (const row of document.querySelectorAll("[data-waits]")) delete row.dataset.waits;
  document.getElementById("roster").dispatchEvent(new CustomEvent("hearth:renew"));
  clearTimeout(keeping);
  keeping = setTimeout(keep, QUIET);
}

// The whole page is within reach again; where it only seems so, it is not asked for without end.
function openWhole() {
  if (Date.now() - Number(sessionStorage.getItem(OPENED) ?? 0) < RENEW) return;
  sessionStorage.setItem(OPENED, Date.now());
  location.reload();
}

const keep = () => keepPage(page, { from, owner, until }).catch(() => {});

async function tapped(event) {
  if (!event.target.matches("form.marks")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { name, value } = event.submitter;
  const pk = event.target.closest("[data-place]").dataset.place;
  const body = name === "took_part" ? { place: pk, what: name, took_part: Number(value) } : { place: pk, what: value };
  show({ body });
  await add({ owner, to, page, body });
  settle();
}

async function begin() {
  if (!isPossible()) return document.body.hasAttribute("data-shared-device") && say("shared");
  if (!until || !(await unlock(owner, until))) return;
  document.addEventListener("submit", tapped, true);
  if (!isKept) await keep();
  await settle();
  setInterval(() => state === "sent" && !isKept && keep(), RENEW);
  setInterval(() => state !== "sent" && settle(), AGAIN);
  addEventListener("offline", settle);
  addEventListener("online", settle);
  document.addEventListener("hearth:sent", settle);
  document.addEventListener("htmx:afterSettle", async () => (await waiting(owner)).filter((item) => !item.words).forEach(show));
  document.addEventListener("hearth:idle", (event) => {
    if (state !== "away") return; // with a connection the sign-in follows, as everywhere
    event.preventDefault();
    if (!cover.open) cover.showModal();
  });
  cover.addEventListener("cancel", (event) => event.preventDefault());
  cover.addEventListener("click", (event) => event.target === cover && event.stopPropagation()); // its veil does not lift it
  cover.querySelector("[data-uncover]").addEventListener("click", () => (state === "away" ? cover.close() : location.reload()));
}

begin();
