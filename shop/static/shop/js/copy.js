// [data-copy="text"] copies by a tap and says so, on the button and aloud.
import { say } from "./toast.js";

const SAID_MS = 2000;

async function write(text) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Plain http and some in-app browsers have no clipboard API.
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("copy refused");
}

function mark(button) {
  const label = button.querySelector("[data-copy-label]");
  const before = label ? label.textContent : "";
  button.dataset.copied = "";
  say(button.dataset.copiedText);
  if (label) label.textContent = button.dataset.copiedText || before;
  setTimeout(() => {
    delete button.dataset.copied;
    if (label) label.textContent = before;
  }, SAID_MS);
}

export function listenForCopy() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button || "copied" in button.dataset) return;
    try {
      await write(button.dataset.copy);
      mark(button);
    } catch {
      // The value stands beside the button: it can still be selected by hand.
      const value = button.closest("div")?.querySelector("dd");
      if (value) getSelection()?.selectAllChildren(value);
    }
  });
}
