"""How long answers are cut into pages."""

from typing import Annotated

from django.utils.translation import gettext_noop
from ninja import Query, Schema

LARGEST_PAGE = 100

PageNumber = Annotated[int, Query(1, ge=1, le=1_000, description=gettext_noop("Which page, from 1."))]
PageSize = Annotated[int, Query(20, ge=1, le=LARGEST_PAGE, description=gettext_noop("How many on a page, up to 100."))]


class CommuneOut(Schema):
    """A commune of today by its official code."""

    code: str
    name: str


def cut(page: int, page_size: int) -> slice:
    """The slice of a queryset that makes this page."""
    return slice((page - 1) * page_size, page * page_size)
