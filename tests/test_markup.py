"""Every page, in both languages, is well-formed: parsed strictly, where a browser would silently repair it."""

import re
from collections import Counter
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.urls import reverse
from django.utils import translation
from html5lib.html5parser import ParseError

from tests.factories.catalogue import give_picture
from tests.test_access import ACCESS, World
from tests.test_access import world as world  # noqa: PLC0414  # the fixture

pytestmark = pytest.mark.django_db

PICTURE = "photos/2026/11/5f0c-1600x1200-c8a47e-1a.jpg"
ROLES = ("anonymous", "owner", "officer", "head_officer", "staff", "buyer")  # the first that may see it does
LABELLED = {"input", "select", "textarea", "button", "output", "meter", "progress"}
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "form", "list")


def parsed(text: str) -> Element:
    """The tree of a page, or of the part of one; ParseError names what a browser would have repaired."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    try:
        if text.lstrip().lower().startswith("<!doctype"):
            return parser.parse(text)
        return parser.parseFragment(text)
    except ParseError as error:
        (line, column), code, facts = parser.errors[-1]
        around = "\n".join(text.splitlines()[max(0, line - 2) : line + 1])
        raise AssertionError(f"{code} {facts} at {line}:{column}\n{around}") from error


def faults(tree: Element) -> list[str]:
    """What a parser forgives and readers do not: ids given twice, labels of nothing, pictures without a size."""
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    ids = Counter(element.get("id") for element in elements if element.get("id"))
    found = [f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1]
    is_page = any(element.tag == "body" for element in elements)
    for element in elements:
        if element.tag == "label" and (element.get("for") == "" or any(inner.tag == "label" for inner in element[:])):
            found.append("<label> of nothing, or around others")
        if element.tag == "label" and sum(1 for inner in element.iter() if inner.tag in LABELLED) > 1:
            found.append("<label> of several fields")
        for attribute in REFERENCES if is_page else ():
            if element.tag == "output" and attribute == "for":
                continue
            missing = [name for name in element.get(attribute, "").split() if name not in ids]
            found += [f"<{element.tag} {attribute}> names {name!r}, which is not there" for name in missing]
        if element.tag == "img":
            size = (element.get("width", ""), element.get("height", ""))
            if not all(re.fullmatch(r"[1-9]\d*", side) for side in size):
                found.append(f"<img src={element.get('src')!r}> without width and height")
            if "alt" not in element.attrib:
                found.append(f"<img src={element.get('src')!r}> without alt")
        if "style" in element.attrib:
            found.append(f"<{element.tag} style>")
        # htmx reads both spellings; HTML knows only the longer one
        found += [f"<{element.tag} {name}>: data-{name}" for name in element.attrib if str(name).startswith("hx-")]
    if is_page:
        titles = [element for element in elements if element.tag == "h1"]
        found += [f"{len(titles)} h1"] if len(titles) != 1 else []
        html = next(element for element in elements if element.tag == "html")
        found += [] if html.get("lang") in {"vi", "en"} else ["no language"]
    return found


@pytest.fixture
def furnished(world: World) -> World:
    """The world with pictures."""
    give_picture(world.scene.product, name=PICTURE)
    world.scene.merchant.portrait = PICTURE
    world.scene.merchant.save()
    return world


@pytest.mark.parametrize("name", sorted(name for name, access in ACCESS.items() if access.method == "get"))
def test_page_is_well_formed_in_both_languages(name: str, furnished: World) -> None:
    access = ACCESS[name]
    role = next((role for role in ROLES if role in access.allowed), sorted(access.allowed)[0])
    client = furnished.client(role)
    for language in ("vi", "en"):
        with translation.override(language):
            path = reverse(name, kwargs=access.key(furnished))

        response = client.get(path, follow=True)

        if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
            continue
        assert faults(parsed(response.content.decode())) == [], path


@pytest.mark.parametrize("path", ["/khong-co/", "/en/khong-co/", "/san-pham/khong-co-99999999/", "/ma/AAAAAAAA/"])
def test_what_is_not_there_is_well_formed_too(path: str, client: Any) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert faults(parsed(response.content.decode())) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<!DOCTYPE html><title>x</title><p><div></p>", "unexpected-end-tag"),
        ("<!DOCTYPE html><title>x</title><p class=a class=b>", "duplicate-attribute"),
    ],
)
def test_the_parser_is_strict(text: str, fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        parsed(text)


def test_the_second_look_finds_what_the_parser_forgives() -> None:
    page = (
        '<!DOCTYPE html><html lang="vi"><title>x</title><h1>a</h1><h1>b</h1><p id="a"></p><p id="a"></p>'
        '<label for="b">B</label><img src="x.jpg" width="10"><a hx-get="/">c</a><label for=""><input><input></label>'
    )

    assert faults(parsed(page)) == [
        "id 'a' stands 2 times",
        "<label for> names 'b', which is not there",
        "<img src='x.jpg'> without width and height",
        "<img src='x.jpg'> without alt",
        "<a hx-get>: data-hx-get",
        "<label> of nothing, or around others",
        "<label> of several fields",
        "2 h1",
    ]
