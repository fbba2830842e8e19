// One entry being written. It is sealed and sent a moment after the last key, so that nothing waits unkept on the page
// and nothing plain is ever kept on the device.

import { seal } from "./sealing.js";

const PAUSE = 1200; // milliseconds after the last key

// What the page says of a problem the store told by a word, such as changed_elsewhere.
export function sentence(words, error) {
  const name = (error.word ?? "broken").replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  return words[name] ?? words.broken;
}

export class Writing {
  constructor(store, view, words, key) {
    Object.assign(this, { store, view, words, key, parked: null });
    this.text = view.querySelector("textarea");
    this.note = view.querySelector("[data-kept]");
    this.line = Promise.resolve(true); // one keeping after the other
    this.text.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.note.textContent = "";
      this.timer = setTimeout(() => this.keepNow(), PAUSE);
    });
    this.clear();
  }

  get isUnkept() {
    return Boolean(this.key()) && this.text.value !== this.kept;
  }

  begin(entry) {
    this.id = entry?.id ?? crypto.randomUUID();
    this.seenAt = entry?.changed_at ?? null;
    this.text.value = this.kept = entry?.text ?? "";
    this.note.textContent = "";
    this.view.querySelector("details").open = false;
    this.view.querySelector("details").hidden = !entry;
  }

  clear() {
    clearTimeout(this.timer);
    this.begin(null);
  }

  // True if nothing is left to keep.
  keepNow() {
    clearTimeout(this.timer);
    this.line = this.line.then(() => this.#keep());
    return this.line;
  }

  async #keep() {
    const [key, text, id] = [this.key(), this.text.value, this.id];
    if (!key || text === this.kept) return true;
    if (text.trim() === "" && this.seenAt === null) return true;
    const message = { ...(await seal(key, id, text)), seen_at: this.seenAt };
    try {
      const entry = await this.store.keep(id, message);
      this.parked = null;
      if (this.id !== id) return true;
      this.seenAt = entry.changed_at;
      this.kept = text;
      this.note.textContent = this.words.kept;
      this.view.querySelector("details").hidden = false;
      return true;
    } catch (error) {
      this.parked = { id, message }; // sealed, so it may outlive the key should the notebook shut
      this.note.textContent = sentence(this.words, error);
      return false;
    }
  }

  // Send what could not be kept before the notebook shut; a sentence if it still cannot.
  async sendParked() {
    if (!this.parked) return null;
    try {
      await this.store.keep(this.parked.id, this.parked.message);
      this.parked = null;
      return null;
    } catch (error) {
      return sentence(this.words, error);
    }
  }

  async remove() {
    clearTimeout(this.timer);
    await this.line;
    try {
      await this.store.remove(this.id);
      this.parked = null;
      this.begin(null);
      return true;
    } catch (error) {
      this.note.textContent = sentence(this.words, error);
      return false;
    }
  }
}
