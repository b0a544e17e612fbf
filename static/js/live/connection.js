// A WebSocket that comes back by itself, asks when it hears nothing, and knows which ends are final. What is said over it is others' business.

const HEARTBEAT = 25_000;
const ANSWER = 10_000;
const QUICK_ANSWER = 4_000;
const STABLE = 10_000;
const SIGNED_OUT = 4401;
// Coming back would change nothing: what we send is not understood, or this is not the place.
const FINAL = new Set([1002, 1007, 1009, 4400, 4403, 4404, 4405, 4413]);
const LOOK = 5_000;
const ASLEEP = 15_000;
const TOGETHER = 1_000; // a whole center gets its network back at the same moment
const FIRST = 1_000;
const CAP = 30_000;

// Some ends say how soon to come back: the first bound, and what is waited in any case.
const ENDS = new Map([
  [1012, { first: 5_000 }], // the server starts again: it is there soon, but everybody wants to know
  [1013, { first: 5_000 }], // its database is away
  [4408, { first: 15_000 }], // we read too slowly
  [4409, { least: 30_000, first: 30_000 }], // too many tabs of one member
  [4429, { least: 60_000, first: 30_000 }], // we sent too fast
]);

/** Whoever makes one gives it `opened()`, `received(data)`, `lost()`, told whenever a connection is gone, and `ping()`. */
export class Connection {
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

  /** Sends when connected; else it is dropped. @param {string|Uint8Array} data @returns {boolean} whether it went out */
  write(data) {
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(data);
    return true;
  }

  /** Connects, unless connected or told to stay away. */
  connect() {
    if (this.#socket || this.#ended) return;
    this.#clear("retry");
    const socket = (this.#socket = this.open(this.url));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => socket === this.#socket && this.#opened();
    socket.onmessage = ({ data }) => socket === this.#socket && this.#received(data);
    socket.onclose = ({ code }) => socket === this.#socket && this.#closed(code);
    this.#timer("answer", ANSWER * 2, () => this.drop());
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
    if (this.#socket?.readyState === 1) return this.#ask(QUICK_ANSWER);
    if (this.#socket && this.state === "none") return;
    this.#letGo();
    this.connect();
  }

  /** The network is gone, as the browser says: no use in waiting for an answer. */
  lose() {
    if (this.#ended || this.onLine()) return;
    if (this.#socket) this.#closed(0);
    else this.#say("offline");
  }

  /** Gives the connection up, answered or not, and comes back. */
  drop() {
    if (this.#socket) this.#closed(0);
  }

  /** Ends it for good. */
  end() {
    this.#ended = true;
    this.#clear("retry");
    this.#clear("stay");
    this.#letGo();
  }

  #opened() {
    this.#clear("answer");
    this.opened();
    this.#timer("stable", STABLE, () => { this.#attempt = 0; });
    this.#beat();
    this.#say("live");
  }

  #received(data) {
    this.#clear("answer");
    this.#beat();
    this.received(data);
  }

  #beat() {
    this.#timer("beat", HEARTBEAT, () => this.#ask(ANSWER));
  }

  #ask(patience) {
    this.ping();
    this.#timer("answer", patience, () => this.drop());
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
    this.#ended = !signedIn;
    if (signedIn) this.#comeBack(SIGNED_OUT);
    else this.#say("signed-out", SIGNED_OUT);
  }

  #letGo() {
    const socket = this.#socket;
    this.#socket = null;
    for (const name of ["answer", "beat", "stable"]) this.#clear(name);
    this.lost();
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

/** Keeps a connection true to what happens to the tab: sleep, waking, going off line and back. @param {Connection} connection */
export function keepAwake(connection) {
  addEventListener("online", () => setTimeout(() => connection.wake(), Math.random() * TOGETHER));
  addEventListener("offline", () => connection.lose());
  addEventListener("pagehide", () => connection.pause());
  addEventListener("pageshow", (event) => event.persisted && connection.wake());
  document.addEventListener("resume", () => connection.wake());
  document.addEventListener("visibilitychange", () => document.hidden || connection.wake());
  let looked = Date.now();
  setInterval(() => {
    const slept = Date.now() - looked > ASLEEP; // a machine that sleeps tells nobody
    looked = Date.now();
    if (slept && !document.hidden) connection.wake();
  }, LOOK);
}

/**
 * How long to wait before the next attempt, random, so that not all come back at the same moment: anywhere up to a bound that doubles ("full jitter").
 * @param {number} attempt @param {() => number} [random] @param {number} [first] @returns {number} milliseconds
 */
export function delay(attempt, random = Math.random, first = FIRST) {
  return random() * Math.min(CAP, first * 2 ** attempt);
}

/** How long to stay away after a close code. @param {number} code @param {number} attempt @param {() => number} random @returns {number} */
export function waitAfter(code, attempt, random) {
  return leastAfter(code) + delay(attempt, random, ENDS.get(code)?.first);
}

/** How long to stay away in any case, whatever happens meanwhile. @param {number} code @returns {number} */
export function leastAfter(code) {
  return ENDS.get(code)?.least ?? 0;
}
