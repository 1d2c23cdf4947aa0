"""A guest who buys one thing: the same steps in both shops, with cookies, forms and redirects as a browser has them."""

import http.client
import re
import time
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urljoin, urlsplit


@dataclass
class Visitor:
    """Keeps cookies, follows redirects, and notes the milliseconds of each step."""

    base: str
    cookies: dict[str, str] = field(default_factory=dict)
    steps: dict[str, float] = field(default_factory=dict)
    page: str = ""
    path: str = "/"

    def ask(self, step: str, method: str, path: str, form: dict[str, str] | None = None) -> str:
        began = time.perf_counter()
        self._ask_once(method, path, form)
        self.steps[step] = self.steps.get(step, 0.0) + (time.perf_counter() - began) * 1_000
        return self.page

    def get(self, step: str, path: str) -> str:
        return self.ask(step, "GET", path)

    def send(self, step: str, form: dict[str, str], path: str = "") -> str:
        """Post the page's form: its hidden fields and these values."""
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.page))
        return self.ask(step, "POST", path or self.path, {**{k: unescape(v) for k, v in hidden.items()}, **form})

    def _ask_once(self, method: str, path: str, form: dict[str, str] | None, redirects: int = 8) -> None:
        parts = urlsplit(urljoin(self.base + self.path, path))
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Origin": self.base,
            "Referer": self.base + self.path,
            "Sec-Fetch-Site": "same-origin",
        }
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection(urlsplit(self.base).netloc, timeout=120)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, target, body, headers)
        response = connection.getresponse()
        text = response.read().decode()
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.split(";")[0].strip('"')
        connection.close()
        if response.status in {301, 302, 303} and redirects:
            self._ask_once("GET", response.headers["Location"], None, redirects - 1)
            return
        if response.status != 200:
            raise RuntimeError(f"{method} {target} answered {response.status}: {text[:300]}")
        self.page, self.path = text, parts.path


def buys_here(base: str, product: str) -> Visitor:
    """List, product, basket, the one checkout page, the order with its code."""
    visitor = Visitor(base)
    visitor.get("list", "/san-pham/")
    page = visitor.get("product", product)
    sellable = _found(r'name="product" value="(\d+)"', page, "the product's form")
    visitor.ask("add to basket", "POST", "/gio-hang/them/", {"product": sellable, "quantity": "1"})
    page = visitor.get("checkout", "/thanh-toan/")
    form = {
        "name": "Khách mẫu", "phone": "0912 345 678", "province": "40", "commune": "17605", "street": "Xóm 4",
        "payment": "transfer", "accept_terms": "1",
    }  # fmt: skip
    for name in set(re.findall(r'name="(delivery-\d+)"', page)):
        form[name] = "collect"
    page = visitor.send("place order", form)
    if not visitor.path.startswith("/mua/"):
        raise RuntimeError(f"no purchase was made: {re.findall(r'field__error[^<]*<[^<]*<[^<]*', page)[:3]}")
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
    visitor.send("place order", {"action": "place_order"}, "/checkout/preview/")
    if "thank-you" not in visitor.path:
        raise RuntimeError(f"no order was placed; the way ended at {visitor.path}")
    return visitor


def _found(pattern: str, page: str, what: str) -> str:
    found = re.search(pattern, page)
    if found is None:
        raise RuntimeError(f"{what} was not found")
    return found[1]
