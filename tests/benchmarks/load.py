"""Asking: one after the other for times, eight at once for requests a second (wrk where it is installed)."""

import http.client
import re
import shutil
import statistics
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

AT_ONCE = 8
LONGEST_SECONDS = 60
ACCEPTED = "gzip, deflate, br"  # as every browser says it; the servers that do not compress send the same as without


@dataclass(frozen=True)
class Times:
    """Milliseconds of single requests, one after the other."""

    p50: float
    p95: float
    count: int


def times_of(milliseconds: Sequence[float]) -> Times:
    ordered = sorted(milliseconds)
    return Times(statistics.median(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], len(ordered))


def one_by_one(base: str, paths: Sequence[str], *, seconds: float, least: int = 5) -> Times:
    """Ask for the paths in turn on one connection for so long, and at least so often."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=120)
    taken: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(taken) < least:
        began = time.perf_counter()
        connection.request("GET", paths[len(taken) % len(paths)], headers={"Connection": "keep-alive"})
        response = connection.getresponse()
        response.read()
        taken.append((time.perf_counter() - began) * 1_000)
        if response.status != 200:
            raise RuntimeError(f"{base}{paths[(len(taken) - 1) % len(paths)]} answered {response.status}")
    connection.close()
    return times_of(taken)


def requests_a_second(base: str, path: str, *, seconds: float) -> float:
    """With eight connections at once; what answers nothing in the time is given three times as long."""
    found = _by_wrk(base + path, seconds) if shutil.which("wrk") else _by_threads(base, path, seconds)
    if found or seconds > LONGEST_SECONDS:
        return found
    return requests_a_second(base, path, seconds=seconds * 3)


def _by_wrk(address: str, seconds: float) -> float:
    command = [
        "wrk",
        "-t1",
        f"-c{AT_ONCE}",
        f"-d{max(1, round(seconds))}s",
        "--timeout",
        "60s",
        "-H",
        f"Accept-Encoding: {ACCEPTED}",
        address,
    ]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in told:
        raise RuntimeError(f"{address} did not always answer 200:\n{told}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", told)
    if found is None:
        raise RuntimeError(f"wrk said nothing of {address}:\n{told}")
    return float(found[1])


def _by_threads(base: str, path: str, seconds: float) -> float:
    counts = [0] * AT_ONCE
    end = time.perf_counter() + seconds

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=120)
        while time.perf_counter() < end:
            connection.request("GET", path, headers={"Accept-Encoding": ACCEPTED})
            response = connection.getresponse()
            response.read()
            counts[number] += response.status == 200
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(AT_ONCE)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


def first_byte(base: str, path: str) -> tuple[float, float, int]:
    """Milliseconds to the first byte of the text and to the last, and its bytes."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=300)
    began = time.perf_counter()
    connection.request("GET", path)
    response = connection.getresponse()
    size = len(response.read(1))
    first = (time.perf_counter() - began) * 1_000
    while chunk := response.read(65_536):
        size += len(chunk)
    last = (time.perf_counter() - began) * 1_000
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}")
    return first, last, size
