"""A migrated database, made once per state of the migrations and copied for each test worker.

Migrating from nothing takes more than a minute; a copy takes a fraction of a second. Where an older template holds
nothing but a part of today's migrations, unchanged, only the new ones are run on a copy of it. The copy also serves to
put the baseline back after tests that really commit: a plain flush would take Wagtail's root page and locale with it.
"""

import contextlib
import fcntl
import hashlib
import json
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


KEPT = 6
"""Templates kept beside today's: other branches of the same work go on using theirs."""


def migration_hashes() -> dict[str, str]:
    """Path → hash of everything that shapes a freshly migrated database: our migrations and the lock."""
    folders = ("*/migrations", "*/*/migrations", "*/*/*/migrations")
    paths = [*(path for folder in folders for path in ROOT.glob(f"{folder}/*.py")), ROOT / "requirements.lock"]
    return {path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(paths)}


def state_key() -> str:
    """One short name for all of these hashes."""
    return hashlib.sha256(json.dumps(migration_hashes(), sort_keys=True).encode()).hexdigest()[:16]


def _manifest(key: str) -> Path:
    return CACHE / f"template-{key}.json"


def _best_ancestor(keys: set[str]) -> str | None:
    """The template among `keys` that needs the fewest migrations to become today's; None when none can."""
    today = migration_hashes().items()
    found: list[tuple[int, str]] = []
    for key in keys:
        if _manifest(key).exists() and (then := json.loads(_manifest(key).read_text()).items()) <= today:
            found.append((len(then), key))
    return max(found)[1] if found else None


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
                older = sorted(CACHE.glob("template-*.sqlite3"), key=lambda path: path.stat().st_mtime, reverse=True)
                ancestor = _best_ancestor({path.stem.removeprefix("template-") for path in older})
                if ancestor:
                    shutil.copyfile(CACHE / f"template-{ancestor}.sqlite3", half_made)
                _migrate(f"sqlite:///{half_made}")
                for old in older[KEPT:]:
                    old.unlink()
                _manifest(state_key()).write_text(json.dumps(migration_hashes()))
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
            found = self._run("SELECT datname FROM pg_database WHERE datname LIKE 'ocop_template_%' ORDER BY oid DESC")
            names = [row[0] for row in found]
            if self.template not in names:
                half_made = f"ocop_making_{state_key()}"
                ancestor = _best_ancestor({name.removeprefix("ocop_template_") for name in names})
                source = f' TEMPLATE "ocop_template_{ancestor}"' if ancestor else ""
                self._run(f'DROP DATABASE IF EXISTS "{half_made}"', f'CREATE DATABASE "{half_made}"{source}')
                _migrate(self._url(half_made))
                drops = [f'DROP DATABASE IF EXISTS "{old}"' for old in names[KEPT:]]
                _manifest(state_key()).write_text(json.dumps(migration_hashes()))
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
