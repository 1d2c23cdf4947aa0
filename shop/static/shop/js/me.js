// Public pages are the same for everyone; what is personal comes here, once, from /toi/.
// The fragment holds elements with data-slot="basket-count"; each fills [data-me="basket-count"] on the page.
// A link in the fragment with data-slot-link="account" sets the address of [data-me-link="account"].
export async function loadMe() {
  const places = document.querySelectorAll("[data-me]");
  if (!places.length) return;
  const address = (document.documentElement.lang === "en" ? "/en" : "") + "/toi/";
  let text;
  try {
    const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    text = await answer.text();
  } catch {
    return; // offline: the plain links stay
  }
  const fragment = new DOMParser().parseFromString(text, "text/html");
  for (const slot of fragment.querySelectorAll("[data-slot]")) {
    for (const place of document.querySelectorAll(`[data-me="${CSS.escape(slot.dataset.slot)}"]`)) {
      place.replaceChildren(...Array.from(slot.childNodes, (node) => document.importNode(node, true)));
    }
  }
  for (const link of fragment.querySelectorAll("[data-slot-link]")) {
    for (const place of document.querySelectorAll(`[data-me-link="${CSS.escape(link.dataset.slotLink)}"]`)) {
      place.setAttribute("href", link.getAttribute("href"));
    }
  }
}
