// Who types, reads or is in the video room is not away: tells the server once a minute that somebody is there. Who is away too long is
// taken to the sign-in, so that nothing stays on the screen; what was typed has been kept by drafts.js.

const here = document.querySelector("meta[name='hearth-idle']");
const limit = Number(here.content) * 1000;
const EVERY = 60 * 1000; // milliseconds between two signs of life
let last = Date.now(); // of the last key, touch or scroll
let told = Date.now();

const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

function tell() {
  told = Date.now();
  const headers = { "X-CSRFToken": token(), "Hearth-Still-Here": "1" };
  fetch(here.dataset.address, { method: "POST", headers }).catch(() => {}); // without a connection nobody is told
}

function seen() {
  last = Date.now();
  if (last - told > EVERY) tell();
}

for (const kind of ["keydown", "pointerdown", "scroll", "stillhere"]) addEventListener(kind, seen, { passive: true, capture: true });

setInterval(() => {
  if (Date.now() - last < limit + 5000) return;
  // A page that works without a connection may cover itself instead: the sign-in is out of reach then.
  if (!document.dispatchEvent(new CustomEvent("hearth:idle", { cancelable: true }))) return;
  const page = location.pathname + location.search;
  location.replace(`${here.dataset.signIn}?next=${encodeURIComponent(page)}`);
}, 5000);
