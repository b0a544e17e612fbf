// Reading a page again because something changed: soon, but not often, and less often the longer the server takes.

const SOON = 300;
const LEAST = 2_000;
const SHARE = 20; // a reader takes at most this part of the server's time

/**
 * A function that asks for `read`. However often it is called, reads do not overlap; while nobody looks they wait.
 * @param {() => Promise<any>} read @param {() => number} [spread] milliseconds over which many readers are spread
 * @param {Document} [page]
 * @returns {() => void}
 */
export function paced(read, spread = () => 0, page = document) {
  let wanted = false;
  let running = false;
  let timer = 0;
  let free = 0;

  function ask() {
    wanted = true;
    if (timer || running) return;
    timer = setTimeout(run, Math.max(SOON, free - Date.now()) + Math.random() * spread());
  }

  async function run() {
    timer = 0;
    if (page.hidden) return;
    wanted = false;
    running = true;
    const began = Date.now();
    await read().catch(() => { wanted = true; });
    running = false;
    free = Date.now() + Math.max(LEAST, (Date.now() - began) * SHARE);
    if (wanted) ask();
  }

  page.addEventListener("visibilitychange", () => { if (wanted && !page.hidden) ask(); });
  return ask;
}
