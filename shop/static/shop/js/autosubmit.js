// [data-autosubmit] on a field or form: a change sends the form, after a breath so that three taps are one request.
// [data-print] on a button: prints the page.
// [data-once] on a form: a second press on the button does nothing.
const BREATH_MS = 450;
const waiting = new WeakMap();

export function listenForSubmit() {
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!field.form || !field.closest("[data-autosubmit]")) return;
    clearTimeout(waiting.get(field.form));
    waiting.set(field.form, setTimeout(() => field.form.requestSubmit(), BREATH_MS));
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  // Coming back by the browser's back button must find a form that can be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
    }
  });
}
