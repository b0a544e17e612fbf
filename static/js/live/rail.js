// The rail: dots at spaces in which something changed.

const MOST_HEARD = 30;

/** Listens to the spaces in the rail, but for the one shown. @param {import("./socket.js").LiveSocket} socket */
export function startRail(socket) {
  for (const link of [...document.querySelectorAll(".rail [data-space]")].slice(0, MOST_HEARD)) {
    const dot = link.querySelector("[data-unread]");
    if (!dot || link.hasAttribute("aria-current") || link.dataset.space === document.body.dataset.space) continue;
    const enough = socket.subscribe(`space:${link.dataset.space}`, null, { hint: () => { dot.hidden = false; enough(); } });
  }
}
