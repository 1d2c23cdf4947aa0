// The catalogue's list is exchanged in place by htmx when a choice changes; here is what htmx leaves to the page:
// what was open stays open, the focus stays where it was, the new number is told, empty fields stay out of the address.
// On a phone the choices stand in a sheet over the list; it closes by its button, a tap beside it, or Escape.
// While a list is slow to come, and when it does not come, a line over everything says so: [data-catalogue-wait], and
// [data-catalogue-fault] with a button that asks once more.
const PATIENCE_MS = 400;
let kept = null;
let asking = null; // the form or link whose answer did not come
let waiting = 0;

const catalogue = () => document.getElementById("catalogue");
const wait = () => document.querySelector("[data-catalogue-wait]");
const fault = () => document.querySelector("[data-catalogue-fault]");
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

// The link to the other language stands in the header, outside of what is exchanged.
function followLanguage() {
  document.querySelector(".language-switch a")?.setAttribute("href", document.getElementById("results").dataset.twin);
}

function begin(event) {
  asking = event.detail.elt;
  clearTimeout(waiting);
  fault().hidden = true;
  waiting = setTimeout(() => (wait().hidden = false), PATIENCE_MS);
}

function end() {
  clearTimeout(waiting);
  wait().hidden = true;
}

function fail() {
  end();
  const words = fault().querySelector("[data-fault-text]");
  words.textContent = navigator.onLine ? words.dataset.error : words.dataset.offline;
  fault().hidden = false;
}

function askAgain() {
  fault().hidden = true;
  if (asking instanceof HTMLFormElement && asking.isConnected) asking.requestSubmit();
  else if (asking?.isConnected) asking.click();
  else location.reload();
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
document.addEventListener("htmx:afterSettle", () => {
  restore();
  followLanguage();
});
document.addEventListener("htmx:historyRestore", followLanguage);
document.addEventListener("htmx:beforeRequest", begin);
document.addEventListener("htmx:afterRequest", end);
for (const name of ["sendError", "responseError", "timeout"]) document.addEventListener(`htmx:${name}`, fail);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-catalogue-again]")) {
    askAgain();
  } else if (event.target.closest("[data-show-goods]") && isSheet() && window.htmx) {
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
