// What the reader has selected in a text that is exchanged under their hands: found again where it now stands.

/** What is selected inside an element, and where it begins. @param {Element} box @returns {{text: string, at: number}|null} */
export function selectedIn(box) {
  const chosen = getSelection();
  if (chosen.isCollapsed || !box.contains(chosen.anchorNode) || !box.contains(chosen.focusNode)) return null;
  const range = chosen.getRangeAt(0);
  const before = document.createRange();
  before.setStart(box, 0);
  before.setEnd(range.startContainer, range.startOffset);
  return { text: range.toString(), at: before.toString().length };
}

/** Where a text stands that stood elsewhere before: the nearest place, -1 for none. @param {string} whole @param {string} text @param {number} at */
export function nearest(whole, text, at) {
  let best = -1;
  for (let found = whole.indexOf(text); found >= 0; found = whole.indexOf(text, found + 1)) {
    if (best >= 0 && Math.abs(found - at) > Math.abs(best - at)) break;
    best = found;
  }
  return best;
}

/** Selects the same text again, unless it is gone. @param {Element} box @param {{text: string, at: number}} selected */
export function selectAgain(box, { text, at }) {
  const start = nearest(box.textContent, text, at);
  if (!text || start < 0) return;
  const [from, to] = [place(box, start, false), place(box, start + text.length, true)];
  getSelection().setBaseAndExtent(...from, ...to);
}

// The text node and offset in it of a position in an element's text; at a seam the end of the first or the start of the second.
function place(box, position, end) {
  const nodes = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  let passed = 0;
  let node = nodes.nextNode();
  while (passed + node.length < position + (end ? 0 : 1)) {
    passed += node.length;
    node = nodes.nextNode();
  }
  return [node, position - passed];
}
