// [data-seen]: this page shows a product; it is noted in the browser's own memory (localStorage), never sent anywhere.
// [data-last-seen]: a list of what was noted, but for the product of this page.
const KEY = "last-seen";
const MOST = 12;
const GOODS = /^(\/en)?\/san-pham\/[a-z0-9-]+-\d+\/$/;

function isSound(entry) {
  return entry && typeof entry === "object" && /^\d+$/.test(entry.id) && GOODS.test(entry.path) && typeof entry.name === "string";
}

export function lastSeen() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) || "[]");
    return Array.isArray(kept) ? kept.filter(isSound).slice(0, MOST) : [];
  } catch {
    return []; // no memory allowed, or something else wrote there
  }
}

function keep(entries) {
  try {
    localStorage.setItem(KEY, JSON.stringify(entries));
  } catch {
    // Private windows and full memories: then nothing is kept.
  }
}

function note() {
  const here = document.querySelector("[data-seen]");
  if (!here) return "";
  const { seen, seenName, seenPrice, seenPicture } = here.dataset;
  const entry = { id: seen, path: location.pathname, name: seenName, price: seenPrice, picture: seenPicture };
  if (!isSound(entry)) return "";
  keep([entry, ...lastSeen().filter((known) => known.id !== seen)].slice(0, MOST));
  return seen;
}

async function fill(section, without, isWanted) {
  const noted = lastSeen().filter((entry) => entry.id !== without);
  const wanted = isWanted ? await Promise.all(noted.map((entry) => isWanted(entry.path))) : null;
  const entries = wanted ? noted.filter((entry, place) => wanted[place]) : noted;
  const list = section.querySelector("[data-last-seen-list]");
  const template = section.querySelector("[data-last-seen-item]");
  list.replaceChildren(
    ...entries.map((entry) => {
      const item = template.content.cloneNode(true);
      const picture = item.querySelector("img");
      item.querySelector("a").setAttribute("href", entry.path);
      item.querySelector("[data-name]").textContent = entry.name;
      item.querySelector("[data-price]").textContent = entry.price || "";
      if (entry.picture) picture.src = entry.picture;
      else picture.remove();
      return item;
    }),
  );
  section.hidden = !entries.length;
}

// `isWanted(path)` may leave some out (js/offline.js: those that were not kept).
export async function rememberSeen(isWanted) {
  const without = note();
  for (const section of document.querySelectorAll("[data-last-seen]")) {
    await fill(section, without, isWanted);
    section.querySelector("[data-last-seen-forget]")?.addEventListener("click", () => {
      keep([]);
      document.dispatchEvent(new CustomEvent("seen:forgotten"));
      section.hidden = true;
    });
  }
}
