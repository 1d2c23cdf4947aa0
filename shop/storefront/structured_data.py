"""What search engines read of a page beside its text: schema.org as JSON-LD, safe inside a <script> element."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.safestring import SafeString, mark_safe

# Inside <script> the parser looks only for "</script" and "<!--"; the two line separators end a line in old scripts.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def json_ld(*things: Mapping[str, Any]) -> SafeString:
    """One element with these things; data, never run, so the content policy lets it stand."""
    graph = {"@context": "https://schema.org", "@graph": list(things)}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  # escaped above


def breadcrumb_list(crumbs: Iterable[Mapping[str, str]], *, base_url: str) -> dict[str, Any]:
    """The way to the page; `crumbs` as partials/breadcrumb.html takes them."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": crumb["title"], "item": base_url + crumb["url"]}
            for position, crumb in enumerate(crumbs, start=1)
        ],
    }
