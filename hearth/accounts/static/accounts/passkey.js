// Passkeys: <form data-passkey="use|make"> asks the browser, puts its answer into the form and sends it.
// The question is JSON in the form's <script type="application/json">, or fetched from data-question.
// Without this script, or in a browser without passkeys, the form stays hidden and the other ways remain.

const fromText = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => (list ?? []).map((each) => ({ ...each, id: fromText(each.id) }));

async function questionOf(form) {
  if (!form.dataset.question) return JSON.parse(form.querySelector("script[type='application/json']").textContent);
  const response = await fetch(form.dataset.question, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error("no question");
  return response.json();
}

async function use({ publicKey }) {
  const found = await navigator.credentials.get({
    publicKey: { ...publicKey, challenge: fromText(publicKey.challenge), allowCredentials: known(publicKey.allowCredentials) },
  });
  const { authenticatorData, clientDataJSON, signature, userHandle } = found.response;
  return shape(found, {
    authenticatorData: toText(authenticatorData),
    clientDataJSON: toText(clientDataJSON),
    signature: toText(signature),
    userHandle: userHandle ? toText(userHandle) : null,
  });
}

async function make({ publicKey }) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: fromText(publicKey.challenge),
      user: { ...publicKey.user, id: fromText(publicKey.user.id) },
      excludeCredentials: known(publicKey.excludeCredentials),
    },
  });
  const { attestationObject, clientDataJSON } = made.response;
  return shape(made, {
    attestationObject: toText(attestationObject),
    clientDataJSON: toText(clientDataJSON),
    transports: made.response.getTransports?.() ?? [],
  });
}

const shape = (credential, response) => ({
  id: credential.id,
  rawId: toText(credential.rawId),
  type: credential.type,
  authenticatorAttachment: credential.authenticatorAttachment,
  clientExtensionResults: credential.getClientExtensionResults(),
  response,
});

function prepare(form) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    const shared = document.querySelector("input[type='checkbox'][name='shared_device']");
    if (form.elements.shared_device) form.elements.shared_device.value = shared?.checked ? "on" : "";
    try {
      const ask = form.dataset.passkey === "make" ? make : use;
      form.elements.credential.value = JSON.stringify(await ask(await questionOf(form)));
      form.submit();
    } catch {
      form.querySelector("[role='status']").textContent = form.dataset.sorry;
    }
  });
}

if (window.PublicKeyCredential) document.querySelectorAll("form[data-passkey]").forEach(prepare);
