// [data-poll="/address/"] asks again for its own part of the page and puts it in place when it has changed.
// The server answers 304 to the ETag while nothing is new, and 286 when there is nothing more to wait for.
// Asks every data-poll-every seconds (default 4), slower after five minutes, never while the page is hidden;
// asks at once when one comes back from the bank app, also to a page that the browser had put to sleep.
// [data-poll-offline] inside is shown while the server cannot be reached.
const DEFAULT_S = 4;
const PATIENT_AFTER_MS = 5 * 60 * 1000;
const PATIENT_FACTOR = 4;
const AT_ONCE_MS = 300;
const OVER_MS = 2000; // the server's clock may be a little behind the phone's
const DONE = 286;

function isBusy(element) {
  const active = document.activeElement;
  const typing = active && element.contains(active) && active.matches("input, textarea, select");
  const chosenFile = Array.from(element.querySelectorAll('input[type="file"]')).some((field) => field.files.length);
  return typing || chosenFile;
}

function follow(element) {
  const everyMs = 1000 * (Number(element.dataset.pollEvery) || DEFAULT_S);
  const begun = Date.now();
  let etag = element.dataset.pollEtag || "";
  let timer = 0;
  let finished = false;
  let asking = false;

  const plan = (delay) => {
    clearTimeout(timer);
    if (!finished && !document.hidden) timer = setTimeout(ask, delay);
  };
  const now = () => plan(AT_ONCE_MS);
  const showOffline = (isOffline) => {
    const note = element.querySelector("[data-poll-offline]");
    if (note) note.hidden = !isOffline;
  };
  const pace = () => (Date.now() - begun > PATIENT_AFTER_MS ? everyMs * PATIENT_FACTOR : everyMs);

  async function ask() {
    if (asking) return;
    asking = true;
    try {
      const headers = { Accept: "text/html", "X-Requested-With": "fetch" };
      if (etag) headers["If-None-Match"] = etag;
      const answer = await fetch(element.dataset.poll, { headers, credentials: "same-origin", cache: "no-store" });
      showOffline(false);
      if ((answer.ok || answer.status === DONE) && !isBusy(element)) {
        const html = await answer.text();
        etag = answer.headers.get("ETag") || "";
        swap(element, html);
        finished = answer.status === DONE;
      } else if (answer.status === 404 || answer.status === 410) {
        finished = true;
      }
    } catch {
      showOffline(true); // the next turn tries again
    } finally {
      asking = false;
      plan(pace());
    }
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : now()));
  window.addEventListener("pageshow", (event) => event.persisted && now());
  window.addEventListener("online", now);
  window.addEventListener("offline", () => showOffline(true));
  document.addEventListener("countdown:over", () => plan(OVER_MS));
  plan(everyMs);
}

function swap(element, html) {
  const open = Array.from(element.querySelectorAll("details[open][id]"), (details) => details.id);
  const fragment = document.createRange().createContextualFragment(html);
  element.replaceChildren(fragment);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  element.dispatchEvent(new CustomEvent("content:new", { bubbles: true }));
}

export function startPolling(root = document) {
  for (const element of root.querySelectorAll("[data-poll]")) follow(element);
}
