// What axe would look at on this page, element by element, as marks: what has a mark that was read before is not new.
//
// A mark says all that the rules decide by: the element (kind, classes, states, colours, letters), everything it
// stands in (kinds, states, what colours what is in it), whether it has words, a name and what it refers to, what
// stands in it, and how it lies among others. The words themselves, addresses and numbers are not in it.

() => {
  const CALM = ".room-student, .room-public"; // where text and buttons reach 7:1
  const SAID = /^(role|type|lang|dir|autocomplete|scope|tabindex|http-equiv|aria-.*)$/; // with what it says
  const NAMES = /^aria-(label|placeholder|roledescription|valuetext)$/;
  const REFERS = /^(for|list|headers|aria-(labelledby|describedby|details|controls|owns|errormessage))$/;
  const WHOLE = // judged by what stands in them
    "a, button, summary, label, option, select, ul, ol, menu, dl, table, video, audio, object, [role], [aria-hidden]";
  const TARGETS = "a, button, input, select, textarea, summary, [tabindex], [role]";
  const GROUND = [
    "display", "visibility", "opacity", "overflow", "clipPath", "filter", "backgroundColor", "backgroundImage",
  ];
  const LETTERS = ["color", "fontSize", "fontWeight", "textDecorationLine", "textShadow"];

  const ids = new Map(); // how many elements have each
  for (const { id } of document.querySelectorAll("[id]")) ids.set(id, (ids.get(id) ?? 0) + 1);
  const boxes = [...document.querySelectorAll(TARGETS)].map((each) => each.getBoundingClientRect());
  const targets = boxes.filter((each) => each.width);
  const marked = []; // every element with its mark

  const isBlank = (text) => !/\S/.test(text ?? "");

  function hash(text) {
    let [one, two] = [0xdeadbeef, 0x41c6ce57];
    for (let at = 0; at < text.length; at += 1) {
      one = Math.imul(one ^ text.charCodeAt(at), 2654435761);
      two = Math.imul(two ^ text.charCodeAt(at), 1597334677);
    }
    return (one >>> 0).toString(36) + (two >>> 0).toString(36);
  }

  function attribute({ name, value }) {
    if (REFERS.test(name)) return `${name}:${value.split(/\s+/).map((id) => ids.has(id))}`;
    if (NAMES.test(name) || !SAID.test(name)) return `${name}:${isBlank(value)}`;
    return `${name}=${value.replace(/\d+/g, "0")}`;
  }

  function kind(element) {
    const said = [...element.attributes].filter(({ name }) => name !== "class").map(attribute);
    return [element.localName, ...said.sort(), ids.get(element.id) > 1].join(" ");
  }

  function wordsOf(element) {
    let own = "";
    for (const each of element.childNodes) if (each.nodeType === Node.TEXT_NODE) own += each.data.trim();
    return own && `${Math.min(own.length, 2)} ${/[\p{L}\p{N}]/u.test(own)}`; // one letter, or a sign, is no text
  }

  // The colour that something out of the flow lies on.
  function beneath(element) {
    const box = element.getBoundingClientRect();
    const all = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const others = all.filter((each) => !element.contains(each));
    const colours = others.map((each) => getComputedStyle(each).backgroundColor);
    return `on ${colours.find((each) => each !== "rgba(0, 0, 0, 0)")}`;
  }

  function holds(element) {
    if (element.localName === "html") return `${isBlank(document.title)} ${!document.querySelector("main")}`;
    if (!element.matches(WHOLE)) return element.labels?.length;
    const kinds = new Set();
    for (const each of element.querySelectorAll("*"))
      kinds.add(`${each.localName}.${each.getAttribute("class")} ${each.getAttribute("role")} ${each.hidden}`);
    return `${[...kinds].sort()} ${isBlank(element.textContent)} ${element.labels?.length}`;
  }

  // What a finger may press by mistake: beside targets smaller than 24 pixels.
  function room(element) {
    if (!element.matches(TARGETS)) return "";
    const box = element.getBoundingClientRect();
    if (!box.width || (box.width >= 24 && box.height >= 24)) return "";
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const near = targets.filter(
      (each) => each.x < x + 24 && each.right > x - 24 && each.y < y + 24 && each.bottom > y - 24,
    );
    return `small among ${near.length}`;
  }

  function scrolls(element, style) {
    if (!/auto|scroll/.test(style.overflow)) return "";
    const hides = element.scrollHeight > element.clientHeight || element.scrollWidth > element.clientWidth;
    return `${hides} ${!!element.querySelector(TARGETS)}`;
  }

  // Marks this element and all within it; `under` is what it lies on where it is out of the flow and shows through.
  function walk(element, above, under) {
    const style = getComputedStyle(element);
    const isOpaque = style.backgroundColor.startsWith("rgb(");
    const isOut = style.position !== "static" && style.position !== "relative";
    const on = isOpaque ? "" : isOut ? beneath(element) : under;
    const [ground, letters] = [GROUND, LETTERS].map((names) => names.map((each) => style[each]).join());
    const words = wordsOf(element);
    const place = hash([above, kind(element), ground, words && style.color, element.matches(CALM)].join(" "));
    const classes = element.getAttribute("class")?.replace(/\d+/g, "0");
    const own = [classes, letters, words, words && on, isBlank(element.value), holds(element), room(element)];
    marked.push([element, hash([place, ...own, scrolls(element, style)].join(" "))]);
    if (element.localName === "svg") return;
    for (const each of element.children) if (!each.matches("head > :not(title, meta)")) walk(each, place, on);
  }

  walk(document.documentElement, "", "");

  // Where to look for what has one of these marks, each seen once: all of the page but for its largest old parts.
  window.whereToLook = (fresh) => {
    const left = new Set(fresh);
    const ways = new Set(); // elements with something new in them
    for (const [element, mark] of marked) {
      if (!left.delete(mark)) continue;
      for (let each = element; each && !ways.has(each); each = each.parentElement) ways.add(each);
    }
    const exclude = marked.map(([each]) => each).filter((each) => !ways.has(each) && ways.has(each.parentElement));
    const calm = [...document.querySelectorAll(CALM)].filter((each) => ways.has(each));
    const everywhere = { include: [document.documentElement], exclude };
    return { everywhere, calm: calm.length && { include: calm, exclude } };
  };
  return [...new Set(marked.map(([, mark]) => mark))];
}
