// The search field offers goods, kinds and producers while one types: [data-suggest="/address/"] on the form.
// The pattern is the ARIA combobox with a list: arrows choose, Enter opens, Escape closes, focus stays in the field.
// The server sends a fragment of links with role="option"; without scripts the form is a plain search.
const BREATH_MS = 140;
const LEAST_LETTERS = 2;
const LEAST_ROWS = 2;

export function offerSuggestions(root = document) {
  for (const form of root.querySelectorAll("[data-suggest]")) attach(form);
}

function attach(form) {
  const field = form.querySelector("input[type=search]");
  const panel = document.createElement("div");
  const told = document.createElement("p");
  panel.className = "suggest";
  panel.id = `${field.id}-list`;
  panel.setAttribute("role", "listbox");
  panel.setAttribute("aria-label", form.dataset.suggestLabel);
  panel.hidden = true;
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  form.append(panel, told);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": panel.id })) {
    field.setAttribute(name, value);
  }

  const known = new Map(); // what was asked on this page already
  let asked = "";
  let timer = 0;
  let question = null;
  let chosen = -1;

  const options = () => Array.from(panel.querySelectorAll("[role=option]"));
  const wanted = () => field.value.trim().replace(/\s+/g, " ");

  function choose(number) {
    const all = options();
    all[chosen]?.setAttribute("aria-selected", "false");
    chosen = number;
    const option = all[chosen];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", option.id);
    } else {
      field.removeAttribute("aria-activedescendant");
    }
  }

  function close() {
    clearTimeout(timer);
    question?.abort();
    asked = "";
    panel.hidden = true;
    field.setAttribute("aria-expanded", "false");
    choose(-1);
  }

  // On a small screen the last row would be cut in the middle of its words, and the way to all goods not be seen.
  function dropWhatDoesNotFit() {
    const rows = Array.from(panel.querySelectorAll("[role=group]:first-of-type > [role=option]"));
    let dropped = 0;
    while (panel.scrollHeight > panel.clientHeight && rows.length > LEAST_ROWS) {
      rows.pop().remove();
      dropped += 1;
    }
    return dropped;
  }

  function show(html) {
    const fragment = document.createRange().createContextualFragment(html);
    const list = fragment.querySelector("[data-suggestions]");
    chosen = -1;
    field.removeAttribute("aria-activedescendant");
    panel.replaceChildren(...(list ? list.children : []));
    options().forEach((option, number) => (option.id = `${panel.id}-${number}`));
    panel.scrollTop = 0;
    panel.hidden = !panel.children.length;
    field.setAttribute("aria-expanded", String(!panel.hidden));
    const left = panel.hidden ? 0 : dropWhatDoesNotFit();
    told.textContent = list ? list.dataset.told.replace(list.dataset.count, String(list.dataset.count - left)) : "";
  }

  async function ask() {
    const words = wanted();
    if (words === asked) return;
    if (words.length < LEAST_LETTERS) return close();
    question?.abort();
    asked = words;
    if (known.has(words)) return show(known.get(words));
    question = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(words)}`, {
        signal: question.signal,
        headers: { Accept: "text/html" },
      });
      if (!answer.ok) return;
      const html = await answer.text();
      known.set(words, html);
      if (asked === words && document.activeElement === field) show(html);
    } catch {
      if (asked === words) asked = ""; // no network, or a newer question: the form still searches
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, BREATH_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // Vietnamese input methods use these keys themselves
    const all = options();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (panel.hidden) return void ask();
      const step = event.key === "ArrowDown" ? 1 : -1;
      // one place beyond the ends is the field itself
      choose(((chosen + 1 + step + all.length + 1) % (all.length + 1)) - 1);
    } else if (event.key === "Enter" && !panel.hidden && all[chosen]) {
      event.preventDefault();
      all[chosen].click();
    } else if (event.key === "Escape" && !panel.hidden) {
      event.preventDefault(); // first the list goes, with the next press the words
      close();
    }
  });
  panel.addEventListener("pointerdown", (event) => event.pointerType === "mouse" && event.preventDefault());
  document.addEventListener("pointerdown", (event) => form.contains(event.target) || close());
  document.addEventListener("focusin", (event) => form.contains(event.target) || close());
  form.addEventListener("submit", close);
  window.addEventListener("pagehide", close);
}
