// Who writes into [data-ticks="name"] means the tick of that name: it is set before her eyes, and she may take it away.
export function listenForTicks() {
  document.addEventListener("change", (event) => {
    const part = event.target.closest?.("[data-ticks]");
    const tick = part && event.target.value.trim() && event.target.form?.elements[part.dataset.ticks];
    if (tick && !tick.checked) tick.checked = true;
  });
}
