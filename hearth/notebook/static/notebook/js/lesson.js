// What a lesson handed over to begin an entry with, once: its questions, which skills/js/into_notebook.js left here.

const BEGIN = "hearth.notebook.begin";

export function takeBeginning() {
  try {
    const text = sessionStorage.getItem(BEGIN);
    sessionStorage.removeItem(BEGIN);
    return text;
  } catch {
    return null;
  }
}
