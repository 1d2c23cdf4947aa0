// Says in the page's own language what a field lacks, instead of the browser's bubbles in the browser's language.
// A field's own words stand in data-missing and data-wrong; general ones on <body>.
// Before a form is sent, each field at fault gets its message beside it, the form's [data-error-summary] lists them,
// and the first takes the focus. Without scripts the browser's bubbles and the server's messages do the same.
const OWN = "data-own-error";
let faults = null; // the fields that the browser finds wanting in one go

function words(field) {
  const general = document.body.dataset;
  const state = field.validity;
  if (state.valueMissing) return field.dataset.missing || general.fieldMissing;
  if (state.rangeUnderflow || state.rangeOverflow) {
    if (field.dataset.wrong) return field.dataset.wrong;
    if (field.min !== "" && field.max !== "" && general.fieldRange) {
      return general.fieldRange.replace("{min}", field.min).replace("{max}", field.max);
    }
  }
  return field.dataset.wrong || general.fieldWrong;
}

// Where the message stands: at the end of the field's frame, or right behind the field.
function frame(field) {
  return field.closest(".field, .choices, fieldset, .stepper") || field.closest(".check") || field;
}

function errorId(field) {
  return `${field.id || field.name}_own_error`;
}

function forget(field) {
  const told = document.getElementById(errorId(field));
  told?.remove();
  const place = frame(field);
  place.querySelector(".field__error:not([" + OWN + "])")?.remove(); // what the server said of the old value
  place.classList.remove("field--error");
  field.removeAttribute("aria-invalid");
  const rest = (field.getAttribute("aria-describedby") || "").split(/\s+/).filter((id) => document.getElementById(id));
  if (rest.length) field.setAttribute("aria-describedby", rest.join(" "));
  else field.removeAttribute("aria-describedby");
}

function tell(field, text) {
  forget(field);
  const place = frame(field);
  const line = document.createElement("p");
  line.className = "field__error";
  line.id = errorId(field);
  line.setAttribute(OWN, "");
  line.textContent = text;
  if (place.matches(".field, .choices, fieldset")) place.append(line);
  else place.after(line);
  if (place.matches(".field")) place.classList.add("field--error");
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), line.id].filter(Boolean).join(" "));
}

function summarise(form, told) {
  const summary = form.querySelector("[data-error-summary]");
  const list = summary?.querySelector("[data-error-list]");
  if (!list) return;
  list.replaceChildren(
    ...told.map(([field, text]) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${field.id}`;
      link.textContent = text;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        field.focus();
      });
      item.append(link);
      return item;
    }),
  );
  summary.querySelector("[data-error-title]").hidden = false;
  summary.querySelectorAll("[data-error-whole]").forEach((line) => line.remove()); // what the server said of the last try
  summary.hidden = false;
}

function finish() {
  const fields = faults;
  faults = null;
  const seen = new Set(); // the buttons of one choice are one question
  const told = [];
  for (const field of fields) {
    if (field.type === "radio" && seen.has(field.name)) continue;
    seen.add(field.name);
    const text = words(field);
    tell(field, text);
    told.push([field, text]);
  }
  const [first] = told[0];
  for (let box = first.closest("details:not([open])"); box; box = box.closest("details:not([open])")) box.open = true;
  if (first.form) summarise(first.form, told);
  first.focus();
}

export function speakOfFaults() {
  // Such forms come with novalidate: without scripts the server speaks, not the browser in its own language.
  for (const form of document.querySelectorAll("form[data-own-words]")) form.noValidate = false;
  document.addEventListener(
    "invalid",
    (event) => {
      if (!document.body.dataset.fieldMissing) return; // a page without our words keeps the bubbles
      event.preventDefault();
      if (faults) faults.push(event.target);
      else {
        faults = [event.target];
        setTimeout(finish); // not a microtask: the browser runs those between one field and the next
      }
    },
    true,
  );
  const mended = (event) => {
    if (event.target.getAttribute?.("aria-invalid") === "true" && event.target.validity?.valid) forget(event.target);
  };
  document.addEventListener("input", mended);
  document.addEventListener("change", mended);
}
