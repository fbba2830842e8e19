// A timer for riding out an urge. It goes by the clock, so that a phone that slept has not lost the time.

const BUZZ = [80, 80, 80]; // milliseconds
const place = document.querySelector("[data-wave]");
const [bar, words, starts, stop] = ["progress", "[data-words]", "[data-starts]", "[data-stop]"].map((each) => place.querySelector(each));
let timer, began, lasts, said;

function show() {
  const passed = Date.now() - began;
  if (passed >= lasts) {
    navigator.vibrate?.(BUZZ);
    return end(place.dataset.done);
  }
  bar.value = (100 * passed) / lasts;
  const left = Math.ceil((lasts - passed) / 60_000);
  if (left !== said) words.textContent = left === 1 ? place.dataset.minute : place.dataset.minutes.replace("{n}", left);
  said = left;
}

function begin(minutes) {
  [began, lasts, said] = [Date.now(), minutes * 60_000, 0];
  starts.hidden = true;
  stop.hidden = false;
  stop.focus();
  show();
  timer = setInterval(show, 1000);
}

function end(told) {
  clearInterval(timer);
  bar.value = 100;
  words.textContent = told;
  starts.hidden = false;
  stop.hidden = true;
}

starts.addEventListener("click", ({ target }) => target.dataset.start && begin(Number(target.dataset.start)));
stop.addEventListener("click", () => {
  end(place.dataset.stopped);
  document.getElementById("id_after").focus();
});
place.hidden = false;
