import assert from "node:assert/strict";
import test from "node:test";

import { initials, others } from "../../static/js/live/presence.js";

const WORDS = { "more-one": "and 1 more", "more-many": "and %(count)s more", "nameless-one": "1 without a name", "nameless-many": "%(count)s without their names" };
const members = (count) => Array.from({ length: count }, (_, id) => ({ id, name: `Member ${id}` }));

test("who is there besides those named: more than are shown, or some who count without their names", (context) => {
  globalThis.document = { getElementById: (id) => ({ textContent: WORDS[id.slice(2)] }) };
  context.after(() => { delete globalThis.document; });
  const said = [[1, 1], [8, 8], [8, 9], [8, 18_000], [2, 3], [0, 1], [3, 7]].map(([named, total]) => others({ members: members(named), total }));
  assert.deepEqual(said, ["", "", "and 1 more", `and ${(17_992).toLocaleString()} more`, "1 without a name", "1 without a name", "4 without their names"]);
});

test("a face shows the first letters of the first and the last name", () => {
  assert.deepEqual(["Ada Lindqvist", "ben", "Zoë van der Berg", "(Acme) support", ""].map(initials), ["AL", "B", "ZB", "S", "?"]);
});
