// The planner's board by keyboard and pointer. A session is carried with its spot; the server judges every spot at
// once, and dropping sends the same form that stands beside the board. Without this module the links and forms do it.

const main = document.querySelector("#main");
let carried = null; // {chip, spot, verdicts} or {seat, into, verdicts}
let drag = null; // what a pointer drags
const planner = () => document.querySelector("#planner");
const words = (name) => planner().dataset[name];
const verdictBox = () => document.querySelector("#verdict");
const all = (selector) => [...planner().querySelectorAll(selector)].filter((one) => one.offsetParent);
const HALF_HOUR = 30, FIRST = 8 * 60, LAST = 21 * 60;

// ---- the verdict

function say(title, broken, known = true) {
  const box = verdictBox();
  box.hidden = false;
  box.dataset.ok = known ? (broken.length ? "no" : "yes") : "";
  const first = document.createElement("p");
  first.append(Object.assign(document.createElement("b"), { textContent: title }), known ? (broken.length ? "" : ` ✓ ${words("free")}`) : ` ${words("judging")}`);
  const list = document.createElement("ul");
  for (const sentence of broken) list.append(Object.assign(document.createElement("li"), { textContent: sentence }));
  const hint = Object.assign(document.createElement("p"), { className: "quiet", textContent: words(carried?.seat ? "seatHint" : "hint") });
  box.replaceChildren(first, ...(broken.length ? [list] : []), hint);
}

function whisper(text) {
  const box = verdictBox();
  box.hidden = false;
  box.dataset.ok = "";
  box.replaceChildren(Object.assign(document.createElement("p"), { textContent: text }));
}

async function ask(parameters) {
  const answer = await fetch(`${words("judged")}?${new URLSearchParams(parameters)}`);
  return answer.ok ? answer.json() : null;
}

// ---- carrying a session

const clock = (start) => `${String(Math.floor(start / 60)).padStart(2, "0")}:${String(start % 60).padStart(2, "0")}`;
const key = (spot) => `${spot.day}-${spot.start}`;
const shownDays = () => [...planner().querySelector(".board tbody tr").querySelectorAll("td")].map((cell) => Number(cell.dataset.day));
const rowWith = (name, value) => planner().querySelector(`.board tr[data-${name}="${CSS.escape(value)}"]`);
const headOf = (row) => row?.querySelector("th").textContent.trim() ?? "";

function cellOf(spot) {
  const by = words("by");
  if (by === "day") return planner().querySelector(`td[data-day="${spot.day}"][data-start="${spot.start}"]`);
  const row = by === "staff" ? rowWith("staff", spot.staff) : by === "room" ? rowWith("room", spot.room || "none") : carried.chip.closest("tr");
  return row?.querySelector(`td[data-day="${spot.day}"]`);
}

// What stays the same while only day and time change.
const withWhom = (spot) => [spot.staff, spot.room || "none", spot.way, spot.second || "none", spot.interpreter || "none"].join(" ");

function brokenAt(spot) {
  return carried.verdicts?.for === withWhom(spot) ? (carried.verdicts.times[key(spot)] ?? [words("lost")]) : null;
}

function mark() {
  for (const one of planner().querySelectorAll(".is-free, .is-blocked, .is-target")) one.classList.remove("is-free", "is-blocked", "is-target");
  if (!carried) return;
  if (carried.seat) return markSeats();
  for (const cell of planner().querySelectorAll(".board td[data-day]")) {
    const spot = spotAt(cell);
    const broken = spot && brokenAt(spot);
    if (broken) cell.classList.add(broken.length ? "is-blocked" : "is-free");
  }
  const target = cellOf(carried.spot);
  target?.classList.add("is-target");
  if (!drag) target?.scrollIntoView({ block: "nearest", inline: "nearest" });
  const spot = carried.spot;
  const day = planner().querySelectorAll(".board thead th")[shownDays().indexOf(spot.day)]?.textContent.trim() ?? "";
  const name = (id) => carried.verdicts?.names[id] ?? carried.names.staff[id] ?? carried.names.rooms[id] ?? "";
  const leaders = [spot.staff, spot.second].filter(Boolean).map(name).filter(Boolean).join(" + ");
  const parts = [leaders, spot.way === "virtual" ? name("virtual") : name(spot.room), name(spot.interpreter)];
  const title = [`${carried.chip.dataset.title}: ${day} ${clock(spot.start)}`, ...parts].filter(Boolean).join(", ");
  const broken = brokenAt(spot);
  say(title, broken ?? [], broken !== null);
}

function spotAt(cell) {
  const row = cell.closest("tr");
  const spot = { ...carried.spot, day: Number(cell.dataset.day) };
  if (cell.dataset.start) spot.start = Number(cell.dataset.start);
  if (row.dataset.staff) spot.staff = row.dataset.staff;
  if (row.dataset.room && carried.spot.room) spot.room = row.dataset.room === "none" ? carried.spot.room : row.dataset.room;
  return spot;
}

async function judge() {
  const mine = carried, { day, start, ...rest } = mine.spot;
  const found = await ask({ session: mine.chip.dataset.pick, when: `${day}-${start}`, ...rest });
  if (carried !== mine) return;
  if (!found) return whisper(words("lost"));
  mine.verdicts = { ...found, for: withWhom(rest) };
  if (withWhom(mine.spot) !== mine.verdicts.for) return judge();
  mark();
}

const optionsOf = (rows, name) => Object.fromEntries([...document.querySelectorAll(rows)].map((row) => [row.dataset[name], headOf(row)]));

// The rows for every half hour come and go while something is carried; what is carried stays under the eye.
function holdStill(one, change) {
  const top = one.getBoundingClientRect().top;
  change();
  const board = one.closest(".board-scroll");
  if (board) board.scrollTop += one.getBoundingClientRect().top - top;
}

async function pickUp(chip) {
  putBack(false);
  const [day, start] = chip.dataset.at.split("-").map(Number);
  const { staff, room, way, second, interpreter } = chip.dataset;
  const spot = { day, start, staff, room, way, second, interpreter };
  carried = { chip, spot, was: { ...spot }, names: { staff: optionsOf("tr[data-staff]", "staff"), rooms: optionsOf("tr[data-room]", "room") } };
  chip.classList.add("carried");
  holdStill(chip, () => planner().classList.add("carrying"));
  chip.focus({ preventScroll: true });
  mark();
  await judge();
}

function putBack(tell = true) {
  if (!carried) return;
  (carried.chip ?? carried.seat).classList.remove("carried");
  const focus = carried.chip ?? carried.seat;
  carried = null;
  holdStill(focus, () => planner().classList.remove("carrying"));
  mark();
  focus.focus({ preventScroll: true });
  if (tell) whisper(words("back"));
}

function carry(spot) {
  const before = carried.spot;
  carried.spot = spot;
  mark();
  if (withWhom(before) !== withWhom(spot)) judge();
}

// The next of what the server judged: another way, second leader or interpreter; in person needs a room again.
function turn(name, list) {
  const keys = Object.keys(list ?? {});
  if (keys.length < 2) return;
  const spot = { ...carried.spot, [name]: keys[(keys.indexOf(carried.spot[name]) + 1) % keys.length] };
  if (name === "way") {
    const rooms = Object.entries(carried.verdicts.rooms);
    const free = rooms.find(([, broken]) => !broken.length) ?? rooms[0];
    spot.room = spot.way === "virtual" ? "" : carried.was.room || (free?.[0] ?? "");
  }
  carry(spot);
}
const TURNS = { v: ["way", "ways"], s: ["second", "seconds"], i: ["interpreter", "interpreters"] };

function step(event) {
  const spot = { ...carried.spot }, days = shownDays();
  const by = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    spot.day = days[Math.min(Math.max(days.indexOf(spot.day) + by, 0), days.length - 1)];
  } else if (event.shiftKey) {
    const name = words("by") === "room" ? "room" : "staff";
    const list = Object.keys(name === "room" ? (spot.room ? carried.verdicts?.rooms ?? {} : {}) : carried.verdicts?.staff ?? {});
    const here = list.indexOf(spot[name]);
    if (list.length) spot[name] = list[(here + by + list.length) % list.length];
  } else {
    const end = LAST - Number(carried.chip.dataset.minutes);
    spot.start = Math.min(Math.max(spot.start + by * HALF_HOUR, FIRST), end);
  }
  carry(spot);
}

// ---- carrying a student

async function pickUpSeat(seat) {
  putBack(false);
  carried = { seat, out: seat.dataset.out, into: null };
  seat.classList.add("carried");
  planner().classList.add("carrying");
  whisper(words("judging"));
  const mine = carried;
  const found = await ask({ student: seat.dataset.seat, out_of: seat.dataset.out });
  if (carried !== mine) return;
  if (!found) return whisper(words("lost"));
  mine.verdicts = found.into;
  mine.into = Object.keys(found.into).find((one) => !found.into[one].length) ?? Object.keys(found.into)[0] ?? null;
  mark();
}

function markSeats() {
  for (const card of planner().querySelectorAll("[data-into]")) {
    const broken = carried.verdicts?.[card.dataset.into];
    if (broken) card.classList.add(broken.length ? "is-blocked" : "is-free");
  }
  const card = planner().querySelector(`[data-into="${CSS.escape(carried.into ?? "")}"]`);
  card?.classList.add("is-target");
  if (!drag) card?.scrollIntoView({ block: "nearest", inline: "nearest" });
  const name = carried.seat.textContent.trim();
  const title = carried.into === "" ? `${name}: ${words("out")}` : `${name} → ${card?.querySelector("a").textContent.trim() ?? ""}`;
  if (carried.verdicts) say(title, carried.into ? (carried.verdicts[carried.into] ?? []) : []);
}

function stepSeat(by) {
  const list = all("[data-into]").map((one) => one.dataset.into).filter((one) => one in (carried.verdicts ?? {}));
  if (!list.length) return;
  carried.into = list[(list.indexOf(carried.into) + by + list.length) % list.length];
  mark();
}

// ---- dropping, and the page anew

async function drop() {
  const fields = carried.seat
    ? { do: "reseat", patient: carried.seat.dataset.seat, out_of: carried.out, into: carried.into ?? "" }
    : {
        do: "shift", session: carried.chip.dataset.pick, when: key(carried.spot), was: `${key(carried.was)} ${withWhom(carried.was)}`,
        ...Object.fromEntries(["staff", "room", "way", "second", "interpreter"].map((name) => [name, carried.spot[name]])),
      };
  const known = carried.seat ? carried.verdicts?.[carried.into] : brokenAt(carried.spot);
  if (known?.length) return; // the verdict says why; it stays in the hand
  if (carried.chip && key(carried.spot) === key(carried.was) && withWhom(carried.spot) === withWhom(carried.was)) return putBack();
  const form = document.querySelector("#drop"), body = new FormData(form);
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  const focus = carried.seat ? `[data-seat="${carried.seat.dataset.seat}"]` : `[data-pick="${carried.chip.dataset.pick}"]`;
  await show(fetch(form.action, { method: "POST", body }), focus);
}

async function show(answering, focus) {
  try {
    const answer = await answering;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("#planner");
    if (!fresh) return location.reload();
    const scroll = planner().querySelector(".board-scroll")?.scrollTop ?? 0;
    carried = null;
    planner().replaceWith(fresh);
    window.htmx?.process(fresh);
    const board = fresh.querySelector(".board-scroll");
    if (board) board.scrollTop = scroll;
    for (const toast of page.querySelectorAll("#toasts > *")) document.querySelector("#toasts").append(toast);
    (focus && fresh.querySelector(focus))?.focus();
  } catch {
    putBack(false);
    whisper(words("lost"));
  }
}

// ---- keyboard

function walk(by) {
  const list = all("[data-pick], [data-seat], .by-student .slot");
  const here = list.indexOf(document.activeElement);
  list[Math.min(Math.max(here + by, 0), list.length - 1)]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (!planner() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog:modal")) return;
  const on = event.target.closest?.("[data-pick], [data-seat], .by-student .slot");
  if (!carried && event.target.matches("input, select, textarea, button, summary")) return;
  const arrow = /^Arrow(Up|Down|Left|Right)$/.test(event.key);
  let used = true;
  if (carried && event.key === "Escape") putBack();
  else if (carried && event.key === "Enter") drop();
  else if (carried?.seat && (event.key === "Delete" || event.key === "Backspace")) { carried.into = ""; mark(); }
  else if (carried?.seat && (arrow || event.key === "j" || event.key === "k")) stepSeat(/Up|Left|k/.test(event.key) ? -1 : 1);
  else if (carried?.chip && arrow) step(event);
  else if (carried?.chip && TURNS[event.key]) turn(TURNS[event.key][0], carried.verdicts?.[TURNS[event.key][1]]);
  else if (!carried && event.key === "j") walk(1);
  else if (!carried && event.key === "k") walk(-1);
  else if (!carried && on && arrow) walk(/Up|Left/.test(event.key) ? -1 : 1);
  else used = false;
  if (used) event.preventDefault();
});

// ---- pointer: a click picks up (or drops into a cell), dragging carries

main.addEventListener("click", (event) => {
  if (!planner()) return;
  const seat = event.target.closest("[data-seat]"), chip = event.target.closest("[data-pick]");
  const cell = event.target.closest(".board td[data-day]"), card = event.target.closest("[data-into]");
  if (carried?.seat && card && card.dataset.into !== carried.out) { event.preventDefault(); carried.into = card.dataset.into; mark(); return void drop(); }
  if (carried?.chip && cell && words("by") !== "group" && (!chip || chip !== carried.chip)) { event.preventDefault(); carry(spotAt(cell)); return void drop(); }
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (seat) { event.preventDefault(); carried?.seat === seat ? putBack() : pickUpSeat(seat); }
  else if (chip) { event.preventDefault(); carried?.chip === chip ? putBack() : pickUp(chip); }
});
main.addEventListener("dragstart", (event) => {
  const one = event.target.closest?.("#planner [data-pick], #planner [data-seat]");
  if (!one) return;
  drag = one;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  setTimeout(() => (one.dataset.seat ? pickUpSeat(one) : pickUp(one)));
});
main.addEventListener("dragover", (event) => {
  if (!drag || !carried) return;
  const cell = event.target.closest?.(".board td[data-day]"), card = event.target.closest?.("[data-into]");
  if (carried.seat && card && card.dataset.into in (carried.verdicts ?? {})) {
    event.preventDefault();
    if (carried.into !== card.dataset.into) { carried.into = card.dataset.into; mark(); }
  } else if (carried.chip && cell) {
    event.preventDefault();
    const spot = spotAt(cell);
    if (JSON.stringify(spot) !== JSON.stringify(carried.spot)) carry(spot);
  }
});
main.addEventListener("drop", (event) => {
  if (!drag || !carried) return;
  event.preventDefault();
  drag = null;
  drop();
});
main.addEventListener("dragend", () => { drag = null; });

// ---- others who plan: when the week's version is another, the board is read anew

let due = false; // somebody told of a change that was not looked at yet
async function watch() {
  if (!planner() || document.hidden || carried || document.activeElement?.closest("#change, #draft form")) return;
  const answer = await fetch(words("watch")).catch(() => null);
  if (!answer?.ok || !planner()) return;
  due = false;
  const { version } = await answer.json();
  if (version === words("shown") || carried) return;
  const on = document.activeElement?.closest("[data-pick], [data-seat]");
  const focus = on && (on.dataset.seat ? `[data-seat="${on.dataset.seat}"]` : `[data-pick="${on.dataset.pick}"]`);
  await show(fetch(location.href.split("#")[0]), focus);
  whisper(words("changed"));
}
// The stream tells at once. Where the server has none the board looks by itself, else once a minute.
const ear = document.querySelector("#planner-ear");
let hears = false, turns = 0;
ear?.addEventListener("live", () => { hears = due = true; watch(); });
setInterval(() => { turns += 1; if (due || !hears || turns % 15 === 0) watch(); }, 4000);
