"""The two addresses that letters link to, without the rest of the site."""

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def page(_request: HttpRequest, **_kwargs: str) -> HttpResponse:
    return HttpResponse()


urlpatterns = i18n_patterns(
    path("quan-ly/", include(([path("", page, name="home")], "workspace"))),
    path("mua/", include(([path("<str:token>/", page, name="purchase")], "purchase"))),
    prefix_default_language=False,
)
