"""Every name that Oscar's dashboard and e-mails reverse leads somewhere; Oscar's own shop is not routed."""

import re
from pathlib import Path

import oscar
import pytest
from django.test import Client
from django.urls import get_resolver, reverse

NAME = re.compile(r"""\{%\s*url\s+['"]([a-z_]+:[a-z-]+|password-reset[a-z-]*)['"]""")


def names_in_oscars_templates() -> list[str]:
    folder = Path(oscar.__file__).parent / "templates" / "oscar"
    found: set[str] = set()
    for part in ("dashboard", "partials"):
        for path in (folder / part).rglob("*.html"):
            found |= set(NAME.findall(path.read_text(encoding="utf-8")))
    for path in folder.glob("*.html"):
        found |= set(NAME.findall(path.read_text(encoding="utf-8")))
    return sorted(found)


def test_every_name_in_the_dashboards_templates_is_routed() -> None:
    names = names_in_oscars_templates()
    known: set[str] = set()

    def collect(resolver: object, prefix: str) -> None:
        for pattern in resolver.url_patterns:  # type: ignore[attr-defined]
            if hasattr(pattern, "url_patterns"):
                space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
                collect(pattern, space)
            elif pattern.name:
                known.add(prefix + pattern.name)

    collect(get_resolver(), "")

    assert len(names) > 50
    assert [name for name in names if name not in known] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "arguments", "target"),
    [
        ("catalogue:index", {}, "/san-pham/"),
        ("basket:summary", {}, "/gio-hang/"),
        ("checkout:shipping-address", {}, "/thanh-toan/"),
        ("search:search", {}, "/san-pham/"),
        ("customer:login", {}, "/tai-khoan/login/"),
        ("offer:detail", {"slug": "x"}, "/san-pham/"),
    ],
)
def test_oscars_pages_lead_on_to_ours(client: Client, name: str, arguments: dict[str, str], target: str) -> None:
    response = client.get(reverse(name, kwargs=arguments))

    assert response.status_code == 302
    assert response.headers["Location"] == target
