// Write and Preview: two tabs over one field; the preview is what the server will make of it.

import { call, reason } from "./http.js";
import { polish } from "./polish.js";

async function fill(area, preview) {
  if (preview.dataset.of === area.value) return;
  preview.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams({ body: area.value });
    preview.innerHTML = await call("POST", "/preview/", body); // sanitized there, as posts are
    preview.dataset.of = area.value;
    polish(preview);
  } catch (error) {
    preview.textContent = reason(error);
  }
  preview.removeAttribute("aria-busy");
}

function wire(box) {
  const area = box.querySelector("textarea");
  const preview = box.querySelector("[data-md-preview]");
  const tabs = [...box.querySelectorAll("[data-md-tab]")];
  if (!preview || tabs.length < 2) return;
  const choose = (name) => {
    const reading = name === "preview";
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", tab.dataset.mdTab === name);
      tab.tabIndex = tab.dataset.mdTab === name ? 0 : -1;
    }
    area.hidden = reading;
    preview.hidden = !reading;
    if (reading) fill(area, preview);
  };
  for (const tab of tabs) {
    tab.addEventListener("click", () => choose(tab.dataset.mdTab));
    tab.addEventListener("keydown", (event) => {
      if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
      const other = tabs.find((one) => one !== tab);
      choose(other.dataset.mdTab);
      other.focus();
    });
  }
  area.addEventListener("focus", () => choose("write"));
  area.form?.addEventListener("submit", () => choose("write"));
}

/** Wires the tabs of Markdown fields. @param {NodeListOf<HTMLElement>} found */
export function start(found) {
  found.forEach(wire);
}
