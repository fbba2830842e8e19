// Help now stays readable without a connection. A shared device keeps nothing, so there it is not installed.

if ("serviceWorker" in navigator && !document.body.hasAttribute("data-shared-device")) {
  navigator.serviceWorker.register("/service-worker.js", { scope: "/" }).catch(() => {});
}
