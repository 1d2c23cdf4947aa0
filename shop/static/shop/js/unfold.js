// A link to something folded (<details id="…">, or within one) opens it.
function unfold() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  target.scrollIntoView();
}

export function unfoldTargets() {
  if (location.hash) unfold();
  window.addEventListener("hashchange", unfold);
}
