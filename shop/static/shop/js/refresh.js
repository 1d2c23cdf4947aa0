// A form with [data-refresh-form] asks the server to work itself out anew when a [data-refresh] field changes
// (another province, another delivery), and puts the parts marked [data-refresh-part="name"] in place.
// Without scripts the button named "refresh" does the same with the whole page.
export async function refresh(form) {
  const body = new FormData(form);
  body.set("refresh", "1");
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action || location.href, { method: "POST", body, credentials: "same-origin" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of form.querySelectorAll("[data-refresh-part]")) {
      const fresh = page.querySelector(`[data-refresh-part="${CSS.escape(part.dataset.refreshPart)}"]`);
      const held = part.contains(document.activeElement) ? document.activeElement.id : "";
      if (fresh) part.replaceWith(document.importNode(fresh, true));
      if (held) document.getElementById(held)?.focus();
    }
  } catch {
    // No network: the button that sends the whole form still works later.
  } finally {
    form.removeAttribute("aria-busy");
  }
}

export function listenForRefresh() {
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-refresh-form]");
    if (form && event.target.closest("[data-refresh]")) refresh(form);
  });
}
