"""The language of a page follows from its path alone: Vietnamese without prefix, English under /en/.

Django's LocaleMiddleware also looks at headers and adds `Vary: Accept-Language`, which would split the public cache.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


def language_of_path(path: str) -> str:
    return "en" if path == "/en" or path.startswith("/en/") else settings.LANGUAGE_CODE


class LanguageFromPathMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of_path(request.path_info)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
