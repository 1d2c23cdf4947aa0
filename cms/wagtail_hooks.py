"""Wagtail's admin, made ours: choosers for goods and producers, fewer menus, moves and copies that would mislead."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.models import Page

from cms.addresses import is_reserved, reserved_message
from cms.choosers import merchant_chooser, product_chooser
from cms.pages import PolicyPage
from cms.search_words import search_group, vain_search_menu_item
from cms.search_words import urlpatterns as search_word_addresses


@hooks.register("register_admin_viewset")
def choosers() -> list[ChooserViewSet]:
    return [product_chooser, merchant_chooser]


@hooks.register("register_admin_viewset")
def search_words() -> ViewSetGroup:
    return search_group


@hooks.register("register_search_menu_item")
def vain_searches_in_menu() -> MenuItem:
    return vain_search_menu_item()


@hooks.register("register_admin_urls")
def vain_search_addresses() -> list[URLPattern]:
    return search_word_addresses


@hooks.register("construct_settings_menu")
def hide_what_belongs_elsewhere(_request: HttpRequest, menu_items: list[Any]) -> None:
    """People and their rights are kept in memberships, not in Wagtail's own user screens."""
    menu_items[:] = [item for item in menu_items if item.name not in {"users", "groups", "workflows", "workflow-tasks"}]


@hooks.register("construct_help_menu")
def no_help_in_english_elsewhere(_request: HttpRequest, menu_items: list[Any]) -> None:
    """Wagtail's help stands on a foreign site and in English."""
    menu_items.clear()


@hooks.register("before_move_page")
def refuse_move_to_reserved_address(
    request: HttpRequest, page_to_move: Page, destination_page: Page
) -> HttpResponse | None:
    if is_reserved(slug=page_to_move.slug, depth=destination_page.depth + 1):
        messages.error(request, reserved_message(page_to_move.slug))
        return redirect("wagtailadmin_pages:move", page_to_move.pk)
    return None


@hooks.register("before_copy_page")
def refuse_copy_of_policy(request: HttpRequest, page: Page) -> HttpResponse | None:
    """There is one page of each kind; a copy, published by mistake, would be the wording that buyers accept."""
    if issubclass(page.specific_class, PolicyPage):
        messages.error(request, _("There is one page of each kind of policy; it cannot be copied, only translated."))
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None
