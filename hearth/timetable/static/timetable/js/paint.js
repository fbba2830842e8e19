// Painting a week: press, drag, let go. The times below the grid are the truth; this only draws them and writes them.
// The first half hour touched decides whether the stroke marks or clears. Without this script the times do it alone.

const OPEN = 8 * 60;
const CLOSE = 21 * 60;
const SLOT = 30;

const clock = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
const minutesOf = (text) => {
  const found = /^(\d{1,2}):(\d{2})/.exec(text);
  return found ? Number(found[1]) * 60 + Number(found[2]) : null;
};

function rowsOf(day) {
  return [...day.querySelectorAll("[data-row]")].map((row) => row.querySelectorAll("input"));
}

// The half hours that lie wholly inside what is written for a day.
function written(day) {
  const on = new Set();
  for (const [from, to] of rowsOf(day)) {
    const start = minutesOf(from.value);
    const end = minutesOf(to.value);
    if (start === null || end === null) continue;
    for (let at = OPEN; at < CLOSE; at += SLOT) if (at >= start && at + SLOT <= end) on.add(at);
  }
  return on;
}

function stretches(on) {
  const found = [];
  for (let at = OPEN; at < CLOSE; at += SLOT) {
    if (!on.has(at)) continue;
    const last = found.at(-1);
    if (last && last[1] === at) last[1] = at + SLOT;
    else found.push([at, at + SLOT]);
  }
  return found;
}

function write(day, on) {
  const place = day.querySelector("[data-rows-of-day]");
  const found = stretches(on);
  const rows = [...place.querySelectorAll("[data-row]")];
  while (rows.length > Math.max(1, found.length)) rows.pop().remove();
  while (rows.length < found.length) {
    const row = rows[0].cloneNode(true);
    row.querySelector(".problem")?.remove();
    place.append(row);
    rows.push(row);
  }
  rows.forEach((row, index) => {
    const [from, to] = row.querySelectorAll("input");
    [from.value, to.value] = found[index] ? found[index].map(clock) : ["", ""];
    row.classList.remove("wrong");
    row.querySelector(".problem")?.remove();
    for (const input of [from, to]) input.removeAttribute("aria-invalid");
  });
  for (const input of day.querySelectorAll(".spare input")) input.value = "";
}

function build(part) {
  const canvas = part.querySelector("[data-canvas]");
  const days = [...part.querySelectorAll("[data-day]")];
  const cells = new Map();
  const add = (kind, text = "") => {
    const box = document.createElement("div");
    box.className = kind;
    box.textContent = text;
    canvas.append(box);
    return box;
  };
  add("name");
  for (const day of days) add("name", day.dataset.short);
  for (let at = OPEN; at < CLOSE; at += SLOT) {
    const half = at % 60 ? " half" : "";
    add(`hour${half}`, half ? "" : clock(at));
    days.forEach((_, number) => {
      const cell = add(`cell${half}`);
      cell.dataset.number = number;
      cell.dataset.at = at;
      cells.set(`${number} ${at}`, cell);
    });
  }
  canvas.hidden = false;
  return { canvas, days, cells };
}

function paint(part) {
  const { canvas, days, cells } = build(part);
  const sum = part.querySelector("[data-sum]");
  let week = [];
  let stroke = null;

  const draw = () => {
    let count = 0;
    week.forEach((on, number) => {
      for (let at = OPEN; at < CLOSE; at += SLOT) {
        const cell = cells.get(`${number} ${at}`);
        cell.classList.toggle("on", on.has(at));
        cell.classList.toggle("first", on.has(at) && !on.has(at - SLOT));
        count += on.has(at);
      }
    });
    sum.textContent = sum.dataset.words.replace("{}", String(count / 2));
  };
  const read = () => {
    week = days.map(written);
    draw();
  };
  // Reckoned from the grid's edges, so that a bar lying over the page, or a finger beyond the edge, changes nothing.
  const place = (event) => {
    const first = cells.get(`0 ${OPEN}`).getBoundingClientRect();
    const last = cells.get(`${days.length - 1} ${CLOSE - SLOT}`).getBoundingClientRect();
    const within = (share, count) => Math.min(Math.max(Math.floor(share * count), 0), count - 1);
    const number = within((event.clientX - first.left) / (last.right - first.left), days.length);
    const row = within((event.clientY - first.top) / (last.bottom - first.top), (CLOSE - OPEN) / SLOT);
    return [number, OPEN + row * SLOT];
  };
  // The stroke is the rectangle from where it began to where it is, over the week as it was before.
  const show = (to) => {
    const [fromDay, fromAt] = stroke.from;
    week = stroke.before.map((on, number) => {
      const now = new Set(on);
      if (number < Math.min(fromDay, to[0]) || number > Math.max(fromDay, to[0])) return now;
      for (let at = Math.min(fromAt, to[1]); at <= Math.max(fromAt, to[1]); at += SLOT) {
        if (stroke.marks) now.add(at);
        else now.delete(at);
      }
      return now;
    });
    draw();
  };
  const end = (keep) => {
    if (!stroke) return;
    if (!keep) week = stroke.before;
    stroke = null;
    days.forEach((day, number) => write(day, week[number]));
    draw();
    part.dispatchEvent(new Event("input", { bubbles: true }));
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.target.closest(".cell")) return;
    const from = place(event);
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    stroke = { from, before: week.map((on) => new Set(on)), marks: !week[from[0]].has(from[1]) };
    show(from);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (stroke) show(place(event));
  });
  canvas.addEventListener("pointerup", () => end(true));
  canvas.addEventListener("pointercancel", () => end(false));
  part.addEventListener("input", (event) => {
    if (event.target.matches("input")) read();
  });
  part.closest("form")?.addEventListener("hearth:restored", read);

  const times = part.querySelector("[data-times]");
  if (!part.querySelector(".wrong")) times.open = false;
  read();
}

for (const part of document.querySelectorAll("[data-paint]")) paint(part);
