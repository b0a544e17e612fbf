// The one socket of a tab: all streams over it, back by itself after every interruption.

import { Stream } from "./stream.js";
import { leastAfter, waitAfter } from "./waits.js";

const HEARTBEAT = 25_000;
const ANSWER = 10_000;
const QUICK_ANSWER = 4_000;
const STABLE = 10_000;
const SIGNED_OUT = 4401;
// Coming back would change nothing: what we send is not understood, or this is not the place.
const FINAL = new Set([1002, 1007, 1009, 4400, 4403, 4404]);
const REFUSED = "not_there"; // the stream is not, or no longer, to be heard
const LOOK = 5_000;
const ASLEEP = 15_000;
const TOGETHER = 1_000; // a whole center gets its network back at the same moment

export class LiveSocket {
  #streams = new Map();
  #socket = null;
  #attempt = 0;
  #timers = {};
  #ended = false;
  #asking = false;

  /**
   * States are none, live, reconnecting, offline; signed-out until `wake` finds the member signed in again; stopped for good.
   * @param {string} url
   * @param {Object} [around] what it stands on, given by tests: open, clock, random, onLine; onState(state, code);
   *   onSignedOut, which gives whether the member is signed in all the same
   */
  constructor(url, around = {}) {
    this.url = url;
    this.open = around.open ?? ((address) => new WebSocket(address));
    this.clock = around.clock ?? { set: (run, ms) => setTimeout(run, ms), clear: (id) => clearTimeout(id) };
    this.random = around.random ?? Math.random;
    this.onLine = around.onLine ?? (() => navigator.onLine !== false);
    this.onState = around.onState ?? (() => {});
    this.onSignedOut = around.onSignedOut ?? (() => false);
    this.state = "none";
  }

  /**
   * Listens to a stream from what is shown on; survives every reconnection.
   * @param {string} name @param {number|null} after @param {import("./stream.js").Handlers} handlers
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
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Connects, unless connected or told to stay away. */
  connect() {
    if (this.#socket || this.#ended) return;
    this.#clear("retry");
    const socket = (this.#socket = this.open(this.url));
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = (message) => socket === this.#socket && this.#received(message.data);
    socket.onclose = (close) => socket === this.#socket && this.#closed(close.code);
    this.#timer("answer", ANSWER * 2, () => this.#drop());
  }

  /** Closes without coming back by itself: the page is being put away. */
  pause() {
    this.#clear("retry");
    this.#letGo();
    if (this.state === "live") this.#say("reconnecting");
  }

  /** The machine or the tab woke up, or the network changed: find out at once what is true. */
  wake() {
    if (this.state === "signed-out") this.#askWhetherSignedIn();
    if (this.#ended || this.#timers.stay) return;
    if (!this.#socket) {
      this.#clear("retry");
      this.connect();
    } else if (this.#socket.readyState === 1) this.#ping(QUICK_ANSWER);
    else if (this.state !== "none") {
      this.#letGo();
      this.connect();
    }
  }

  /** The network is gone, as the browser says: no use in waiting for an answer. */
  lose() {
    if (this.#ended || this.onLine()) return;
    if (this.#socket) this.#closed(0);
    else this.#say("offline");
  }

  #opened(socket) {
    if (socket !== this.#socket) return;
    this.#clear("answer");
    for (const stream of this.#streams.values()) this.send(stream.request);
    this.#timer("stable", STABLE, () => { this.#attempt = 0; });
    this.#beat();
    this.#say("live");
  }

  #received(data) {
    this.#clear("answer");
    this.#beat();
    const frame = JSON.parse(data);
    const stream = this.#streams.get(frame.stream);
    if (!stream) return;
    if (frame.type === "error") return this.#refused(stream, frame);
    if (stream.take(frame, () => this.#drop()) === "gap") {
      this.send({ type: "unsubscribe", stream: stream.name });
      this.send(stream.request);
    }
  }

  #refused(stream, frame) {
    if (frame.code !== REFUSED) return;
    this.#streams.delete(stream.name);
    stream.handlers.refused?.(frame);
  }

  #beat() {
    this.#timer("beat", HEARTBEAT, () => this.#ping(ANSWER));
  }

  #ping(patience) {
    this.send({ type: "ping" });
    this.#timer("answer", patience, () => this.#drop());
  }

  // Gives the connection up, answered or not, and comes back.
  #drop() {
    if (this.#socket) this.#closed(0);
  }

  #closed(code) {
    this.#letGo();
    this.#ended = FINAL.has(code) || code === SIGNED_OUT;
    if (code === SIGNED_OUT) this.#askWhetherSignedIn();
    else if (this.#ended) this.#say("stopped", code);
    else this.#comeBack(code);
  }

  #comeBack(code) {
    this.#say(this.onLine() ? "reconnecting" : "offline", code);
    const least = leastAfter(code);
    if (least) this.#timer("stay", least, () => this.#clear("stay"));
    this.#timer("retry", waitAfter(code, this.#attempt++, this.random), () => this.connect());
  }

  // This session is over; but the member may have signed in anew in another tab.
  async #askWhetherSignedIn() {
    if (this.#asking) return;
    this.#asking = true;
    if (this.state !== "signed-out") this.#say("reconnecting", SIGNED_OUT);
    const signedIn = await Promise.resolve(this.onSignedOut()).catch(() => true);
    this.#asking = false;
    this.#ended = !signedIn;
    if (signedIn) this.#comeBack(SIGNED_OUT);
    else this.#say("signed-out", SIGNED_OUT);
  }

  #letGo() {
    const socket = this.#socket;
    this.#socket = null;
    for (const name of ["answer", "beat", "stable"]) this.#clear(name);
    for (const stream of this.#streams.values()) stream.detach();
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #say(state, code = 0) {
    if (this.state !== state) this.onState((this.state = state), code);
  }

  #timer(name, ms, run) {
    this.#clear(name);
    this.#timers[name] = this.clock.set(run, ms);
  }

  #clear(name) {
    this.clock.clear(this.#timers[name]);
    delete this.#timers[name];
  }
}

/** Keeps a socket true to what happens to the tab: sleep, waking, going off line and back. @param {LiveSocket} socket */
export function keepAwake(socket) {
  addEventListener("online", () => setTimeout(() => socket.wake(), Math.random() * TOGETHER));
  addEventListener("offline", () => socket.lose());
  addEventListener("pagehide", () => socket.pause());
  addEventListener("pageshow", (event) => event.persisted && socket.wake());
  document.addEventListener("resume", () => socket.wake());
  document.addEventListener("visibilitychange", () => document.hidden || socket.wake());
  let looked = Date.now();
  setInterval(() => {
    const slept = Date.now() - looked > ASLEEP; // a machine that sleeps tells nobody
    looked = Date.now();
    if (slept && !document.hidden) socket.wake();
  }, LOOK);
}
