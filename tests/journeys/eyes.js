// What axe would look at on this page, element by element, as marks: what has a mark that was read before is not new.
//
// A mark says all that the rules decide by: the element and everything it stands in (kind, classes, states, colours,
// letters), whether it has words, a name and what it refers to, what stands in it, and how it lies among others.
// The words themselves, addresses and numbers are not in it.

() => {
  const CALM = ".room-student, .room-public"; // where text and buttons reach 7:1
  const SAID = /^(class|role|type|lang|dir|autocomplete|scope|tabindex|http-equiv|aria-.*)$/; // with what it says
  const NAMES = /^aria-(label|placeholder|roledescription|valuetext)$/;
  const REFERS = /^(for|list|headers|aria-(labelledby|describedby|details|controls|owns|errormessage))$/;
  const WHOLE = "a, button, summary, label, option, select, table, [role]"; // judged by all that stands in them
  const TARGETS = "a, button, input, select, textarea, summary, [tabindex], [role]";
  const LOOKS = [
    "color", "backgroundColor", "backgroundImage", "fontSize", "fontWeight", "opacity", "display", "visibility",
    "overflow", "clipPath", "textDecorationLine", "textShadow",
  ];

  const ids = new Map(); // how many elements have each
  for (const { id } of document.querySelectorAll("[id]")) ids.set(id, (ids.get(id) ?? 0) + 1);
  const targets = [...document.querySelectorAll(TARGETS)].map((each) => each.getBoundingClientRect());
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
    let own = "";
    for (const each of element.childNodes) if (each.nodeType === Node.TEXT_NODE) own += each.data.trim();
    const words = `${Math.min(own.length, 2)} ${/[\p{L}\p{N}]/u.test(own)}`; // one letter alone, or a sign, is no text
    const said = [...element.attributes].map(attribute).sort();
    return [element.localName, ...said, ids.get(element.id) > 1, words].join(" ");
  }

  function looks(element) {
    const style = getComputedStyle(element);
    const placed = style.position === "static" || style.position === "relative" ? "" : beneath(element);
    return `${LOOKS.map((each) => style[each])} ${placed}`;
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
    const kinds = new Set();
    for (const each of element.matches(WHOLE) ? element.querySelectorAll("*") : element.children)
      kinds.add(`${each.localName}.${each.getAttribute("class")} ${each.getAttribute("role")} ${each.hidden}`);
    const named = element.childElementCount < 9 ? isBlank(element.textContent) : false;
    return `${[...kinds].sort()} ${named} ${element.labels?.length} ${isBlank(element.value)}`;
  }

  // What a finger may press by mistake: beside targets smaller than 24 pixels.
  function room(element) {
    if (!element.matches(TARGETS)) return "";
    const box = element.getBoundingClientRect();
    if (box.width >= 24 && box.height >= 24) return "";
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const near = targets.filter(
      (each) => each.x < x + 24 && each.right > x - 24 && each.y < y + 24 && each.bottom > y - 24,
    );
    return `small among ${near.length}`;
  }

  function walk(element, above) {
    const place = hash(`${above} ${kind(element)} ${looks(element)}`);
    const scrolls = element.scrollHeight > element.clientHeight || element.scrollWidth > element.clientWidth;
    marked.push([element, hash(`${place} ${holds(element)} ${room(element)} ${scrolls}`)]);
    if (element.localName === "svg") return;
    for (const each of element.children) if (!each.matches("head > :not(title, meta)")) walk(each, place);
  }

  walk(document.documentElement, "");

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
