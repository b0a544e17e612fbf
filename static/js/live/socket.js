// The one socket of a tab, and the streams over it: each hands its events on in order and once, whatever the connection does.

import { Connection } from "./connection.js";

const REFUSED = "not_there"; // the stream is not, or no longer, to be heard

/**
 * @typedef {Object} Handlers
 * @property {(frame: Object) => void} [event] the next event
 * @property {(frame: Object) => Promise<number|undefined>} [reset] reload what is shown; gives the number it now stands at
 * @property {(frame: Object) => void} [hint]
 * @property {(frame: Object) => void} [presence]
 * @property {(frame: Object) => void} [typing]
 * @property {(frame: Object) => void} [subscribed]
 * @property {(frame: Object) => void} [refused] the stream is not, or no longer, to be heard
 */

class Stream {
  #held = null; // frames that wait until a reload is done
  #reload = null;
  #catching = false;

  /** @param {string} name @param {number|null} after the number of what is shown @param {Handlers} handlers */
  constructor(name, after, handlers) {
    this.name = name;
    this.last = after;
    this.handlers = handlers;
  }

  /** The frame that asks for everything after what is shown; hints have no numbers. */
  get request() {
    return { type: "subscribe", stream: this.name, ...(this.last !== null && { after: this.last }) };
  }

  /** The connection is gone; what it still had to say will be said again. */
  detach() {
    this.#held = this.#reload = null;
    this.#catching = false;
  }

  /**
   * Takes a frame. Gives "gap" when an event is missing and the rest must be asked for again.
   * @param {Object} frame @param {() => void} failed called when a reload did not work
   * @returns {"gap"|undefined}
   */
  take(frame, failed = () => {}) {
    if (frame.type === "reset") return this.#startReload(frame, failed);
    if (this.#held) return void this.#held.push(frame);
    if (frame.type === "event") return this.#takeEvent(frame);
    if (frame.type === "subscribed") return this.#takeSubscribed(frame, failed);
    this.#tell(frame.type, frame);
  }

  #takeEvent(frame) {
    if (this.last !== null && frame.seq <= this.last) return;
    if (this.last !== null && frame.seq > this.last + 1) {
      if (this.#catching) return;
      this.#catching = true;
      return "gap";
    }
    this.last = frame.seq;
    this.#tell("event", frame);
  }

  #takeSubscribed(frame, failed) {
    this.#catching = false;
    if (typeof frame.seq === "number" && !this.name.startsWith("space:")) {
      if (this.last !== null && frame.seq > this.last) return this.#startReload(frame, failed);
      this.last ??= frame.seq;
    }
    this.#tell("subscribed", frame);
  }

  #startReload(frame, failed) {
    const reload = (this.#reload = {});
    this.#held = [];
    Promise.resolve(this.handlers.reset?.(frame)).then((seq) => {
      if (this.#reload !== reload) return;
      const held = this.#held;
      this.last = typeof seq === "number" ? seq : frame.seq;
      this.#held = this.#reload = null;
      if (held.map((waiting) => this.take(waiting, failed)).includes("gap")) failed();
    }, () => {
      if (this.#reload !== reload) return;
      this.detach();
      failed();
    });
  }

  #tell(kind, frame) {
    try {
      this.handlers[kind]?.(frame);
    } catch (error) {
      console.error(this.name, kind, error);
    }
  }
}

export class LiveSocket extends Connection {
  #streams = new Map();

  /**
   * Listens to a stream from what is shown on; survives every reconnection.
   * @param {string} name @param {number|null} after @param {Handlers} handlers
   * @returns {() => void} ends it
   */
  subscribe(name, after, handlers) {
    const stream = new Stream(name, after, handlers);
    this.#streams.set(name, stream);
    this.send(stream.request);
    return () => {
      if (this.#streams.get(name) !== stream) return;
      this.#streams.delete(name);
      this.send({ type: "unsubscribe", stream: name });
    };
  }

  /** Sends a frame when connected; else it is dropped. @param {Object} frame @returns {boolean} whether it went out */
  send(frame) {
    return this.write(JSON.stringify(frame));
  }

  opened() {
    for (const stream of this.#streams.values()) this.send(stream.request);
  }

  lost() {
    for (const stream of this.#streams.values()) stream.detach();
  }

  ping() {
    this.send({ type: "ping" });
  }

  received(data) {
    const frame = JSON.parse(data);
    const stream = this.#streams.get(frame.stream);
    if (!stream) return;
    if (frame.type === "error") return this.#refused(stream, frame);
    if (stream.take(frame, () => this.drop()) === "gap") {
      this.send({ type: "unsubscribe", stream: stream.name });
      this.send(stream.request);
    }
  }

  #refused(stream, frame) {
    if (frame.code !== REFUSED) return;
    this.#streams.delete(stream.name);
    stream.handlers.refused?.(frame);
  }
}
