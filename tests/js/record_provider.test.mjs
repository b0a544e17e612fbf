import assert from "node:assert/strict";
import test from "node:test";

import { Connection } from "../../static/js/live/connection.js";
import { Provider } from "../../static/js/record/provider.js";
import { applyUpdate, Awareness, decoding, Doc, encodeStateAsUpdate, encodeStateVector, encoding } from "../../static/vendor/record.js";
import { Clock, settled } from "./around.mjs";

const SYNC = 0;
const AWARENESS = 1;
const STORED = 102;

function frame(...parts) {
  const encoder = encoding.createEncoder();
  for (const part of parts) {
    if (typeof part === "number") encoding.writeVarUint(encoder, part);
    else encoding.writeVarUint8Array(encoder, part);
  }
  return encoding.toUint8Array(encoder);
}

/** The server's end of a connection: it holds the document that counts, and notes what it is sent. */
class Server {
  readyState = 0;
  got = [];
  stored = [];

  constructor(doc) {
    this.doc = doc;
  }

  opens() {
    this.readyState = 1;
    this.onopen();
  }

  says(...parts) {
    this.onmessage?.({ data: frame(...parts).buffer });
  }

  asks() {
    this.says(SYNC, 0, encodeStateVector(this.doc));
  }

  send(bytes) {
    const decoder = decoding.createDecoder(bytes);
    const kind = decoding.readVarUint(decoder);
    if (kind === STORED) {
      const number = decoding.readVarUint(decoder);
      this.got.push("stored?");
      if (number) this.stored.push(number);
    } else if (kind === AWARENESS) {
      this.got.push("awareness");
    } else {
      const step = decoding.readVarUint(decoder);
      const content = decoding.readVarUint8Array(decoder);
      this.got.push(["step 1", "step 2", "update"][step]);
      if (step) applyUpdate(this.doc, content, this);
      else this.vector = content;
    }
  }

  answers() {
    this.says(SYNC, 1, encodeStateAsUpdate(this.doc, this.vector));
  }

  stores() {
    for (const number of this.stored.splice(0)) this.says(STORED, number);
  }

  closes(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  close() {
    this.readyState = 3;
  }
}

function room(t, around = {}) {
  const clock = new Clock();
  const doc = new Doc();
  const theirs = new Doc();
  const awareness = new Awareness(doc);
  t.after(() => awareness.destroy());
  const servers = [];
  const states = [];
  const provider = new Provider("ws://site/ws/records/1/", doc, awareness, {
    open: () => { servers.push(new Server(theirs)); return servers.at(-1); },
    clock, random: () => 0.5, onLine: () => true, onState: ({ line, saved, mode, code }) => states.push([line, saved, mode, code].join(" ")), ...around,
  });
  const server = () => servers.at(-1);
  const write = (text) => doc.getText("problem").insert(doc.getText("problem").length, text);
  const live = ({ reader = false } = {}) => {
    if (!servers.length) provider.connect();
    server().opens();
    if (!reader) server().asks();
    server().answers();
    server().stores();
  };
  return { clock, doc, theirs, awareness, servers, server, states, provider, write, live, text: () => theirs.getText("problem").toString() };
}

test("what is there comes first; the right to write is the server's asking", (t) => {
  const { theirs, doc, provider, server, live, states } = room(t);
  theirs.getText("problem").insert(0, "It drops.");
  live();
  assert.equal(doc.getText("problem").toString(), "It drops.");
  assert.deepEqual(provider.state, { line: "live", saved: "saved", mode: "write", code: 0 });
  assert.deepEqual(server().got.slice(0, 3), ["step 1", "step 2", "stored?"]);
  assert.equal(states.at(-1), "live saved write 0");
});

test("whoever is not asked for anything reads, and sends nothing", (t) => {
  const { provider, server, clock, live, theirs, doc } = room(t);
  live({ reader: true });
  assert.equal(provider.state.mode, "read");
  const change = new Doc();
  change.getText("cause").insert(0, "dust");
  applyUpdate(theirs, encodeStateAsUpdate(change));
  server().says(SYNC, 2, encodeStateAsUpdate(change));
  assert.equal(doc.getText("cause").toString(), "dust");
  clock.pass(20_000);
  assert.deepEqual(server().got, ["step 1"]);
});

test("strokes within a moment go out as one update; saved is said only when the server says that it is stored", (t) => {
  const { provider, server, clock, live, write, text, states } = room(t);
  live();
  const before = server().got.length;
  for (const letter of "gate") write(letter);
  assert.equal(provider.state.saved, "saving");
  assert.equal(server().got.length, before);
  clock.pass(60);
  assert.deepEqual(server().got.slice(before).filter((kind) => kind !== "awareness"), ["update", "stored?"]);
  assert.equal(text(), "gate");
  assert.equal(provider.state.saved, "saving");
  server().stores();
  assert.equal(provider.state.saved, "saved");
  assert.deepEqual(states.slice(-2), ["live saving write 0", "live saved write 0"]);
});

test("an answer about what was written before does not count for what was written after", (t) => {
  const { provider, server, clock, live, write } = room(t);
  live();
  write("a");
  clock.pass(60);
  write("b");
  server().stores();
  assert.equal(provider.state.saved, "saving");
  clock.pass(60);
  server().stores();
  assert.equal(provider.state.saved, "saved");
});

test("an answer on an earlier connection counts for nothing", (t) => {
  const { provider, servers, clock, live, write } = room(t);
  live();
  write("a");
  clock.pass(60);
  const [earlier] = servers;
  const late = earlier.onmessage;
  earlier.closes();
  late({ data: frame(STORED, earlier.stored[0]).buffer });
  assert.equal(provider.state.saved, "not-saved");
});

test("what is written without a connection is not saved, goes out with the next one, and merges", (t) => {
  const { provider, theirs, server, servers, clock, live, write, text } = room(t);
  live();
  server().closes();
  assert.deepEqual(provider.state, { line: "reconnecting", saved: "saved", mode: "write", code: 1006 });
  write("here ");
  theirs.getText("problem").insert(0, "there ");
  assert.equal(provider.state.saved, "not-saved");
  clock.pass(1_000);
  assert.equal(servers.length, 2);
  live();
  assert.equal(provider.state.saved, "saved");
  assert.deepEqual(text().trim().split(" ").sort(), ["here", "there"]);
  assert.equal(provider.doc.getText("problem").toString(), text());
});

test("asked in the middle, it tells all it has", (t) => {
  const { provider, server, clock, live, write, text } = room(t);
  live();
  write("whole");
  server().asks();
  assert.equal(text(), "whole");
  clock.pass(1_000);
  server().stores();
  assert.equal(provider.state.saved, "saved");
  assert.equal(server().got.filter((kind) => kind === "update").length, 0);
});

test("the right to write goes and comes with the connection", (t) => {
  const { provider, server, clock, live, write } = room(t);
  live();
  server().closes(4500);
  write("too late");
  clock.pass(1_000);
  live({ reader: true });
  assert.deepEqual(provider.state, { line: "live", saved: "not-saved", mode: "read", code: 0 });
  server().closes(4500);
  clock.pass(2_000);
  live();
  assert.deepEqual(provider.state, { line: "live", saved: "saved", mode: "write", code: 0 });
});

test("ends that are final stay so, others come back", (t) => {
  for (const code of [1002, 1007, 1009, 4400, 4403, 4404, 4405, 4413]) {
    const { provider, server, servers, clock, live } = room(t);
    live();
    server().closes(code);
    assert.deepEqual([provider.state.line, provider.state.code], ["ended", code]);
    provider.wake();
    clock.pass(100_000);
    assert.equal(servers.length, 1);
  }
  for (const code of [1006, 1011, 1012, 1013, 4409, 4500]) {
    const { provider, server, servers, clock, live } = room(t);
    live();
    server().closes(code);
    assert.equal(provider.state.line, "reconnecting");
    clock.pass(60_000);
    assert.equal(servers.length > 1, true, String(code));
  }
});

test("waking does not shorten the time to stay away that the server asked for", (t) => {
  const { provider, server, servers, clock, live } = room(t);
  live();
  server().closes(4409);
  clock.pass(29_000);
  provider.wake();
  assert.equal(servers.length, 1);
  clock.pass(1_000);
  provider.wake();
  assert.equal(servers.length, 2);
});

test("signed out it waits until the member is signed in again, and keeps what is written", async (t) => {
  let signedIn = false;
  const { provider, server, servers, clock, live, write, text } = room(t, { onSignedOut: () => signedIn });
  live();
  server().closes(4401);
  await settled();
  write("kept");
  assert.deepEqual([provider.state.line, provider.state.saved], ["signed-out", "not-saved"]);
  clock.pass(100_000);
  assert.equal(servers.length, 1);
  signedIn = true;
  provider.wake();
  await settled();
  clock.pass(1_000);
  live();
  assert.equal(provider.state.saved, "saved");
  assert.equal(text(), "kept");
});

test("silence is asked about, and no answer is an end", (t) => {
  const { provider, server, servers, clock, live } = room(t);
  live();
  clock.pass(24_000);
  const before = server().got.length;
  clock.pass(1_000);
  assert.deepEqual(server().got.slice(before), ["stored?"]);
  server().says(STORED, 0);
  clock.pass(24_000);
  assert.equal(provider.state.line, "live");
  clock.pass(11_000);
  assert.equal(provider.state.line, "reconnecting");
  clock.pass(1_000);
  assert.equal(servers.length, 2);
});

test("woken, it asks at once; a network that is gone is not waited for", (t) => {
  let online = true;
  const { provider, server, servers, clock, live } = room(t, { onLine: () => online });
  live();
  provider.wake();
  assert.equal(server().got.at(-1), "stored?");
  clock.pass(4_000);
  assert.equal(provider.state.line, "reconnecting");
  provider.wake();
  live();
  online = false;
  provider.lose();
  assert.equal(provider.state.line, "offline");
  online = true;
  provider.wake();
  assert.equal(servers.length, 3);
});

test("a place is told at most every tenth of a second, and again on a new connection with a higher clock", (t) => {
  const { awareness, server, clock, live } = room(t);
  live();
  clock.pass(100);
  const told = () => server().got.filter((kind) => kind === "awareness").length;
  assert.equal(told(), 1);
  for (let step = 0; step < 10; step++) awareness.setLocalState({ cursor: null, field: String(step) });
  clock.pass(99);
  assert.equal(told(), 1);
  clock.pass(1);
  assert.equal(told(), 2);
  const before = awareness.meta.get(awareness.clientID).clock;
  server().closes();
  clock.pass(1_000);
  live();
  clock.pass(100);
  assert.equal(told(), 1);
  assert.equal(awareness.meta.get(awareness.clientID).clock, before + 2);
});

test("others are gone with the connection", (t) => {
  const { awareness, server, live } = room(t);
  live();
  const encoder = encoding.createEncoder();
  for (const part of [1, 77, 1]) encoding.writeVarUint(encoder, part);
  encoding.writeVarString(encoder, JSON.stringify({ user: { name: "Ben" }, field: "cause" }));
  server().says(AWARENESS, encoding.toUint8Array(encoder));
  assert.equal(awareness.getStates().get(77).user.name, "Ben");
  server().closes();
  assert.equal(awareness.getStates().has(77), false);
});

test("put away, it sends what was gathered; at its end it stays away", (t) => {
  const { provider, server, servers, clock, live, write, text } = room(t);
  live();
  write("last words");
  provider.pause();
  assert.equal(text(), "last words");
  clock.pass(100_000);
  assert.equal(servers.length, 1);
  provider.wake();
  live();
  provider.destroy();
  assert.equal(server().readyState, 3);
  clock.pass(100_000);
  assert.equal(servers.length, 2);
});

test("a line that does not open in time is tried again", () => {
  const clock = new Clock();
  const made = [];
  const open = () => { made.push(new Server(null)); return made.at(-1); };
  const connection = Object.assign(new Connection("ws://site/", { open, clock, random: () => 0, onLine: () => true }), { lost() {} });
  connection.connect();
  clock.pass(20_000);
  assert.equal(made.length, 2);
});
