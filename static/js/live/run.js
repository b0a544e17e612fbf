// A playbook that several people go through at once: what one marks appears with the others, and nobody's words are lost.

import { toast } from "../frame.js";
import { call, page, reason } from "../http.js";
import { swapRegions } from "../regions.js";
import { paced } from "./pace.js";

const place = () => document.getElementById("run");
const read = async () => swapRegions(await page(location.pathname));
const readSoon = paced(read);

async function mark(form, button) {
  const said = new FormData(form, button);
  const step = form.closest("[data-region]");
  button.disabled = true;
  try {
    await call("POST", form.action, said);
    document.activeElement.blur();
    await read();
    step.focus();
  } catch (error) {
    // The page of the refusal says at its place what to do, with what was typed.
    button.disabled = false;
    if (!error.status) return toast(reason(error), "error");
    form.dataset.plain = "1";
    form.requestSubmit(button);
  }
}

/** Keeps the checklist as it is now. @param {import("./socket.js").LiveSocket} socket */
export function startRun(socket) {
  const { stream, seq, run } = place().dataset;
  socket.subscribe(stream, Number(seq), {
    event: ({ kind, data }) => { if (kind.startsWith("thread.") || data.run === Number(run)) readSoon(); },
    reset: readSoon,
    refused: () => location.reload(),
  });
  place().addEventListener("submit", (event) => {
    if (!event.submitter?.matches("[name=mark]") || event.target.dataset.plain) return;
    event.preventDefault();
    mark(event.target, event.submitter);
  });
}
