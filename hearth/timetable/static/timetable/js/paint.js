// Painting a week: press, drag, let go. The times below the grid are the truth; this only draws them and writes them.
// The chosen brush is laid on; touching first what it has painted already wipes it off. Without this script the times
// do it alone. A day is a map from the minute at which a half hour begins to its level, "could" or "best".

const OPEN = 8 * 60;
const CLOSE = 21 * 60;
const SLOT = 30;

const clock = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
const minutesOf = (text) => {
  const found = /^(\d{1,2}):(\d{2})/.exec(text);
  return found ? Number(found[1]) * 60 + Number(found[2]) : null;
};

// The half hours that lie wholly inside what is written for a day; the best of two levels counts.
function written(day) {
  const on = new Map();
  for (const row of day.querySelectorAll("[data-row]")) {
    const [from, to] = row.querySelectorAll("input");
    const level = row.querySelector("select")?.value ?? "could";
    const start = minutesOf(from.value);
    const end = minutesOf(to.value);
    if (start === null || end === null) continue;
    for (let at = OPEN; at < CLOSE; at += SLOT) {
      if (at >= start && at + SLOT <= end && on.get(at) !== "best") on.set(at, level);
    }
  }
  return on;
}

function stretches(on) {
  const found = [];
  for (let at = OPEN; at < CLOSE; at += SLOT) {
    if (!on.has(at)) continue;
    const last = found.at(-1);
    if (last && last.end === at && last.level === on.get(at)) last.end = at + SLOT;
    else found.push({ start: at, end: at + SLOT, level: on.get(at) });
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
    place.append(row);
    rows.push(row);
  }
  rows.forEach((row, index) => {
    const [from, to] = row.querySelectorAll("input");
    const select = row.querySelector("select");
    [from.value, to.value] = found[index] ? [clock(found[index].start), clock(found[index].end)] : ["", ""];
    if (select) select.value = found[index]?.level ?? "could";
    row.classList.remove("wrong");
    row.querySelector(".problem")?.remove();
    for (const input of [from, to]) input.removeAttribute("aria-invalid");
  });
  for (const input of day.querySelectorAll(".spare input")) input.value = "";
}

// What somebody's calendar holds, as "day-start-end" in minutes.
const taken = (part) => (part.dataset.taken ?? "").split(" ").filter(Boolean).map((each) => each.split("-").map(Number));

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
  for (const [number, start, end] of taken(part)) {
    for (let at = OPEN; at < CLOSE; at += SLOT) if (at < end && at + SLOT > start) cells.get(`${number} ${at}`).classList.add("taken");
  }
  canvas.hidden = false;
  return { canvas, days, cells };
}

function paint(part) {
  const { canvas, days, cells } = build(part);
  const sum = part.querySelector("[data-sum]");
  const brushes = part.querySelector("[data-brushes]");
  const brush = () => brushes?.querySelector("input:checked")?.value ?? "could";
  let week = [];
  let stroke = null;

  const draw = () => {
    let count = 0;
    let best = 0;
    week.forEach((on, number) => {
      for (let at = OPEN; at < CLOSE; at += SLOT) {
        const cell = cells.get(`${number} ${at}`);
        const level = on.get(at);
        cell.classList.toggle("on", level !== undefined);
        cell.classList.toggle("best", level === "best");
        cell.classList.toggle("first", level !== undefined && on.get(at - SLOT) !== level);
        count += level !== undefined;
        best += level === "best";
      }
    });
    sum.textContent = sum.dataset.words.replace("{}", String(count / 2)).replace("{best}", String(best / 2));
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
      const now = new Map(on);
      if (number < Math.min(fromDay, to[0]) || number > Math.max(fromDay, to[0])) return now;
      for (let at = Math.min(fromAt, to[1]); at <= Math.max(fromAt, to[1]); at += SLOT) {
        if (stroke.level === "busy") now.delete(at);
        else now.set(at, stroke.level);
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
    const level = week[from[0]].get(from[1]) === brush() ? "busy" : brush();
    stroke = { from, before: week.map((on) => new Map(on)), level };
    show(from);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (stroke) show(place(event));
  });
  canvas.addEventListener("pointerup", () => end(true));
  canvas.addEventListener("pointercancel", () => end(false));
  part.addEventListener("input", (event) => {
    if (event.target.closest("[data-row]")) read();
  });
  part.closest("form")?.addEventListener("hearth:restored", read);

  const times = part.querySelector("[data-times]");
  if (!part.querySelector(".wrong")) times.open = false;
  if (brushes) brushes.hidden = false;
  read();
}

for (const part of document.querySelectorAll("[data-paint]")) paint(part);
