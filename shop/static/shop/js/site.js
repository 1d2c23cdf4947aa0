// The one script of every page. Each part looks for its own data- attributes; without them it does nothing.
import { followCountdowns } from "./countdown.js";
import { listenForCopy } from "./copy.js";
import { listenForSubmit } from "./autosubmit.js";
import { listenForSteps } from "./stepper.js";
import { loadMe } from "./me.js";
import { listenForRefresh } from "./refresh.js";
import { offerShare } from "./share.js";
import { startPolling } from "./poll.js";
import { speakOfFaults } from "./validity.js";

document.documentElement.classList.add("has-js");
listenForCopy();
listenForSteps();
listenForSubmit();
listenForRefresh();
followCountdowns();
offerShare();
startPolling();
loadMe();
speakOfFaults();

// After the server found fault with a form: to the first field at fault, else to what it says of the whole form.
const said = document.querySelector("[data-focus-first]");
if (said) (said.closest("form, main")?.querySelector("[aria-invalid=true]") || said).focus();
