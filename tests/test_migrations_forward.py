"""Databases of earlier parts migrate forward to exactly what a new installation gets."""

import gzip
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.template_database import CACHE, ROOT, state_key

SAMPLES = sorted((ROOT / "tests" / "samples" / "schema").glob("*.sqlite3.gz"))
pytestmark = pytest.mark.sqlite


def schema_of(path: Path) -> dict[str, str]:
    """Every table, index and trigger with its definition, white space and quoting evened out."""
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT type || ' ' || name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: re.sub(r'[\s"]+', " ", sql).strip() for name, sql in rows}


def applied_in(path: Path) -> set[tuple[str, str]]:
    with sqlite3.connect(path) as connection:
        return set(connection.execute("SELECT app, name FROM django_migrations"))


@pytest.fixture(scope="module")
def from_nothing(django_db_setup: None) -> Path:
    template = CACHE / f"template-{state_key()}.sqlite3"
    assert template.exists()
    return template


@pytest.mark.django_db
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name.partition(".")[0])
def test_an_earlier_database_migrates_to_what_a_new_one_is(sample: Path, tmp_path: Path, from_nothing: Path) -> None:
    old = tmp_path / "old.sqlite3"
    old.write_bytes(gzip.decompress(sample.read_bytes()))
    before = applied_in(old)

    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{old}",
        "DJANGO_SETTINGS_MODULE": "shop.settings.test",
    }
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-2000:]
    assert before <= applied_in(from_nothing), "a migration that has run elsewhere was renamed or removed"
    assert applied_in(old) == applied_in(from_nothing)
    assert schema_of(old) == schema_of(from_nothing)


def test_there_is_a_database_of_each_finished_part() -> None:
    assert [path.name for path in SAMPLES] == ["part-1.sqlite3.gz"]
