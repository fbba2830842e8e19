// A note that saves itself is signed: from then until its page is gone nothing else of it asks or leads elsewhere.
// An answer "signed by now" to a draft's own saving, or to the news of that signature, would break off the way to the
// page that says so.

const PATIENCE = 20_000; // milliseconds after which a signature that brought no page is given up

export function nothingElseOnceSent(form) {
  let sentAt = -Infinity;
  const isSent = () => performance.now() - sentAt < PATIENCE;
  form.addEventListener("submit", () => {
    sentAt = performance.now();
  });
  for (const way of ["htmx:beforeRequest", "htmx:beforeOnLoad"])
    document.body.addEventListener(way, (event) => {
      if (isSent()) event.preventDefault();
    });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) sentAt = -Infinity;
  });
}
