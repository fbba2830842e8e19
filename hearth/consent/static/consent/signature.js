// A signature drawn with finger, pen or mouse instead of a typed name. The sheet is 600 by 200 steps whatever the size of
// the screen; what is drawn goes into a hidden field as lines of points, and comes back from it when a page is shown again.
// Nothing of it is kept on the device.

const WIDTH = 600;
const HEIGHT = 200;
const MOST_STROKES = 80;
const MOST_POINTS = 3000;
const STEP = 3; // nearer points say nothing more

const within = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
const isPoint = (found) => Array.isArray(found) && found.length === 2 && found.every(Number.isInteger);
const isDrawing = (found) =>
  Array.isArray(found) && found.every((stroke) => Array.isArray(stroke) && stroke.length && stroke.every(isPoint));

function read(sent) {
  try {
    const found = JSON.parse(sent);
    return isDrawing(found) ? found : [];
  } catch {
    return [];
  }
}

function pathOf(strokes) {
  const line = (points) => `M${points.map(([x, y]) => `${x} ${y}`).join("L")}`;
  return strokes.map((points) => line(points.length > 1 ? points : [...points, ...points])).join("");
}

function begin(pad) {
  const field = pad.closest("form").elements.drawing;
  const sheet = pad.querySelector("[data-signature-sheet]");
  const ink = pad.querySelector("[data-signature-ink]");
  const says = pad.querySelector("[data-signature-says]");
  const buttons = pad.querySelectorAll("button");
  let strokes = read(field.value);
  let drawing = null; // the line under the pointer, while it is down

  const show = () => ink.setAttribute("d", pathOf(strokes));
  const points = () => strokes.reduce((sum, stroke) => sum + stroke.length, 0);

  function keep() {
    field.value = strokes.length ? JSON.stringify(strokes) : "";
    for (const button of buttons) button.disabled = !strokes.length;
    show();
  }

  function tell() {
    says.textContent = strokes.length ? says.dataset.drawn : says.dataset.empty;
  }

  function add(event) {
    const box = sheet.getBoundingClientRect();
    const x = within(((event.clientX - box.left) / box.width) * WIDTH, WIDTH);
    const y = within(((event.clientY - box.top) / box.height) * HEIGHT, HEIGHT);
    const last = drawing.at(-1);
    if (points() < MOST_POINTS && (!last || Math.hypot(x - last[0], y - last[1]) >= STEP)) drawing.push([x, y]);
  }

  sheet.addEventListener("pointerdown", (event) => {
    if (drawing || event.button !== 0 || strokes.length >= MOST_STROKES || points() >= MOST_POINTS) return;
    event.preventDefault();
    sheet.setPointerCapture(event.pointerId);
    drawing = [];
    strokes.push(drawing);
    add(event);
    show();
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!drawing || !sheet.hasPointerCapture(event.pointerId)) return; // a second finger draws nothing
    for (const each of event.getCoalescedEvents?.() ?? [event]) add(each);
    show();
  });
  const lift = () => {
    if (!drawing) return;
    drawing = null;
    keep();
    tell();
  };
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) sheet.addEventListener(name, lift);

  pad.querySelector("[data-signature-undo]").addEventListener("click", () => {
    strokes.pop();
    keep();
    tell();
  });
  pad.querySelector("[data-signature-clear]").addEventListener("click", () => {
    strokes = [];
    keep();
    tell();
  });
  keep();
  pad.hidden = false;
}

document.querySelectorAll("[data-signature]").forEach(begin);
