"""The limit: Django that answers a string of 30 kB, with nothing around it."""

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

TEXT = b"x" * 30_000


def answer(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(TEXT)


urlpatterns = [path("", answer)]
settings.configure(
    ROOT_URLCONF=__name__, SECRET_KEY="protects nothing", ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=[], DEBUG=False
)
django.setup()
application = get_wsgi_application()
