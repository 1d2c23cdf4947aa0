// The one script of every page. Each part looks for its own data- attributes; without them it does nothing.
import { followCountdowns } from "./countdown.js";
import { followVariants } from "./variants.js";
import { keepDetails } from "./kept_details.js";
import { listenForCopy } from "./copy.js";
import { listenForSubmit } from "./autosubmit.js";
import { listenForTicks } from "./ticks.js";
import { listenForSteps } from "./stepper.js";
import { loadMe } from "./me.js";
import { listenForPlaces } from "./find_place.js";
import { listenForRefresh } from "./refresh.js";
import { offerChoices } from "./choose.js";
import { offerShare } from "./share.js";
import { offerInstallation } from "./install.js";
import { openGalleries } from "./gallery.js";
import { prepareOffline } from "./offline.js";
import { rememberSeen } from "./last_seen.js";
import { offerSuggestions } from "./suggest.js";
import { reportVainSearch } from "./vain.js";
import { startPolling } from "./poll.js";
import { unfoldTargets } from "./unfold.js";
import { speakOfFaults } from "./validity.js";

document.documentElement.classList.add("has-js");
listenForCopy();
listenForSteps();
listenForSubmit();
listenForRefresh();
listenForPlaces();
listenForTicks();
keepDetails();
followVariants();
followCountdowns();
openGalleries();
offerChoices();
offerShare();
offerSuggestions();
startPolling();
reportVainSearch();
loadMe();
speakOfFaults();
if (!document.querySelector("[data-offline-page]")) rememberSeen();
prepareOffline();
offerInstallation();
unfoldTargets();

// After the server found fault with a form: to the first field at fault, else to what it says of the whole form.
const said = document.querySelector("[data-focus-first]");
if (said) (said.closest("form, main")?.querySelector("[aria-invalid=true]") || said).focus();
