// Words that found nothing: [data-vain-search="words"] with data-vain-url tells the shop's staff what people miss.
// Looking at a page writes nothing; this one word is sent from the page, without anything about who reads it.
const READ_MS = 1500; // who turned back at once did not look

export function reportVainSearch(root = document) {
  const place = root.querySelector("[data-vain-search]");
  if (!place || !navigator.sendBeacon) return;
  const words = place.dataset.vainSearch;
  setTimeout(() => {
    if (!document.hidden) navigator.sendBeacon(place.dataset.vainUrl, new URLSearchParams({ q: words }));
  }, READ_MS);
}
