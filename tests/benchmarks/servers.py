"""The servers of a run: each granian with two workers of four threads, started, waited for, weighed and ended by us."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
START_SECONDS = 90


@dataclass(frozen=True)
class Server:
    """One running server; `process` is granian's own, its workers are the children."""

    name: str
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _pids(self) -> list[int]:
        pids = [self.process.pid]
        for pid in pids:
            children = Path(f"/proc/{pid}/task/{pid}/children")
            pids += [int(child) for child in children.read_text().split()] if children.exists() else []
        return pids

    def processor_ms(self) -> float:
        """Processor time that the server and its workers have used so far; 0 where unknown."""
        ticks = 0
        for pid in self._pids():
            stat = Path(f"/proc/{pid}/stat")
            if stat.exists():
                ticks += sum(int(field) for field in stat.read_text().rpartition(")")[2].split()[11:13])  # user, system
        return ticks * 1_000 / os.sysconf("SC_CLK_TCK")

    def pss_mib(self) -> float:
        """Memory of the server and its workers, shared pages divided among those who share them; 0 where unknown."""
        total = 0
        for pid in self._pids():
            rollup = Path(f"/proc/{pid}/smaps_rollup")
            lines = rollup.read_text().splitlines() if rollup.exists() else []
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return total / 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    name: str, *, python: Path, target: str, folder: Path, environment: Mapping[str, str], ready: str
) -> Iterator[Server]:
    """Serve `target` from `folder` until the end of the block; `ready` is an address that answers once it is up.

    An empty target stands for ours as it is served: `python -m shop.serve`.
    """
    port = free_port()
    given = {**os.environ, **environment, "SITE_URL": f"http://127.0.0.1:{port}", "LOG_LEVEL": "ERROR"}
    command = [
        str(python), "-m", *(["granian", "--interface", "wsgi", target] if target else ["shop.serve"]),
        "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "error",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=folder, env=given, stdout=subprocess.DEVNULL)
    try:
        _wait(process, port, ready, name)
        yield Server(name, port, process)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)


def _wait(process: "subprocess.Popen[bytes]", port: int, path: str, name: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{name} did not start")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return
        except OSError:
            time.sleep(0.3)
        finally:
            connection.close()
    raise RuntimeError(f"{name} does not answer at {path}")


def stock_python(cache: Path) -> Path:
    """The Python of stock Oscar's own environment, made from its lock at the first run and when the lock changes."""
    lock = HERE / "requirements.lock"
    python = cache / "venv" / "bin" / "python"
    mark = cache / "venv" / "made-from.lock"
    if mark.exists() and mark.read_bytes() == lock.read_bytes():
        return python
    shutil.rmtree(cache / "venv", ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(cache / "venv")], check=True)
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", str(lock)]
    subprocess.run([str(python), *install], check=True)
    mark.write_bytes(lock.read_bytes())
    return python
