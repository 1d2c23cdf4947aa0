"""Stories as cards: what lists and the front page show of them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.models import Site

from cms.pages import StoryPage
from cms.pictures import picture_of
from merchants.shown_pictures import ShownPicture


@dataclass(frozen=True)
class StoryCard:
    title: str
    intro: str
    url: str
    date: date
    picture: ShownPicture | None


def newest_stories(request: HttpRequest | None) -> QuerySet[StoryPage]:
    """Live stories of the request's site in the page's language, newest first; none outside a site."""
    stories = StoryPage.objects.live().select_related("picture")
    site = Site.find_for_request(request) if request is not None else None
    if site is None:
        return stories.none()
    return stories.descendant_of(site.root_page.localized).order_by("-date", "-pk")


def story_card(story: StoryPage, request: HttpRequest | None) -> StoryCard:
    """The picture beside the words is decoration: its alternative text stays empty."""
    return StoryCard(
        title=story.title,
        intro=story.intro,
        url=story.get_url(request),
        date=story.date,
        picture=picture_of(story.picture, alt=""),
    )
