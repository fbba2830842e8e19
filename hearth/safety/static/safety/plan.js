// Keeps the student's own safety plan on their own phone, sealed, so that it opens without a connection. A shared device
// keeps nothing, and signing out forgets it (see web/offline/store.js). Each visit keeps the newest version again.

import { isPossible, keepPage, read, unlock } from "../web/offline/store.js";

const LONGEST = 14 * 24 * 60 * 60 * 1000; // milliseconds: nobody should have to open it every day to have it
const { owner } = document.body.dataset;
const place = document.querySelector("[data-keep-plan]");

if (place && owner && isPossible()) {
  const address = place.dataset.keepPlan;
  const until = Date.now() + LONGEST;
  if (await unlock(owner, until)) {
    await keepPage(address, { from: `${address}?kept=yes`, owner, until }).catch(() => {});
    const says = place.querySelector("[data-kept-says]");
    if (says) says.hidden = !(await read("pages", address));
  }
}
