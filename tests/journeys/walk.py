"""A buyer's walk through the shop on a slow phone: every tap is counted, every fault of a page is noted."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, CDPSession, Locator, Page, Request, Response

from tests.accessibility import barriers

# Lighthouse's "slow 4G" (core/config/constants.js, mobileSlow4G, version 12): 150 ms, 1.6 Mbit/s down, 750 kbit/s up.
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6 * 1024 * 1024 / 8,
    "uploadThroughput": 750 * 1024 / 8,
}
WIDTH = 360
# axe needs scripts for the moment it looks; the style sheets go on as if there were none.
STYLES_WITHOUT_SCRIPTS = """() => {
  for (const sheet of document.styleSheets) {
    const rules = [...sheet.cssRules];
    for (let rule = rules.shift(); rule; rule = rules.shift()) {
      if (rule.cssRules) rules.push(...rule.cssRules);
      const asked = rule.media?.mediaText ?? "";
      if (asked === "(scripting: none)") rule.media.mediaText = "all";
      if (asked === "(scripting: enabled)") rule.media.mediaText = "not all";
    }
  }
}"""


@dataclass
class Walk:
    """`page` is the phone's; `faults` what no page may have, each with the page's path; `taps` what was pressed."""

    page: Page
    connection: CDPSession
    scripts: bool
    faults: list[str] = field(default_factory=list)
    taps: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def tap(self, what: Locator) -> None:
        self.taps.append(" ".join((what.inner_text() or what.get_attribute("name") or "").split()))
        what.tap()

    def look(self, name: str) -> None:
        """Try the page as it stands now: no barrier, nothing that scrolls sideways."""
        self.seen.append(name)
        if not self.scripts:
            self.page.evaluate(STYLES_WITHOUT_SCRIPTS)
            self.switch_scripts(on=True)
        self.faults += [f"{name}: {barrier}" for barrier in barriers(self.page)]
        if (width := self.page.evaluate("document.documentElement.scrollWidth")) > WIDTH:
            self.faults.append(f"{name}: {width} px wide")
        if not self.scripts:
            self.switch_scripts(on=False)

    def switch_scripts(self, *, on: bool) -> None:
        self.connection.send("Emulation.setScriptExecutionDisabled", {"value": not on})


def begin(phone: Callable[..., BrowserContext], *, scripts: bool = True) -> Walk:
    """A phone of 360 × 740 px on slow 4G; `scripts=False`: no page's script ever runs."""
    context = phone()
    page = context.new_page()
    page.set_default_timeout(12_000)
    connection = context.new_cdp_session(page)
    connection.send("Network.enable")
    connection.send("Network.emulateNetworkConditions", SLOW_4G)
    walk = Walk(page, connection, scripts)
    if not scripts:
        walk.switch_scripts(on=False)

    def failed(request: Request) -> None:
        # A script that gives up its own question (an older suggestion, a poll when one leaves) is no fault.
        if not (request.failure == "net::ERR_ABORTED" and request.resource_type == "fetch"):
            walk.faults.append(f"{request.url}: {request.failure}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            walk.faults.append(f"{response.url}: {response.status}")

    page.on("requestfailed", failed)
    page.on("response", answered)
    page.on("console", lambda said: walk.faults.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: walk.faults.append(f"{page.url}: {error}"))
    return walk
