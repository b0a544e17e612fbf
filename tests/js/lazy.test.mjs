import assert from "node:assert/strict";
import test from "node:test";

import { settled } from "./around.mjs";

let sight;
const observed = new Set();

class Document extends EventTarget {
  hidden = false;
  documentElement = { lang: "en" };
  body = { dataset: {} };
  places = [];
  activeElement = null;
  querySelectorAll = () => this.places;
}

globalThis.document = new Document();
globalThis.ResizeObserver = class {};
globalThis.IntersectionObserver = class {
  constructor(saw) { sight = (place) => saw([{ isIntersecting: true, target: place }]); }
  observe(place) { observed.add(place); }
  unobserve(place) { observed.delete(place); }
};
const { refresh, start } = await import("../../static/js/lazy.js");

// A part of a page with an address of its own (what was read stays known), and folded parts that are made anew each time.
function place(url) {
  const made = {
    dataset: { lazy: url }, isConnected: true, details: [], drawn: 0, busyWith: null, html: "the link",
    get innerHTML() { return made.html; },
    set innerHTML(html) { made.html = html; made.drawn += 1; made.details = [...html.matchAll(/<details>/g)].map(() => ({ open: false })); },
    querySelectorAll: (selector) => selector === "details" ? made.details : [],
    querySelector: () => made.busyWith,
    contains: (element) => element !== null && element.within === made,
  };
  return made;
}

// The server: what it answers at the moment, and how often it was asked.
function server(context, answer) {
  const state = { answer, asked: 0, ok: true };
  context.mock.method(globalThis, "fetch", async () => { state.asked += 1; return { ok: state.ok, text: async () => state.answer }; });
  return state;
}

async function seen(context, url, answer) {
  const part = place(url);
  const answers = server(context, answer);
  document.places = [part];
  start();
  sight(part);
  await settled();
  return { part, answers };
}

test("a part is read when it comes into sight, once", async (context) => {
  const part = place("/seen/?part");
  const answers = server(context, "five people");
  document.places = [part];
  start();
  assert.equal(answers.asked, 0);
  assert.ok(observed.has(part));
  sight(part);
  await settled();
  assert.deepEqual([part.html, answers.asked, observed.has(part)], ["five people", 1, false]);
});

test("what nobody has looked at is not read again", async (context) => {
  const part = place("/unseen/?part");
  const answers = server(context, "five people");
  await refresh(part);
  assert.deepEqual([answers.asked, part.html], [0, "the link"]);
});

test("what is read again is drawn only when it differs, and what was unfolded stays so", async (context) => {
  const { part, answers } = await seen(context, "/again/?part", "<details>five");
  part.details[0].open = true;
  await refresh(part);
  assert.deepEqual([answers.asked, part.drawn], [2, 1]);
  answers.answer = "<details>six</details><details>more";
  await refresh(part);
  assert.deepEqual([part.html, part.drawn], [answers.answer, 2]);
  assert.deepEqual(part.details.map(({ open }) => open), [true, false]);
});

test("a part in which somebody is stays as it is and is drawn the next time", async (context) => {
  const { part, answers } = await seen(context, "/busy/?part", "before");
  answers.answer = "after";
  document.activeElement = { within: part, matches: () => false };
  await refresh(part);
  assert.equal(part.html, "before");
  document.activeElement = null;
  part.busyWith = "a menu that is open";
  await refresh(part);
  assert.equal(part.html, "before");
  part.busyWith = null;
  await refresh(part);
  assert.equal(part.html, "after");
});

test("a part that the server refuses, or that is gone meanwhile, is left alone", async (context) => {
  const { part, answers } = await seen(context, "/gone/?part", "before");
  answers.answer = "after";
  answers.ok = false;
  await refresh(part);
  assert.equal(part.html, "before");
  answers.ok = true;
  part.isConnected = false;
  await refresh(part);
  assert.equal(part.html, "before");
});

test("a page part that comes anew is filled with what is known, without asking", async (context) => {
  const { answers } = await seen(context, "/anew/?part", "five people");
  const anew = place("/anew/?part");
  document.places = [anew];
  document.dispatchEvent(new Event("regions-swapped"));
  await settled();
  assert.deepEqual([anew.html, answers.asked], ["five people", 1]);
});
