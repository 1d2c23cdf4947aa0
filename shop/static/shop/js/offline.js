// Registers the service worker of pages that can be installed (link rel=manifest), tells it which goods were looked at,
// and says when the network is gone; a form is then held back, not lost. On the offline page itself: only what was kept is offered, and when the network is
// back the page that was wanted is fetched.
import { rememberSeen } from "./last_seen.js";
import { say } from "./toast.js";

const LOOK_MS = 8000;

async function tell(message) {
  const registration = await navigator.serviceWorker.ready;
  registration.active?.postMessage(message);
}

function register() {
  if (!("serviceWorker" in navigator) || !document.querySelector('link[rel="manifest"]')) return;
  navigator.serviceWorker
    .register("/sw.js", { scope: "/", updateViaCache: "none" })
    .then(() => {
      const here = document.querySelector("[data-seen]");
      if (here && navigator.onLine) tell({ type: "seen", page: location.pathname, picture: here.dataset.seenPicture });
    })
    .catch(() => {}); // private windows may refuse; the shop works without
  document.addEventListener("seen:forgotten", () => tell({ type: "forget" }));
}

function showState() {
  for (const note of document.querySelectorAll("[data-offline-note]")) note.hidden = navigator.onLine;
}

async function isReachable() {
  try {
    return (await fetch("/healthz", { cache: "no-store", credentials: "omit" })).ok;
  } catch {
    return false;
  }
}

async function offerKept(page) {
  const isKept = async (path) => Boolean(await caches.match(path, { ignoreVary: true }));
  await rememberSeen(isKept);
  page.querySelector("[data-offline-empty]").hidden = Boolean(document.querySelector("[data-last-seen-list] > li"));
}

// Phones say "online" before anything can be fetched, and are silent where a router lost its line: so we look.
function waitForNetwork() {
  const look = async () => {
    if (!document.hidden && (await isReachable())) location.reload();
  };
  window.addEventListener("online", look);
  document.addEventListener("visibilitychange", look);
  setInterval(look, LOOK_MS);
}

// A form sent into nowhere would end on the browser's own error page: it stays here, with what was typed.
function holdForms(text) {
  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      if (navigator.onLine || form.dataset.reachable) return;
      const sender = event.submitter;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!(await isReachable())) {
        say(text);
        return;
      }
      form.dataset.reachable = "yes";
      form.requestSubmit(sender);
    },
    true,
  );
}

export function prepareOffline() {
  if (document.readyState === "complete") register();
  else window.addEventListener("load", register, { once: true });
  window.addEventListener("offline", showState);
  window.addEventListener("online", showState);
  showState();
  const note = document.querySelector("[data-offline-note]");
  if (note) holdForms(note.dataset.offlineNote);
  const page = document.querySelector("[data-offline-page]");
  if (!page) return;
  offerKept(page).catch(() => {});
  waitForNetwork();
}
