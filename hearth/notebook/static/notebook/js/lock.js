// Locks when nobody has done anything for a while, or the page was out of sight for long. Sooner on a shared device.

import { shared } from "./page.js";

const MINUTE = 60_000; // milliseconds
const IDLE = (shared ? 3 : 10) * MINUTE;
const OUT_OF_SIGHT = (shared ? 1 : 5) * MINUTE;
const LOOK_EVERY = 5_000;

export function watch(lock) {
  let seen = Date.now();
  let hiddenAt = null;
  const look = () => {
    const now = Date.now();
    const isLong = now - seen >= IDLE || (hiddenAt && now - hiddenAt >= OUT_OF_SIGHT);
    if (isLong) lock();
    return isLong;
  };
  const stir = () => {
    look(); // a laptop that slept is locked by the first touch, not woken
    seen = Date.now();
  };
  for (const sign of ["keydown", "pointerdown", "input", "wheel", "touchmove"]) {
    document.addEventListener(sign, stir, { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      hiddenAt = Date.now();
    } else {
      look(); // timers sleep in pages out of sight
      hiddenAt = null;
    }
  });
  setInterval(look, LOOK_EVERY);
}
