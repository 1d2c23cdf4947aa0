// [data-install] appears where the browser offers to put the shop on the home screen, and does so.
let offer = null;

function show(is) {
  for (const place of document.querySelectorAll("[data-install]")) place.hidden = !is;
}

export function offerInstallation() {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event;
    show(true);
  });
  window.addEventListener("appinstalled", () => show(false));
  document.addEventListener("click", async (event) => {
    if (!offer || !event.target.closest("[data-install]")) return;
    offer.prompt();
    await offer.userChoice;
    offer = null;
    show(false);
  });
}
