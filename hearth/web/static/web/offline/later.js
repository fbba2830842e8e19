// A form that can wait: sent as it is where the server answers; where it does not, its words go into the one queue and
// something else is shown in its place. Without scripts, on a shared device or an old browser it is a plain form.

import { add, leaveOutRefused, replace } from "./queue.js";
import { isNoRoom, isPossible, reach, unlock } from "./store.js";

const { owner } = document.body.dataset;

// `place`: what the form stands in, with the addresses and a template of what is shown instead of `shown(form)`.
// `body(form)`: what waits, null where something is to be put right first. `instead()`: the id of what waits already and
// is written anew, if anything.
export function sendOrKeep(place, { body, shown, instead = () => null }) {
  place.addEventListener("submit", (event) => submitted(event, place, { body, shown, instead }), { capture: true });
}

async function submitted(event, place, how) {
  const form = event.target;
  if (form.dataset.asked === "yes" || !owner || !isPossible()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.asked === "waits") return; // tapped again before the first tap was answered
  form.dataset.asked = "waits";
  try {
    await settle(form, event.submitter, place, how);
  } catch (error) {
    if (!isNoRoom(error)) throw error; // it is said, and what was typed is still there
  } finally {
    if (form.dataset.asked === "waits") delete form.dataset.asked;
  }
}

async function settle(form, submitter, place, { body, shown, instead }) {
  const isAway = place.hasAttribute("data-is-kept") || (await reach()) === "away";
  if (!isAway || !(await unlock(owner))) {
    if (instead()) await leaveOutRefused(instead()); // it goes to the server with this form
    form.dataset.asked = "yes";
    form.requestSubmit(submitter);
    return;
  }
  const words = body(form);
  if (!words) return;
  const item = { owner, to: place.dataset.to, page: place.dataset.page, body: words };
  await (instead() ? replace(instead(), item) : add(item));
  form.dispatchEvent(new CustomEvent("hearth:stored", { bubbles: true })); // no draft of it is needed any more
  const later = place.querySelector("template[data-later]").content.cloneNode(true).firstElementChild;
  shown(form).replaceWith(later);
  later.focus();
}
