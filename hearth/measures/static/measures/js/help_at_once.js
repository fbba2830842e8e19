// Help at the moment of a grave answer, before anything is sent; whoever holds the device.

// What was declined is no number and calls for nothing by itself.
export const callsForHelp = ({ dataset, value }) => dataset?.helpFrom !== undefined && Number(value) >= Number(dataset.helpFrom);

export function offerHelp(root) {
  root.addEventListener("change", ({ target }) => {
    if (!callsForHelp(target)) return;
    const help = root.querySelector("[data-help]");
    help.hidden = false;
    help.focus();
  });
}
