// An open notebook: its entries in the clear, in this tab's memory and nowhere else.

import { seal, sizeOf, unseal } from "./crypto.js";
import { ask, Refused } from "./server.js";

const LARGEST = 200_000 - 16; // bytes of text; the server takes 200 kB with the tag
const what = (entry) => `entry:${entry.id}:${entry.version}`;

export class TooLong extends Error {}
export class ChangedElsewhere extends Error {
  constructor(there) {
    super("changed elsewhere");
    this.there = there; // the other version in the clear, or null where it was deleted
  }
}

export class Notebook {
  constructor(addresses, key, dataKey) {
    this.addresses = addresses;
    this.key = key;
    this.dataKey = dataKey;
    this.entries = new Map();
  }

  async load() {
    for (let from = 0; from !== null; ) {
      const part = await ask(`${this.addresses.entries}?from=${from}`);
      for (const one of await Promise.all(part.entries.map((row) => this.read(row)))) this.entries.set(one.id, one);
      from = part.next;
    }
  }

  newestFirst() {
    return [...this.entries.values()].sort((one, other) => other.createdAt - one.createdAt);
  }

  async read(row) {
    const entry = { id: row.id, version: row.version, createdAt: new Date(row.created_at), changedAt: new Date(row.changed_at) };
    try {
      return { ...entry, text: await unseal(this.dataKey, what(row), row) };
    } catch {
      return { ...entry, text: null }; // altered, or cut short: it is shown as such
    }
  }

  // `version` is the one that was read, 0 for a new entry.
  async keep({ id, version, text }) {
    if (sizeOf(text) > LARGEST) throw new TooLong();
    const next = { id, version: version + 1 };
    const sealed = await seal(this.dataKey, what(next), text);
    const answer = await this.#send(id, "PUT", { key: this.key.id, version: next.version, ...sealed });
    this.entries.set(id, await this.read(answer.entry));
  }

  async remove({ id, version }) {
    await this.#send(id, "DELETE", { version });
    this.entries.delete(id);
  }

  async #send(id, method, content) {
    try {
      return await ask(`${this.addresses.entries}${id}/`, method, content);
    } catch (error) {
      if (!(error instanceof Refused) || error.answer.problem !== "stale") throw error;
      const there = error.answer.entry ? await this.read(error.answer.entry) : null;
      if (there) this.entries.set(id, there);
      else this.entries.delete(id);
      throw new ChangedElsewhere(there);
    }
  }
}
