"""Wagtail finds models here; pages stand in cms.pages, what belongs to a whole site in cms.site_settings."""

from cms.pages import GuidePage, HomePage, PolicyPage, StoryIndexPage, StoryMerchant, StoryPage, StoryProduct
from cms.site_settings import SiteOwner

__all__ = [
    "GuidePage",
    "HomePage",
    "PolicyPage",
    "SiteOwner",
    "StoryIndexPage",
    "StoryMerchant",
    "StoryPage",
    "StoryProduct",
]
