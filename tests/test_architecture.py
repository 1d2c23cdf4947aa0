"""Who may import whom: the contracts hold, and each of them really catches what it forbids."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("merchants", "catalogue", "shop", "cms")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env={"PYTHONPATH": "."})


@pytest.fixture
def copied_tree(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_tree_keeps_its_import_rules() -> None:
    result = lint_imports(ROOT)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "forbidden_import", "contract"),
    [
        ("merchants/folding.py", "import catalogue.search_probe", "cms over shop over catalogue over merchants"),
        ("catalogue/managers.py", "import shop.request_log", "cms over shop over catalogue over merchants"),
        ("shop/request_log.py", "import cms.apps", "cms over shop over catalogue over merchants"),
        ("shop/payments/models.py", "import shop.purchase.models", "inside shop, downward only"),
        ("shop/outbox/errors.py", "import shop.messages.channels", "inside shop, downward only"),
        ("shop/order/reference.py", "import shop.partner.models", "inside shop, downward only"),
        ("merchants/money.py", "import oscar", "the register knows Django only"),
        ("merchants/money.py", "import wagtail", "the register knows Django only"),
        ("merchants/money.py", "import httpx", "the register knows Django only"),
    ],
)
def test_a_forbidden_import_breaks_its_contract(
    copied_tree: Path, module: str, forbidden_import: str, contract: str
) -> None:
    (copied_tree / "catalogue" / "search_probe.py").write_text("")
    path = copied_tree / module
    path.write_text(f"{forbidden_import}\n{path.read_text()}")

    result = lint_imports(copied_tree)

    assert result.returncode == 1
    assert f"{contract} BROKEN" in result.stdout
