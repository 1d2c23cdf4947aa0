// The catalogue's list is exchanged in place by htmx when a choice changes; here is what htmx leaves to the page:
// what was open stays open, the focus stays where it was, the new number is told, empty fields stay out of the address.
// On a phone the choices stand in a sheet over the list; it closes by its button, a tap beside it, or Escape.
let kept = null;

const catalogue = () => document.getElementById("catalogue");
const sheet = () => document.getElementById("filters");
const isSheet = () => window.matchMedia("(max-width: 61.99rem)").matches;

function remember() {
  kept = {
    open: Array.from(catalogue().querySelectorAll("details[open][id]"), (details) => details.id),
    focus: catalogue().contains(document.activeElement) ? document.activeElement.id || "catalogue-count" : "",
    scroll: sheet()?.querySelector("form")?.scrollTop ?? 0,
  };
}

function restore() {
  if (!kept) return;
  for (const id of kept.open) document.getElementById(id)?.setAttribute("open", "");
  const form = sheet()?.querySelector("form");
  if (form) form.scrollTop = kept.scroll;
  if (kept.focus) {
    const field = document.getElementById(kept.focus) ?? document.getElementById("catalogue-count");
    field?.focus({ preventScroll: true });
  }
  kept = null;
  document.querySelector("[data-catalogue-status]").textContent = catalogue().dataset.told;
}

function closeSheet() {
  const details = sheet();
  if (!details?.open) return;
  details.open = false;
  details.querySelector("summary").focus({ preventScroll: true });
}

document.addEventListener("htmx:configRequest", (event) => {
  const { parameters } = event.detail;
  for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
});
document.addEventListener("htmx:beforeSwap", (event) => event.detail.target?.id === "catalogue" && remember());
document.addEventListener("htmx:afterSettle", restore);
// no answer: go there as a link would
document.addEventListener("htmx:sendError", (event) => location.assign(event.detail.pathInfo.finalRequestPath));
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-show-goods]") && isSheet() && window.htmx) {
    event.preventDefault(); // each choice has been sent already
    closeSheet();
    window.scrollTo({ top: 0 });
  } else if (event.target === sheet() && isSheet()) {
    closeSheet(); // the ground beside the sheet
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isSheet()) closeSheet();
});
