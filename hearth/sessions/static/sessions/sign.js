// The silent sign: the small flame tapped three times within four seconds tells staff, and nothing on the screen shows it.
// Where the line is away it is tried again for two minutes.

import { post } from "./video/relay.js";

const WITHIN = 4000; // milliseconds
const AGAIN = 5000;
let taps = [];

async function tell(address, tries) {
  const answer = await post(address, { why: "signal" }, { keepalive: true }).catch(() => null);
  if ((!answer || answer.status >= 500) && tries > 0) setTimeout(() => tell(address, tries - 1), AGAIN);
}

document.addEventListener("click", (event) => {
  const flame = event.target.closest("[data-sign]");
  if (!flame) return;
  taps = [...taps.filter((at) => event.timeStamp - at < WITHIN), event.timeStamp];
  if (taps.length < 3) return;
  taps = [];
  tell(flame.dataset.sign, 24);
});
