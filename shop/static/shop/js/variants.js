// [data-variants]: the price, unit price, number left and largest quantity on the page follow the chosen variant.
function tell(name, text) {
  for (const place of document.querySelectorAll(`[data-variant-${name}]`)) place.textContent = text;
}

function follow(field) {
  const { price, unit, label, max, note } = field.dataset;
  tell("price", price);
  tell("unit", unit);
  tell("label", label);
  tell("note", note);
  const quantity = field.form.elements.quantity;
  quantity.max = max;
  if (Number(quantity.value) > Number(max)) quantity.value = max;
  quantity.dispatchEvent(new Event("input", { bubbles: true }));
}

function agree() {
  for (const chosen of document.querySelectorAll("[data-variants] input:checked")) follow(chosen);
}

export function followVariants() {
  const groups = document.querySelectorAll("[data-variants]");
  if (!groups.length) return;
  for (const group of groups) group.addEventListener("change", (event) => follow(event.target));
  agree();
  // Coming back, the browser marks what was chosen before: some while the page is read, some only after it was shown.
  window.addEventListener("pageshow", () => {
    agree();
    setTimeout(agree);
  });
}
