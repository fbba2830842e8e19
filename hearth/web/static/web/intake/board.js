// Dragging a card onto a column follows the card's own link to the deed that moves it there. Without this module, and
// by keyboard, the links under "Do" lead to the same pages. The board does not look again while somebody is at a card.

const ways = () => document.querySelector("#ways");
const said = document.querySelector("#ways-said");
let carried = null;
let missed = false;

const links = (card) => [...card.querySelectorAll("[data-to]")];
const linkTo = (column) => carried && links(carried).find((one) => one.dataset.to === column.dataset.column);
const isBusy = () => carried !== null || ways().querySelector("details[open]") !== null;

function makeDraggable() {
  for (const card of ways().querySelectorAll(".way-card")) card.draggable = links(card).length > 0;
}

function look() {
  if (!missed || isBusy()) return;
  missed = false;
  ways().dispatchEvent(new Event("look"));
}

function put(back) {
  carried?.classList.remove("is-carried");
  ways().classList.remove("carrying-way");
  for (const column of ways().querySelectorAll(".takes")) column.classList.remove("takes");
  carried = null;
  if (back) look();
}

document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.(".way-card[draggable=true]");
  if (!card) return;
  carried = card;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  setTimeout(show); // a page that changes while dragging begins ends it in some browsers
});

function show() {
  carried?.classList.add("is-carried");
  ways().classList.toggle("carrying-way", carried !== null);
  for (const column of ways().querySelectorAll(".way")) column.classList.toggle("takes", Boolean(linkTo(column)));
}

document.addEventListener("dragover", (event) => {
  if (carried && event.target.closest?.(".way")) event.preventDefault();
});

document.addEventListener("drop", (event) => {
  const column = carried && event.target.closest?.(".way");
  if (!column) return;
  event.preventDefault();
  const link = linkTo(column);
  const stays = column.contains(carried);
  put(false);
  if (link) window.location.assign(link.href);
  else if (!stays) said.textContent = ways().dataset.refused;
});

document.addEventListener("dragend", () => put(true));
document.addEventListener("toggle", look, true);
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target !== ways() || !isBusy()) return;
  event.preventDefault();
  missed = true;
});
document.addEventListener("htmx:afterSwap", makeDraggable);
makeDraggable();
