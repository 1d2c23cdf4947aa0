"""The newest stories as an Atom feed, one per language; readers' programs and other sites take it up by themselves."""

from datetime import datetime, time

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext
from wagtail.models import Site

from cms.stories import newest_stories
from shop.storefront.public_page import public_page

STORIES = 30


@public_page(reads=())
def news_feed(request: HttpRequest) -> HttpResponse:
    site = Site.find_for_request(request)
    title = site.root_page.localized.title if site else gettext("Country Market")
    feed = Atom1Feed(
        title=title,
        link=request.build_absolute_uri(reverse("home")),
        description="",
        language=get_language(),
        feed_url=request.build_absolute_uri(),
    )
    for story in newest_stories(request)[:STORIES]:
        day = timezone.make_aware(datetime.combine(story.date, time.min))  # the day as it is here
        feed.add_item(
            title=story.title,
            link=request.build_absolute_uri(story.get_url(request)),
            description=story.intro,
            author_name=story.author or None,
            unique_id=f"urn:uuid:{story.translation_key}:{story.locale_id}",
            pubdate=day,
            updateddate=story.last_published_at or day,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=f"{feed.content_type.split(';')[0]}; charset=utf-8")
