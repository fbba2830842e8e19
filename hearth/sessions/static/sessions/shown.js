// What is shown to everyone in a session: the timer counts, the breath goes in and out, the whiteboard is drawn on.
// All of it follows the server's clock, and is found anew whenever the part of the page was replaced.

import { post } from "./video/relay.js";

const IN = 4000; // milliseconds
const BREATH = 10_000;
const STEP = 6; // a point of a line is kept when the pen has moved so far
const still = matchMedia("(prefers-reduced-motion: reduce)");
let current = null; // the part of the page that stands now
let ahead = 0; // how much the server's clock is ahead of ours
let line = null; // being drawn
let isChoosing = false; // a word or a number, not said yet

function begin() {
  const shown = document.getElementById("shown");
  if (!shown || shown === current) return;
  current = shown;
  isChoosing = false;
  ahead = Date.parse(shown.dataset.now) - Date.now();
  const ball = shown.querySelector(".ball");
  if (ball && !still.matches) {
    const sizes = [{ transform: "scale(0.5)" }, { transform: "scale(1)", offset: IN / BREATH }, { transform: "scale(0.5)" }];
    const timing = { duration: BREATH, iterations: Infinity, easing: "ease-in-out" };
    ball.animate(sizes, timing).currentTime = passed(shown);
  }
}

const passed = (shown) => Math.max(0, Date.now() + ahead - Date.parse(shown.dataset.since));

function tick() {
  const clock = document.querySelector("#shown [data-until]");
  if (clock) {
    const left = Math.ceil((Date.parse(clock.dataset.until) - Date.now() - ahead) / 1000);
    clock.textContent = left > 0 ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : clock.dataset.over;
  }
  const breath = document.querySelector("#shown [data-breath]");
  if (breath) {
    const words = passed(breath.closest("#shown")) % BREATH < IN ? breath.dataset.in : breath.dataset.out;
    const place = breath.querySelector("b");
    if (place.textContent !== words) place.textContent = words;
  }
}

// --- the whiteboard ----------------------------------------------------------------------------------------------

function place(board, event) {
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(board.getScreenCTM().inverse());
  const { width, height } = board.viewBox.baseVal;
  return [Math.round(Math.min(width, Math.max(0, x))), Math.round(Math.min(height, Math.max(0, y)))];
}

document.addEventListener("pointerdown", (event) => {
  const board = event.target.closest("[data-board]");
  if (!board) return;
  event.preventDefault();
  board.setPointerCapture(event.pointerId);
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  board.append(shape);
  line = { board, shape, points: place(board, event) };
});

document.addEventListener("pointermove", (event) => {
  if (!line || line.points.length >= 2 * line.board.dataset.most) return;
  const [x, y] = place(line.board, event);
  if (Math.hypot(x - line.points.at(-2), y - line.points.at(-1)) < STEP) return;
  line.points.push(x, y);
  line.shape.setAttribute("points", line.points.join(" "));
});

document.addEventListener("pointerup", () => {
  if (!line) return;
  const { board, shape, points } = line;
  line = null;
  if (points.length > 2) ask(board.dataset.board, { points: JSON.stringify(points) }).then((done) => done || shape.remove());
});

// Whether it was done; a refusal ("the whiteboard is full") is said below the board.
async function ask(address, words) {
  const answer = await post(address, words).catch(() => null);
  const said = document.querySelector("[data-board-said]");
  if (said) said.textContent = answer?.status === 409 ? await answer.text() : "";
  return Boolean(answer?.ok);
}

document.addEventListener("click", (event) => {
  const deed = event.target.closest("[data-board-deed]")?.dataset.boardDeed;
  if (deed) ask(deed);
  if (event.target.closest("[data-board-write]")) write();
});

// Words go below the ones before them, so that they can be written without a pointer.
async function write() {
  const field = document.querySelector("[data-board-words]");
  const board = document.querySelector("[data-board]");
  if (!field.value.trim()) return;
  const rows = board.querySelectorAll("text").length;
  const text = field.value;
  field.value = "";
  field.focus();
  if (!(await ask(board.dataset.board, { points: JSON.stringify([30, 50 + ((rows * 48) % 530)]), text }))) field.value ||= text;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-board-words]")) write();
});

// What is being drawn or chosen is not replaced under somebody's hands, as long as it is still what is shown.
document.addEventListener("change", (event) => {
  isChoosing ||= event.target.matches("#shown input[type=radio]");
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const shown = document.getElementById("shown");
  if (detail.target !== shown || detail.requestConfig.verb !== "get") return;
  if (detail.xhr.status === 403) shown.replaceChildren(); // taken out of the room: nothing of it stays on their screen
  const isSame = detail.xhr.responseText.includes(`data-since="${shown.dataset.since}"`);
  if ((line || isChoosing) && isSame) detail.shouldSwap = false;
});
document.addEventListener("htmx:afterSettle", begin);
setInterval(tick, 250);
begin();
