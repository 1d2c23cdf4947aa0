"""Whose pages an editor may change: those of the communes that her membership names, and those of no commune.

Wagtail's group "Editors" says what editors do; this says where. The platform's staff write everywhere. Pictures and
files are one library for all.
"""

from typing import Any

from django.db.models import QuerySet
from wagtail.models import Page, PagePermissionTester

from merchants.models import Membership
from merchants.permissions import grants_of
from shop.storefront.models import SiteCommune

_HOME_PATH = 8  # characters of a page's path down to the front page above it: the root's step and its own


def foreign_homes(user: Any) -> frozenset[str]:
    """Paths of the front pages (in every language) of sites that belong to communes where this person is no editor.

    Read once for each user object, which lives as long as a request.
    """
    if user.is_superuser or user.is_staff:
        return frozenset()
    known: frozenset[str] | None = getattr(user, "_foreign_homes", None)
    if known is None:
        roles = grants_of(user).commune_roles
        own = [commune for commune, given in roles.items() if Membership.Role.EDITOR in given]
        foreign = SiteCommune.objects.exclude(commune_id__in=own).values("site__root_page__translation_key")
        known = frozenset(Page.objects.filter(translation_key__in=foreign, depth=2).values_list("path", flat=True))
        user._foreign_homes = known
    return known


def may_edit_site(user: Any, site_pk: int) -> bool:
    """Whether the settings of that site are hers to change."""
    homes = foreign_homes(user)
    return not Page.objects.filter(sites_rooted_here=site_pk, path__in=homes).exists()


def without_foreign(pages: "QuerySet[Page]", user: Any) -> "QuerySet[Page]":
    """The pages that are not below another commune's front page."""
    for home in foreign_homes(user):
        pages = pages.exclude(path__startswith=home)
    return pages


class OwnCommunesOnly(PagePermissionTester):  # type: ignore[misc]
    """Wagtail's answers, and none at all for another commune's page."""

    def __init__(self, user: Any, page: Page) -> None:
        super().__init__(user, page)
        if page.path[:_HOME_PATH] in foreign_homes(user):
            self.permissions: set[str] = set()
