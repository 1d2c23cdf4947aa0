// Under [data-find-place="/address/"] the communes that fit what one types are offered, found by new and old names.
// The pattern is the ARIA combobox with a list. What is chosen goes to the server with the form (js/refresh.js), which
// fills in province, commune and the rest. Without scripts the button beside the field brings the same list.
import { refresh } from "./refresh.js";

const BREATH_MS = 160;
const LEAST_LETTERS = 2;
let timer = 0;
let question = null;

const frameOf = (field) => field.closest("[data-find-place]");
const panelOf = (frame) => frame.querySelector("[role=listbox]");
const optionsOf = (frame) => Array.from(panelOf(frame)?.querySelectorAll("[role=option]") || []);

function prepare(frame, field) {
  if (panelOf(frame)) return;
  const panel = document.createElement("div");
  const told = document.createElement("p");
  panel.className = "suggest";
  panel.id = `${field.id}-list`;
  panel.setAttribute("role", "listbox");
  panel.setAttribute("aria-label", frame.dataset.findPlaceLabel);
  panel.hidden = true;
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  field.after(panel, told);
  const named = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": panel.id };
  for (const [name, value] of Object.entries(named)) field.setAttribute(name, value);
}

function mark(frame, field, number) {
  optionsOf(frame).forEach((option, place) => option.setAttribute("aria-selected", String(place === number)));
  const option = optionsOf(frame)[number];
  if (option) {
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  } else field.removeAttribute("aria-activedescendant");
}

function close(frame, field) {
  clearTimeout(timer);
  question?.abort();
  const panel = panelOf(frame);
  if (!panel) return;
  panel.hidden = true;
  field.setAttribute("aria-expanded", "false");
  mark(frame, field, -1);
}

async function ask(frame, field) {
  const typed = field.value.trim();
  question?.abort();
  if (typed.length < LEAST_LETTERS) return close(frame, field);
  question = new AbortController();
  const body = new URLSearchParams({ place: typed, province: field.form.elements.province?.value || "" });
  try {
    const answer = await fetch(frame.dataset.findPlace, { method: "POST", body, signal: question.signal });
    if (!answer.ok || field.value.trim() !== typed || document.activeElement !== field) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = page.querySelector("[data-found-communes]");
    const panel = panelOf(frame);
    panel.replaceChildren(...Array.from(list?.children || [], (child) => document.importNode(child, true)));
    optionsOf(frame).forEach((option, number) => (option.id = `${panel.id}-${number}`));
    mark(frame, field, -1);
    panel.hidden = !panel.children.length;
    panel.scrollTop = 0;
    field.setAttribute("aria-expanded", String(!panel.hidden));
    panel.nextElementSibling.textContent = list?.dataset.told || "";
  } catch {
    // No network, or a newer question: the lists below and the button that sends the form still work.
  }
}

async function take(frame, field, option) {
  const form = field.form;
  const chosen = document.createElement("input");
  Object.assign(chosen, { type: "hidden", name: "found", value: option.dataset.code });
  for (const other of form.querySelectorAll("input[type=radio][name=found]")) other.checked = false;
  close(frame, field);
  form.append(chosen);
  await refresh(form);
  chosen.remove();
  const next = form.querySelector("[name=street]");
  (next && !next.value ? next : form.querySelector("[name=commune]"))?.focus();
}

export function listenForPlaces() {
  document.addEventListener("input", (event) => {
    const frame = event.target.name === "place" && frameOf(event.target);
    if (!frame) return;
    prepare(frame, event.target);
    clearTimeout(timer);
    timer = setTimeout(() => ask(frame, event.target), BREATH_MS);
  });
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const frame = field.name === "place" && !event.isComposing && frameOf(field);
    if (!frame) return;
    const all = optionsOf(frame);
    const isOpen = all.length > 0 && !panelOf(frame).hidden;
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && isOpen) {
      event.preventDefault();
      mark(frame, field, (at + (event.key === "ArrowDown" ? 1 : -1) + all.length + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % all.length);
    } else if (event.key === "Enter") {
      event.preventDefault(); // not the whole form, half filled in
      if (isOpen) take(frame, field, all[Math.max(at, 0)]);
      else ask(frame, field);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      close(frame, field);
    }
  });
  document.addEventListener("click", (event) => {
    const option = event.target.closest?.("[data-find-place] [role=option]");
    if (option) take(frameOf(option), frameOf(option).querySelector("[name=place]"), option);
  });
  document.addEventListener("pointerdown", (event) => {
    // The field keeps the focus: else the list would close under the finger.
    if (event.target.closest?.("[data-find-place] [role=listbox]")) event.preventDefault();
  });
  const leave = (event) => {
    for (const frame of document.querySelectorAll("[data-find-place]")) {
      if (!frame.contains(event.target)) close(frame, frame.querySelector("[name=place]"));
    }
  };
  document.addEventListener("pointerdown", leave);
  document.addEventListener("focusin", leave);
}
