"""`/media/…`: kept pictures and documents, for the demo and small installations; a larger one has its proxy do this."""

import mimetypes

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from django.views.static import serve, was_modified_since

from merchants.picture_sizes import TYPES, never_changes

FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=3600"  # Wagtail's own drawings and documents, which may come anew under the same name

for _ending, _type in TYPES.items():
    mimetypes.add_type(_type, f".{_ending}")  # Python 3.11 does not know AVIF


def cache_control(name: str) -> str:
    """How long anyone may keep a public file."""
    return FOR_EVER if never_changes(name) else A_WHILE


@require_safe
def media_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """A public file, as it is; the sizes of pictures never change, so nobody need ask for them twice."""
    response: HttpResponseBase
    if isinstance(default_storage, FileSystemStorage):
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    else:
        response = _from_bucket(request, path)
    if isinstance(response, FileResponse) or response.status_code == 304:
        response.headers["Cache-Control"] = cache_control(path)
    return response


def _from_bucket(request: HttpRequest, path: str) -> HttpResponseBase:
    try:
        kept = default_storage.open(path)
    except (FileNotFoundError, SuspiciousOperation) as error:
        raise Http404("no such file") from error
    changed_at = default_storage.get_modified_time(path).timestamp()
    if not was_modified_since(request.headers.get("If-Modified-Since"), changed_at):
        return HttpResponseNotModified()
    kind, _encoding = mimetypes.guess_type(path)
    response = FileResponse(kept, content_type=kind or "application/octet-stream")
    response.headers["Last-Modified"] = http_date(changed_at)
    return response
