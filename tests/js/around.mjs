// What the tests stand on: time that is moved by hand, sockets that say what they are told, and storage in memory.

export class Clock {
  now = 0;
  #next = 1;
  #due = new Map();

  set(run, ms) {
    this.#due.set(this.#next, { at: this.now + ms, run });
    return this.#next++;
  }

  clear(id) {
    this.#due.delete(id);
  }

  /** Lets time pass, running what falls due in order. */
  pass(ms) {
    const end = this.now + ms;
    for (;;) {
      const [id, next] = [...this.#due].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0] ?? [];
      if (!id) break;
      this.#due.delete(id);
      this.now = next.at;
      next.run();
    }
    this.now = end;
  }
}

export class FakeSocket {
  readyState = 0;
  sent = [];

  opens() {
    this.readyState = 1;
    this.onopen();
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  says(frame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  closes(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  close() {
    this.readyState = 3;
    this.closed = true;
  }
}

export class Storage {
  #kept = new Map();

  get length() {
    return this.#kept.size;
  }

  key(at) {
    return [...this.#kept.keys()][at] ?? null;
  }

  getItem(key) {
    return this.#kept.get(key) ?? null;
  }

  setItem(key, text) {
    this.#kept.set(key, text);
  }

  removeItem(key) {
    this.#kept.delete(key);
  }
}

/** Lets promises settle. */
export const settled = () => new Promise((done) => setImmediate(done));

export const event = (seq, stream = "thread:1") => ({ type: "event", stream, seq, kind: "post.created", data: {} });
