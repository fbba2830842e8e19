// The self-check on a phone: one question a screen, judged here by rules.js. Nothing leaves the browser before “Send”;
// nothing is kept on the device unless that is asked for. Without JavaScript the same page asks by plain forms.

import { asked, atOnce, chosen, judge, kept } from "./rules.js";

const KEPT = "hearth.check"; // in this device's storage, only where somebody asked for it
const TURN = "hearth.check.turn"; // for the length of one change of language
const LONGEST = 7 * 24 * 60 * 60 * 1000; // milliseconds
const PARTS_OF_DAY = ["morning", "afternoon", "evening"];

const room = document.querySelector("[data-check]");
const check = JSON.parse(document.getElementById("check-data").textContent);
const { words } = check;
const part = (name) => room.querySelector(`[data-part="${name}"]`);
const form = part("question");
const keeping = room.querySelector("[data-keep]"); // missing on a device that others use, too
const groups = part("result").querySelector("[data-groups]");
const week = part("result").querySelector("[data-week-found]");
let audience = "";
let answers = {};
let place = 0; // which of the questions asked is shown
let helped = new Set(); // rules whose help was shown already
let cleared = false;

const questions = () => asked(check, audience, answers);
const saidOf = (question) => words.asked[`${question.id} ${audience}`] ?? words.asked[question.id];
const facts = () => ({ ...answers, served: answers.state ? [check.served.includes(answers.state) ? "yes" : "no"] : [] });

function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function show(name) {
  for (const one of room.querySelectorAll("[data-part]")) one.hidden = one !== part(name);
  scrollTo(0, 0);
  part(name).querySelector("[data-title], h1, legend")?.focus({ preventScroll: true });
}

function keep() {
  if (keeping?.querySelector("input").checked && audience && !cleared) {
    localStorage.setItem(KEPT, JSON.stringify({ at: Date.now(), audience, answers }));
  }
}

function ask() {
  const all = questions();
  const question = all[place];
  if (!question) return tell();
  const said = saidOf(question);
  const progress = form.querySelector("progress");
  progress.max = all.length;
  progress.value = place + 1;
  form.querySelector("[data-place]").textContent = form.dataset.place.replace("{n}", place + 1).replace("{all}", all.length);
  form.querySelector("[data-theme-of]").textContent = words.parts[question.part];
  form.querySelector("[data-title]").textContent = said.text;
  form.querySelector("[data-hint]").textContent = said.hint;
  form.querySelector("[data-by]").textContent = said.by;
  form.querySelector("[data-choices]").replaceChildren(...controls(question, said));
  show("question");
}

function controls(question, said) {
  const given = chosen(answers, question.id);
  if (question.choices.length > 20) {
    const select = element("select", "", { name: "answer", "aria-labelledby": "check-title" });
    select.append(new Option(form.dataset.choose, ""));
    question.choices.forEach((code, at) => select.append(new Option(said.choices[at], code, false, given.includes(code))));
    return [select];
  }
  return question.choices.map((code, at) => {
    const label = element("label", "", { class: "choice" });
    const input = element("input", "", { type: question.many ? "checkbox" : "radio", name: "answer", value: code });
    input.checked = given.includes(code);
    label.append(input, element("span", said.choices[at]));
    return label;
  });
}

// “None of these” and the others rule each other out.
form.addEventListener("change", ({ target }) => {
  const { none } = questions()[place];
  if (!none || !target.checked) return;
  for (const box of form.elements.answer) if ((box.value === none) !== (target.value === none)) box.checked = false;
});

function take() {
  const question = questions()[place];
  const given = new FormData(form).getAll("answer").filter(Boolean);
  answers = kept(check, audience, { ...answers, [question.id]: question.many ? given : given.slice(0, 1) });
  keep();
}

function onward() {
  take();
  place += 1;
  const rules = atOnce(check, audience, answers).filter((rule) => !helped.has(rule.id));
  if (rules.length) return help(rules);
  return ask();
}

function stepItem(code) {
  const item = element("li");
  const address = check.reach[code];
  item.append(element("span", words.steps[code]));
  if (address) {
    const name = address.startsWith("tel:") ? address.replace(/^tel:(\+1)?/, "") : new URL(address).host;
    const shown = name.length === 10 ? name.replace(/(...)(...)(....)/, "1-$1-$2-$3") : name;
    const way = element("a", shown, { class: "button", href: address, rel: "noreferrer" });
    item.append(document.createTextNode(" "), way);
  }
  return item;
}

// Help that cannot wait stands alone on the screen; the questions go on only when somebody says so.
function help(rules) {
  rules.forEach((rule) => helped.add(rule.id));
  const steps = [...new Set(rules.flatMap((rule) => rule.steps))];
  part("help").querySelector("[data-reasons]").replaceChildren(...rules.map((rule) => element("p", words.rules[rule.id])));
  part("help").querySelector("[data-steps]").replaceChildren(...steps.map(stepItem));
  show("help");
}

function tell() {
  const result = judge(check, audience, facts());
  const say = (name) => part("result").querySelector(`[data-say="${name}"]`);
  say("title").textContent = words.titles[result.suggestion];
  say("lead").textContent = words.leads[result.suggestion];
  say("steps").replaceChildren(...result.steps.map(stepItem));
  say("reasons").replaceChildren(
    ...result.reasons.map((rule) => {
      const item = element("li", words.rules[rule.id]);
      item.append(element("small", ` ${check.sources[rule.source]}`, { class: "quiet source" }));
      return item;
    }),
  );
  say("help").hidden = !result.urgent;
  say("told").replaceChildren(...questions().filter((one) => chosen(answers, one.id).length).flatMap(told));
  part("result").querySelector("[data-free]").hidden = result.suggestion === "emergency";
  week.replaceChildren();
  fit();
  carry();
  show("result");
}

function told(question) {
  const said = saidOf(question);
  const given = chosen(answers, question.id).map((code) => said.choices[question.choices.indexOf(code)]);
  const again = element("button", form.dataset.change, { type: "button", class: "button quiet small" });
  again.addEventListener("click", () => {
    place = questions().indexOf(question);
    ask();
  });
  const answer = element("dd", `${given.join(" · ")} `);
  answer.append(again);
  return [element("dt", said.text), answer];
}

// All groups are fetched, whoever asks, and picked from here: nobody learns for whom.
async function fetchGroups() {
  const response = await fetch(room.dataset.groups);
  if (!response.ok) return;
  groups.innerHTML = await response.text();
  fit();
}

// The groups with places that fit the hours, the way and the language that were told.
function fit() {
  const rows = [...groups.querySelectorAll("[data-group]")];
  const times = chosen(answers, "times");
  // Where the age was not told, every group fits, and says for whom it is.
  const ages = { adult: "adult", teen: "adolescent", child: "none" };
  const population = audience === "other" ? ages[answers.age] : audience;
  const fits = ({ group, at, weekend, ways, language, places }) =>
    Number(places) > 0 &&
    (!population || group === population) &&
    (!times.length || times.includes(at) || (weekend && times.includes("weekend"))) &&
    (!answers.how || answers.how === "either" || ways.split(" ").includes(answers.how)) &&
    (!["en", "es"].includes(answers.language) || language === answers.language);
  rows.forEach((row) => { row.hidden = !fits(row.dataset); });
  const none = rows.every((row) => row.hidden); // also where they could not be fetched
  part("result").querySelector("[data-no-group]").hidden = !none;
}

// What goes along once somebody presses Send; the form stands on this page, so that nothing is typed twice.
function carry() {
  const talk = part("result").querySelector("form[data-talk]");
  const parts = PARTS_OF_DAY.filter((one) => chosen(answers, "times").includes(one));
  const pick = (name, value) => talk.querySelector(`[name="${name}"][value="${value}"]`)?.click();
  talk.elements.answers.value = JSON.stringify({ version: check.version, audience, answers });
  pick("asked_for", audience === "other" ? "other" : "me");
  if (parts.length === 1) pick("best_time", parts[0]);
}

function begin(chosenAudience, given = {}) {
  audience = chosenAudience;
  answers = kept(check, audience, given);
  helped = new Set();
  // Goes on at the first question without an answer, after the help that any answer already calls for.
  place = Math.max(0, questions().findIndex((one) => !chosen(answers, one.id).length));
  const rules = atOnce(check, audience, answers);
  return rules.length ? help(rules) : ask();
}

function stored(store, key) {
  try {
    const found = JSON.parse(store.getItem(key));
    if (found && Date.now() - found.at < LONGEST) return found;
  } catch {
    // Not ours, or broken: removed like what is too old.
  }
  store.removeItem(key);
  return null;
}

part("start").addEventListener("submit", (event) => {
  event.preventDefault();
  const picked = new FormData(event.target).get("audience");
  if (picked) begin(picked, picked === audience ? answers : {});
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  onward();
});
// A whole week is worked out by our computer, which is told what it needs for that and nothing else.
part("result").querySelector("[data-week]").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { target } = event;
  const needed = ["age", "times", "how", "language", "state"].filter((name) => name in answers);
  const told = Object.fromEntries(needed.map((name) => [name, answers[name]]));
  target.elements.answers.value = JSON.stringify({ version: check.version, audience, answers: told });
  const response = await fetch(target.action, { method: "POST", body: new FormData(target) });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  week.replaceChildren(...page.querySelectorAll("[data-whole-week]"));
});
room.addEventListener("click", ({ target }) => {
  const way = target.closest("[data-way]")?.dataset.way;
  if (way === "back" && place) { take(); place -= 1; ask(); }
  else if (way === "back") show("start");
  else if (way === "on") ask();
  else if (way === "result") tell();
});
keeping?.addEventListener("change", ({ target }) => (target.checked ? keep() : localStorage.removeItem(KEPT)));
part("result").querySelector("form[data-talk]").addEventListener("submit", () => localStorage.removeItem(KEPT));
document.addEventListener("hearth:cleared", () => { cleared = true; answers = {}; audience = ""; });
document.addEventListener("submit", (event) => {
  if (event.target.querySelector("[name='language'][value]") && audience) {
    sessionStorage.setItem(TURN, JSON.stringify({ at: Date.now(), audience, answers }));
  }
});

const before = stored(sessionStorage, TURN) ?? stored(localStorage, KEPT);
sessionStorage.removeItem(TURN);
if (keeping) {
  keeping.hidden = false;
  keeping.querySelector("input").checked = Boolean(stored(localStorage, KEPT));
}
fetchGroups();
if (before) begin(before.audience, before.answers);
else show("start");
