// Changes to Markdown text as plain functions: what to put where, and what is selected afterwards.

const WRAP = { bold: "**", italic: "_" };
const PREFIX = { quote: () => "> ", list: () => "- ", "list-numbered": (n) => `${n + 1}. `, heading: () => "### " };
const PREFIXED = { quote: /^> ?/, list: /^[-*] /, "list-numbered": /^\d+\. /, heading: /^#{1,6} / };
const ADDRESS = /^https?:\/\/\S+$/;

/** @typedef {{from: number, to: number, text: string, start: number, end: number}} Change replace from..to by text, then select start..end */

/**
 * What a button of the toolbar does to the selection; pressing it again undoes it.
 * @param {string} kind bold, italic, code, link, quote, list, list-numbered or heading
 * @param {string} value @param {number} start @param {number} end
 * @returns {Change}
 */
export function format(kind, value, start, end) {
  if (kind in PREFIX) return prefixLines(kind, value, start, end);
  const chosen = value.slice(start, end);
  if (kind === "link") return link(chosen, start, end);
  if (kind === "code" && chosen.includes("\n")) return fenceLines(value, start, end);
  return wrap(kind === "code" ? "`" : WRAP[kind], value, start, end);
}

function wrap(mark, value, start, end) {
  const size = mark.length;
  const chosen = value.slice(start, end);
  if (value.slice(start - size, start) === mark && value.slice(end, end + size) === mark)
    return { from: start - size, to: end + size, text: chosen, start: start - size, end: end - size };
  return { from: start, to: end, text: mark + chosen + mark, start: start + size, end: end + size };
}

function link(chosen, start, end) {
  if (ADDRESS.test(chosen)) return { from: start, to: end, text: `[](${chosen})`, start: start + 1, end: start + 1 };
  const at = start + chosen.length + 3;
  return { from: start, to: end, text: `[${chosen}](https://)`, start: at, end: at + 8 };
}

function wholeLines(value, start, end) {
  const from = value.lastIndexOf("\n", start - 1) + 1;
  const next = value.indexOf("\n", end);
  return [from, next < 0 ? value.length : next];
}

function prefixLines(kind, value, start, end) {
  const [from, to] = wholeLines(value, start, end);
  const lines = value.slice(from, to).split("\n");
  const undo = lines.every((line) => PREFIXED[kind].test(line));
  const text = lines.map((line, n) => (undo ? line.replace(PREFIXED[kind], "") : PREFIX[kind](n) + line)).join("\n");
  const one = lines.length === 1;
  const caret = one ? Math.max(from, start + text.length - (to - from)) : from;
  return { from, to, text, start: caret, end: from + text.length - (one ? Math.max(0, to - end) : 0) };
}

function fenceLines(value, start, end) {
  const [from, to] = wholeLines(value, start, end);
  const text = fenced(value.slice(from, to));
  return { from, to, text, start: from, end: from + text.length };
}

/** Code between fences longer than any inside it. @param {string} code @returns {string} */
export function fenced(code) {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${code.replace(/\n$/, "")}\n${fence}`;
}

/**
 * A quotation with a line before it that says whose it is.
 * @param {string} text @param {{handle: string, number: string, url: string}} from
 * @returns {string}
 */
export function quotation(text, { handle, number, url }) {
  const lines = text.trim().replace(/\n{3,}/g, "\n\n").split("\n");
  return `@${handle} [#${number}](${url})\n\n${lines.map((line) => `> ${line}`.trimEnd()).join("\n")}\n\n`;
}

/**
 * The Markdown of a rendered post, as far as a quotation needs it: paragraphs, lists and code; inner quotations are left out.
 * @param {Element} root @returns {string}
 */
export function sourceOf(root) {
  return [...root.children].map(blockSource).filter(Boolean).join("\n\n");
}

function blockSource(block) {
  const text = (block.innerText ?? block.textContent).trim();
  switch (block.tagName) {
    case "BLOCKQUOTE": return "";
    case "PRE": return fenced(block.textContent);
    case "UL": return [...block.children].map((item) => `- ${(item.innerText ?? item.textContent).trim()}`).join("\n");
    case "OL": return [...block.children].map((item, n) => `${n + 1}. ${(item.innerText ?? item.textContent).trim()}`).join("\n");
    default: return block.querySelector?.("pre") ? fenced(block.querySelector("pre").textContent) : text;
  }
}

/**
 * Puts a block of text where the caret is, on lines of its own.
 * @param {string} value @param {number} start @param {number} end @param {string} block
 * @returns {Change}
 */
export function insertBlock(value, start, end, block) {
  const before = value.slice(0, start);
  const lead = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const at = start + lead.length + block.length;
  return { from: start, to: end, text: lead + block, start: at, end: at };
}

/**
 * The mention being typed before the caret: `{from, query}`, or null.
 * @param {string} value @param {number} caret @returns {{from: number, query: string}|null}
 */
export function mentionAt(value, caret) {
  const found = value.slice(0, caret).match(/(?<![\w@/.])@([a-z0-9][a-z0-9._-]{0,39}|)$/i);
  return found ? { from: caret - found[0].length, query: found[1] } : null;
}
