// Light, dark or as the device says: changed at once, kept in a cookie that the server reads. Without JavaScript
// the same buttons post the form.

const YEAR = 365 * 24 * 60 * 60; // seconds

function choose(theme) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const button of document.querySelectorAll("[data-theme-switch] button")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-theme-switch]") || !event.submitter) return;
  event.preventDefault();
  choose(event.submitter.value);
});
