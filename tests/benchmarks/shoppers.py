"""A guest who buys one thing: the same steps in both shops, with cookies, forms and redirects as a browser has them.

One connection that stays open and answers sent compressed, as every browser asks for. A redirect is a request of its
own: placing the order is the POST that places it, and the page after it is counted apart. Pictures, style sheets and
scripts are left out in both shops; ours also asks beside, after each page, for the header's words about this visitor
(HEADER), which stock Oscar draws into the page: they are noted by themselves, because nobody waits for them.
"""

import gzip
import http.client
import re
import time
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urljoin, urlsplit

HEADER = "header, beside"
PAGE_AFTER = "page after the order"


@dataclass
class Visitor:
    """Keeps cookies and the connection, follows redirects, and notes the milliseconds of each step."""

    base: str
    cookies: dict[str, str] = field(default_factory=dict)
    steps: dict[str, float] = field(default_factory=dict)
    requests: int = 0
    page: str = ""
    path: str = "/"

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(self.base).netloc, timeout=120)

    @property
    def whole(self) -> float:
        """What the visitor waits for, in milliseconds."""
        return sum(taken for step, taken in self.steps.items() if step != HEADER)

    def get(self, step: str, path: str) -> str:
        return self.ask(step, "GET", path)

    def send(self, step: str, form: dict[str, str], path: str = "", *, after: str = "") -> str:
        """Post the page's form: its hidden fields and these values."""
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.page))
        filled = {**{name: unescape(value) for name, value in hidden.items()}, **form}
        return self.ask(step, "POST", path or self.path, filled, after=after)

    def ask(self, step: str, method: str, path: str, form: dict[str, str] | None = None, *, after: str = "") -> str:
        """Ask, and go where one is sent; `after` is the step to which the pages one is sent to are counted."""
        location = self._ask_once(step, method, path, form)
        while location:
            location = self._ask_once(after or step, "GET", location, None)
        return self.page

    def _ask_once(self, step: str, method: str, path: str, form: dict[str, str] | None) -> str:
        """One request; where it redirects to, or nothing."""
        parts = urlsplit(urljoin(self.base + self.path, path))
        headers = {
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Origin": self.base,
            "Referer": self.base + self.path,
            "Sec-Fetch-Site": "same-origin",
        }
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        began = time.perf_counter()
        self._connection.request(method, target, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        self.steps[step] = self.steps.get(step, 0.0) + (time.perf_counter() - began) * 1_000
        self.requests += 1
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.split(";")[0].strip('"')
        if response.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        if response.status in {301, 302, 303}:
            return response.headers["Location"]
        if response.status != 200:
            raise RuntimeError(f"{method} {target} answered {response.status}: {content[:300]!r}")
        self.page, self.path = content.decode(), parts.path
        return ""

    def beside(self, path: str) -> None:
        """Ask for what the page's script asks for once the page stands; the visitor stays where she is."""
        page, here, requests = self.page, self.path, self.requests
        self.get(HEADER, path)
        self.page, self.path, self.requests = page, here, requests


def buys_here(base: str, product: str) -> Visitor:
    """List, product, basket, the one checkout page, the order with its code."""
    visitor = Visitor(base)
    visitor.get("list", "/san-pham/")
    visitor.beside("/toi/")
    page = visitor.get("product", product)
    visitor.beside("/toi/")
    sellable = _found(r'name="product" value="(\d+)"', page, "the product's form")
    visitor.ask("add to basket", "POST", "/gio-hang/them/", {"product": sellable, "quantity": "1"})
    visitor.beside("/toi/")
    page = visitor.get("checkout", "/thanh-toan/")
    visitor.beside("/toi/")
    form = {
        "name": "Khách mẫu", "phone": "0912 345 678", "province": "40", "commune": "17605", "street": "Xóm 4",
        "payment": "transfer", "accept_terms": "1",
    }  # fmt: skip
    for name in set(re.findall(r'name="(delivery-\d+)"', page)):
        form[name] = "collect"
    page = visitor.send("place order", form, after=PAGE_AFTER)
    if not visitor.path.startswith("/mua/"):
        raise RuntimeError(f"no purchase was made: {re.findall(r'field__error[^<]*<[^<]*<[^<]*', page)[:3]}")
    visitor.beside("/toi/")
    return visitor


def buys_there(base: str, product: str) -> Visitor:
    """The same at stock Oscar: list, product, basket, guest's e-mail, address, preview, order."""
    visitor = Visitor(base)
    visitor.get("list", "/catalogue/")
    page = visitor.get("product", product)
    action = _found(r'action="(/basket/add/\d+/)"', page, "the product's form")
    visitor.send("add to basket", {"quantity": "1"}, action)
    visitor.get("checkout", "/checkout/")
    visitor.send("checkout", {"username": "guest@example.test", "options": "anonymous"})
    visitor.send(
        "checkout",
        {"first_name": "Khach", "last_name": "Mau", "line1": "Xom 4", "line4": "Nghe An", "postcode": "430000",
         "country": "VN", "phone_number": "", "notes": ""},
    )  # fmt: skip
    visitor.get("checkout", "/checkout/preview/")
    visitor.send("place order", {"action": "place_order"}, "/checkout/preview/", after=PAGE_AFTER)
    if "thank-you" not in visitor.path:
        raise RuntimeError(f"no order was placed; the way ended at {visitor.path}")
    return visitor


def _found(pattern: str, page: str, what: str) -> str:
    found = re.search(pattern, page)
    if found is None:
        raise RuntimeError(f"{what} was not found")
    return found[1]
