"""WSGI entry point; a deployment names its settings in DJANGO_SETTINGS_MODULE (production by default)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.production")
_django = get_wsgi_application()  # sets Django up, which what follows needs

from shop.storefront.front_door import FrontDoor  # noqa: E402

application = FrontDoor(_django)
