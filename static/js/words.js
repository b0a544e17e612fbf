// The words of the interface, in the reader's language, from the page (templates/parts/words.html).

// The word called `name`, with %(key)s filled in.
export function word(name, values = {}) {
  const text = document.getElementById(`w-${name}`)?.textContent ?? "";
  return text.replace(/%\((\w+)\)s/g, (_whole, key) => values[key] ?? "");
}

// Fills the empty places that wordless fragments leave (<span data-word="solution">).
export function fillWords(root = document) {
  for (const place of root.querySelectorAll("[data-word]:empty")) place.textContent = word(place.dataset.word);
}
