import assert from "node:assert/strict";
import test from "node:test";

import { settled } from "./around.mjs";

class Page extends EventTarget {
  hidden = false;
}

globalThis.document = new Page();
const { paced } = await import("../../static/js/live/pace.js");

function reader(context, answer = async () => {}) {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const page = new Page();
  let reads = 0;
  const ask = paced(async () => { reads += 1; await answer(reads); }, () => 0, page);
  const pass = async (ms) => { context.mock.timers.tick(ms); await settled(); await settled(); };
  return { ask, page, pass, reads: () => reads };
}

test("many changes at once are one read, and the next one has to wait", async (context) => {
  const { ask, pass, reads } = reader(context);
  for (let n = 0; n < 10; n += 1) ask();
  await pass(300);
  assert.equal(reads(), 1);
  ask();
  await pass(1_900);
  assert.equal(reads(), 1);
  await pass(200);
  assert.equal(reads(), 2);
});

test("a server that takes long is asked less often", async (context) => {
  const { ask, pass, reads } = reader(context, () => new Promise((done) => { setTimeout(done, 1_000); }));
  ask();
  await pass(300);
  await pass(1_000);
  ask();
  await pass(19_900);
  assert.equal(reads(), 1);
  await pass(200);
  assert.equal(reads(), 2);
});

test("while nobody looks nothing is read; on return it is", async (context) => {
  const { ask, page, pass, reads } = reader(context);
  page.hidden = true;
  ask();
  await pass(60_000);
  assert.equal(reads(), 0);
  page.hidden = false;
  page.dispatchEvent(new Event("visibilitychange"));
  await pass(300);
  assert.equal(reads(), 1);
});

test("a read that fails is tried again", async (context) => {
  const { ask, pass, reads } = reader(context, async (n) => { if (n === 1) throw new TypeError("network"); });
  ask();
  await pass(300);
  await pass(2_000);
  assert.equal(reads(), 2);
});
