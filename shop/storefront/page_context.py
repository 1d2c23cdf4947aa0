"""What every page knows: the area, the language's twin address, whether this is the demo. Nothing about the visitor."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def language_twins(path: str) -> dict[str, str]:
    """Return the same page's path in each language: {"vi": "/x/", "en": "/en/x/"}."""
    plain = path.removeprefix("/en") if path == "/en" or path.startswith("/en/") else path
    plain = plain or "/"
    return {"vi": plain, "en": "/en" + plain}


def page_context(request: HttpRequest) -> dict[str, Any]:
    twins = language_twins(request.path)
    commune = getattr(request, "commune", None)
    return {
        "DEMO": settings.DEMO,
        "SITE_URL": settings.SITE_URL,
        "commune": commune,
        "area_name": getattr(request, "area_name", "") or (commune.name if commune else ""),
        "language_twins": twins,
        "canonical_url": settings.SITE_URL + request.path,
        "alternates": [(code, settings.SITE_URL + path) for code, path in twins.items()],
    }
