// A short word about what was just done, also read aloud.
const SHOWN_MS = 2600;

export function say(text) {
  const region = document.querySelector("[data-toasts]");
  if (!region || !text) return;
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.textContent = text;
  region.replaceChildren(toast);
  setTimeout(() => toast.remove(), SHOWN_MS);
}
