import assert from "node:assert/strict";
import test from "node:test";

import { Outbox } from "../../static/js/outbox.js";
import { Clock, settled, Storage } from "./around.mjs";

const refusal = (status, passing = false) => Object.assign(new Error(`status ${status}`), { status, passing });
const item = (id) => ({ id, thread: "1", body: `text ${id}` });

function box({ answers = [], storage = new Storage() } = {}) {
  const clock = new Clock();
  const asked = [];
  const sent = [];
  const send = async ({ id }) => {
    asked.push(id);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer ?? { id: 1 };
  };
  const outbox = new Outbox({ storage, key: "outbox:1", send, reason: (error) => error.message, onSent: ({ id }) => sent.push(id), clock });
  return { outbox, clock, asked, sent, storage };
}

test("what the server took is gone; in order, each once", async () => {
  const { outbox, asked, sent } = box();
  await Promise.all([outbox.add(item("a")), outbox.add(item("b"))]);
  assert.deepEqual([asked, sent, outbox.items], [["a", "b"], ["a", "b"], []]);
});

test("without a connection everything waits, is kept for the next visit, and goes out under the same name", async () => {
  const { outbox, clock, asked, sent, storage } = box({ answers: [new TypeError("network"), new TypeError("network")] });
  await outbox.add(item("a"));
  await outbox.add(item("b"));
  assert.deepEqual(outbox.items.map(({ id }) => id), ["a", "b"]);
  assert.deepEqual(new Set(asked), new Set(["a"]));
  const later = box({ storage });
  assert.deepEqual(later.outbox.items.map(({ body }) => body), ["text a", "text b"]);
  clock.pass(60_000);
  await settled();
  assert.deepEqual([sent, outbox.items], [["a", "b"], []]);
});

test("a busy or failing server is asked again later", async () => {
  const { outbox, clock, sent } = box({ answers: [refusal(503, true), refusal(429, true), refusal(401)] });
  await outbox.add(item("a"));
  for (let n = 0; n < 3; n += 1) {
    assert.equal(outbox.items[0].reason, undefined);
    clock.pass(60_000);
    await settled();
  }
  assert.deepEqual(sent, ["a"]);
});

test("what is refused for good says why, stays, and holds nobody up; it can be tried again or taken back", async () => {
  const { outbox, sent } = box({ answers: [refusal(409)] });
  await outbox.add(item("a"));
  await outbox.add(item("b"));
  assert.deepEqual([sent, outbox.items.map(({ id, reason }) => [id, reason])], [["b"], [["a", "status 409"]]]);
  await outbox.retry("a");
  assert.deepEqual([sent, outbox.items], [["b", "a"], []]);
  assert.equal(outbox.take("a"), undefined);
});

test("a storage that refuses does not lose what is typed", async (context) => {
  context.mock.method(console, "warn", () => {});
  const storage = { getItem: () => { throw new Error("forbidden"); }, setItem: () => { throw new Error("full"); }, removeItem: () => {} };
  const { outbox, clock, sent } = box({ storage, answers: [new TypeError("network")] });
  await outbox.add(item("a"));
  assert.equal(outbox.items.length, 1);
  clock.pass(60_000);
  await settled();
  assert.deepEqual(sent, ["a"]);
});

test("what another tab took back is not sent by this one", async () => {
  const storage = new Storage();
  const network = () => new TypeError("network");
  const here = box({ storage, answers: [network()] });
  const there = box({ storage });
  await here.outbox.add(item("a"));
  there.outbox.take("a");
  here.clock.pass(60_000);
  await settled();
  assert.deepEqual([here.outbox.items, here.sent], [[], []]);
});

test("a storage that fills up loses nothing, and is used again when there is room", async (context) => {
  context.mock.method(console, "warn", () => {});
  const storage = new Storage();
  const { outbox, clock, sent } = box({ storage, answers: [new TypeError("network"), new TypeError("network")] });
  await outbox.add(item("a"));
  const room = storage.setItem;
  storage.setItem = () => { throw new Error("full"); };
  await outbox.add(item("b"));
  assert.deepEqual(outbox.items.map(({ id }) => id), ["a", "b"]);
  storage.setItem = room;
  clock.pass(60_000);
  await settled();
  assert.deepEqual([sent, outbox.items, storage.getItem("outbox:1")], [["a", "b"], [], null]);
});
