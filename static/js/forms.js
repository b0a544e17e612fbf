// Plain forms that post something: named against posting twice, and plain about who will see it.

import { clientId } from "./client_id.js";
import { word } from "./words.js";

function audience(form) {
  const choices = form.querySelector("[data-audience]");
  const organizations = form.querySelector("[data-audience-organizations]");
  const label = form.querySelector("[data-button-label]");
  const show = () => {
    const chosen = choices.querySelector("input:checked");
    if (organizations) organizations.hidden = chosen?.value !== "organizations";
    const words = chosen?.closest("label")?.querySelector("span")?.firstChild?.textContent.trim();
    if (label && words) label.textContent = word("post-to", { audience: words });
  };
  choices.addEventListener("change", show);
  show();
}

/** @param {NodeListOf<HTMLFormElement>} found */
export function start(found) {
  // A page that comes back out of the history is about to send something else.
  const name = () => found.forEach((form) => { if (form.elements.client_id) form.elements.client_id.value = clientId(); });
  addEventListener("pageshow", name);
  name();
  for (const form of found) if (form.querySelector("[data-audience]")) audience(form);
}
