// What was typed and not kept yet stays on this device, encrypted like everything else. A shared device keeps nothing;
// the prefix is the site's for drafts, which a shared device wipes on every page.

import { seal, unseal } from "./crypto.js";
import { shared } from "./page.js";

const PREFIX = "hearth.draft.notebook.";
const place = (notebook, id) => `${PREFIX}${notebook.key.id}.${id}`;
const what = (draft) => `draft:${draft.id}:${draft.version}`;

export async function keepDraft(notebook, { id, version, over, aside, text }) {
  if (shared) return false;
  const sealed = await seal(notebook.dataKey, what({ id, version }), text);
  try {
    localStorage.setItem(place(notebook, id), JSON.stringify({ id, version, over, aside, at: Date.now(), ...sealed }));
    return true;
  } catch {
    return false; // no room, or the browser keeps nothing
  }
}

export function dropDraft(notebook, id) {
  localStorage.removeItem(place(notebook, id));
}

// Every draft of this notebook, newest first: {id, version, over, aside, text, at}.
export async function drafts(notebook) {
  const found = [];
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith(place(notebook, "")))) {
    try {
      const draft = JSON.parse(localStorage.getItem(key));
      found.push({ ...draft, text: await unseal(notebook.dataKey, what(draft), draft) });
    } catch {
      localStorage.removeItem(key); // nobody can read it any more
    }
  }
  return found.sort((one, other) => other.at - one.at);
}
