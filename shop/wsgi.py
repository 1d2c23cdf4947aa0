"""WSGI entry point; a deployment names its settings in DJANGO_SETTINGS_MODULE (production by default)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.production")
application = get_wsgi_application()
