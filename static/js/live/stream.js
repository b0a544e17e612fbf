// One subscription: hands its events on in order and once, whatever the connection does.

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

export class Stream {
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
