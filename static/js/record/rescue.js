// Text that can no longer be saved where it was written: shown, so that nothing typed is lost without a word.

import { word } from "../words.js";

const WHY = {
  1009: () => word("record-too-large"),
  4400: () => word("record-refused"),
  4403: () => word("wrong-address"),
  4404: () => word("record-gone"),
  4405: () => word("record-read-only"),
  4413: () => word("record-too-large"),
};

/** Why nothing can be saved any more. @param {number} code with which the connection ended @returns {string} */
export const why = (code) => (WHY[code] ?? WHY[4400])();

/**
 * Shows the texts and what happened, until they are discarded.
 * @param {HTMLTemplateElement} template @param {string} why @param {Array<{label: string, text: string}>} texts
 * @returns {Promise<void>} when the reader is done with them
 */
export function rescue(template, why, texts) {
  const dialog = template.content.firstElementChild.cloneNode(true);
  dialog.querySelector("[data-why]").textContent = why;
  dialog.querySelector("[data-texts]").replaceChildren(...texts.map(({ label, text }) => {
    const field = Object.assign(document.createElement("label"), { className: "field", textContent: label });
    field.append(Object.assign(document.createElement("textarea"), { readOnly: true, value: text, rows: 6 }));
    return field;
  }));
  const copy = dialog.querySelector("[data-copy]");
  copy.addEventListener("click", async () => {
    const all = texts.map(({ label, text }) => `${label}\n\n${text}`).join("\n\n");
    const copied = await navigator.clipboard?.writeText(all).then(() => true, () => false);
    if (copied) copy.textContent = word("record-copied");
    else dialog.querySelector("textarea").select(); // to be copied by hand
  });
  document.body.append(dialog);
  dialog.addEventListener("cancel", (event) => event.preventDefault()); // Escape would throw it away
  dialog.showModal();
  return new Promise((done) => {
    dialog.querySelector("[data-discard]").addEventListener("click", () => {
      dialog.close();
      dialog.remove();
      done();
    });
  });
}
