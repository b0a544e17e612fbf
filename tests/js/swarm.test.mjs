import assert from "node:assert/strict";
import test from "node:test";

import { settled } from "./around.mjs";

class Document extends EventTarget {
  hidden = false;
  documentElement = { lang: "en" };
  body = { dataset: {} };
  activeElement = null;
  places = [];
  asked = [];
  querySelectorAll = (selector) => { this.asked.push(selector); return this.places; };
  getElementById = () => null;
}

globalThis.document = new Document();
globalThis.ResizeObserver = class {};
globalThis.IntersectionObserver = class {};
const { happened } = await import("../../static/js/live/swarm.js");

// The pace is one for the whole page, so each test has an hour of its own.
const HOUR = 3_600_000;
const STEP = 100;
let hour = 0;

// How often the parts that live were looked for; each time is a reading of those that somebody looked at.
function reads(context) {
  context.mock.timers.enable({ apis: ["setTimeout", "Date"], now: (hour += 1) * HOUR });
  document.asked = [];
  const pass = async (ms) => {
    for (let left = ms; left > 0; left -= STEP) { context.mock.timers.tick(Math.min(STEP, left)); await settled(); }
  };
  return { pass, count: () => document.asked.filter((selector) => selector === "[data-lazy-live]").length, others: () => document.asked.filter((selector) => selector === "[data-lazy-live]:not(.live-matches)").length };
}

const REST = 60_000;

for (const kind of ["record.saved", "post.created", "thread.changed", "swarm.changed", "help.asked", "help.answered", "hand_over.offered", "audience.widened", "practice.applied"]) {
  test(`${kind} has what could help read again, when it is quiet`, async (context) => {
    const { pass, count } = reads(context);
    happened(kind);
    await pass(3_900);
    assert.equal(count(), 0);
    await pass(500);
    assert.equal(count(), 1);
    await pass(REST);
    assert.equal(count(), 1);
  });
}

test("what changes nothing about who could help is no reason to read", async (context) => {
  const { pass, count } = reads(context);
  for (const kind of ["post.voted", "post.edited", "typing", "presence", "thread"]) happened(kind);
  await pass(REST);
  assert.equal(count(), 0);
});

test("a playbook that goes on is no reason to look anew for who could help", async (context) => {
  const { pass, count, others } = reads(context);
  happened("post.created");
  await pass(REST);
  for (const kind of ["playbook.started", "playbook.step", "playbook.ended"]) happened(kind);
  await pass(REST);
  assert.deepEqual([count(), others()], [1, 1]);
  for (const kind of ["playbook.step", "post.created", "playbook.step"]) happened(kind);
  await pass(REST);
  assert.deepEqual([count(), others()], [2, 1]);
});

test("while people write one after another nothing is read, and then once", async (context) => {
  const { pass, count } = reads(context);
  for (let n = 0; n < 20; n += 1) {
    happened("post.created");
    await pass(1_000);
  }
  assert.equal(count(), 0);
  await pass(4_000);
  assert.equal(count(), 1);
  await pass(REST);
});
