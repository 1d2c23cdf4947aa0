// [data-stepper] with [data-step="-1"] and [data-step="1"] around a number field.
function limit(field) {
  for (const button of field.closest("[data-stepper]").querySelectorAll("[data-step]")) {
    const next = Number(field.value) + Number(button.dataset.step);
    button.disabled = (field.min !== "" && next < Number(field.min)) || (field.max !== "" && next > Number(field.max));
  }
}

export function listenForSteps() {
  document.querySelectorAll("[data-stepper] input").forEach(limit);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    const field = button?.closest("[data-stepper]")?.querySelector("input");
    if (!field) return;
    field.value = String((Number(field.value) || 0) + Number(button.dataset.step));
    limit(field);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-stepper] input")) limit(event.target);
  });
}
