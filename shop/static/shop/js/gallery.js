// [data-gallery]: the strip's pictures open in a dialog, to be swiped, paged by arrow keys and enlarged by a tap.
// The dialog is a step of the browser's history, so that Back closes it and the page stays.
// Without scripts each picture is a link to its large version.
function button(css, icon, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `lightbox__button ${css}`;
  made.setAttribute("aria-label", label);
  made.append(icon);
  made.addEventListener("click", act);
  return made;
}

function drawn(name) {
  // The page's own icon sheet, whose address carries a hash.
  const sheet = document.querySelector("svg.icon use").getAttribute("href").split("#")[0];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sheet}#${name}`);
  svg.append(use);
  return svg;
}

const shownIn = (strip) => Math.round(strip.scrollLeft / Math.max(1, strip.clientWidth));

function show(strip, number, behavior = "smooth") {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  strip.scrollTo({ left: number * strip.clientWidth, behavior: calm ? "instant" : behavior });
}

function enlarge(item, at) {
  const zoomed = item.classList.toggle("is-zoomed");
  if (!zoomed) return;
  const box = item.getBoundingClientRect();
  const x = at ? (at.clientX - box.left) / box.width : 0.5;
  const y = at ? (at.clientY - box.top) / box.height : 0.5;
  item.scrollTo(x * (item.scrollWidth - item.clientWidth), y * (item.scrollHeight - item.clientHeight));
}

function makeDialog(gallery, links) {
  const say = gallery.dataset;
  const dialog = document.createElement("dialog");
  dialog.className = "lightbox";
  dialog.setAttribute("aria-label", say.label);
  const strip = document.createElement("div");
  strip.className = "lightbox__strip";
  for (const link of links) {
    const item = document.createElement("div");
    item.className = "lightbox__item";
    const picture = document.createElement("img");
    picture.src = link.href;
    picture.alt = link.querySelector("img")?.alt || "";
    picture.addEventListener("click", (event) => enlarge(item, event));
    item.append(picture);
    strip.append(item);
  }
  const items = Array.from(strip.children);
  const number = document.createElement("span");
  const count = document.createElement("p");
  count.className = "lightbox__count";
  count.setAttribute("aria-live", "polite");
  count.append(number);
  const turn = (step) => show(strip, Math.min(items.length - 1, Math.max(0, shownIn(strip) + step)));
  const previous = button("lightbox__previous", drawn("arrow-left"), say.previousText, () => turn(-1));
  const next = button("lightbox__next", drawn("arrow-right"), say.nextText, () => turn(1));
  const zoom = button("lightbox__zoom", drawn("zoom"), say.zoomText, () => enlarge(items[shownIn(strip)]));
  const close = button("lightbox__close", drawn("close"), say.closeText, () => dialog.close());
  const mark = () => {
    const at = shownIn(strip);
    const text = items.length > 1 ? `${at + 1} / ${items.length}` : "";
    if (number.textContent !== text) number.textContent = text;
    count.hidden = items.length < 2;
    previous.disabled = at <= 0;
    next.disabled = at >= items.length - 1;
    items.forEach((item, place) => place !== at && item.classList.remove("is-zoomed"));
  };
  strip.addEventListener("scroll", mark, { passive: true });
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -items.length, End: items.length }[event.key];
    if (!step) return;
    event.preventDefault();
    items[shownIn(strip)].classList.remove("is-zoomed");
    turn(step);
  });
  dialog.addEventListener("close", () => {
    const at = shownIn(strip);
    items.forEach((item) => item.classList.remove("is-zoomed"));
    links[at]?.focus({ preventScroll: true });
    if (history.state?.lightbox) history.back(); // closed by hand: its step goes with it
  });
  window.addEventListener("popstate", () => dialog.open && !history.state?.lightbox && dialog.close());
  dialog.append(strip, close, zoom, previous, next, count);
  document.body.append(dialog);
  return {
    open(at) {
      dialog.showModal();
      history.pushState({ lightbox: true }, "");
      show(strip, at, "instant");
      mark();
      close.focus();
    },
  };
}

export function openGalleries() {
  if (history.state?.lightbox) history.replaceState(null, ""); // loaded anew while a picture was open
  for (const gallery of document.querySelectorAll("[data-gallery]")) {
    const strip = gallery.querySelector("[data-gallery-strip]");
    const links = Array.from(gallery.querySelectorAll("[data-gallery-picture]"));
    if (!strip || !links.length || !("showModal" in HTMLDialogElement.prototype)) continue;
    let dialog;
    links.forEach((link, at) =>
      link.addEventListener("click", (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        dialog ||= makeDialog(gallery, links);
        dialog.open(at);
      }),
    );
    const thumbs = Array.from(gallery.querySelectorAll("[data-gallery-thumb]"));
    const count = gallery.querySelector("[data-gallery-count]");
    const mark = () => {
      const at = shownIn(strip);
      if (count) count.textContent = String(at + 1);
      thumbs.forEach((thumb, place) => (place === at ? thumb.setAttribute("aria-current", "true") : thumb.removeAttribute("aria-current")));
    };
    thumbs.forEach((thumb, at) =>
      thumb.addEventListener("click", (event) => {
        event.preventDefault();
        show(strip, at);
      }),
    );
    strip.addEventListener("scroll", mark, { passive: true });
    if (thumbs.length) mark();
  }
}
