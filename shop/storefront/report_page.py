"""`/san-pham/<slug>-<id>/phan-anh/`: a visitor says that something is wrong with a listing; officers read it."""

from typing import Any

from allauth.core.internal import ratelimit
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from catalogue.listing_reports import ReportRefused, report_listing
from catalogue.models import ListingReport, Product
from merchants.shown_pictures import shown_picture
from shop.purchase.web.same_site import same_site_only
from shop.storefront.cards import product_url
from shop.storefront.public_page import public_page

LIMITS = {"listing_report": "5/h/ip"}


class ReportForm(forms.Form):
    """`website` is for machines that fill in everything; people do not see it."""

    reason = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=ListingReport.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong.")},
    )
    text = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Tell us in a few words what is wrong.")},
    )
    contact = forms.CharField(
        label=_("Phone or e-mail, should we ask back"),
        required=False,
        max_length=120,
        help_text=_("Only the commune's officers read it; it is deleted when the report is closed."),
        widget=forms.TextInput({"autocomplete": "tel"}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == ListingReport.Reason.OTHER and not cleaned.get("text"):
            self.add_error("text", self.fields["text"].error_messages["required"])
        return cleaned


def _find_product(request: HttpRequest, pk: int) -> Product:
    products = Product.objects.public(getattr(request, "commune", None)).select_related("merchant__commune")
    product = products.filter(pk=pk).first()
    if product is None:
        raise Http404("no such goods here")
    return product


def _context(product: Product, form: ReportForm | None) -> dict[str, Any]:
    image = product.images.order_by("display_order", "pk").first()
    return {
        "section": "catalogue",
        "product": {
            "slug": product.slug,
            "pk": product.pk,
            "name": product.title,
            "url": product_url(slug=product.slug, pk=product.pk),
            "seller": product.merchant.name,
            "picture": shown_picture(image.original.name if image else ""),
        },
        "form": form,
    }


@public_page(reads=())
def show(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The empty form; the address leads nowhere for goods that are not on sale here."""
    return render(request, "storefront/report.html", _context(_find_product(request, pk), ReportForm()))


@public_page(reads=())
def thanks(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return render(request, "storefront/report.html", _context(_find_product(request, pk), None))


@never_cache
@require_POST
@same_site_only
def send(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Keep the report; the form again, with what is missing, as 422; too many from one place as 429."""
    product, form = _find_product(request, pk), ReportForm(request.POST)
    if not form.is_valid():
        return render(request, "storefront/report.html", _context(product, form), status=422)
    if not ratelimit.consume(request, app="shop.storefront", action="listing_report", config=LIMITS):
        return render(request, "429.html", status=429)
    given = form.cleaned_data
    if not given["website"]:
        try:
            report_listing(product=product, reason=given["reason"], text=given["text"], contact=given["contact"])
        except ReportRefused:
            pass  # the officers have twenty about it before them; whoever reports has done her part
    return redirect("storefront:report_thanks", slug=product.slug, pk=product.pk)
