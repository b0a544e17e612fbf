import assert from "node:assert/strict";
import test from "node:test";

import { hue } from "../../static/js/record/cursors.js";
import { clean } from "../../static/js/record/editors.js";
import { others } from "../../static/js/record/people.js";
import { standing } from "../../static/js/record/status.js";

globalThis.document = { getElementById: (id) => ({ textContent: id }) };

const state = (line, saved = "saved", mode = "write") => ({ line, saved, mode, code: 0 });

test("what is said of a record: what was not saved comes before how the line is", () => {
  assert.equal(standing(state("connecting", "saved", null)), "opening");
  assert.equal(standing(state("open", "saved", null)), "opening");
  assert.equal(standing(state("live")), "saved");
  assert.equal(standing(state("live", "saving")), "saving");
  assert.equal(standing(state("live", "saving"), { slow: true }), "slow");
  assert.equal(standing(state("live", "saved", "read")), "watching");
  assert.equal(standing(state("reconnecting")), "reconnecting");
  assert.equal(standing(state("open")), "reconnecting");
  assert.equal(standing(state("offline")), "offline");
  assert.equal(standing(state("ended")), "ended");
  for (const line of ["reconnecting", "offline", "open", "ended"]) assert.equal(standing(state(line, "not-saved")), "not-saved");
  assert.equal(standing(state("signed-out", "not-saved")), "signed-out");
  for (const line of ["live", "offline"]) assert.equal(standing(state(line, "not-saved"), { failed: true }), "not-kept");
});

test("a hue is the server's, or goes by the member, and there are eight", () => {
  assert.equal(hue({ slot: 3, id: 12 }), "who-3");
  assert.equal(hue({ id: 12 }), "who-4");
  assert.equal(hue({ slot: 11 }), "who-3");
  assert.equal(hue({ name: "" }), "who-none");
  assert.equal(hue(undefined), "who-none");
});

test("the others, each member once and where they write, without who reads this", () => {
  const ben = { id: 2, name: "Ben", slot: 2 };
  const states = new Map([
    [10, { user: { id: 1, name: "Ada", slot: 1 }, field: "cause" }],
    [11, { user: { id: 1, name: "Ada", slot: 1 }, field: "problem" }],
    [12, { user: ben, field: null }],
    [13, { user: ben, field: "cause" }],
    [14, { user: { name: "" }, field: "cause" }],
    [15, { cursor: null }],
  ]);
  assert.deepEqual(others(states, 10, "1"), [
    { key: "member-2", name: "Ben", hue: "who-2", field: "cause" },
    { key: "client-14", name: "w-record-someone", hue: "who-none", field: "cause" },
  ]);
});

test("what is pasted loses what nobody sees, and keeps lines and tabs", () => {
  assert.equal(clean("a\r\nb\rc\td\u001b[31m\u0000é😀\u007f"), "a\nb\nc\td[31mé😀");
});
