// [data-share-image="/code.png"] hands the picture to another app (Zalo, bank app, gallery) where the phone can.
// [data-share-link] does the same with an address. The buttons stay hidden where sharing is not possible.
function canShareFiles() {
  try {
    const probe = new File([new Uint8Array(1)], "a.png", { type: "image/png" });
    return Boolean(navigator.canShare && navigator.canShare({ files: [probe] }));
  } catch {
    return false;
  }
}

function reveal() {
  const files = canShareFiles();
  for (const button of document.querySelectorAll("[data-share-image]")) button.hidden = !files;
  for (const button of document.querySelectorAll("[data-share-link]")) button.hidden = !navigator.share;
}

// The share sheet opens only within a moment of the tap: the picture is fetched when the finger comes down.
const pictures = new Map();

async function load(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`picture: ${answer.status}`);
  return answer.blob();
}

function fetchPicture(address) {
  if (!pictures.has(address)) {
    const coming = load(address);
    coming.catch(() => pictures.delete(address));
    pictures.set(address, coming);
  }
  return pictures.get(address);
}

async function shareImage(button) {
  const picture = await fetchPicture(button.dataset.shareImage);
  const file = new File([picture], button.dataset.shareName || "vietqr.png", { type: picture.type });
  await navigator.share({ files: [file], text: button.dataset.shareText || "" });
}

export function offerShare() {
  if (!document.querySelector("[data-share-image], [data-share-link], [data-poll]")) return;
  reveal();
  document.addEventListener("content:new", () => {
    pictures.clear(); // after a part payment the code asks for less
    reveal();
  });
  document.addEventListener("pointerdown", (event) => {
    const button = event.target.closest("[data-share-image]");
    if (button) fetchPicture(button.dataset.shareImage).catch(() => {});
  });
  document.addEventListener("click", async (event) => {
    const image = event.target.closest("[data-share-image]");
    const link = event.target.closest("[data-share-link]");
    const button = image || link;
    if (!button) return;
    button.setAttribute("aria-busy", "true");
    try {
      if (image) await shareImage(image);
      else await navigator.share({ url: link.dataset.shareLink, title: document.title });
    } catch (error) {
      // Closing the phone's share sheet is no fault; anything else falls back to the plain download.
      if (image && error.name !== "AbortError") image.parentElement.querySelector("[data-save-image]")?.click();
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}
