// One question at a time: the same form, a step for each question. A tap on an answer goes on by itself; the keyboard
// uses Next, so that arrow keys can move among the answers. "Show all questions" gives the plain form back.

const PAUSE = 220; // milliseconds in which the chosen answer is seen

function begin(root) {
  const questions = [...root.querySelectorAll("[data-question]")];
  const find = (name) => root.querySelector(`[data-${name}]`);
  const bar = find("progress").querySelector("progress");
  const words = find("progress-words");
  const answered = (question) => question.querySelector("input:checked") !== null;
  let now = 0;

  function show(number, focus = true) {
    now = Math.min(Math.max(number, 0), questions.length - 1);
    const last = now === questions.length - 1;
    questions.forEach((question, at) => { question.hidden = at !== now; });
    find("back").disabled = now === 0;
    find("next").hidden = last;
    find("send").hidden = !last;
    bar.value = now + 1;
    words.textContent = words.dataset.words.replace("NUMBER", now + 1);
    if (focus) questions[now].querySelector("fieldset").focus({ preventScroll: true });
    if (focus) root.scrollIntoView({ block: "start" });
  }

  function showAll() {
    questions.forEach((question) => { question.hidden = false; });
    for (const name of ["progress", "steps", "all"]) find(name).hidden = true;
    find("send").hidden = false;
    questions[0].querySelector("fieldset").focus();
  }

  root.addEventListener("click", (event) => {
    if (event.target.closest("[data-back]")) show(now - 1);
    else if (event.target.closest("[data-next]")) show(now + 1);
    else if (event.target.closest("[data-show-all]")) showAll();
    else if (event.target.closest("label.choice") && event.detail > 0 && !find("steps").hidden) {
      const from = now;
      setTimeout(() => { if (now === from && now < questions.length - 1) show(now + 1); }, PAUSE);
    }
  });
  root.addEventListener("hearth:restored", () => show(Math.max(questions.findIndex((one) => !answered(one)), 0), false));
  for (const name of ["progress", "steps", "all"]) find(name).hidden = false;
  show(Math.max(questions.findIndex((one) => !answered(one)), 0), false);
}

for (const root of document.querySelectorAll("[data-questions]")) {
  // A form that came back with problems is shown whole, so that the links to its questions work.
  if (!root.querySelector(".problems")) begin(root);
}
