"""`python -m shop.serve …`: granian for this site, with the application loaded before the workers part from it.

Takes granian's own options. Modules, templates, addresses and translations then lie in memory once, not once in each
worker. New code needs a new start: granian's HUP signal would only part anew from what is loaded.
"""

import gc
import sys

from django.db import connections
from django.template import engines
from django.urls import get_resolver
from django.utils import translation

DRAWN_BY_ALL = ("base.html", "storefront/catalogue.html", "storefront/product.html", "storefront/home.html")


def load() -> None:
    """Load what every worker needs, and leave nothing open that two processes must not share. May be called twice."""
    import shop.wsgi  # noqa: F401  # sets up Django

    for language in ("vi", "en"):
        with translation.override(language):
            get_resolver()._populate()  # type: ignore[attr-defined]  # else each worker does at its first address
            translation.gettext("Search")
    for name in DRAWN_BY_ALL:
        engines["django"].get_template(name)
    connections.close_all()


def main() -> None:
    from granian.cli import entrypoint

    load()
    # What is there stays: the collector need not look at it again, which would also write to it in each worker.
    gc.collect()
    gc.freeze()
    sys.argv = ["granian", "--interface", "wsgi", *sys.argv[1:], "shop.wsgi:application"]
    entrypoint()


if __name__ == "__main__":
    main()
