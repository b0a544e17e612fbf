import assert from "node:assert/strict";
import test from "node:test";

import { newer } from "../../static/js/drafts.js";

const NONE = { content: null, saved_at: null };
const at = (second) => Date.parse("2026-03-02T14:00:00Z") + 1000 * second;
const here = (text, second, more = {}) => ({ content: { body: text }, at: at(second), ...more });
const there = (text, second) => ({ content: { body: text }, saved_at: new Date(at(second)).toISOString() });

test("the newer draft is put back, wherever it was kept", () => {
  assert.deepEqual(newer(here("here", 10), there("there", 5)), { body: "here" });
  assert.deepEqual(newer(here("here", 5), there("there", 10)), { body: "there" });
  assert.deepEqual(newer(null, there("there", 1)), { body: "there" });
  assert.deepEqual(newer(here("here", 1), NONE), { body: "here" });
  assert.equal(newer(null, NONE), null);
});

test("what was submitted and is gone from the server has become a post", () => {
  assert.equal(newer(here("sent", 5, { submitted: true, there: true }), NONE), null);
});

test("what was submitted but may never have arrived is put back", () => {
  assert.deepEqual(newer(here("lost?", 5, { submitted: true }), NONE), { body: "lost?" });
  assert.deepEqual(newer(here("lost?", 5, { submitted: true, there: true }), there("lost", 4)), { body: "lost?" });
});
