// The wire of a record: one WebSocket that comes back by itself, asks when it hears nothing, and knows which ends are final. No page, no Yjs.

import { leastAfter, waitAfter } from "../live/waits.js";

const HEARTBEAT = 25_000;
const ANSWER = 10_000;
const QUICK_ANSWER = 4_000;
const STABLE = 10_000;
const SIGNED_OUT = 4401;
const FINAL = new Set([1002, 1007, 1009, 4400, 4403, 4404, 4405, 4413]); // coming back would change nothing

export class Line {
  #socket = null;
  #attempt = 0;
  #timers = {};
  #over = false;
  #asking = false;

  /**
   * States are connecting, open, reconnecting, offline; signed-out until `wake` finds the member signed in again; ended for good.
   * @param {string} url
   * @param {Object} on what it tells: opened(); received(bytes); lost(), whenever a connection is gone; state(name, code); ping()
   * @param {Object} [around] what it stands on, given by tests: open, clock, random, onLine; onSignedOut, which gives whether the
   *   member is signed in all the same
   */
  constructor(url, on, around = {}) {
    this.url = url;
    this.on = on;
    this.open = around.open ?? ((address) => new WebSocket(address));
    this.clock = around.clock ?? { set: (run, ms) => setTimeout(run, ms), clear: (id) => clearTimeout(id) };
    this.random = around.random ?? Math.random;
    this.onLine = around.onLine ?? (() => navigator.onLine !== false);
    this.onSignedOut = around.onSignedOut ?? (() => false);
    this.state = "connecting";
  }

  /** Connects, unless connected or told to stay away. */
  connect() {
    if (this.#socket || this.#over) return;
    this.#clear("retry");
    const socket = (this.#socket = this.open(this.url));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => socket === this.#socket && this.#opened();
    socket.onmessage = ({ data }) => socket === this.#socket && this.#received(new Uint8Array(data));
    socket.onclose = ({ code }) => socket === this.#socket && this.#closed(code);
    this.#timer("answer", ANSWER * 2, () => this.#closed(0));
  }

  /** Sends bytes when connected; else they are dropped. @param {Uint8Array} bytes */
  send(bytes) {
    if (this.#socket?.readyState === 1) this.#socket.send(bytes);
  }

  /** Closes without coming back by itself: the page is being put away. */
  pause() {
    this.#clear("retry");
    this.#letGo();
    if (!this.#over) this.#say("reconnecting");
  }

  /** The machine or the tab woke up, or the network changed: find out at once what is true. */
  wake() {
    if (this.state === "signed-out") this.#askWhetherSignedIn();
    if (this.#over || this.#timers.stay) return;
    if (this.#socket?.readyState === 1) return this.#ping(QUICK_ANSWER);
    this.#letGo();
    this.connect();
  }

  /** The network is gone, as the browser says: no use in waiting for an answer. */
  lose() {
    if (this.#over || this.onLine()) return;
    if (this.#socket) this.#closed(0);
    else this.#say("offline");
  }

  /** Ends it for good. */
  end() {
    this.#over = true;
    this.#clear("retry");
    this.#clear("stay");
    this.#letGo();
  }

  #opened() {
    this.#timer("answer", ANSWER * 2, () => this.#closed(0));
    this.#timer("stable", STABLE, () => { this.#attempt = 0; });
    this.#say("open");
    this.on.opened();
  }

  #received(bytes) {
    this.#clear("answer");
    this.#timer("beat", HEARTBEAT, () => this.#ping(ANSWER));
    this.on.received(bytes);
  }

  #ping(patience) {
    this.on.ping();
    this.#timer("answer", patience, () => this.#closed(0));
  }

  #closed(code) {
    this.#letGo();
    this.#over = FINAL.has(code) || code === SIGNED_OUT;
    if (code === SIGNED_OUT) this.#askWhetherSignedIn();
    else if (this.#over) this.#say("ended", code);
    else this.#comeBack(code);
  }

  #comeBack(code) {
    this.#say(this.onLine() ? "reconnecting" : "offline", code);
    const least = leastAfter(code);
    if (least) this.#timer("stay", least, () => this.#clear("stay")); // the server asked for it: waking does not shorten it
    this.#timer("retry", waitAfter(code, this.#attempt++, this.random), () => this.connect());
  }

  // This session is over; but the member may have signed in anew in another tab.
  async #askWhetherSignedIn() {
    if (this.#asking) return;
    this.#asking = true;
    if (this.state !== "signed-out") this.#say("reconnecting", SIGNED_OUT);
    const signedIn = await Promise.resolve(this.onSignedOut()).catch(() => true);
    this.#asking = false;
    this.#over = !signedIn;
    if (signedIn) this.#comeBack(SIGNED_OUT);
    else this.#say("signed-out", SIGNED_OUT);
  }

  #letGo() {
    const socket = this.#socket;
    this.#socket = null;
    for (const name of ["answer", "beat", "stable"]) this.#clear(name);
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    this.on.lost();
  }

  #say(state, code = 0) {
    this.state = state;
    this.on.state(state, code);
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
