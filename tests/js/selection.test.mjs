import assert from "node:assert/strict";
import test from "node:test";

import { nearest } from "../../static/js/live/selection.js";

test("what was selected is found where it stands now: the nearest of several places, none when it is gone", () => {
  assert.equal(nearest("one two one two one", "one", 9), 8);
  assert.equal(nearest("one two one two one", "one", 100), 16);
  assert.equal(nearest("one two", "one", 5), 0);
  assert.equal(nearest("two", "one", 5), -1);
});
