// A photo is drawn anew before it is sent: where and with what it was taken stays on the phone, and it is small enough to
// send with little signal. What this browser cannot draw is sent as it is; the server takes a plain picture alone.

const LONGEST = 2000; // pixels of the longer side: a card's small print can be read
const QUALITY = 0.85;
const root = document.querySelector("[data-card]");

async function drawn(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas;
}

const packed = (canvas) => new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));

async function prepare(field) {
  const { words } = root.dataset;
  const place = field.closest(".field");
  place.querySelector("canvas")?.remove();
  const [file] = field.files;
  if (!file) return;
  const canvas = await drawn(file).catch(() => null);
  const blob = canvas && (await packed(canvas));
  if (!blob || field.files[0] !== file) return;
  const held = new DataTransfer();
  held.items.add(new File([blob], `${field.name}.jpeg`, { type: blob.type }));
  field.files = held.files;
  canvas.className = "card-photo";
  canvas.role = "img";
  canvas.ariaLabel = words;
  place.append(canvas);
}

const drawing = new Set(); // what is not ready yet

for (const field of root.querySelectorAll("input[type=file]")) {
  field.addEventListener("change", () => {
    const work = prepare(field).finally(() => drawing.delete(work));
    drawing.add(work);
  });
}
root.querySelector("form[enctype]").addEventListener("submit", async (event) => {
  if (!drawing.size) return;
  event.preventDefault(); // tapped before the photo was drawn
  const { target, submitter } = event;
  while (drawing.size) await Promise.all(drawing);
  setTimeout(() => target.requestSubmit(submitter)); // not before this submission is over
});
