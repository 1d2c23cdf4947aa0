// The rest of a visit on the spot, [data-visit-form]: makes the photo small on the phone ([data-scale-photo]) and takes the
// position when asked ([data-position-ask] → [data-position], [data-accuracy]; what happened into [data-position-said]).
import { shrinkChosen } from "./photo_size.js";

const WAIT_MS = 20_000;

function begin(form) {
  const part = (name) => form.querySelector(`[data-${name}]`);
  const said = part("position-said");

  part("scale-photo").addEventListener("change", (event) => shrinkChosen(event.target));
  if (!navigator.geolocation) {
    part("position-ask").hidden = true;
    return;
  }
  part("position-ask").addEventListener("click", () => {
    said.textContent = said.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const metres = Math.round(coords.accuracy);
        part("position").value = `${coords.latitude.toFixed(6)}, ${coords.longitude.toFixed(6)}`;
        part("accuracy").value = String(metres);
        said.textContent = said.dataset.there.replace("{metres}", String(metres));
      },
      () => {
        said.textContent = said.dataset.refused;
      },
      { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 60_000 },
    );
  });
  // a position typed by hand has no accuracy of the phone's
  part("position").addEventListener("input", () => {
    part("accuracy").value = "";
  });
}

for (const form of document.querySelectorAll("[data-visit-form]")) begin(form);
