// This browser was handed over in another tab: whatever this one shows, it leaves for the page it was handed over for.

new BroadcastChannel("hearth").addEventListener("message", ({ data }) => {
  if (data.handedOver && !document.querySelector("[data-kiosk]")) location.replace(data.handedOver);
});
