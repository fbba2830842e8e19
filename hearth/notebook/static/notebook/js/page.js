// What every part of the notebook's page shares: its words, its views, its status lines and problems.

import { NoRoom, NotSentYet, TooLong, Unheard } from "./errors.js";
import { Offline, Refused, SignedOff } from "./server.js";

export const byId = (id) => document.getElementById(id);
export const root = byId("notebook");
export const shared = document.body.hasAttribute("data-shared-device");
const words = byId("notebook-words").dataset;
const trouble = byId("notebook-trouble");

export const word = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);

const dates = new Intl.DateTimeFormat(document.documentElement.lang, {
  dateStyle: "long",
  timeStyle: "short",
  timeZone: root.dataset.zone,
});
export const dateWords = (date) => dates.format(date);

let current = null;

export function show(name, { focus = true } = {}) {
  current = root.querySelector(`[data-view="${name}"]`);
  for (const view of root.querySelectorAll("[data-view]")) view.hidden = view !== current;
  trouble.hidden = true;
  clearProblems(current);
  current.querySelector("[role='status']").textContent = "";
  if (focus) current.querySelector("h2")?.focus();
}

export const isShown = (name) => current?.dataset.view === name;

// Said a moment later: a status line that has just appeared is not read out.
export function say(name, values) {
  const line = current.querySelector("[role='status']");
  setTimeout(() => (line.textContent = name ? word(name, values) : ""), 60);
}

export function problem(input, name, values) {
  const line = byId(`${input.id}-problem`);
  line.textContent = word(name, values);
  line.hidden = false;
  input.setAttribute("aria-invalid", "true");
  input.closest(".field").classList.add("wrong");
  const first = current.querySelector("[aria-invalid='true']");
  first.focus();
}

export function clearProblems(within) {
  for (const line of within.querySelectorAll(".problem")) line.hidden = true;
  for (const input of within.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  for (const field of within.querySelectorAll(".field.wrong")) field.classList.remove("wrong");
}

export function report(error) {
  const name =
    error instanceof SignedOff ? "signedOff"
    : error instanceof Offline ? "offline"
    : error instanceof TooLong ? "tooLong"
    : error instanceof NoRoom ? "noRoomToWait"
    : error instanceof Unheard ? "unheard"
    : error instanceof NotSentYet ? "notSentYet"
    : error instanceof Refused && error.answer.problem === "other-key" ? "otherKey"
    : "unexpected";
  trouble.querySelector("[data-words]").textContent = word(name);
  trouble.querySelector("a").hidden = name !== "signedOff";
  trouble.hidden = false;
  trouble.scrollIntoView({ block: "nearest" });
  say("");
  if (name === "unexpected") console.error(error);
}

// Runs `work` once at a time; what goes wrong is said, and what was typed stays.
export function onSubmit(form, work) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    form.setAttribute("aria-busy", "true");
    clearProblems(form);
    trouble.hidden = true;
    try {
      await work(event);
    } catch (error) {
      report(error);
    } finally {
      delete form.dataset.busy;
      form.removeAttribute("aria-busy");
    }
  });
}

export function wipe(form) {
  form.reset();
  clearProblems(form);
  for (const box of form.querySelectorAll("[data-shows]")) box.dispatchEvent(new Event("change"));
}
