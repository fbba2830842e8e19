// Help at the moment of a grave answer, before anything is sent; whoever holds the device.

export function offerHelp(root) {
  root.addEventListener("change", ({ target }) => {
    const from = target.dataset?.helpFrom;
    if (from === undefined || !(Number(target.value) >= Number(from))) return; // what was declined is no number
    const help = root.querySelector("[data-help]");
    help.hidden = false;
    help.focus();
  });
}
