// A list of steps, one at a time: for somebody who cannot take in a page of words.

export function oneByOne(place) {
  const list = place.querySelector("ol");
  const steps = [...list.children];
  const [controls, where, aloud] = ["[data-controls]", "[data-where]", "[data-aloud]"].map((each) => place.querySelector(each));
  const [back, next, all] = ["[data-back]", "[data-next]", "[data-all]"].map((each) => place.querySelector(each));
  let at = 0;

  function show() {
    steps.forEach((step, n) => (step.hidden = n !== at));
    back.disabled = at === 0;
    next.disabled = at === steps.length - 1;
    where.textContent = where.dataset.words.replace("{n}", at + 1).replace("{all}", steps.length);
  }

  function go(by) {
    at += by;
    show();
    steps[at].focus();
  }

  function showAll() {
    for (const step of steps) step.hidden = false;
    list.classList.remove("one");
    controls.hidden = true;
    list.tabIndex = -1;
    list.focus();
  }

  function readAloud() {
    const said = new SpeechSynthesisUtterance(steps[at].textContent);
    said.lang = document.documentElement.lang;
    speechSynthesis.cancel();
    speechSynthesis.speak(said);
  }

  for (const step of steps) step.tabIndex = -1;
  back.addEventListener("click", () => go(-1));
  next.addEventListener("click", () => go(1));
  all.addEventListener("click", showAll);
  aloud.addEventListener("click", readAloud);
  aloud.hidden = !("speechSynthesis" in globalThis);
  list.classList.add("one");
  controls.hidden = false;
  show();
}
