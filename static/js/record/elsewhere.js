// What this browser kept of other records that may not be seen any more: it is forgotten, since nobody comes to those pages to be told.

const MOST = 20; // asked about at once

/**
 * Asks about every other thread of which something was kept.
 * @param {string} member @param {string} thread the one that is open @param {Object} [around] storage and ask, given by tests
 */
export async function forgetUnseen(member, thread, around = {}) {
  const { storage = localStorage, ask = (address) => fetch(address, { method: "HEAD", credentials: "same-origin" }) } = around;
  const prefix = `record:${member}:`;
  const keys = Object.keys(storage).filter((key) => key.startsWith(prefix));
  const threads = new Set(keys.map((key) => key.slice(prefix.length).split(":")[0]));
  threads.delete(thread);
  for (const other of [...threads].slice(0, MOST)) {
    const { status } = await ask(`/threads/${other}/`);
    if (status === 404) for (const key of keys) if (key.startsWith(`${prefix}${other}:`)) storage.removeItem(key);
  }
}
