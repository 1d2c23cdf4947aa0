"""Wagtail's admin, made ours: choosers for goods and producers, fewer menus, moves and copies that would mislead."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.contrib.settings.views import EditView
from wagtail.models import Page

from cms.addresses import is_reserved, reserved_message
from cms.choosers import merchant_chooser, product_chooser
from cms.editing_rights import may_edit_site, without_foreign
from cms.pages import GuidePage, HomePage, PolicyPage, StoryIndexPage
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


class FirstSteps(Component):
    """What an editor comes for, as buttons on her first screen."""

    name = "first_steps"
    order = 10
    template_name = "cms/admin/first_steps.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        vietnamese = Page.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
        return {
            "stories": vietnamese.type(StoryIndexPage).order_by("path").first(),
            "guides": vietnamese.type(GuidePage).order_by("path").first(),
            "home": vietnamese.type(HomePage).order_by("path").first(),
        }


@hooks.register("construct_homepage_panels")
def show_first_steps(_request: HttpRequest, panels: list[Any]) -> None:
    panels.append(FirstSteps())


@hooks.register("construct_page_action_menu")
def publish_first(menu_items: list[Any], _request: HttpRequest, _context: dict[str, Any]) -> None:
    """Drafts save themselves; the one press that is left to do must not hide under an arrow."""
    menu_items.sort(key=lambda item: item.name != "action-publish")


@hooks.register("construct_explorer_page_queryset")
def only_pages_of_her_communes(_parent: Page, pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    return without_foreign(pages, request.user)


class OwnSettingsView(EditView):
    """Wagtail's form for a site's settings; another commune's site is not there."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_edit_site(request.user, kwargs["pk"]):
            raise Http404("another commune's site")
        return super().dispatch(request, *args, **kwargs)


@hooks.register("register_admin_urls", order=-1)  # before Wagtail's own, which asks nothing about the site
def settings_of_her_communes() -> list[URLPattern]:
    return [path("settings/<slug:app_name>/<slug:model_name>/<int:pk>/", OwnSettingsView.as_view())]


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
