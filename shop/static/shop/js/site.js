// The one script of every page. Each part looks for its own data- attributes; without them it does nothing.
import { followCountdowns } from "./countdown.js";
import { listenForCopy } from "./copy.js";
import { listenForSubmit } from "./autosubmit.js";
import { listenForSteps } from "./stepper.js";
import { loadMe } from "./me.js";
import { listenForRefresh } from "./refresh.js";
import { offerShare } from "./share.js";
import { startPolling } from "./poll.js";

document.documentElement.classList.add("has-js");
listenForCopy();
listenForSteps();
listenForSubmit();
listenForRefresh();
followCountdowns();
offerShare();
startPolling();
loadMe();

const first = document.querySelector("[data-focus-first]");
if (first) first.focus();
