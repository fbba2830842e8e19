// Nothing typed is lost: <form data-draft="key"> keeps its text on this device until it has been sent. A page that
// came back with problems, an expired session or a closed laptop finds it again. Passwords, files and hidden fields
// are never kept, and a shared device (body[data-shared-device]) keeps nothing at all.

const PREFIX = "hearth.draft.";
const SENT = "hearth.sent";
const PAUSE = 400; // milliseconds after the last key
const LONGEST = 7 * 24 * 60 * 60 * 1000; // milliseconds a draft is kept
const NEVER = new Set(["password", "file", "hidden", "submit", "button", "reset", "image"]);
const shared = document.body.hasAttribute("data-shared-device");

const fields = (form) => [...form.elements].filter((field) => field.name && !NEVER.has(field.type));
const ticks = (field) => field.type === "checkbox" || field.type === "radio";

function values(form) {
  return fields(form)
    .filter((field) => !ticks(field) || field.checked)
    .map((field) => [field.name, field.value]);
}

function note(form, words) {
  const place = form.querySelector("[data-draft-note]");
  if (place) place.textContent = words;
}

function keep(form) {
  localStorage.setItem(PREFIX + form.dataset.draft, JSON.stringify({ at: Date.now(), values: values(form) }));
  note(form, form.dataset.draftKept ?? "");
}

function forget(key) {
  localStorage.removeItem(PREFIX + key);
}

function read(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(PREFIX + key));
    return draft && Date.now() - draft.at < LONGEST ? draft : null;
  } catch {
    return null;
  }
}

function restore(form) {
  if (form.dataset.draftFresh) return forget(form.dataset.draft); // what the page brings is newer than what was typed
  const draft = read(form.dataset.draft);
  if (!draft || form.querySelector("[aria-invalid='true']")) return; // the server's copy is the newer one
  const left = new Map();
  for (const [name, value] of draft.values) left.set(name, [...(left.get(name) ?? []), value]);
  for (const field of fields(form)) {
    if (ticks(field)) field.checked = (left.get(field.name) ?? []).includes(field.value);
    else if (left.get(field.name)?.length) field.value = left.get(field.name).shift();
  }
  note(form, form.dataset.draftRestored ?? "");
  form.dispatchEvent(new CustomEvent("hearth:restored", { bubbles: true }));
}

// A form that was sent is forgotten only when the next page is not the same form again, nor the sign-in.
function settleWhatWasSent() {
  const key = sessionStorage.getItem(SENT);
  if (!key) return;
  sessionStorage.removeItem(SENT);
  const again = document.querySelector(`form[data-draft="${CSS.escape(key)}"] [aria-invalid='true']`);
  const signIn = document.body.hasAttribute("data-sign-in") || document.querySelector("input[type='password']");
  if (!again && !signIn) forget(key);
}

function watch(form) {
  if (form.dataset.draftWatched) return;
  form.dataset.draftWatched = "yes";
  restore(form);
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => keep(form), PAUSE);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    keep(form);
    sessionStorage.setItem(SENT, form.dataset.draft);
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.detail.elt === form) {
      forget(form.dataset.draft);
      sessionStorage.removeItem(SENT);
    }
  });
}

const watchAll = (root) => root.querySelectorAll("form[data-draft]").forEach(watch);

if (shared) {
  Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => localStorage.removeItem(key));
} else {
  settleWhatWasSent();
  watchAll(document);
  document.addEventListener("htmx:afterSettle", (event) => watchAll(event.target));
}
