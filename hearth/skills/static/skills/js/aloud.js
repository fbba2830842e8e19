// A lesson is read out by the device's own voice, a part at a time, and stops when its button is pressed again.

const lesson = document.querySelector("[data-lesson]");
const LINES = "h2, h3, p, li, blockquote";
let reading = null; // the button of the part that is read

function hush() {
  speechSynthesis.cancel();
  reading?.setAttribute("aria-pressed", "false");
  reading = null;
}

function read(button) {
  const lines = [...button.closest("section").querySelectorAll(LINES)].filter((line) => !line.querySelector(LINES));
  const said = lines.map((line) => new SpeechSynthesisUtterance(line.textContent)); // one long one breaks off in places
  for (const one of said) one.lang = lesson.lang;
  said.at(-1).addEventListener("end", () => reading === button && hush());
  reading = button;
  button.setAttribute("aria-pressed", "true");
  said.forEach((one) => speechSynthesis.speak(one));
}

if (lesson && "speechSynthesis" in globalThis) {
  for (const button of lesson.querySelectorAll("[data-listen]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const again = reading === button;
      hush();
      if (!again) read(button);
    });
  }
  addEventListener("pagehide", hush);
}
