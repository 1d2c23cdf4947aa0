// A form that takes the text of a QR code: [data-scan-form] with [data-scan-open], [data-scan-stop], a <video>,
// [data-scan-photo] (a file field), [data-scan-text] (where the text goes) and [data-scan-said] (what happened, in the words
// of its own data-… attributes). What is read is filled in and sent; typing works without any of this. A file field with a
// name is sent as well, made small before, and the server looks into it where the phone found nothing.
import { canScan, readPhoto, startScan } from "./camera_scan.js";
import { shrinkChosen } from "./photo_size.js";

function begin(form) {
  const part = (name) => form.querySelector(`[data-scan-${name}]`);
  const video = form.querySelector("video");
  const said = part("said");
  const frame = part("frame");
  let scanner = null;

  const say = (name) => {
    said.textContent = name ? said.dataset[name] : "";
  };
  const show = (isOn) => {
    frame.hidden = !isOn;
    part("open").hidden = isOn;
  };
  const send = (text) => {
    show(false);
    say("found");
    part("text").value = text;
    form.requestSubmit();
  };

  if (!canScan()) part("open").hidden = true;
  part("open").addEventListener("click", async () => {
    say("");
    show(true);
    try {
      scanner = await startScan(video, { onText: send });
      say("looking");
    } catch (error) {
      show(false);
      say(error.name === "NotAllowedError" ? "refused" : "absent");
    }
  });
  part("stop").addEventListener("click", () => {
    scanner?.stop();
    show(false);
    say("");
  });
  part("photo").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    say("reading");
    const field = event.target;
    const text = await readPhoto(file);
    if (field.name) await shrinkChosen(field);
    if (text) send(text);
    else if (field.name) form.requestSubmit();
    else say("nothing");
    if (!field.name) field.value = "";
  });
  window.addEventListener("pagehide", () => scanner?.stop());
}

for (const form of document.querySelectorAll("[data-scan-form]")) begin(form);
