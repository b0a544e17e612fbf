// One document on the wire: what is written here goes out and is known to be stored, what others write comes in. It knows no page.

import { applyAwarenessUpdate, applyUpdate, decoding, encodeAwarenessUpdate, encodeStateAsUpdate, encodeStateVector, encoding, mergeUpdates, removeAwarenessStates } from "../../vendor/record.js";
import { Connection } from "../live/connection.js";

const SYNC = 0;
const AWARENESS = 1;
const STORED = 102; // "tell me when all I sent before this is stored", and the answer
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;

// What the states of a connection are here: live it is only once all is there that the server has.
const LINES = { none: "connecting", live: "open", stopped: "ended" };
const GATHER = 60;
const POINT = 100;

/**
 * @typedef {Object} State
 * @property {"connecting"|"open"|"live"|"reconnecting"|"offline"|"signed-out"|"ended"} line live: open, and we have all the server has
 * @property {"saved"|"saving"|"not-saved"} saved what was written here: all stored, on its way, or neither
 * @property {"write"|"read"|null} mode what the server lets us do; null until it said so
 * @property {number} code with which the last connection ended
 */

export class Provider {
  #line;
  #timers = {};
  #waiting = []; // updates gathered for the next frame
  #asked = new Map(); // our questions by number: how much had been written, and what the document held
  #number = 0;
  #made = 0;
  #stored = 0;
  #invited = false; // the server asked, on this connection, for what we have: we may write

  /**
   * @param {string} url @param {import("yjs").Doc} doc @param {import("y-protocols/awareness").Awareness} awareness
   * @param {Object} [around] what it stands on, given by tests: as for Connection; onState(state); onSynced, called once, when the document
   *   is there for the first time
   */
  constructor(url, doc, awareness, around = {}) {
    this.doc = doc;
    this.awareness = awareness;
    this.clock = around.clock ?? { set: (run, ms) => setTimeout(run, ms), clear: (id) => clearTimeout(id) };
    this.onState = around.onState ?? (() => {});
    this.onSynced = around.onSynced ?? (() => {});
    this.acknowledged = null; // the state vector of all that is known to be stored
    this.state = { line: "connecting", saved: "saved", mode: null, code: 0 };
    const onState = (line, code) => this.#say({ line: LINES[line] ?? line, code });
    this.#line = Object.assign(new Connection(url, { ...around, onState }), {
      opened: () => this.#send(SYNC, STEP_1, encodeStateVector(this.doc)),
      received: (data) => this.#received(decoding.createDecoder(new Uint8Array(data))),
      lost: () => this.#lost(),
      ping: () => this.#send(STORED, 0),
    });
    doc.on("update", this.#written);
    awareness.on("update", this.#moved);
  }

  connect() { this.#line.connect(); }
  wake() { this.#line.wake(); }
  lose() { this.#line.lose(); }

  /** Closes without coming back by itself: the page is being put away. */
  pause() {
    this.#flush();
    this.#line.pause();
  }

  /** Ends it for good. */
  destroy() {
    this.#flush();
    this.doc.off("update", this.#written);
    this.awareness.off("update", this.#moved);
    this.#line.end();
  }

  #received(decoder) {
    const kind = decoding.readVarUint(decoder);
    if (kind === SYNC) this.#sync(decoding.readVarUint(decoder), decoding.readVarUint8Array(decoder));
    else if (kind === AWARENESS) applyAwarenessUpdate(this.awareness, decoding.readVarUint8Array(decoder), this);
    else if (kind === STORED) this.#answered(decoding.readVarUint(decoder));
  }

  #sync(kind, content) {
    if (kind === STEP_1) return this.#offer(content);
    applyUpdate(this.doc, content, this);
    if (kind === STEP_2 && this.state.line === "open") this.#synced();
  }

  #synced() {
    const first = this.state.mode === null;
    if (first) this.acknowledged = encodeStateVector(this.doc);
    if (this.#invited) this.#introduce();
    this.#say({ line: "live", mode: this.#invited ? "write" : "read", code: 0 });
    if (first) this.onSynced();
  }

  // The server asks for what it does not have: at the beginning, and whenever something was missing before what we sent.
  #offer(vector) {
    this.#invited = true;
    this.#waiting = [];
    this.#clear("gather");
    this.#send(SYNC, STEP_2, encodeStateAsUpdate(this.doc, vector));
    this.#ask();
    this.#say();
  }

  #written = (update, origin) => {
    if (origin === this) return;
    this.#made++;
    if (this.#invited) {
      this.#waiting.push(update);
      this.#soon("gather", GATHER, () => this.#flush());
    }
    this.#say();
  };

  #flush() {
    this.#clear("gather");
    if (!this.#waiting.length) return;
    this.#send(SYNC, UPDATE, mergeUpdates(this.#waiting));
    this.#waiting = [];
    this.#ask();
  }

  #ask() {
    this.#asked.set(++this.#number, { made: this.#made, vector: encodeStateVector(this.doc) });
    this.#send(STORED, this.#number);
  }

  #answered(number) {
    const known = this.#asked.get(number);
    for (const earlier of this.#asked.keys()) if (earlier <= number) this.#asked.delete(earlier);
    if (!known || known.made === this.#stored) return;
    this.#stored = known.made;
    this.acknowledged = known.vector;
    this.#say();
  }

  // Others have forgotten our place with the last connection, and take only what is newer than that.
  #introduce() {
    const mine = this.awareness.getLocalState();
    for (let times = 0; mine && times < 2; times++) this.awareness.setLocalState(mine);
  }

  #moved = ({ added, updated, removed }, origin) => {
    const mine = this.awareness.clientID;
    if (origin === this || ![added, updated, removed].some((ids) => ids.includes(mine))) return;
    if (this.#invited) this.#soon("point", POINT, () => this.#point());
  };

  #point() {
    this.#clear("point");
    this.#send(AWARENESS, encodeAwarenessUpdate(this.awareness, [this.awareness.clientID]));
  }

  #lost() {
    this.#invited = false;
    this.#waiting = [];
    this.#asked.clear();
    this.#clear("gather");
    this.#clear("point");
    const others = [...this.awareness.getStates().keys()].filter((id) => id !== this.awareness.clientID);
    removeAwarenessStates(this.awareness, others, this);
  }

  #send(...parts) {
    const encoder = encoding.createEncoder();
    for (const part of parts) {
      if (typeof part === "number") encoding.writeVarUint(encoder, part);
      else encoding.writeVarUint8Array(encoder, part);
    }
    this.#line.write(encoding.toUint8Array(encoder));
  }

  #say(change = {}) {
    const saved = this.#made === this.#stored ? "saved" : this.#invited ? "saving" : "not-saved";
    const before = this.state;
    this.state = { ...before, ...change, saved };
    if (Object.keys(before).some((name) => before[name] !== this.state[name])) this.onState(this.state);
  }

  #soon(name, ms, run) {
    this.#timers[name] ??= this.clock.set(run, ms);
  }

  #clear(name) {
    this.clock.clear(this.#timers[name]);
    delete this.#timers[name];
  }
}
