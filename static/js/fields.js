// What stands in the fields of a form, as plain data, and back again.

const SKIPPED = new Set(["hidden", "file", "password", "submit", "button", "reset"]);
const CHOSEN = new Set(["radio", "checkbox"]);

const named = (root) => {
  const all = root.matches("input, textarea, select") ? [root] : [...root.querySelectorAll("input[name], textarea[name], select[name]")];
  return all.filter((input) => input.name && !SKIPPED.has(input.type));
};
const written = (input) => !CHOSEN.has(input.type) && !input.matches("select");

/** The values by name; of radios the one chosen, of checkboxes a list. @param {Element} root @returns {Object<string, string|string[]>} */
export function valuesOf(root) {
  const values = {};
  for (const input of named(root)) {
    if (input.type === "checkbox") values[input.name] = [...(values[input.name] ?? []), ...(input.checked ? [input.value] : [])];
    else if (input.type !== "radio" || input.checked) values[input.name] = input.value;
  }
  return values;
}

/** Whether anything has been written, in words. @param {Element} root @returns {boolean} */
export function isWritten(root) {
  return named(root).some((input) => written(input) && input.value.trim());
}

/** Puts values back and tells whoever listens. @param {Element} root @param {Object<string, string|string[]>} values */
export function putValues(root, values) {
  for (const input of named(root)) {
    if (!(input.name in values)) continue;
    const value = values[input.name];
    if (CHOSEN.has(input.type)) input.checked = [value].flat().includes(input.value);
    else input.value = value;
    input.dispatchEvent(new CustomEvent(written(input) ? "input" : "change", { bubbles: true, detail: "restored" }));
  }
}

/** Empties what was written and sets the rest as the page had it. @param {Element} root */
export function clearValues(root) {
  for (const input of named(root)) {
    if (written(input)) input.value = input.defaultValue;
    else if (CHOSEN.has(input.type)) input.checked = input.defaultChecked;
    input.dispatchEvent(new CustomEvent(written(input) ? "input" : "change", { bubbles: true, detail: "restored" }));
  }
}
