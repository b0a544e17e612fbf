import assert from "node:assert/strict";
import test from "node:test";

import { forgetUnseen } from "../../static/js/record/elsewhere.js";
import { Kept, piecesOf } from "../../static/js/record/unsaved.js";
import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector } from "../../static/vendor/record.js";
import { Clock, Storage } from "./around.mjs";

const DAY = 24 * 60 * 60 * 1000;

function tab(storage = new Storage(), { thread = "7", now = () => 0 } = {}) {
  const clock = new Clock();
  const doc = new Doc();
  const provider = { doc, acknowledged: encodeStateVector(doc), state: { saved: "not-saved" } };
  const kept = new Kept("3", thread, { storage, clock, now });
  const write = (text) => {
    doc.getText("cause").insert(doc.getText("cause").length, text);
    provider.state.saved = "not-saved";
    kept.soon(provider);
  };
  return { storage, clock, doc, provider, kept, write };
}

function restored(found, doc = new Doc()) {
  for (const { update } of found) applyUpdate(doc, update);
  return doc.getText("cause").toString();
}

test("what is not stored is kept a moment later, and another tab finds it", () => {
  const { storage, clock, write } = tab();
  write("dust 😀 é");
  assert.equal(storage.length, 0);
  clock.pass(300);
  assert.equal(storage.length, 1);
  assert.equal(restored(tab(storage).kept.found()), "dust 😀 é");
});

test("what was stored meanwhile is not kept, and what was kept is forgotten when it is stored", () => {
  const { storage, clock, provider, kept, write } = tab();
  write("a");
  provider.state.saved = "saved";
  clock.pass(300);
  assert.equal(storage.length, 0);
  write("b");
  clock.pass(300);
  assert.equal(storage.length, 1);
  provider.state.saved = "saved";
  kept.write(provider);
  assert.equal(storage.length, 0);
});

test("only what the server lacks is kept, and it fits on what the server has", () => {
  const { storage, clock, doc, provider, write } = tab();
  doc.getText("cause").insert(0, "x".repeat(5_000));
  provider.acknowledged = encodeStateVector(doc);
  const there = new Doc();
  applyUpdate(there, encodeStateAsUpdate(doc));
  write(" and dust");
  clock.pass(300);
  assert.ok(storage.getItem(storage.key(0)).length < 200);
  assert.ok(restored(tab(storage).kept.found(), there).endsWith("x and dust"));
});

test("tabs keep beside each other, threads apart", () => {
  const storage = new Storage();
  const first = tab(storage);
  const second = tab(storage);
  const other = tab(storage, { thread: "77" });
  for (const one of [first, second, other]) {
    one.write("x");
    one.clock.pass(300);
  }
  assert.equal(storage.length, 3);
  assert.equal(first.kept.found().length, 2);
  assert.equal(other.kept.found().length, 1);
});

test("what was found is dropped, unless its tab has written there since", () => {
  const { storage, clock, kept, write } = tab();
  write("x");
  clock.pass(300);
  const found = kept.found();
  write("y");
  clock.pass(300);
  kept.drop(found);
  assert.equal(storage.length, 1);
  kept.drop(kept.found());
  assert.equal(storage.length, 0);
});

test("what is a month old or cannot be read is thrown away", () => {
  const { storage, clock, write } = tab();
  write("x");
  clock.pass(300);
  storage.setItem("record:3:7:broken", "{");
  assert.equal(tab(storage, { now: () => 31 * DAY }).kept.found().length, 0);
  assert.equal(storage.length, 0);
});

test("a browser that is full says so, and is asked again", () => {
  const { storage, clock, kept, write } = tab();
  const keep = storage.setItem;
  storage.setItem = () => { throw new Error("full"); };
  write("x");
  clock.pass(300);
  assert.equal(kept.failed, true);
  storage.setItem = keep;
  write("y");
  clock.pass(300);
  assert.equal(kept.failed, false);
  assert.equal(restored(kept.found()), "xy");
});

test("of what was kept the words can be read without the document that they belong to, and nothing but them", () => {
  const { storage, clock, doc, provider, write } = tab();
  doc.getText("cause").insert(0, "not to be seen any more");
  provider.acknowledged = encodeStateVector(doc);
  write(" é 😀 mine");
  doc.getText("problem").insert(0, "first ");
  doc.getText("cause").insert(3, "between");
  doc.getText("cause").delete(0, 2);
  write(" and last");
  clock.pass(300);
  const [{ update }] = tab(storage).kept.found();
  assert.deepEqual(piecesOf(update), [" é 😀 mine", "first ", "between", " and last"]);
});

test("what is too old is thrown away whatever record it is of", () => {
  const { storage, clock, write } = tab();
  write("a");
  clock.pass(300);
  assert.deepEqual(tab(storage, { thread: "8", now: () => 29 * DAY }).kept.found(), []);
  assert.equal(storage.length, 1);
  assert.deepEqual(tab(storage, { thread: "8", now: () => 31 * DAY }).kept.found(), []);
  assert.equal(storage.length, 0);
});

test("of other records that are not to be seen any more nothing stays in the browser", async () => {
  const storage = Object.create({ removeItem(key) { delete this[key]; } });
  for (const key of ["record:3:7:a", "record:3:8:a", "record:3:8:b", "record:3:9:a", "record:4:8:a", "theme"]) storage[key] = "";
  const asked = [];
  await forgetUnseen("3", "7", { storage, ask: async (address) => { asked.push(address); return { status: address === "/threads/8/" ? 404 : 200 }; } });
  assert.deepEqual(asked, ["/threads/8/", "/threads/9/"]);
  assert.deepEqual(Object.keys(storage), ["record:3:7:a", "record:3:9:a", "record:4:8:a", "theme"]);
});
