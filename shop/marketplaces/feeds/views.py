"""The feeds' addresses: streamed, conditional, the same for whoever asks."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.views.decorators.http import require_safe

from shop.marketplaces.feeds.google import google_feed
from shop.marketplaces.feeds.items import FeedItem, feed_etag, feed_items
from shop.marketplaces.feeds.meta import meta_feed


@require_safe
def google_xml(request: HttpRequest) -> HttpResponseBase:
    base_url = f"{request.scheme}://{request.get_host()}"
    title = f"OCOP {getattr(request, 'area_name', '')}".strip()
    feed = google_feed(_items(request, base_url), title=title, link=base_url + "/")
    return _answer(request, feed, base_url, "application/xml; charset=utf-8")


@require_safe
def meta_csv(request: HttpRequest) -> HttpResponseBase:
    base_url = f"{request.scheme}://{request.get_host()}"
    return _answer(request, meta_feed(_items(request, base_url)), base_url, "text/csv; charset=utf-8")


def _items(request: HttpRequest, base_url: str) -> Iterator[FeedItem]:
    return feed_items(getattr(request, "commune", None), base_url=base_url)


def _answer(request: HttpRequest, feed: Iterator[str], base_url: str, content_type: str) -> HttpResponseBase:
    etag = feed_etag(getattr(request, "commune", None), base_url=base_url)
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        response = StreamingHttpResponse(feed, content_type=content_type)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response
