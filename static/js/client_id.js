// Names for what is about to be sent, so that sending it twice makes it once.

/** A name nobody else has; also where crypto.randomUUID is missing (plain http). @returns {string} */
export function clientId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
