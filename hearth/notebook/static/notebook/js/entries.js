// An open notebook: its entries in the clear, in this tab's memory and nowhere else. Without a connection it is what this
// device holds, with what waits here to be sent.

import { seal, sizeOf, unseal } from "./crypto.js";
import { NotSentYet, TooLong } from "./errors.js";
import * as held from "./held.js";
import { ask, Offline, Refused } from "./server.js";

const LARGEST = 200_000 - 16; // bytes of text; the server takes 200 kB with the tag
const what = (entry) => `entry:${entry.id}:${entry.version}`;

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
    this.refused = []; // {key, text} of what waited here and was refused
  }

  // "fresh" from the server, "full" where the device has no room to hold it, too; "held": what the device holds, or
  // "lost" where its browser has thrown that away.
  async load() {
    let rows, how;
    try {
      rows = await this.#all();
      how = (await held.hold(this.key, rows)) ? "fresh" : "full";
    } catch (error) {
      if (!(error instanceof Offline)) throw error;
      rows = await held.heldEntries();
      how = rows ? "held" : "lost";
      rows ??= [];
    }
    const read = await Promise.all(rows.map((row) => this.read(row)));
    this.entries = new Map(read.map((one) => [one.id, one]));
    for (const item of await held.unsent()) await this.#overlay(item);
    return how;
  }

  async #all() {
    const rows = [];
    for (let from = 0; from !== null; ) {
      const part = await ask(`${this.addresses.entries}?from=${from}`);
      rows.push(...part.entries);
      from = part.next;
    }
    return rows;
  }

  // What waits here shows as it was written. What another device deleted meanwhile, or nothing opens, is told apart.
  async #overlay({ id: key, words, body }) {
    if (body.under !== this.key.id) return void (words && (await held.leaveOut(key))); // of a notebook that is gone
    const text = await unseal(this.dataKey, what({ id: body.entry, version: body.version }), body);
    if (words) return void this.refused.push({ key, text });
    const createdAt = this.entries.get(body.entry)?.createdAt ?? new Date(body.at);
    const over = [...body.over, key];
    this.entries.set(body.entry, { id: body.entry, version: body.base, createdAt, text, over, aside: body.beside.entry });
  }

  newestFirst() {
    return [...this.entries.values()].sort((one, other) => other.createdAt - one.createdAt);
  }

  async read(row) {
    const entry = { id: row.id, version: row.version, createdAt: new Date(row.created_at), beside: row.beside, shared: row.shared, over: [] };
    try {
      return { ...entry, text: await unseal(this.dataKey, what(row), row) };
    } catch {
      return { ...entry, text: null }; // altered, or cut short: it is shown as such
    }
  }

  // `version` is the one that was read, 0 for a new entry; `over` the keys of what waits or waited here in its place. It
  // is sent, or, without a connection, waits here: then it answers "waits".
  async keep({ id, version, text, over = [], aside }) {
    if (sizeOf(text) > LARGEST) throw new TooLong();
    if (over.length) return this.#wait({ id, version, text, over, aside });
    const next = { id, version: version + 1 };
    const sealed = await seal(this.dataKey, what(next), text);
    const sending = crypto.randomUUID(); // by which the server knows it again, where its answer is lost
    try {
      const answer = await this.#send(id, "PUT", { key: this.key.id, version: next.version, sending, ...sealed });
      await this.#settle({ ...answer.entry, shared: this.entries.get(id)?.shared });
      return "kept";
    } catch (error) {
      if (!(error instanceof Offline)) throw error;
      return this.#wait({ id, version, text, over, sealed, sending });
    }
  }

  // Its version is above all that may have arrived from here; the words are sealed once more, as an entry of their own,
  // for where another device writes in between.
  async #wait({ id, version, text, over, aside = crypto.randomUUID(), sealed, sending }) {
    const own = { id, version: version + 1 + over.length };
    const other = { id: aside, version: 1 + over.length };
    sealed ??= await seal(this.dataKey, what(own), text);
    const beside = { entry: aside, version: other.version, ...(await seal(this.dataKey, what(other), text)) };
    const content = { entry: id, under: this.key.id, base: version, version: own.version, over, ...sealed, beside };
    const key = await held.waitToSend(content, sending);
    if (!key) throw new Offline();
    const createdAt = this.entries.get(id)?.createdAt ?? new Date();
    this.entries.set(id, { id, version, createdAt, text, over: [...over, key], aside });
    return "waits";
  }

  async remove({ id, version, over = [] }) {
    if (over.length) throw new NotSentYet(); // it may have arrived, and would come back
    await this.#send(id, "DELETE", { version });
    this.entries.delete(id);
    await held.dropEntry(id);
  }

  // The care team reads these words from now on: the only ones that leave the notebook in the clear.
  async share({ id, version, text }) {
    const answer = await ask(`${this.addresses.entries}${id}/share/`, "PUT", { version, text });
    this.entries.get(id).shared = version;
    return answer;
  }

  async stopSharing({ id }) {
    await ask(`${this.addresses.entries}${id}/share/`, "DELETE");
    this.entries.get(id).shared = null;
  }

  async #settle(row) {
    this.entries.set(row.id, await this.read(row));
    await held.holdEntry(row).catch(() => {}); // the server has it
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
