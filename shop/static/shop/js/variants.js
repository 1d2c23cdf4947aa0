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

export function followVariants() {
  for (const group of document.querySelectorAll("[data-variants]")) {
    group.addEventListener("change", (event) => follow(event.target));
    // Coming back, the browser may have kept another choice than the page's own.
    const chosen = group.querySelector("input:checked");
    if (chosen && !chosen.defaultChecked) follow(chosen);
  }
}
