// What takes a few seconds says so and is sent once: <form data-while="words shown meanwhile">.

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.dataset.while || !button) return;
  form.setAttribute("aria-busy", "true");
  setTimeout(() => { button.disabled = true; }); // later, so that what it stands for is sent
  button.setAttribute("role", "status"); // so that the new words are read out
  button.textContent = form.dataset.while;
});

// Back from the next page, the browser may show this one as it was left, its button still waiting.
window.addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("form[data-while][aria-busy]")) window.location.reload();
});
