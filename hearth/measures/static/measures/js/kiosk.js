// A tablet in somebody's hands: a tap on an answer goes on by itself unless it calls for help first, and who is quiet for
// too long finds the screen wiped. The server says so; this only asks it in time, and tells it that somebody is there.
// Other tabs, which may still show what staff had open, are told to leave.

import { callsForHelp, offerHelp } from "./help_at_once.js";

const PAUSE = 350; // milliseconds in which the chosen answer is seen
const TELL = 20_000; // milliseconds between two signs of life
const WARN = 30_000; // milliseconds before the screen is wiped
const root = document.querySelector("[data-kiosk]");
const warning = root.querySelector("[data-warning]");
const quiet = Number(root.dataset.quiet) * 1000;
const ask = () => location.replace(location.pathname);
let told = Date.now();
let timers = [];
let going;

function wait() {
  timers.forEach(clearTimeout);
  warning.hidden = true;
  timers = [setTimeout(() => { warning.hidden = false; }, quiet - WARN), setTimeout(ask, quiet + 1000)];
}

async function somebodyIsThere() {
  if (!warning.hidden || Date.now() - told > TELL) {
    told = Date.now();
    const body = new FormData();
    body.set("do", "still");
    body.set("csrfmiddlewaretoken", root.querySelector("[name=csrfmiddlewaretoken]").value);
    const answer = await fetch(location.pathname, { method: "POST", body }).catch(() => null);
    if (answer && answer.status !== 204) return ask();
    wait();
  }
}

function goOn({ target, detail }) {
  const choice = target.closest("label.choice")?.querySelector("input[type=radio]");
  if (!choice || detail === 0) return;
  clearTimeout(going); // one tap is two clicks, on the words and on the button they belong to
  if (callsForHelp(choice)) return;
  going = setTimeout(() => choice.form.requestSubmit(choice.form.querySelector("[value=answer]")), PAUSE);
}

for (const sign of ["pointerdown", "keydown"]) document.addEventListener(sign, somebodyIsThere);
root.addEventListener("click", goOn);
offerHelp(root);
wait();
new BroadcastChannel("hearth").postMessage({ handedOver: location.pathname }); // see web/js/handed_over.js
