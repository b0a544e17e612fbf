// What a piece of page needs once it is in the document: its words, its times, mentions of the reader, and scrolling parts within reach of the keyboard.

import { translateTimes } from "./times.js";
import { fillWords } from "./words.js";

// Call it on every fragment that is put into the page.
export function polish(root = document) {
  fillWords(root);
  translateTimes(root);
  const { handle } = document.body.dataset;
  if (handle) for (const mine of root.querySelectorAll(`a.mention[href="/people/${CSS.escape(handle)}/"]`)) mine.classList.add("is-me");
  for (const wide of root.querySelectorAll(".prose pre, .prose table, .table-scroll")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
  }
}
