"""`manage.py demo`: the whole installation on one machine, from an empty folder to a shop that answers."""

import contextlib
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from shop.translations import PACKAGES, compile_catalogues


class Command(BaseCommand):
    help = "Prepare the database, seed it once, start worker and site; --reset throws the demo's data away."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--reset", action="store_true", help="Delete the demo's database and files, start nothing.")
        parser.add_argument("--prepare", action="store_true", help="Migrate, seed and collect, start nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is off (DEMO=0): nothing is seeded or started here.")
        if options["reset"]:
            self.reset()
            return
        self.prepare()
        if not options["prepare"]:
            self.serve(options["port"])

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def reset(self) -> None:
        """Delete what the demo made. Only the demo's own SQLite file and media folder are touched."""
        database = settings.DATABASES["default"]
        if connection.vendor != "sqlite":
            raise CommandError("DATABASE_URL names a server: drop that database yourself.")
        for suffix in ("", "-wal", "-shm"):
            Path(f"{database['NAME']}{suffix}").unlink(missing_ok=True)
        shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
        shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
        self.say("The demo's data is gone. `make demo` begins anew.")

    def prepare(self) -> None:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        compile_catalogues()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.say("Making the database (once, about a minute) …")
            call_command("migrate", verbosity=0)
        if not get_user_model().objects.exists():
            self.say("Seeding the demo: communes, producers, goods, pictures, orders …")
            call_command("seed_demo", verbosity=0)
        self.collect_static_files()

    def collect_static_files(self) -> None:
        """Hash and compress them, unless what is there was made from the same files."""
        mark = settings.STATIC_ROOT / "made-from.txt"
        state = self.static_state()
        if mark.exists() and mark.read_text() == state:
            return
        self.say("Collecting static files (once per change) …")
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        mark.write_text(state)

    def static_state(self) -> str:
        """A hash of our static files and of the lock, which fixes everyone else's."""
        digest = hashlib.sha256((settings.BASE_DIR / "requirements.lock").read_bytes())
        for folder in (settings.BASE_DIR / package / "static" for package in PACKAGES):
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()

    def serve(self, port: int) -> None:
        """Run worker and web server until Ctrl-C or SIGTERM; both end with us."""
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "shop.settings.local"}
        environment.setdefault("SITE_URL", f"http://localhost:{port}")
        environment.setdefault("LOG_LEVEL", "WARNING")
        self.refuse_taken_port(port)
        connection.close()
        # Sessions of their own: ending one ends its children too, and Ctrl-C reaches only us.
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "worker"], cwd=settings.BASE_DIR, env=environment, start_new_session=True
        )  # noqa: S603
        web = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "shop.serve", "--host", "127.0.0.1", "--port", str(port),
             "--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"],
            cwd=settings.BASE_DIR,
            env=environment,
            start_new_session=True,
        )  # fmt: skip
        children = (web, worker)

        def stop(_signal: int, _frame: FrameType | None) -> None:
            raise KeyboardInterrupt

        signal.signal(signal.SIGTERM, stop)
        try:
            self.wait_until_it_answers(web, port)
            call_command("demo_guide", port=port)
            while all(child.poll() is None for child in children):
                time.sleep(0.5)
            raise CommandError("The worker or the web server ended by itself; its last words stand above.")
        except KeyboardInterrupt:
            self.say("\nStopping …")
        finally:
            for child in children:
                if child.poll() is None:
                    child.send_signal(signal.SIGTERM)
            for child in children:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(15)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)

    def refuse_taken_port(self, port: int) -> None:
        """The web server would share a taken port with whoever has it, and visitors would meet either."""
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} is taken. Stop what runs there, or: make demo PORT={port + 1}"
                ) from error

    def wait_until_it_answers(self, web: subprocess.Popen[bytes], port: int) -> None:
        for _attempt in range(600):
            if web.poll() is not None:
                raise CommandError(f"The web server did not start; is port {port} taken? Try make demo PORT=8001.")
            try:
                with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):  # noqa: S310  # our own loopback address
                    return
            except (URLError, OSError):
                time.sleep(0.2)
        raise CommandError("The web server does not answer.")
