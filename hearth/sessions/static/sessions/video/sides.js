// The small rooms that are open, for those who lead: who is there, the way there, and the way back for them.

export function showSides(root, sides, words) {
  const list = root.querySelector("[data-sides-list]");
  const template = root.querySelector("template[data-side]");
  const kept = document.activeElement?.closest("[data-of-side]")?.dataset.ofSide;
  list.replaceChildren(
    ...sides.map(({ id, kind, number, names }) => {
      const row = template.content.firstElementChild.cloneNode(true);
      const name = kind === "pair" ? `${words.pair} ${number}` : words.private;
      row.dataset.ofSide = id;
      row.querySelector("b").textContent = name;
      row.querySelector("span").textContent = names.join(", ");
      for (const each of row.querySelectorAll(".for-readers")) each.textContent = ` ${name}`;
      return row;
    }),
  );
  root.querySelector("[data-sides]").hidden = !sides.length;
  root.querySelector("[data-everyone]").hidden = !sides.some((each) => each.kind === "pair");
  if (kept) list.querySelector(`[data-of-side="${kept}"] button`)?.focus();
}
