// The list of shortcuts, in a dialog.

import { word } from "./words.js";

/** Shows the list of shortcuts. */
export function show() {
  let dialog = document.getElementById("keys-dialog");
  if (!dialog) {
    dialog = Object.assign(document.createElement("dialog"), { id: "keys-dialog" });
    const head = Object.assign(document.createElement("div"), { className: "dialog-head" });
    const close = Object.assign(document.createElement("button"), { type: "button", className: "button bare", textContent: word("close") });
    close.addEventListener("click", () => dialog.close());
    head.append(Object.assign(document.createElement("h2"), { textContent: word("shortcuts"), id: "keys-title" }), close);
    dialog.setAttribute("aria-labelledby", "keys-title");
    dialog.append(head, document.getElementById("keys").content.cloneNode(true));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    document.body.append(dialog);
  }
  dialog.showModal();
}
