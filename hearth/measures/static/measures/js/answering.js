// Answering on a phone: help at the moment of a grave answer, questions read aloud, and nothing lost without a connection:
// the page of what is due is kept, and answers wait in the one queue until they can be sent.

import { add } from "../../web/offline/queue.js";
import { isPossible, keepPage, reach, unlock } from "../../web/offline/store.js";

const DAY = 24 * 60 * 60 * 1000; // milliseconds for which a page of questions is kept
const { owner } = document.body.dataset;
const root = document.querySelector("[data-answering]");

async function keepAll(addresses) {
  const until = Date.now() + DAY;
  if (!addresses.length || !owner || !isPossible() || !(await unlock(owner, until))) return;
  for (const address of addresses) await keepPage(address, { from: `${address}?kept=yes`, owner, until }).catch(() => {});
}

const shown = () => [...root.querySelectorAll("[data-question]")].find((question) => !question.hidden);

function offerHelp(event) {
  const from = event.target.dataset?.helpFrom;
  if (from === undefined || Number(event.target.value) < Number(from)) return;
  const help = root.querySelector("[data-help]");
  help.hidden = false;
  help.focus();
}

function readAloud() {
  const question = shown();
  const words = [question.querySelector("legend, label").textContent];
  for (const answer of question.querySelectorAll("label.choice")) words.push(answer.textContent);
  const said = new SpeechSynthesisUtterance(words.map((each) => each.trim()).join(". "));
  said.lang = root.dataset.language;
  speechSynthesis.cancel();
  speechSynthesis.speak(said);
}

// The answers by link id, whole numbers; what was left out is null.
function answers(form) {
  const found = {};
  for (const field of form.elements) {
    if (!field.name?.startsWith("q-")) continue;
    const link = field.name.slice(2);
    found[link] ??= null;
    if ((field.type === "radio" ? field.checked : field.value !== "")) found[link] = Number(field.value);
  }
  return found;
}

async function send(event) {
  const form = event.target;
  if (form.dataset.asked === "yes" || !owner || !isPossible()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const isAway = root.hasAttribute("data-is-kept") || (await reach()) === "away";
  if (!isAway || !(await unlock(owner))) {
    form.dataset.asked = "yes";
    form.requestSubmit(event.submitter);
    return;
  }
  const { to, page, instrument, language } = root.dataset;
  await add({ owner, to, page, body: { instrument, language, answers: answers(form) } });
  form.dispatchEvent(new CustomEvent("hearth:stored")); // no draft of it is needed any more
  const later = root.querySelector("template[data-later]").content.cloneNode(true).firstElementChild;
  form.closest("[data-questions]").replaceWith(later);
  later.focus();
}

if (root) {
  root.addEventListener("change", offerHelp);
  root.addEventListener("submit", send, { capture: true });
  if ("speechSynthesis" in globalThis && root.querySelector("[data-aloud]")) {
    root.querySelector("[data-aloud]").hidden = false;
    root.querySelector("[data-read-aloud]").addEventListener("click", readAloud);
  }
  if (!root.hasAttribute("data-is-kept")) keepAll([root.dataset.page]);
}
keepAll([...document.querySelectorAll("[data-keep]")].map((place) => place.dataset.keep));
