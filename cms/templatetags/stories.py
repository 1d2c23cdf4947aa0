"""Stories on pages of the shop, which knows nothing of the CMS: `{% stories_about merchant=pk as stories %}`."""

from typing import Any

from django import template

from cms.stories import StoryCard, newest_stories, story_card

register = template.Library()


@register.simple_tag(takes_context=True)
def stories_about(context: dict[str, Any], merchant: int, most: int = 3) -> list[StoryCard]:
    """The newest stories of this site that are about a producer, in the page's language."""
    request = context.get("request")
    stories = newest_stories(request).filter(story_merchants__merchant=merchant)[:most]
    return [story_card(story, request) for story in stories]
