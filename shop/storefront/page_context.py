"""What every page knows: the area, the language's twin address, whether this is the demo. Nothing about the visitor."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import urlencode


def base_url(request: HttpRequest) -> str:
    """Scheme and host by which the reader came: a second commune is a second host."""
    return f"{request.scheme}://{request.get_host()}"


def language_twins(path: str) -> dict[str, str]:
    """Return the same page's path in each language: {"vi": "/x/", "en": "/en/x/"}."""
    plain = path.removeprefix("/en") if path == "/en" or path.startswith("/en/") else path
    plain = plain or "/"
    return {"vi": plain, "en": "/en" + plain}


def page_addresses(request: HttpRequest, query: list[tuple[str, str]] | None = None) -> dict[str, Any]:
    """canonical_url and alternates (vi, en, x-default) of this page; `query` is what of the query belongs to it."""
    base, tail = base_url(request), f"?{urlencode(query)}" if query else ""
    twins = language_twins(request.path)
    alternates = [(code, f"{base}{path}{tail}") for code, path in twins.items()]
    return {
        "canonical_url": f"{base}{request.path}{tail}",
        "alternates": [*alternates, ("x-default", f"{base}{twins['vi']}{tail}")],
    }


def page_context(request: HttpRequest) -> dict[str, Any]:
    commune = getattr(request, "commune", None)
    return {
        "DEMO": settings.DEMO,
        "SITE_URL": base_url(request),
        "commune": commune,
        "area_name": getattr(request, "area_name", "") or (commune.name if commune else ""),
        "language_twins": language_twins(request.path),
        **page_addresses(request),
    }
