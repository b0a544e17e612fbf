import assert from "node:assert/strict";
import test from "node:test";

import { delay, waitAfter } from "../../static/js/live/connection.js";
import { LiveSocket } from "../../static/js/live/socket.js";
import { Clock, event, FakeSocket, settled } from "./around.mjs";

function live(around = {}) {
  const clock = new Clock();
  const made = [];
  const states = [];
  const socket = new LiveSocket("ws://site/ws/", {
    open: () => { made.push(new FakeSocket()); return made.at(-1); },
    clock, random: () => 1, onLine: () => true, onState: (state) => states.push(state), ...around,
  });
  return { socket, clock, made, states, wire: () => made.at(-1) };
}

function listener(socket, name = "thread:1", after = 5, more = {}) {
  const got = [];
  socket.subscribe(name, after, { event: ({ seq }) => got.push(seq), ...more });
  return got;
}

test("the wait before an attempt lies anywhere below a bound that doubles up to 30 seconds", () => {
  assert.deepEqual([0, 1, 2, 5, 20].map((attempt) => delay(attempt, () => 1)), [1000, 2000, 4000, 30000, 30000]);
  assert.equal(delay(3, () => 0), 0);
});

test("a server that starts again is sought within five seconds, one that sent us away after a while", () => {
  const waits = (code, attempt = 0) => [waitAfter(code, attempt, () => 0), waitAfter(code, attempt, () => 1)];
  assert.deepEqual(waits(1006), [0, 1_000]);
  assert.deepEqual(waits(1012), [0, 5_000]);
  assert.deepEqual(waits(1013, 5), [0, 30_000]);
  assert.deepEqual(waits(4409), [30_000, 60_000]);
  assert.deepEqual(waits(4429), [60_000, 90_000]);
});

test("every stream is asked for on opening, each after the number it has", () => {
  const { socket, wire } = live();
  listener(socket, "thread:1", 5);
  socket.subscribe("space:lobby", null, {});
  socket.connect();
  wire().opens();
  assert.deepEqual(wire().sent, [
    { type: "subscribe", stream: "thread:1", after: 5 },
    { type: "subscribe", stream: "space:lobby" },
  ]);
});

test("events come once and in order, also when the server repeats some", () => {
  const { socket, wire } = live();
  const got = listener(socket);
  socket.connect();
  wire().opens();
  for (const seq of [5, 6, 6, 7, 6, 8]) wire().says(event(seq));
  assert.deepEqual(got, [6, 7, 8]);
});

test("a gap is not shown: what is missing is asked for again", () => {
  const { socket, wire } = live();
  const got = listener(socket);
  socket.connect();
  wire().opens();
  wire().says(event(6));
  wire().says(event(9));
  wire().says(event(10));
  assert.deepEqual(wire().sent.slice(1), [{ type: "unsubscribe", stream: "thread:1" }, { type: "subscribe", stream: "thread:1", after: 6 }]);
  for (const seq of [7, 8, 9, 10]) wire().says(event(seq));
  wire().says({ type: "subscribed", stream: "thread:1", seq: 10 });
  assert.deepEqual(got, [6, 7, 8, 9, 10]);
});

test("after a break it resumes from the last number, with growing waits, and is calm again when it holds", () => {
  const { socket, clock, made, wire, states } = live();
  listener(socket);
  socket.connect();
  wire().opens();
  wire().says(event(6));
  wire().closes();
  assert.equal(states.at(-1), "reconnecting");
  clock.pass(999);
  assert.equal(made.length, 1);
  clock.pass(1);
  assert.equal(made.length, 2);
  wire().closes();
  clock.pass(1_999);
  assert.equal(made.length, 2);
  clock.pass(1);
  wire().opens();
  assert.deepEqual(wire().sent, [{ type: "subscribe", stream: "thread:1", after: 6 }]);
  clock.pass(10_000);
  wire().closes();
  clock.pass(1_000);
  assert.equal(made.length, 4);
  assert.deepEqual(states, ["live", "reconnecting", "live", "reconnecting"]);
});

test("without a network it says off line, and comes back at once when there is one", () => {
  let onLine = false;
  const { socket, made, wire, states } = live({ onLine: () => onLine });
  socket.connect();
  wire().closes();
  assert.deepEqual(states, ["offline"]);
  onLine = true;
  socket.wake();
  assert.equal(made.length, 2);
});

test("when the browser says that the network is gone it is off line at once, also while it waits to come back", () => {
  let onLine = true;
  const { socket, made, wire, states } = live({ onLine: () => onLine });
  socket.connect();
  wire().opens();
  socket.lose();
  assert.deepEqual(states, ["live"]);
  onLine = false;
  socket.lose();
  assert.ok(made[0].closed);
  onLine = true;
  socket.wake();
  wire().closes();
  onLine = false;
  socket.lose();
  assert.deepEqual(states, ["live", "offline", "reconnecting", "offline"]);
});

test("a connection that does not answer is given up; one that does is kept", () => {
  const { socket, clock, made, wire } = live();
  socket.connect();
  wire().opens();
  clock.pass(25_000);
  assert.deepEqual(wire().sent, [{ type: "ping" }]);
  wire().says({ type: "pong" });
  clock.pass(25_000);
  assert.equal(wire().sent.length, 2);
  clock.pass(10_000);
  assert.ok(made[0].closed);
  clock.pass(1_000);
  assert.equal(made.length, 2);
});

test("waking asks at once whether the connection still lives", () => {
  const { socket, clock, made, wire } = live();
  socket.connect();
  wire().opens();
  socket.wake();
  assert.deepEqual(wire().sent, [{ type: "ping" }]);
  clock.pass(4_000);
  assert.ok(made[0].closed);
});

test("waking does not shorten the time to stay away that the server asked for", () => {
  const { socket, clock, made, wire } = live();
  socket.connect();
  wire().opens();
  wire().closes(4429);
  clock.pass(59_000);
  socket.wake();
  assert.equal(made.length, 1);
  clock.pass(1_000);
  socket.wake();
  assert.equal(made.length, 2);
});

test("a page that is put away does not say live when it comes back, before it is", () => {
  const { socket, made, wire, states } = live();
  socket.connect();
  wire().opens();
  socket.pause();
  socket.wake();
  assert.deepEqual([made.length, states], [2, ["live", "reconnecting"]]);
  wire().opens();
  assert.deepEqual(states, ["live", "reconnecting", "live"]);
});

test("signed out: it does not come back before the member is signed in again", async () => {
  let signedIn = false;
  const { socket, clock, made, wire, states } = live({ onSignedOut: async () => signedIn });
  socket.connect();
  wire().opens();
  wire().closes(4401);
  await settled();
  clock.pass(600_000);
  socket.wake();
  await settled();
  clock.pass(600_000);
  assert.deepEqual([made.length, states], [1, ["live", "reconnecting", "signed-out"]]);
  signedIn = true;
  socket.wake();
  await settled();
  clock.pass(2_000);
  wire().opens();
  assert.deepEqual([made.length, socket.state], [2, "live"]);
});

test("a session that was renewed in another tab is none the worse for it", async () => {
  const { socket, clock, made, wire, states } = live({ onSignedOut: async () => true });
  listener(socket);
  socket.connect();
  wire().opens();
  wire().closes(4401);
  await settled();
  clock.pass(1_000);
  wire().opens();
  assert.deepEqual([made.length, states], [2, ["live", "reconnecting", "live"]]);
  assert.deepEqual(wire().sent, [{ type: "subscribe", stream: "thread:1", after: 5 }]);
});

test("who cannot ask whether the session is over tries again", async () => {
  const { socket, clock, made, wire } = live({ onSignedOut: () => Promise.reject(new TypeError("network")) });
  socket.connect();
  wire().opens();
  wire().closes(4401);
  await settled();
  clock.pass(1_000);
  assert.deepEqual([made.length, socket.state], [2, "reconnecting"]);
});

for (const code of [1002, 1007, 1009, 4400, 4403, 4404, 4405, 4413])
  test(`${code}: coming back would change nothing, and the page is told why`, () => {
    const told = [];
    const { socket, clock, made, wire } = live({ onState: (...state) => told.push(state) });
    socket.connect();
    wire().opens();
    wire().closes(code);
    clock.pass(600_000);
    socket.wake();
    socket.lose();
    assert.deepEqual([made.length, told.at(-1)], [1, ["stopped", code]]);
  });

test("a reset reloads, then goes on from the number of what was loaded; what came meanwhile waits", async () => {
  const { socket, wire } = live();
  let loaded;
  const got = listener(socket, "thread:1", 5, { reset: () => new Promise((done) => { loaded = done; }) });
  socket.connect();
  wire().opens();
  wire().says({ type: "reset", stream: "thread:1", seq: 900 });
  wire().says({ type: "subscribed", stream: "thread:1", seq: 900 });
  for (const seq of [901, 902, 903]) wire().says(event(seq));
  assert.deepEqual(got, []);
  loaded(902);
  await settled();
  assert.deepEqual(got, [903]);
  wire().says(event(904));
  assert.deepEqual(got, [903, 904]);
});

test("a reload that fails is tried again over a new connection", async () => {
  const { socket, clock, made, wire } = live();
  const got = listener(socket, "thread:1", 5, { reset: () => Promise.reject(new TypeError("network")) });
  socket.connect();
  wire().opens();
  wire().says({ type: "reset", stream: "thread:1", seq: 900 });
  wire().says(event(901));
  await settled();
  clock.pass(1_000);
  wire().opens();
  assert.deepEqual([made.length, got, wire().sent], [2, [], [{ type: "subscribe", stream: "thread:1", after: 5 }]]);
});

test("a stream that is withdrawn is told so and not asked for again", () => {
  const { socket, clock, wire } = live();
  const refused = [];
  listener(socket, "thread:1", 5, { refused: ({ code }) => refused.push(code) });
  socket.connect();
  wire().opens();
  wire().says({ type: "error", code: "too_fast", stream: "thread:1" });
  wire().says({ type: "error", code: "not_there", stream: "thread:1" });
  wire().closes();
  clock.pass(1_000);
  wire().opens();
  assert.deepEqual([refused, wire().sent], [["not_there"], []]);
});

test("a handler that fails does not stop the stream", (context) => {
  context.mock.method(console, "error", () => {});
  const { socket, wire } = live();
  const got = listener(socket, "thread:1", 5, { event: ({ seq }) => { if (seq === 6) throw new Error("broken"); got.push(seq); } });
  socket.connect();
  wire().opens();
  wire().says(event(6));
  wire().says(event(7));
  assert.deepEqual(got, [7]);
});

test("put away it closes quietly; brought back it resumes", () => {
  const { socket, clock, made, wire } = live();
  listener(socket);
  socket.connect();
  wire().opens();
  socket.pause();
  clock.pass(600_000);
  assert.equal(made.length, 1);
  socket.wake();
  wire().opens();
  assert.deepEqual(wire().sent, [{ type: "subscribe", stream: "thread:1", after: 5 }]);
});
