// What was written in a record and is not known to be stored: kept in this browser, also across a reload, until it is.

import { decoding, encodeStateAsUpdate } from "../../vendor/record.js";
import { clientId } from "../client_id.js";

const AFTER = 300;
const LASTS = 30 * 24 * 60 * 60 * 1000;

const toText = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const toBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

const PREFIX = "record:";
// How Yjs writes what a piece of a text is, and where it belongs (version 1).
const KIND = 31;
const GONE = 0;
const DELETED = 1;
const TEXT = 4;
const SKIPPED = 10;
const BESIDE = 0b1100_0000;

/**
 * The words that were put in by an update, piece by piece, also where the document is missing that they belong to.
 * @param {Uint8Array} update of texts @returns {string[]}
 */
export function piecesOf(update) {
  const decoder = decoding.createDecoder(update);
  const number = () => decoding.readVarUint(decoder);
  const pieces = [];
  for (let clients = number(); clients > 0; clients--) {
    const [count] = [number(), number(), number()]; // then the client, and its clock
    for (let left = count; left > 0; left--) {
      const info = decoding.readUint8(decoder);
      const kind = info & KIND;
      if (kind !== GONE && kind !== SKIPPED) {
        for (const side of [0x80, 0x40]) if (info & side) number(), number();
        if (!(info & BESIDE)) number(), decoding.readVarString(decoder); // the field's name
      }
      if (kind === TEXT) pieces.push(decoding.readVarString(decoder));
      else if ([GONE, DELETED, SKIPPED].includes(kind)) number();
      else return pieces; // nothing that we write
    }
  }
  return pieces;
}

// A browser may refuse to keep anything.
const refusing = { length: 0, key: () => null, getItem: () => null, removeItem() {}, setItem() { throw new Error("this browser keeps nothing"); } };

function browserStorage() {
  try {
    return localStorage ?? refusing;
  } catch {
    return refusing;
  }
}

/** One tab's part of what this browser keeps for a member and a thread. Tabs have names of their own: none writes over another's. */
export class Kept {
  #timer = 0;
  #held = false;

  /** @param {string} member @param {string} thread @param {Object} [around] storage, clock and now, given by tests */
  constructor(member, thread, around = {}) {
    this.prefix = `${PREFIX}${member}:${thread}:`;
    this.key = this.prefix + clientId();
    this.storage = around.storage ?? browserStorage();
    this.clock = around.clock ?? { set: (run, ms) => setTimeout(run, ms), clear: (id) => clearTimeout(id) };
    this.now = around.now ?? Date.now;
    this.failed = false; // the browser would not keep it
  }

  /**
   * What this and other tabs kept. What is too old or cannot be read is thrown away, of all records.
   * @returns {Array<{key: string, text: string, update: Uint8Array}>}
   */
  found() {
    const keys = Array.from({ length: this.storage.length }, (_none, at) => this.storage.key(at));
    const kept = keys.filter((key) => key?.startsWith(PREFIX)).flatMap((key) => this.#read(key));
    return kept.filter(({ key }) => key.startsWith(this.prefix));
  }

  #read(key) {
    const text = this.storage.getItem(key);
    try {
      const { at, update } = JSON.parse(text);
      if (this.now() - at < LASTS) return [{ key, text, update: toBytes(update) }];
    } catch (error) {
      console.warn("what was kept of a record cannot be read", error);
    }
    this.storage.removeItem(key);
    return [];
  }

  /** Throws away what was found, unless its tab has written there since. @param {Array<{key: string, text: string}>} found */
  drop(found) {
    for (const { key, text } of found) if (this.storage.getItem(key) === text) this.storage.removeItem(key);
  }

  /** Keeps, a moment later, what the provider's document has and the server is not known to have. @param {import("./provider.js").Provider} provider */
  soon(provider) {
    if (!this.#timer) this.#timer = this.clock.set(() => this.write(provider), AFTER);
  }

  /** The same at once; when all is stored there is nothing to keep. @param {import("./provider.js").Provider} provider */
  write(provider) {
    this.clock.clear(this.#timer);
    this.#timer = 0;
    if (provider.state.saved === "saved") return this.forget();
    const update = toText(encodeStateAsUpdate(provider.doc, provider.acknowledged ?? undefined));
    try {
      this.storage.setItem(this.key, JSON.stringify({ at: this.now(), update }));
      this.#held = true;
      this.failed = false;
    } catch (error) {
      console.warn("not kept in this browser", error);
      this.failed = true;
    }
  }

  /** There is nothing to keep any more. */
  forget() {
    this.clock.clear(this.#timer);
    this.#timer = 0;
    this.failed = false;
    if (this.#held) this.storage.removeItem(this.key);
    this.#held = false;
  }
}
