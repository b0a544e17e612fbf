// CodeMirror's styles without a style element, which the site's policy forbids: one constructed sheet for each document.

import { StyleModule } from "../../vendor/record.js";

const sheets = new WeakMap();

/** Tells CodeMirror to put its styles there. */
export function useSheet() {
  StyleModule.mount = (root, modules) => {
    if (!sheets.has(root)) sheets.set(root, { sheet: new CSSStyleSheet(), mounted: new Set() });
    const { sheet, mounted } = sheets.get(root);
    const before = mounted.size;
    for (const one of [modules].flat()) mounted.add(one);
    if (mounted.size !== before) sheet.replaceSync([...mounted].map((one) => one.getRules()).join("\n"));
    if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [sheet, ...root.adoptedStyleSheets];
  };
}
