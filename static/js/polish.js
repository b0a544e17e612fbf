// What a piece of page needs once it is in the document: its words, its times, mentions of the reader, and scrolling parts within reach of the keyboard.

import { translateTimes } from "./times.js";
import { fillWords } from "./words.js";

// What is wider than its place scrolls sideways and is a stop of the Tab key, as long as it is.
const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

// Call it on every fragment that is put into the page.
export function polish(root = document) {
  fillWords(root);
  translateTimes(root);
  const { handle } = document.body.dataset;
  if (handle) for (const mine of root.querySelectorAll(`a.mention[href="/people/${CSS.escape(handle)}/"]`)) mine.classList.add("is-me");
  for (const wide of root.querySelectorAll(".prose pre, .prose table, .table-scroll")) widths.observe(wide);
}
