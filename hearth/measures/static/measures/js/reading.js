// Reading a questionnaire out with one hand on the keyboard: the number printed beside an answer chooses it, "-" is for
// what they would rather not say, and the next question follows by itself unless the answer calls for help first.

import { callsForHelp, offerHelp } from "./help_at_once.js";

const PAUSE = 450; // milliseconds in which the chosen answer is seen, and another number corrects it
const DECLINED = "declined";
const root = document.querySelector("[data-reading]");
const find = (name) => root.querySelector(`[data-${name}]`);
const questions = [...root.querySelectorAll("[data-question]")];
const isOneAtATime = () => !find("steps").hidden;
let timer;

const keyOf = (choice) => (choice.value === DECLINED ? "-" : choice.value);

function asked() {
  if (isOneAtATime()) return questions.find((one) => !one.hidden);
  return questions.find((one) => one.contains(document.activeElement)) ?? questions.find((one) => !one.querySelector("input:checked"));
}

function goOn(from) {
  if (asked() !== from) return;
  if (from === questions.at(-1)) find("send").querySelector("button").focus();
  else if (isOneAtATime()) find("next").click();
  else questions[questions.indexOf(from) + 1].querySelector("fieldset, input").focus();
}

function choose(event) {
  const isTyping = event.target.matches("input:not([type=radio]), textarea, select");
  if (event.altKey || event.ctrlKey || event.metaKey || isTyping || document.querySelector("dialog:modal")) return;
  const question = asked();
  const choice = [...(question?.querySelectorAll("input[type=radio]") ?? [])].find((one) => keyOf(one) === event.key);
  if (!choice) return;
  event.preventDefault();
  choice.focus();
  choice.click();
  clearTimeout(timer);
  if (!callsForHelp(choice)) timer = setTimeout(goOn, PAUSE, question);
}

for (const choice of root.querySelectorAll("input[type=radio]")) {
  if (keyOf(choice).length > 1) continue;
  const key = document.createElement("kbd");
  key.textContent = keyOf(choice);
  key.ariaHidden = "true";
  choice.closest("label").append(key);
}
document.querySelector("[data-keys]").hidden = false;
document.addEventListener("keydown", choose);
offerHelp(root);
