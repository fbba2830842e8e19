// One entry out of the notebook, by its writer's choice: its words given to the care team, taken back, or read aloud. Only
// what was kept is shown and sent, and that is on the screen before it goes.

import { Unheard } from "./errors.js";
import { byId, onSubmit, say } from "./page.js";
import { Offline } from "./server.js";

let notebook = null;
let entry = null; // as it was kept

const dialogs = ["share", "unshare", "aloud"].map((name) => byId(`entry-${name}`));

// Null: nothing can be shared here, because it is not kept, not sent or not to be opened.
export function showSharing(open, kept) {
  notebook = open;
  entry = kept?.text && !kept.over.length ? kept : null;
  for (const dialog of dialogs) dialog.close();
  draw();
}

function draw() {
  const isShared = Boolean(entry?.shared);
  byId("sharing").hidden = !entry;
  byId("sharing-now").hidden = !isShared;
  byId("to-unshare").hidden = !isShared;
  byId("to-share").hidden = isShared && entry.shared === entry.version;
  for (const id of ["share-text", "aloud-text"]) byId(id).textContent = entry?.text ?? "";
}

// Said twice it is the same, so that it is tried again where no answer came: it may have arrived.
async function told(deed) {
  for (let tries = 2; tries > 0; tries -= 1) {
    try {
      return await deed();
    } catch (error) {
      if (!(error instanceof Offline)) throw error;
    }
  }
  throw new Unheard();
}

onSubmit(byId("share-form"), async () => {
  byId("entry-share").close();
  const { help } = await told(() => notebook.share(entry));
  entry = notebook.entries.get(entry.id);
  draw();
  say("shared");
  if (help) byId("help-now-sheet").showModal();
});

onSubmit(byId("unshare-form"), async () => {
  byId("entry-unshare").close();
  await told(() => notebook.stopSharing(entry));
  entry = notebook.entries.get(entry.id);
  draw();
  say("unshared");
});
