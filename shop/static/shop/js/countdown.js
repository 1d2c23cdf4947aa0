// [data-countdown="ISO time"] shows what is left; without scripts the time itself stands there.
// When nothing is left it says so once by the event "countdown:over", and the page asks the server what is true now.
const SOON_MS = 5 * 60 * 1000;

function show(element) {
  const left = Date.parse(element.dataset.countdown) - Date.now();
  if (Number.isNaN(left)) return;
  const seconds = Math.max(0, Math.floor(left / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const two = (number) => String(number).padStart(2, "0");
  const time = element.querySelector("time") || element;
  if (!element.dataset.until) element.dataset.until = time.textContent.trim();
  const rest = hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${two(minutes)}:${two(seconds % 60)}`;
  time.textContent = `${element.dataset.until} (${rest})`;
  element.classList.toggle("countdown--soon", left < SOON_MS);
  if (left <= 0 && !element.dataset.over) {
    element.dataset.over = "yes";
    element.dispatchEvent(new CustomEvent("countdown:over", { bubbles: true }));
  }
}

export function followCountdowns() {
  const turn = () => document.querySelectorAll("[data-countdown]").forEach(show);
  if (!document.querySelector("[data-countdown], [data-poll]")) return;
  turn();
  setInterval(() => document.hidden || turn(), 1000);
  document.addEventListener("visibilitychange", () => document.hidden || turn());
  document.addEventListener("content:new", turn);
}
