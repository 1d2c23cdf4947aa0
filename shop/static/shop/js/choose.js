// A long <select data-choose> becomes a field one types into: "nong nghiep", "agri" or "vcb" finds the bank.
// The select stays in the form and carries the value; without scripts it is used as it is. An option's data-find holds
// further words. The pattern is the ARIA combobox with a list: arrows choose, Enter takes, Escape closes.
const MOST = 60;

function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
}

export function offerChoices(root = document) {
  for (const select of root.querySelectorAll("select[data-choose]")) attach(select);
}

// 0: exactly one of its words; 1: begins so; 2: every word is in it; 3: so it is written without spaces; -1: not at all
function fits(option, words) {
  if (option.names.includes(words)) return 0;
  if (option.names.some((name) => name.startsWith(words))) return 1;
  if (words.split(" ").every((word) => option.words.includes(word))) return 2;
  return option.tight.includes(words.replaceAll(" ", "")) ? 3 : -1;
}

function attach(select) {
  const options = Array.from(select.options)
    .filter((option) => option.value !== "")
    .map((option) => {
      const names = [option.text, ...(option.dataset.find || "").split("|")].map(fold).filter(Boolean);
      const words = names.join(" ");
      return { value: option.value, text: option.text, names, words, tight: words.replaceAll(" ", "") };
    });
  const box = document.createElement("div");
  const field = document.createElement("input");
  const panel = document.createElement("div");
  box.className = "choose";
  panel.className = "suggest";
  panel.id = `${select.id}-list`;
  panel.setAttribute("role", "listbox");
  panel.hidden = true;
  field.id = `${select.id}-words`;
  field.type = "text";
  field.placeholder = select.dataset.choose;
  field.autocomplete = "off";
  field.spellcheck = false;
  field.required = select.required;
  field.dataset.missing = select.dataset.missing || "";
  field.dataset.wrong = select.dataset.wrong || "";
  const named = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": panel.id };
  for (const [name, value] of Object.entries(named)) field.setAttribute(name, value);
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(name)) field.setAttribute(name, select.getAttribute(name));
  }
  const label = document.querySelector(`label[for="${select.id}"]`);
  if (label) {
    label.htmlFor = field.id;
    panel.setAttribute("aria-label", label.textContent.trim());
  }
  select.required = false; // a hidden field at fault could not take the focus
  select.hidden = true;
  select.after(box);
  box.append(field, panel);

  let shown = [];
  let chosen = -1;

  const current = () => options.find((option) => option.value === select.value);

  function mark(number) {
    panel.children[chosen]?.setAttribute("aria-selected", "false");
    chosen = number;
    const line = panel.children[chosen];
    if (line) {
      line.setAttribute("aria-selected", "true");
      line.scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", line.id);
    } else field.removeAttribute("aria-activedescendant");
  }

  function close() {
    panel.hidden = true;
    field.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function open(words) {
    const ranked = options.map((option) => [words ? fits(option, words) : 2, option]).filter(([rank]) => rank >= 0);
    shown = ranked.sort((one, other) => one[0] - other[0]).slice(0, MOST).map(([, option]) => option);
    chosen = -1;
    field.removeAttribute("aria-activedescendant");
    panel.replaceChildren(
      ...shown.map((option, number) => {
        const line = document.createElement("div");
        line.className = "choose__option";
        line.id = `${panel.id}-${number}`;
        line.setAttribute("role", "option");
        line.setAttribute("aria-selected", "false");
        line.textContent = option.text;
        line.addEventListener("click", () => take(option));
        return line;
      }),
    );
    panel.hidden = !shown.length;
    field.setAttribute("aria-expanded", String(!panel.hidden));
  }

  function take(option) {
    select.value = option ? option.value : "";
    if (option) field.value = option.text;
    field.setCustomValidity(!option && field.value.trim() ? "?" : "");
    field.dispatchEvent(new Event("change", { bubbles: true }));
    select.dispatchEvent(new Event("change", { bubbles: true }));
    close();
  }

  // What stands there when one leaves: the one that fits alone, or exactly; else nothing is chosen.
  function settle() {
    if (panel.hidden && field.value === (current()?.text ?? "")) return;
    const words = fold(field.value);
    const fitting = words ? options.filter((option) => fits(option, words) >= 0) : [];
    const exact = fitting.filter((option) => fits(option, words) === 0);
    take(exact.length === 1 ? exact[0] : fitting.length === 1 ? fitting[0] : null);
  }

  if (current()) field.value = current().text;
  field.addEventListener("input", () => {
    select.value = "";
    field.setCustomValidity("");
    open(fold(field.value));
  });
  field.addEventListener("click", () => panel.hidden && open(current() ? "" : fold(field.value)));
  field.addEventListener("focus", () => field.select());
  field.addEventListener("blur", settle);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // Vietnamese input methods use these keys themselves
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (panel.hidden) return open(current() ? "" : fold(field.value));
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark((chosen + step + shown.length) % shown.length);
    } else if (event.key === "Enter" && !panel.hidden) {
      event.preventDefault();
      take(shown[Math.max(chosen, 0)]);
    } else if (event.key === "Escape" && !panel.hidden) {
      event.preventDefault();
      field.value = current()?.text ?? "";
      close();
    }
  });
  panel.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  select.form?.addEventListener("reset", () => setTimeout(() => (field.value = current()?.text ?? "")));
}
