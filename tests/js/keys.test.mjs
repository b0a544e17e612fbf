import assert from "node:assert/strict";
import test from "node:test";

import { nextRow } from "../../static/js/keys.js";

const rows = (chosen = -1) => [20, 50, 300, 700].map((bottom, n) => ({ bottom, chosen: n === chosen }));

test("the first step chooses what is in view, the next ones move and stop at the ends", () => {
  assert.equal(nextRow(rows(), 1, 60), 2);
  assert.equal(nextRow(rows(2), 1, 60), 3);
  assert.equal(nextRow(rows(3), 1, 60), 3);
  assert.equal(nextRow(rows(0), -1, 60), 0);
  assert.equal(nextRow([], 1, 60), -1);
});
