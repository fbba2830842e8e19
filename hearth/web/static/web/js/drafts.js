// Nothing typed is lost: <form data-draft="key"> keeps its text on this device until it has been sent. A page that
// came back with problems, an expired session or a closed laptop finds it again. Passwords, files and hidden fields
// are never kept, and a shared device (body[data-shared-device]) keeps nothing at all. A draft is its writer's: it lies
// under their own key (body[data-owner]), so that whoever signs in next on this device is shown nothing of it.
// A form that came back without a problem, to be sent later, says so (data-draft-unsent="yes").
// What the server keeps of a form as well says how new that is (data-draft-version), and when such a form was last sent
// from anywhere (data-draft-round): what was kept before that is gone, and of what was kept before the server's newer
// copy only what that lacks is found again.

const PREFIX = "hearth.draft.";
const NOTEBOOK = `${PREFIX}notebook.`;
const SENT = "hearth.sent";
const PAUSE = 400; // milliseconds after the last key
const LONGEST = 7 * 24 * 60 * 60 * 1000; // milliseconds a draft is kept
const NEVER = new Set(["password", "file", "hidden", "submit", "button", "reset", "image"]);
const shared = document.body.hasAttribute("data-shared-device");
const keyOf = (form) => `${PREFIX}${document.body.dataset.owner ?? ""}.${form.dataset.draft}`;

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
  const { draftVersion: version, draftRound: round } = form.dataset;
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), version, round, values: values(form) }));
  } catch {
    note(form, "");
    document.dispatchEvent(new CustomEvent("hearth:no-room")); // said by offline.js
    return;
  }
  note(form, form.dataset.draftKept ?? "");
}

const isBefore = (kept, page) => Number(kept ?? 0) < Number(page ?? 0);
const cameBack = (form) => form.dataset.draftUnsent || form.querySelector("[aria-invalid='true']");
const isFilled = (field) => (ticks(field) ? field.checked : field.value !== "");
const forget = (key) => localStorage.removeItem(key);

function read(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(key));
    return draft && Date.now() - draft.at < LONGEST ? draft : null;
  } catch {
    return null;
  }
}

function restore(form) {
  if (form.dataset.draftFresh) return forget(keyOf(form)); // what the page brings is newer than what was typed
  const draft = read(keyOf(form));
  if (!draft || cameBack(form)) return; // the server's copy is the newer one
  const { draftVersion, draftRound } = form.dataset;
  if (isBefore(draft.round, draftRound)) return forget(keyOf(form));
  const brought = new Set(isBefore(draft.version, draftVersion) ? fields(form).filter(isFilled).map(({ name }) => name) : []);
  const left = new Map();
  for (const [name, value] of draft.values) left.set(name, [...(left.get(name) ?? []), value]);
  for (const field of fields(form).filter(({ name }) => !brought.has(name))) {
    if (ticks(field)) field.checked = (left.get(field.name) ?? []).includes(field.value);
    else if (left.get(field.name)?.length) field.value = left.get(field.name).shift();
  }
  form.dataset.draftFound = "yes";
  note(form, form.dataset.draftRestored ?? "");
  form.dispatchEvent(new CustomEvent("hearth:restored", { bubbles: true }));
}

// Whoever sends something is led on to another address; the same form without that was opened anew: nobody was there
// to take what was sent.
const wasLedOn = () => performance.getEntriesByType("navigation")[0]?.redirectCount > 0;

// A form that was sent is forgotten only when its sender was led on, and not to the same form again, nor to the sign-in:
// a page that says what went wrong, or one opened from what is kept here, is no proof that anybody took it.
function settleWhatWasSent() {
  const key = sessionStorage.getItem(SENT);
  if (!key) return;
  sessionStorage.removeItem(SENT);
  const forms = [...document.querySelectorAll("form[data-draft]")].filter((form) => keyOf(form) === key);
  const again = forms.some(cameBack) || !wasLedOn();
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
    sessionStorage.setItem(SENT, keyOf(form));
  });
  form.addEventListener("hearth:stored", () => {
    clearTimeout(timer); // or what was typed last would be written back
    forget(keyOf(form));
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.detail.elt === form) {
      forget(keyOf(form));
      sessionStorage.removeItem(SENT);
    }
  });
}

// What nobody came back for in time goes away, whoever is here now. The notebook's drafts are sealed, and look after
// themselves.
function sweep() {
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX) && !one.startsWith(NOTEBOOK))) {
    if (!read(key)) forget(key);
  }
}

// Whoever signs out takes what they typed with them: it is deleted here, once they were asked. The notebook's stay: they
// are sealed, and nobody but their writer can open them.
const isTyped = (draft) => draft?.values?.some(([, value]) => value !== "") || draft?.fields?.length > 0; // or of a note

function goesWith(event) {
  if (!event.target.matches("form[data-drafts-go]")) return;
  const own = Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}${document.body.dataset.owner ?? ""}.`));
  const typed = own.filter((key) => isTyped(read(key)));
  if (typed.length && !confirm(event.target.dataset.draftsGo)) event.preventDefault();
  else own.forEach(forget);
}

const watchAll = (root) => root.querySelectorAll("form[data-draft]").forEach(watch);

if (shared) {
  Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => localStorage.removeItem(key));
} else {
  settleWhatWasSent();
  sweep();
  watchAll(document);
  document.addEventListener("htmx:afterSettle", (event) => watchAll(event.target));
  document.addEventListener("submit", goesWith, true);
}
