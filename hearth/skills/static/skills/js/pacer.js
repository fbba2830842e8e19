// A ball that grows while one breathes in and shrinks while one breathes out, with words and a count.

const LONGEST = 180; // seconds, then it ends by itself
const BUZZ = { in: [60], out: [30, 60, 30] }; // milliseconds
const SMALL = "scale(0.45)";
const still = matchMedia("(prefers-reduced-motion: reduce)");

// Where in a breath `second` is: the way, and the number to say. One breath is `inhale` and `exhale` seconds.
export function breathAt(second, inhale, exhale) {
  const at = second % (inhale + exhale);
  return at < inhale ? { way: "in", count: at + 1 } : { way: "out", count: at - inhale + 1 };
}

export function pace(place) {
  const [ball, count, words] = [".ball", "[data-count]", "[data-words]"].map((each) => place.querySelector(each));
  const [start, stop, buzz] = ["[data-start]", "[data-stop]", "[data-buzz]"].map((each) => place.querySelector(each));
  let timer, second, moving, awake;

  function beat() {
    if (second >= LONGEST) return end(place.dataset.done);
    const [inhale, exhale] = place.querySelector("[name=rhythm]:checked").value.split("-").map(Number);
    const now = breathAt(second, inhale, exhale);
    count.textContent = now.count;
    if (now.count === 1) {
      words.textContent = place.dataset[now.way];
      move(now.way, now.way === "in" ? inhale : exhale);
      if (buzz.querySelector("input").checked) navigator.vibrate?.(BUZZ[now.way]);
    }
    second += 1;
  }

  function move(way, seconds) {
    if (still.matches) return;
    const sizes = way === "in" ? [SMALL, "scale(1)"] : ["scale(1)", SMALL];
    moving?.cancel();
    moving = ball.animate({ transform: sizes }, { duration: seconds * 1000, easing: "ease-in-out", fill: "forwards" });
  }

  async function begin() {
    second = 0;
    start.hidden = true;
    stop.hidden = false;
    stop.focus();
    for (const field of place.querySelectorAll("[name=rhythm]")) field.disabled = true;
    beat();
    timer = setInterval(beat, 1000);
    awake = await navigator.wakeLock?.request("screen").catch(() => null);
  }

  function end(said) {
    clearInterval(timer);
    moving?.cancel();
    awake?.release();
    count.textContent = "";
    words.textContent = said;
    start.hidden = false;
    stop.hidden = true;
    start.focus();
    for (const field of place.querySelectorAll("[name=rhythm]")) field.disabled = false;
  }

  start.addEventListener("click", begin);
  stop.addEventListener("click", () => end(place.dataset.stopped));
  buzz.hidden = !navigator.vibrate;
  place.hidden = false;
  place.parentElement.querySelector("[data-without-pacer]").hidden = true;
}
