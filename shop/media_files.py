"""`/media/…`: kept pictures and documents, for the demo and small installations; a larger one has its proxy do this."""

import mimetypes

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

from merchants.picture_sizes import TYPES, never_changes

FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=3600"  # Wagtail's own drawings and documents, which may come anew under the same name

for _ending, _type in TYPES.items():
    mimetypes.add_type(_type, f".{_ending}")  # Python 3.11 does not know AVIF


@require_safe
def media_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """A file of MEDIA_ROOT, as it is; the sizes of pictures never change, so nobody need ask for them twice."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    if isinstance(response, FileResponse) or response.status_code == 304:
        response.headers["Cache-Control"] = FOR_EVER if never_changes(path) else A_WHILE
    return response
