import assert from "node:assert/strict";
import test from "node:test";

import { slashAt } from "../../static/js/slash.js";

const at = (text) => slashAt(text, text.length);

test("a slash at the start of a word asks for practices", () => {
  assert.deepEqual(at("/"), { from: 0, query: "" });
  assert.deepEqual(at("See /mail que"), { from: 4, query: "mail que" });
  assert.deepEqual(at("See\n/öl"), { from: 4, query: "öl" });
});

test("a path, a date, a word and an ended query do not", () => {
  for (const text of ["/etc/hosts", "1/2", "and/or", "http://x", "a/", "/mail  ", "/mail\n", "// "]) assert.equal(at(text), null, text);
});

test("nor does one in a fenced block, but after it", () => {
  assert.equal(at("```\n/"), null);
  assert.deepEqual(at("```\n/x\n```\n/m"), { from: 11, query: "m" });
});
