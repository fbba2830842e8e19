// Pages that stay right by themselves: an element with `data-live="ADDRESS"` hears what was told there (hearth.lib.live)
// as an event `live` on itself, which htmx may wait for: `hx-trigger="live"`. A page nobody looks at listens to nothing
// and looks once when it is shown again.

const streams = new Map();

function tell(element, detail) {
  element.dispatchEvent(new CustomEvent("live", { detail }));
}

function open(element) {
  const stream = new EventSource(element.dataset.live);
  stream.addEventListener("message", (event) => tell(element, JSON.parse(event.data)));
  streams.set(element, stream);
}

function close(element) {
  streams.get(element).close();
  streams.delete(element);
}

function follow() {
  const wanted = document.hidden ? new Set() : new Set(document.querySelectorAll("[data-live]"));
  for (const element of streams.keys()) if (!wanted.has(element)) close(element);
  for (const element of wanted) if (!streams.has(element)) open(element);
}

document.addEventListener("visibilitychange", follow);
document.addEventListener("htmx:afterSwap", follow);
follow();
