// What was written with these tools on this phone and is not stored yet, oldest first: something to go on with, or, where
// the server refused it, why. It stays until it is stored or its writer leaves it out.

import { leaveOut, waiting } from "../../web/offline/queue.js";
import { isPossible } from "../../web/offline/store.js";

const { owner } = document.body.dataset;
const place = document.querySelector("[data-waits-here]");
const HIDDEN = new Set(["version", "over"]);
const SHORT = 80; // letters that tell one from another

const isWords = ([name, said]) => !HIDDEN.has(name) && said !== "on" && Number.isNaN(Number(said));
const said = ({ fields = {} }) => Object.entries(fields).filter(isWords).map(([, words]) => words);

function lineOf(item) {
  const { id, page, words, gone, body } = item;
  const line = place.querySelector("template").content.cloneNode(true).firstElementChild;
  const [open, leave, why] = ["open", "leave-out", "why"].map((name) => line.querySelector(`[data-${name}]`));
  for (const name of line.querySelectorAll("[data-name]")) name.textContent = body.title ?? place.dataset.untitled;
  line.querySelector("[data-first]").textContent = words ? said(body).join("\n") : (said(body)[0] ?? "").slice(0, SHORT);
  open.href = `${(gone && body.anew) || page}#${id}`;
  open.hidden = !words && body.fields?.over === undefined;
  why.textContent = words;
  why.hidden = leave.hidden = !words;
  leave.addEventListener("click", async () => {
    await leaveOut(id);
    show();
  });
  return line;
}

async function show() {
  const items = (await waiting(owner)).filter((item) => item.to === place.dataset.to);
  place.hidden = !items.length;
  place.querySelector("ul").replaceChildren(...items.map(lineOf));
}

if (place && owner && isPossible()) {
  show();
  for (const told of ["hearth:sent", "hearth:stored"]) document.addEventListener(told, show);
}
