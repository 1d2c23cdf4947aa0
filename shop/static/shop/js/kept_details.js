// A guest's name, number and address stay in her own phone's memory (localStorage) for the next order; they are never
// asked of the server, which could not tell her from a stranger. [data-kept-details="empty"]: a form to be filled in.
// The note with the button that forgets them stands there whenever something was filled in.
const KEY = "buyer";
const FIELDS = ["name", "phone", "email", "province", "commune", "street", "former_address"];

function kept() {
  try {
    const details = JSON.parse(localStorage.getItem(KEY) || "null");
    return details && FIELDS.every((name) => typeof (details[name] ?? "") === "string") ? details : null;
  } catch {
    return null; // no memory allowed, or something else wrote there
  }
}

function keep(form) {
  const details = {};
  for (const name of FIELDS) details[name] = form.elements[name]?.value ?? kept()?.[name] ?? "";
  const commune = form.elements.commune;
  details.commune_name = commune?.selectedOptions[0]?.text ?? kept()?.commune_name ?? "";
  try {
    localStorage.setItem(KEY, JSON.stringify(details));
  } catch {
    // Private windows and full memories: then nothing is kept.
  }
}

function fill(form, details) {
  const { commune } = form.elements;
  if (commune && details.commune && !Array.from(commune.options).some((option) => option.value === details.commune)) {
    commune.append(new Option(details.commune_name, details.commune)); // of another province than the page came with
  }
  for (const name of FIELDS) {
    const field = form.elements[name];
    if (field && details[name] && (!field.value || field.tagName === "SELECT")) field.value = details[name];
  }
}

export function keepDetails() {
  const form = document.querySelector("form[data-kept-details]");
  if (!form) return;
  const note = form.querySelector("[data-kept-details-note]");
  const details = kept();
  if (details && form.dataset.keptDetails === "empty") {
    fill(form, details);
    note.hidden = false;
  }
  note.querySelector("[data-kept-details-forget]").addEventListener("click", () => {
    localStorage.removeItem(KEY);
    for (const name of FIELDS) {
      const field = form.elements[name];
      if (field && name !== "province") field.value = "";
    }
    note.hidden = true;
    form.elements.name.focus();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name !== "refresh") keep(form);
  });
}
