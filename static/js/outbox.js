// Replies on their way: kept in this browser until the server has them, sent in order, each once (client_id).

import { delay } from "./live/connection.js";

/** @typedef {{id: string, thread: string, body: string, parent?: string, reason?: string}} Item `reason`: why the server refused it */

export class Outbox {
  #sending = null;
  #again = false;
  #attempt = 0;
  #timer = 0;

  /**
   * @param {Object} parts
   * @param {Storage} parts.storage @param {string} parts.key where the items are kept; names the member
   * @param {(item: Item) => Promise<any>} parts.send @param {(error: Error) => string} parts.reason
   * @param {(items: Item[]) => void} [parts.onChange] @param {(item: Item, answer: any) => void} [parts.onSent]
   * @param {{set: Function, clear: Function}} [parts.clock]
   */
  constructor({ storage, key, send, reason, onChange = () => {}, onSent = () => {}, clock }) {
    Object.assign(this, { storage, key, send, reason, onChange, onSent });
    this.clock = clock ?? { set: (run, ms) => setTimeout(run, ms), clear: (id) => clearTimeout(id) };
    this.memory = null; // the items, while the browser does not store them
  }

  /** What waits, oldest first; read anew, because other tabs change it too. @returns {Item[]} */
  get items() {
    if (this.memory) return this.memory;
    try {
      return JSON.parse(this.storage.getItem(this.key) ?? "[]");
    } catch {
      return [];
    }
  }

  #keep(items) {
    try {
      if (items.length) this.storage.setItem(this.key, JSON.stringify(items));
      else this.storage.removeItem(this.key);
      this.memory = null;
    } catch (error) {
      this.memory = items;
      console.warn("outbox kept in memory only", error); // a full or forbidden storage must not stop a reply
    }
    this.onChange(items);
  }

  /** Whether this item is on the wire now. @param {Item} item @returns {boolean} */
  sending(item) {
    return this.#sending === item.id;
  }

  /** Takes a reply and sends it as soon as it can be. @param {Item} item @returns {Promise<void>} */
  add(item) {
    this.#keep([...this.items, item]);
    return this.flush();
  }

  /** Takes an item away: the server has it, or its writer wants it back. @param {string} id @returns {Item|undefined} */
  take(id) {
    const items = this.items;
    const taken = items.find((item) => item.id === id);
    if (taken) this.#keep(items.filter((item) => item !== taken));
    return taken;
  }

  /** Tries a refused item again. @param {string} id @returns {Promise<void>} */
  retry(id) {
    this.#keep(this.items.map((item) => (item.id === id ? { ...item, reason: undefined } : item)));
    return this.flush();
  }

  /** Sends what waits, in order; what cannot go now is tried again later. @returns {Promise<void>} */
  async flush() {
    this.clock.clear(this.#timer);
    if (this.#sending) {
      this.#again = true;
      return;
    }
    do {
      this.#again = false;
      await this.#sendAll();
    } while (this.#again);
  }

  async #sendAll() {
    for (let item; (item = this.items.find((waiting) => !waiting.reason)); ) {
      this.#sending = item.id;
      this.onChange(this.items);
      try {
        const answer = await this.send(item);
        this.#sending = null;
        this.#attempt = 0;
        this.take(item.id);
        this.onSent(item, answer);
      } catch (error) {
        this.#sending = null;
        if (!this.#refused(item, error)) return;
      }
    }
  }

  // Whether the server said no for good; else the item waits, and those after it too.
  #refused(item, error) {
    const final = error.status >= 400 && error.status < 500 && !error.passing && error.status !== 401;
    if (final) {
      this.#keep(this.items.map((other) => (other.id === item.id ? { ...other, reason: this.reason(error) } : other)));
      return true;
    }
    this.#timer = this.clock.set(() => this.flush(), 1_000 + delay(this.#attempt++));
    this.onChange(this.items);
    return false;
  }
}
