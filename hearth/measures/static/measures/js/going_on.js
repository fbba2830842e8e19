// What was chosen is told to the server a moment later, so that any other device goes on from there and what it asks for
// rings at once. What did not reach it is told with the next choice, or as soon as there is a connection again.

const PAUSE = 1000; // milliseconds in which a slip of the finger is put right before anybody is told
const isTick = (field) => field.type === "radio";
const isNew = (field) => (isTick(field) ? field.checked && !field.defaultChecked : field.value !== field.defaultValue);
const linkOf = (field) => field.name.slice(2);

export function keepElsewhere(root) {
  const form = root.querySelector("form[data-draft]");
  const fields = [...form.elements].filter((field) => field.name.startsWith("q-"));
  const { draftKept } = form.dataset; // what is said of a copy that this device alone has
  let timer;
  let isSent = false;
  let under = Promise.resolve();

  function unkept() {
    const found = {};
    for (const field of fields.filter((one) => isNew(one) && one.value !== "" && one.checkValidity())) {
      found[linkOf(field)] = Number(field.value);
    }
    return found;
  }

  // The device's own copy is as new as the server's, unless another device has told something meanwhile.
  function settle(answers, { token, version, before }) {
    for (const field of fields.filter((one) => linkOf(one) in answers)) {
      const value = String(answers[linkOf(field)]);
      if (isTick(field)) field.defaultChecked = field.value === value;
      else field.defaultValue = value;
    }
    form.elements.token.value = token;
    form.dataset.draftKept = root.dataset.kept;
    if (Number(form.dataset.draftVersion) === before) form.dataset.draftVersion = version;
    form.dispatchEvent(new Event("input", { bubbles: true })); // drafts.js writes it down
  }

  async function tell() {
    const answers = unkept();
    if (isSent || !Object.keys(answers).length) return;
    const body = JSON.stringify({ token: form.elements.token.value, answers });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    const how = { method: "POST", body, headers, keepalive: true, redirect: "manual" };
    const answer = await fetch(root.dataset.keeps, how).catch(() => null);
    const told = answer?.ok ? await answer.json().catch(() => ({})) : {};
    if (told.version && !isSent) settle(answers, told);
  }

  const tellNow = () => {
    clearTimeout(timer);
    under = under.then(tell);
  };
  const tellSoon = () => {
    form.dataset.draftKept = draftKept;
    clearTimeout(timer);
    timer = setTimeout(tellNow, PAUSE);
  };
  const stop = () => {
    clearTimeout(timer);
    isSent = true; // what is sent holds every answer
  };

  form.addEventListener("change", tellSoon);
  form.addEventListener("submit", stop);
  form.addEventListener("hearth:stored", stop);
  addEventListener("online", tellSoon);
  addEventListener("pagehide", tellNow);
  document.addEventListener("visibilitychange", () => document.hidden && tellNow());
  if (Object.keys(unkept()).length) tellSoon(); // chosen without a connection, found again by the draft
}
