import assert from "node:assert/strict";
import test from "node:test";

import { fenced, format, insertBlock, mentionAt, quotation, sourceOf } from "../../static/js/markdown.js";

// "a [b] c" stands for the text "a b c" with b selected.
function parse(marked) {
  const start = marked.indexOf("[");
  const value = marked.replace("[", "").replace("]", "");
  return { value, start, end: marked.indexOf("]") - 1 };
}

function done(kind, marked) {
  const { value, start, end } = parse(marked);
  const change = format(kind, value, start, end);
  const text = value.slice(0, change.from) + change.text + value.slice(change.to);
  return `${text.slice(0, change.start)}[${text.slice(change.start, change.end)}]${text.slice(change.end)}`;
}

for (const [kind, before, after] of [
  ["bold", "a [b] c", "a **[b]** c"],
  ["bold", "a **[b]** c", "a [b] c"],
  ["italic", "a [] c", "a _[]_ c"],
  ["code", "run [ls] now", "run `[ls]` now"],
  ["code", "x\n[one\ntwo]\ny", "x\n[```\none\ntwo\n```]\ny"],
  ["list", "[one\ntwo]", "[- one\n- two]"],
  ["list", "[- one\n- two]", "[one\ntwo]"],
  ["list-numbered", "[one\ntwo]", "[1. one\n2. two]"],
  ["quote", "one\n[two]\nthree", "one\n> [two]\nthree"],
  ["heading", "one\nt[w]o", "one\n### t[w]o"],
]) test(`${kind}: ${JSON.stringify(before)} becomes ${JSON.stringify(after)}`, () => assert.equal(done(kind, before), after));

test("a link asks for what is missing: the address, or the words", () => {
  assert.deepEqual(format("link", "see docs", 4, 8), { from: 4, to: 8, text: "[docs](https://)", start: 11, end: 19 });
  assert.deepEqual(format("link", "https://a.example", 0, 17), { from: 0, to: 17, text: "[](https://a.example)", start: 1, end: 1 });
});

test("a fence is longer than those inside", () => assert.equal(fenced("```\nx\n```\n"), "````\n```\nx\n```\n````"));

test("a quotation says whose it is and where it stands", () => {
  const text = quotation("one\n\n\n\ntwo ", { handle: "ben", number: "3", url: "/posts/412/permalink/" });
  assert.equal(text, "@ben [#3](/posts/412/permalink/)\n\n> one\n>\n> two\n\n");
});

test("a block gets lines of its own", () => {
  assert.deepEqual(insertBlock("", 0, 0, "> x"), { from: 0, to: 0, text: "> x", start: 3, end: 3 });
  assert.equal(insertBlock("a", 1, 1, "> x").text, "\n\n> x");
  assert.equal(insertBlock("a\n", 2, 2, "> x").text, "\n> x");
});

test("a mention is what follows an @ that begins a word", () => {
  const at = (text) => mentionAt(text, text.length);
  assert.deepEqual(at("hello @be"), { from: 6, query: "be" });
  assert.deepEqual(at("@"), { from: 0, query: "" });
  for (const text of ["mail ada@be", "a/@be", "@ben said", "hello"]) assert.equal(at(text), null);
});

test("the source of a post: paragraphs, lists and code, without what it quotes", () => {
  const node = (tagName, text, children = []) => ({ tagName, textContent: text, children, querySelector: () => null });
  const post = node("DIV", "", [
    node("BLOCKQUOTE", "old"), node("P", "Try this:"), node("PRE", "ls -l\n"), node("UL", "", [node("LI", "one"), node("LI", "two")]),
  ]);
  assert.equal(sourceOf(post), "Try this:\n\n```\nls -l\n```\n\n- one\n- two");
});
