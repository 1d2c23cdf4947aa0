// The service worker's program; /sw.js hands it SHOP: version, pages, assets, media, mostGoods.
// It keeps three things and no more: the offline page, our static files of this version, and the pages and pictures of
// the goods that this browser looked at last. All else goes to the network as if there were no worker.
const { version, pages, assets, media, mostGoods } = self.SHOP;
const SHELL = `shell-${version}`;
const GOODS = "goods-1";
const DAY_MS = 24 * 60 * 60 * 1000;
const GOODS_PAGE = /^(\/en)?\/san-pham\/[a-z0-9-]+-\d+\/$/;
// People at work, their accounts, machines: never touched, not even to say that the network is gone.
const NOT_OURS = /^(\/en)?\/(quan-ly|tai-khoan|toi)\/|^\/(cms|dashboard|admin|documents|webhooks|feeds|api|media|healthz|readyz)(\/|$)/;

self.addEventListener("install", (event) => {
  event.waitUntil(fillShell().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (!NOT_OURS.test(address.pathname)) event.respondWith(visit(request, address));
  } else if (assets.includes(address.pathname)) {
    event.respondWith(fromShell(request));
  } else if (request.destination === "image" && address.pathname.startsWith(media) && !self.navigator.onLine) {
    event.respondWith(fromGoods(request));
  }
});

self.addEventListener("message", (event) => {
  const { type, page, picture } = event.data || {};
  if (type === "seen") event.waitUntil(keepGoods(page, picture));
  if (type === "forget") event.waitUntil(caches.delete(GOODS));
});

async function fillShell() {
  const shell = await caches.open(SHELL);
  await shell.addAll(assets);
  await refreshPages(shell);
}

// Without cookies: what is kept is what anyone would see.
async function refreshPages(shell) {
  for (const page of Object.values(pages)) {
    const answer = await fetch(page, { credentials: "omit", cache: "no-cache" });
    if (!answer.ok) throw new Error(`${page}: ${answer.status}`);
    await shell.put(page, answer);
  }
}

async function dropOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== SHELL && name !== GOODS).map((name) => caches.delete(name)));
}

async function visit(request, address) {
  try {
    return await fetch(request);
  } catch (fault) {
    const goods = GOODS_PAGE.test(address.pathname) && (await kept(GOODS, address.pathname));
    const language = address.pathname.startsWith("/en/") ? "en" : "vi";
    const page = goods || (await kept(SHELL, pages[language]));
    if (page) return page;
    throw fault;
  }
}

// `Vary: Accept-Encoding` says nothing here: the browser has unpacked what is kept.
async function kept(name, what) {
  const cache = await caches.open(name);
  return cache.match(what, { ignoreVary: true, ignoreSearch: name === GOODS });
}

async function fromShell(request) {
  return (await kept(SHELL, request)) || fetch(request);
}

async function fromGoods(request) {
  return (await kept(GOODS, request)) || fetch(request);
}

async function keepGoods(page, picture) {
  if (!GOODS_PAGE.test(page)) return;
  const goods = await caches.open(GOODS);
  await keep(goods, page, "text/html");
  if (typeof picture === "string" && picture.startsWith(media)) await keep(goods, picture, "image/");
  const known = await goods.keys();
  const most = 2 * mostGoods;
  await Promise.all(known.slice(0, Math.max(0, known.length - most)).map((request) => goods.delete(request)));
  const shell = await caches.open(SHELL);
  const page0 = await shell.match(Object.values(pages)[0], { ignoreVary: true });
  const age = Date.now() - Date.parse(page0?.headers.get("Date") || 0);
  if (age > 7 * DAY_MS) await refreshPages(shell).catch(() => {});
}

// The browser has just shown it, so its own cache answers; anything but a plain public answer is not kept.
async function keep(cache, address, kind) {
  try {
    const answer = await fetch(address, { credentials: "omit", cache: "force-cache" });
    const isPublic = kind !== "text/html" || /\bpublic\b/.test(answer.headers.get("Cache-Control") || "");
    const isKind = (answer.headers.get("Content-Type") || "").startsWith(kind);
    if (answer.status !== 200 || answer.redirected || !isPublic || !isKind) return;
    await cache.delete(address);
    await cache.put(address, answer);
  } catch {
    // The network has just gone, or the device is full: then it is not kept.
  }
}
