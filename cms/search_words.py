"""What editors do for the search: words that mean the same, and what people searched for in vain."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import CreateView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from catalogue.models import SynonymGroup
from catalogue.synonyms import load_synonyms
from catalogue.words import search_words
from shop.storefront.vain_searches import LISTED_DAYS, forget_vain_words, vain_words

VAIN_SEARCHES = "cms_vain_searches"
_SEE = "storefront.view_vainsearch"
_CLEAR = "storefront.delete_vainsearch"


class SynonymCreateView(CreateView):
    """Takes the first words from the address: the list of vain searches links here."""

    def get_initial(self) -> dict[str, Any]:
        words = search_words(self.request.GET.get("words", ""))[:80]
        return {**super().get_initial(), **({"words": f"{words}, "} if words else {})}


class SynonymViewSet(ModelViewSet):
    model = SynonymGroup
    name = "synonyms"
    icon = "search"
    menu_label = gettext_lazy("Same meaning")
    form_fields = ["words"]
    list_display = ["words"]
    search_fields = ["words"]
    search_backend_name = None
    add_view_class = SynonymCreateView
    copy_view_enabled = False


class VainSearchMenuItem(MenuItem):
    """Shown to whoever may see the list."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(_SEE))  # type: ignore[union-attr]


synonyms = SynonymViewSet()


class SearchGroup(ViewSetGroup):
    menu_label = gettext_lazy("Shop search")
    menu_icon = "search"
    menu_order = 350
    items = (synonyms,)
    submenu_hook = "register_search_menu_item"


search_group = SearchGroup()


def vain_search_menu_item() -> MenuItem:
    return VainSearchMenuItem(_("Searched for in vain"), reverse(VAIN_SEARCHES), name="vain-searches", icon_name="help")


@require_http_methods(["GET", "HEAD", "POST"])
def vain_searches(request: HttpRequest) -> HttpResponse:
    """The list, most wanted first; a POST takes words off it."""
    if not request.user.has_perm(_SEE):
        raise PermissionDenied
    if request.method == "POST":
        if not request.user.has_perm(_CLEAR):
            raise PermissionDenied
        words = request.POST.get("words", "")
        if forget_vain_words(words):
            messages.success(request, _("“%(words)s” is off the list.") % {"words": words})
        return redirect(VAIN_SEARCHES)
    known = load_synonyms().others
    add = reverse(synonyms.get_url_name("add"))
    rows = [
        {
            "words": found.words,
            "times": found.times,
            "last_day": found.last_day,
            "has_synonym": tuple(found.words.split()) in known,
            "add_url": f"{add}?{urlencode({'words': found.words})}",
            "search_url": f"{reverse('storefront:catalogue')}?{urlencode({'q': found.words})}",
        }
        for found in vain_words(today=timezone.localdate())
    ]
    context = {
        "rows": rows,
        "days": LISTED_DAYS,
        "may_add": request.user.has_perm("catalogue.add_synonymgroup"),
        "may_clear": request.user.has_perm(_CLEAR),
    }
    return render(request, "cms/vain_searches.html", context)


urlpatterns: list[URLPattern] = [path("vain-searches/", vain_searches, name=VAIN_SEARCHES)]
