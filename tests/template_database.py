"""A migrated database, made once per state of the migrations and copied for each test worker.

Migrating from nothing takes more than a minute; a copy takes a fraction of a second. The copy also serves to put the
baseline back after tests that really commit: a plain flush would take Wagtail's root page and locale with it.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connections

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache"


def state_key() -> str:
    """Hash of everything that shapes a freshly migrated database: our migrations, the lock, who translates content."""
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob("*/migrations/*.py")) + sorted(ROOT.glob("*/*/migrations/*.py")):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    digest.update((ROOT / "requirements.lock").read_bytes())
    return digest.hexdigest()[:16]


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "template.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _migrate(database_url: str) -> None:
    environment = {**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "shop.settings.test"}
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"migrating the template database failed:\n{done.stderr[-4000:]}")


class SqliteCopy:
    """A worker's own copy of the SQLite template, kept in memory-backed storage where the system has it."""

    def __init__(self, worker: str) -> None:
        self.template = CACHE / f"template-{state_key()}.sqlite3"
        shared_memory = Path("/dev/shm")  # noqa: S108  # only a faster place for a private folder
        base = shared_memory if shared_memory.is_dir() and os.access(shared_memory, os.W_OK) else None
        self.folder = Path(tempfile.mkdtemp(prefix="ocop-test-", dir=base))
        self.path = self.folder / f"{worker}.sqlite3"

    def prepare(self) -> None:
        with _one_at_a_time():
            if not self.template.exists():
                half_made = self.template.with_suffix(".making")
                half_made.unlink(missing_ok=True)
                _migrate(f"sqlite:///{half_made}")
                for old in CACHE.glob("template-*.sqlite3*"):
                    old.unlink()
                half_made.rename(self.template)
        connection = connections["default"]
        connection.close()
        connection.settings_dict["NAME"] = str(self.path)
        settings.DATABASES["default"]["NAME"] = str(self.path)
        connection.settings_dict["OPTIONS"] = {
            **connection.settings_dict["OPTIONS"],
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-20000;",
        }
        self.restore()

    def restore(self) -> None:
        connections["default"].close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self.template, self.path)

    def remove(self) -> None:
        connections["default"].close()
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgresCopy:
    """A worker's own database, created from the template database on the same server."""

    def __init__(self, worker: str) -> None:
        self.template = f"ocop_template_{state_key()}"
        self.name = f"ocop_test_{os.getpid()}_{worker}"

    def _run(self, *statements: str) -> list[tuple]:
        import psycopg

        parts = connections["default"].settings_dict
        rows: list[tuple] = []
        with psycopg.connect(
            dbname="postgres",
            user=parts["USER"] or None,
            password=parts["PASSWORD"] or None,
            host=parts["HOST"] or None,
            port=parts["PORT"] or None,
            autocommit=True,
        ) as connection:
            for statement in statements:
                cursor = connection.execute(statement)  # type: ignore[arg-type]
                rows = cursor.fetchall() if cursor.description else rows
        return rows

    def _url(self, name: str) -> str:
        parts = connections["default"].settings_dict
        secret = f":{parts['PASSWORD']}" if parts["PASSWORD"] else ""
        who = f"{parts['USER']}{secret}@" if parts["USER"] else ""
        port = f":{parts['PORT']}" if parts["PORT"] else ""
        return f"postgres://{who}{parts['HOST']}{port}/{name}"

    def prepare(self) -> None:
        with _one_at_a_time():
            found = self._run("SELECT datname FROM pg_database WHERE datname LIKE 'ocop_template_%'")
            names = {row[0] for row in found}
            if self.template not in names:
                half_made = "ocop_template_making"
                self._run(f'DROP DATABASE IF EXISTS "{half_made}"', f'CREATE DATABASE "{half_made}"')
                _migrate(self._url(half_made))
                drops = [f'DROP DATABASE IF EXISTS "{old}"' for old in names if old != half_made]
                self._run(*drops, f'ALTER DATABASE "{half_made}" RENAME TO "{self.template}"')
        connection = connections["default"]
        connection.close()
        connection.settings_dict["NAME"] = self.name
        connection.settings_dict["CONN_MAX_AGE"] = 0
        settings.DATABASES["default"]["NAME"] = self.name
        self.restore()

    def restore(self) -> None:
        connections["default"].close()
        with _one_at_a_time():  # PostgreSQL refuses two copies of one template at the same moment
            self._run(
                f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)',
                f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"',
            )

    def remove(self) -> None:
        connections["default"].close()
        self._run(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def copy_for(worker: str) -> SqliteCopy | PostgresCopy:
    """The copy that fits the configured database."""
    if connections["default"].vendor == "postgresql":
        return PostgresCopy(worker)
    return SqliteCopy(worker)
