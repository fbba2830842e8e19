// Answering on a phone: help at the moment of a grave answer, questions read aloud, and nothing lost without a connection:
// the page of what is due is kept, and answers wait in the one queue until they can be sent.

import { sendOrKeep } from "../../web/offline/later.js";
import { isPossible, keepPage, unlock } from "../../web/offline/store.js";
import { keepElsewhere } from "./going_on.js";
import { offerHelp } from "./help_at_once.js";

const DAY = 24 * 60 * 60 * 1000; // milliseconds for which a page of questions is kept
const { owner } = document.body.dataset;
const root = document.querySelector("[data-answering]");

async function keepAll(addresses) {
  const until = Date.now() + DAY;
  if (!addresses.length || !owner || !isPossible() || !(await unlock(owner, until))) return;
  for (const address of addresses) await keepPage(address, { from: `${address}?kept=yes`, owner, until }).catch(() => {});
}

const shown = () => [...root.querySelectorAll("[data-question]")].find((question) => !question.hidden);

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

if (root) {
  offerHelp(root);
  const { instrument, language } = root.dataset;
  const body = (form) => ({ instrument, language, answers: answers(form) });
  sendOrKeep(root, { body, shown: (form) => form.closest("[data-questions]") });
  if ("speechSynthesis" in globalThis && root.querySelector("[data-aloud]")) {
    root.querySelector("[data-aloud]").hidden = false;
    root.querySelector("[data-read-aloud]").addEventListener("click", readAloud);
  }
  if (!root.hasAttribute("data-is-kept")) {
    keepAll([root.dataset.page]);
    keepElsewhere(root);
  }
}
keepAll([...document.querySelectorAll("[data-keep]")].map((place) => place.dataset.keep));
