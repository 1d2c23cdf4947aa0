"""`make bench`: sets up both shops, asks them in turn A B A B, prints ratios beside the targets, writes JSON."""

import argparse
import json
import os
import platform
import re
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote_plus, urlsplit

from tests.benchmarks.load import first_byte, one_by_one, requests_a_second, times_of
from tests.benchmarks.servers import HERE, ROOT, Server, running, stock_python
from tests.benchmarks.shoppers import HEADER, PAGE_AFTER, Visitor, buys_here, buys_there
from tests.benchmarks.targets import judged

Step = Callable[[], dict[str, float]]
CACHE = ROOT / ".cache" / "benchmarks"
SEARCH = "tuong nam dan"
# What the search page and the engine alone are asked in turn: one word and several, rare and on every second label,
# with marks and without.
SEARCHES = (SEARCH, "mật ong", "tuong", "che xanh", "nước mắm", "gao nep", "cam vinh", "mat", "bánh đa", "ca kho")
FACET_HERE = "/san-pham/?sao=4"
FEWEST = 1_000  # goods; the p95 of more is told beside it
JOURNEYS = 10  # purchases in each shop and round


@dataclass
class Run:
    """What was asked for, and what came out."""

    goods: int
    seconds: float
    rounds: int
    attempts: int
    figures: dict[str, float] = field(default_factory=dict)
    raw: dict[str, list[dict[str, float]]] = field(default_factory=dict)

    def note(self, name: str, **values: float) -> None:
        self.raw.setdefault(name, []).append(values)

    def median(self, name: str, key: str) -> float:
        return statistics.median(row[key] for row in self.raw[name])


@dataclass(frozen=True)
class Shops:
    stock: Server
    plain: Server  # ours, nothing kept
    kept: Server  # ours as it is
    hello: Server


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextmanager
def timed(what: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    say(f"  {what}: {time.monotonic() - began:.0f} s")


def our_environment(folder: Path, database_url: str) -> dict[str, str]:
    """A demo of its own; its secrets lie beside its data, so that a second run finds them."""
    secret = folder / "secrets.json"
    if not secret.exists():
        secret.write_text(json.dumps({name: secrets.token_urlsafe(40) for name in ("key", "field", "sepay")}))
    kept = json.loads(secret.read_text())
    return {
        "DJANGO_SETTINGS_MODULE": "shop.settings.local",
        "DEMO": "1",
        "DATABASE_URL": database_url or f"sqlite:///{folder}/ours.sqlite3",
        "MEDIA_ROOT": str(folder / "media"),
        "PRIVATE_ROOT": str(folder / "private"),
        "SECRET_KEY": kept["key"],
        "FIELD_ENCRYPTION_KEY": kept["field"],
        "SEPAY_WEBHOOK_SECRET": kept["sepay"],
        "SEPAY_API_KEY": "",
        "LOG_LEVEL": "ERROR",
    }


def manage(environment: dict[str, str], *command: str) -> str:
    """Run Python in our installation's environment; returns what it said."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def prepare(run: Run, folder: Path, environment: dict[str, str]) -> Path:
    """Both shops with their goods; what is there from an earlier run is used again. Returns stock's Python."""
    say("Setting up")
    with timed("stock Oscar's environment"):
        python = stock_python(CACHE)
    stock_environment = {**os.environ, "STOCK_SHOP_DATA": str(folder), "PYTHONPATH": str(HERE)}
    with timed(f"stock Oscar with {run.goods} goods, indexed by Whoosh"):
        subprocess.run([str(python), "-m", "stock_shop.seed", str(run.goods)], env=stock_environment, check=True)
    with timed("our database and static files"):
        manage(environment, "manage.py", "demo", "--prepare")
    with timed(f"ours with {run.goods} goods"):
        manage(environment, "manage.py", "seed_demo", "--products", str(run.goods), "-v0")
    return python


def start(stack: ExitStack, python: Path, folder: Path, environment: dict[str, str]) -> Shops:
    ours = Path(sys.executable)
    target = ""  # shop.serve
    stock = running(
        "stock Oscar", python=python, target="stock_shop.wsgi:application", folder=HERE, ready="/catalogue/",
        environment={"STOCK_SHOP_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "stock_shop.settings"},
    )  # fmt: skip
    plain = running(
        "ours, nothing kept", python=ours, target=target, folder=ROOT, ready="/healthz",
        environment={**environment, "PAGE_CACHE_MB": "0"},
    )  # fmt: skip
    kept = running("ours", python=ours, target=target, folder=ROOT, environment=environment, ready="/healthz")
    hello = running(
        "30 kB string", python=ours, target="tests.benchmarks.hello:application", folder=ROOT, environment={}, ready="/"
    )
    return Shops(*(stack.enter_context(server) for server in (stock, plain, kept, hello)))


def read(server: Server, path: str) -> str:
    connection = HTTPConnection(urlsplit(server.base).netloc, timeout=120)
    connection.request("GET", path)
    text = connection.getresponse().read().decode()
    connection.close()
    return text


def links(server: Server, path: str, pattern: str) -> list[str]:
    found = list(dict.fromkeys(re.findall(pattern, read(server, path))))
    if not found:
        raise RuntimeError(f"{server.name} shows no {pattern} at {path}")
    return found


def in_turn(run: Run, steps: Sequence[tuple[str, Step]]) -> None:
    """A B A B: each step once, as often as there are rounds."""
    for _round in range(run.rounds):
        for name, step in steps:
            run.note(name, **step())


def times(server: Server, paths: Sequence[str], seconds: float) -> Step:
    def step() -> dict[str, float]:
        found = one_by_one(server.base, paths, seconds=seconds)
        return {"p50": found.p50, "p95": found.p95, "count": found.count}

    return step


def a_second(server: Server, path: str, seconds: float) -> Step:
    return lambda: {"rps": requests_a_second(server.base, path, seconds=seconds)}


def measure_pages(run: Run, shops: Shops) -> None:
    stock_product = links(shops.stock, "/catalogue/", r'href="(/catalogue/[a-z0-9-]+_\d+/)"')[0]
    stock_category = links(shops.stock, "/catalogue/", r'href="(/catalogue/category/[^"]+)"')[0]
    product = links(shops.plain, "/san-pham/", r'href="(/san-pham/[a-z0-9-]+-\d+/)"')[0]
    search = SEARCH.replace(" ", "+")
    pages = {
        "list": ("/catalogue/", "/san-pham/"),
        "category": (stock_category, FACET_HERE),
        "product": (stock_product, product),
        "search": (f"/search/?q={search}", f"/san-pham/?q={search}"),
    }
    for name, (there, here) in pages.items():
        in_turn(
            run,
            [
                (f"{name}, stock", times(shops.stock, [there], run.seconds)),
                (f"{name}, ours", times(shops.plain, [here], run.seconds)),
            ],
        )
        ours, stock = run.median(f"{name}, ours", "p50"), run.median(f"{name}, stock", "p50")
        run.figures[f"{name}, uncached: times stock"] = stock / ours
        say(f"  {name}: stock {stock:.1f} ms, ours {ours:.1f} ms (p95 {run.median(f'{name}, ours', 'p95'):.1f})")
    smaller = CACHE / f"{FEWEST}.json"
    if run.goods > FEWEST and smaller.exists():
        rounds = json.loads(smaller.read_text(encoding="utf-8"))["raw"]["list, ours"]
        before, now = statistics.median(row["p95"] for row in rounds), run.median("list, ours", "p95")
        run.figures[f"list, uncached: p95 against {FEWEST} goods"] = now / before
        say(f"  list: p95 {now:.1f} ms, with {FEWEST} goods {before:.1f} ms (kept from an earlier run)")
    for name in ("list", "product"):
        there, here = pages[name]
        for _worker in range(8):  # each has to have drawn it once
            read(shops.kept, here)
        in_turn(
            run,
            [
                ("30 kB string", a_second(shops.hello, "/", run.seconds)),
                (f"{name}, stock, at once", a_second(shops.stock, there, run.seconds)),
                (f"{name}, ours kept, at once", a_second(shops.kept, here, run.seconds)),
            ],
        )
        kept = run.median(f"{name}, ours kept, at once", "rps")
        stock, hello = run.median(f"{name}, stock, at once", "rps"), run.median("30 kB string", "rps")
        run.figures[f"{name}, cached: times stock"] = kept / stock
        run.figures[f"{name}, cached: of the 30 kB string"] = kept / hello
        say(f"  {name} kept: {kept:.0f}/s, stock {stock:.1f}/s, 30 kB string {hello:.0f}/s")


def measure_search(run: Run, shops: Shops, environment: dict[str, str]) -> None:
    """The page and the engine alone, the same words in turn; counts of facets are kept for half a minute, as in use."""
    paths = [f"/san-pham/?q={quote_plus(words)}" for words in SEARCHES]

    for path in paths * 4:  # each worker counts the facets of each question once
        read(shops.plain, path)

    def engine() -> dict[str, float]:
        told = manage(environment, "-m", "tests.benchmarks.engine", str(run.seconds), *SEARCHES)
        return dict(json.loads(told))

    in_turn(run, [("search engine alone", engine), ("search, mixed words", times(shops.plain, paths, run.seconds))])
    (engine_p50, engine_p95), (p50, p95) = (
        (run.median(name, "p50"), run.median(name, "p95")) for name in ("search engine alone", "search, mixed words")
    )
    run.figures["search, ms of p50 beyond 1.5 × engine"] = p50 - 1.5 * engine_p50
    run.figures["search, p95 against the engine's"] = p95 / engine_p95
    say(f"  search, mixed words: p50 {p50:.1f} ms, p95 {p95:.1f}; engine alone {engine_p50:.1f}, {engine_p95:.1f}")


def measure_purchase(run: Run, shops: Shops, environment: dict[str, str]) -> None:
    """Stock, ours as visitors get it, and ours with nothing kept, which draws list and product anew each time."""
    stock_goods = links(shops.stock, "/catalogue/", r'href="(/catalogue/[a-z0-9-]+_\d+/)"')
    goods = links(shops.kept, "/san-pham/?con_hang=1", r'href="(/san-pham/[a-z0-9-]+-\d+/)"')
    numbers = [path.rstrip("/").rpartition("-")[2] for path in goods]
    manage(environment, "-m", "tests.benchmarks.full_shelves", *numbers)

    def journey(buy: Callable[[str, str], Visitor], server: Server, offered: Sequence[str]) -> tuple[str, Step]:
        name = f"purchase, {server.name}"

        def step() -> dict[str, float]:
            made, before = len(run.raw.get(name, ())), server.processor_ms()
            visitor = buy(server.base, offered[made % len(offered)])
            spent = server.processor_ms() - before
            return {**visitor.steps, "whole": visitor.whole, "requests": visitor.requests, "processor": spent}

        return name, step

    steps = [
        journey(buys_there, shops.stock, stock_goods),
        journey(buys_here, shops.kept, goods),
        journey(buys_here, shops.plain, goods),
    ]
    for _worker in range(8):  # each reads its templates and data once
        buys_there(shops.stock.base, stock_goods[0])
        for server in (shops.kept, shops.plain):
            buys_here(server.base, goods[0])
    for _purchase in range(JOURNEYS):
        in_turn(run, steps)
    there, here, plain = (name for name, _step in steps)
    for figure, key, name in (
        ("guest purchase: times stock", "whole", here),
        ("guest purchase, nothing kept: times stock", "whole", plain),
        ("place order: times stock", "place order", here),
        ("page after the order: times stock", PAGE_AFTER, here),
        ("add to basket: times stock", "add to basket", here),
    ):
        stock, ours = run.median(there, key), run.median(name, key)
        run.figures[figure] = stock / ours
        say(f"  {figure.split(':')[0]}: stock {stock:.1f} ms, ours {ours:.1f} ms")
    # The clock of the processor counts in hundredths of a second: the mean of many says more than the median.
    stock, ours = (statistics.mean(row["processor"] for row in run.raw[name]) for name in (there, here))
    run.figures["guest purchase, processor time: times stock"] = stock / ours
    say(f"  guest purchase, processor time of the server, header included: stock {stock:.0f} ms, ours {ours:.0f} ms")
    asked, asks, beside = (run.median(*which) for which in ((there, "requests"), (here, "requests"), (here, HEADER)))
    say(f"  requests: stock {asked:.0f}, ours {asks:.0f}; beside them {beside:.1f} ms of header")


def measure_notices(run: Run, shops: Shops, folder: Path, environment: dict[str, str]) -> None:
    file = folder / "notices.jsonl"
    with timed(f"{run.attempts} open attempts"):
        manage(environment, "-m", "tests.benchmarks.crowd", str(run.attempts), "60", str(file))
    connection = HTTPConnection(urlsplit(shops.plain.base).netloc, timeout=60)
    taken = []
    for line in file.read_text(encoding="utf-8").splitlines():
        notice = json.loads(line)
        headers = {**notice["headers"], "Content-Type": "application/json", "Connection": "keep-alive"}
        began = time.perf_counter()
        connection.request("POST", "/webhooks/sepay/", notice["body"], headers)
        response = connection.getresponse()
        told = response.read()
        taken.append((time.perf_counter() - began) * 1_000)
        if response.status != 200:
            raise RuntimeError(f"a notice was answered with {response.status}: {told[:200]!r}")
    connection.close()
    found = times_of(taken[5:])
    run.note("SePay notice", p50=found.p50, p95=found.p95, count=found.count)
    run.figures["SePay notice, p50 ms"], run.figures["SePay notice, p95 ms"] = found.p50, found.p95
    say(f"  SePay notice at {run.attempts} open attempts: p50 {found.p50:.1f} ms, p95 {found.p95:.1f} ms")


def measure_feed_and_memory(run: Run, shops: Shops) -> None:
    for _round in range(run.rounds):
        first, last, size = first_byte(shops.plain.base, "/feeds/google.xml")
        run.note("feed", first=first, last=last, size=size)
    run.figures["feed, first byte ms"] = run.median("feed", "first")
    run.figures["memory of ours, MiB"] = shops.kept.pss_mib()
    run.figures["memory of ours with nothing kept, MiB"] = shops.plain.pss_mib()
    run.figures["memory of stock, MiB"] = shops.stock.pss_mib()
    say(f"  feed: first byte {run.figures['feed, first byte ms']:.0f} ms, all {run.median('feed', 'last'):.0f} ms")
    say(f"  memory: ours {shops.kept.pss_mib():.0f} MiB, stock {shops.stock.pss_mib():.0f} MiB")


def show(run: Run) -> bool:
    """Print the figures beside their targets; True when none is missed."""
    rows = judged(run.figures, run.goods)
    say(f"\n{'what':44} {'measured':>10} {'target':>8}")
    for target, value, verdict in rows:
        say(f"{target.figure:44} {value:10.2f} {target.bound:>8}  {verdict}")
    return all(verdict == "reached" for _target, _value, verdict in rows)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--goods", type=int, default=1_000, choices=(1_000, 10_000, 100_000))
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement (default 3)")
    parser.add_argument("--rounds", type=int, default=2, help="A B, so often (default 2)")
    parser.add_argument("--attempts", type=int, default=100_000, help="open payment attempts before the notices")
    parser.add_argument("--database-url", default="", help="of ours; SQLite when empty (stock Oscar stays on SQLite)")
    parser.add_argument("--out", type=Path, help="default .cache/benchmarks/<goods>.json")
    given = parser.parse_args()
    folder = CACHE / f"shops-{given.goods}"
    folder.mkdir(parents=True, exist_ok=True)
    environment = our_environment(folder, given.database_url)
    run = Run(given.goods, given.seconds, given.rounds, given.attempts)
    began = time.monotonic()
    python = prepare(run, folder, environment)
    say("Measuring")
    with ExitStack() as stack:
        shops = start(stack, python, folder, environment)
        measure_pages(run, shops)
        measure_search(run, shops, environment)
        measure_purchase(run, shops, environment)
        measure_notices(run, shops, folder, environment)
        measure_feed_and_memory(run, shops)
    is_reached = show(run)
    out = given.out or CACHE / f"{given.goods}.json"
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    told = {"at": datetime.now(UTC).isoformat(), "machine": machine, **asdict(run)}
    out.write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")
    say(f"\nAll of it in {time.monotonic() - began:.0f} s; written to {out}")
    return 0 if is_reached else 1


if __name__ == "__main__":
    sys.exit(main())
