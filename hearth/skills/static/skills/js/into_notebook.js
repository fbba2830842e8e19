// A lesson's questions begin an entry of the notebook: handed over on the device, in no address and to no server.

const BEGIN = "hearth.notebook.begin"; // notebook/js/lesson.js takes it

document.querySelector("[data-into-notebook]")?.addEventListener("click", () => {
  try {
    sessionStorage.setItem(BEGIN, document.getElementById("into-notebook").content.textContent);
  } catch {
    // the browser keeps nothing: the notebook opens as it always does
  }
});
