"""Every template compiles, keeps the strict content policy and uses only drawings and rules that exist."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "templates"
# E-mails and Oscar's overrides follow other rules.
PAGES = sorted(
    str(path.relative_to(FOLDER))
    for path in FOLDER.rglob("*.html")
    if path.relative_to(FOLDER).parts[0] not in {"oscar", "messages"}
)
SPRITE = ROOT / "shop" / "static" / "shop" / "icons.svg"


@pytest.mark.parametrize("name", PAGES)
def test_template_compiles(name: str) -> None:
    get_template(name)


LETTERS = ("messages/",)  # mail programs know no style sheets; no content policy applies to them


@pytest.mark.parametrize("name", [name for name in PAGES if not name.startswith(LETTERS)])
def test_template_needs_no_inline_script_or_style(name: str) -> None:
    text = (FOLDER / name).read_text()

    assert not re.search(r"<style[ >]|\sstyle\s*=", text), "inline style"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "inline handler"
    inline = [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag and "json" not in tag]
    assert inline == []


@pytest.mark.parametrize("name", PAGES)
def test_comments_of_several_lines_are_comment_blocks(name: str) -> None:
    for line in (FOLDER / name).read_text().splitlines():
        assert line.count("{#") == line.count("#}"), f"shown to the reader: {line[:80]}"


def test_every_drawing_that_a_template_names_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text()))
    named = {icon for name in PAGES for icon in re.findall(r'{% icon "([^"]+)"', (FOLDER / name).read_text())}

    assert named - drawn == set()
