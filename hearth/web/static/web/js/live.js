// Pages that stay right by themselves: an element with `data-live="ADDRESS"` hears what was told there (hearth.lib.live)
// as an event `live` on itself, which htmx may wait for: `hx-trigger="live"`. A page nobody looks at listens to nothing
// and looks once when it is shown again. What a browser takes for a final no (a busy server may say so) is asked anew.

const PAUSE = 15_000; // milliseconds until it is
const streams = new Map();

function tell(element, detail) {
  element.dispatchEvent(new CustomEvent("live", { detail }));
}

function open(element) {
  const stream = new EventSource(element.dataset.live);
  stream.addEventListener("message", (event) => tell(element, JSON.parse(event.data)));
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) setTimeout(anew, PAUSE, element, stream);
  });
  streams.set(element, stream);
}

function close(element) {
  streams.get(element).close();
  streams.delete(element);
}

function anew(element, stream) {
  if (streams.get(element) !== stream) return;
  close(element);
  follow();
}

function follow() {
  const wanted = document.hidden ? new Set() : new Set(document.querySelectorAll("[data-live]"));
  for (const element of streams.keys()) if (!wanted.has(element)) close(element);
  for (const element of wanted) if (!streams.has(element)) open(element);
}

document.addEventListener("visibilitychange", follow);
document.addEventListener("htmx:afterSwap", follow);
document.addEventListener("htmx:afterRequest", follow); // also one that failed: what follows may tell more
follow();
