"""What the law wants to be known about a seller before one buys (NĐ 52/2013/NĐ-CP, Điều 29, as amended 2021)."""

from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from merchants.models import Merchant
from merchants.phone_numbers import shown_phone
from shop.storefront.cards import place_of


def vietnamese(text: str) -> str:
    """Mark Vietnamese words on an English page, so that they are read aloud rightly."""
    return format_html('<span lang="vi">{}</span>', text) if text and get_language() == "en" else text


def seller_facts(merchant: Merchant) -> list[tuple[str, str]]:
    """Label and value: name, legal form, address, phone, tax code (a household's as its last four digits)."""
    place = ", ".join((place_of(merchant), merchant.commune.province_name)) if not merchant.address else ""
    address = merchant.address and f"{merchant.address}, {merchant.commune.name}, {merchant.commune.province_name}"
    return [
        (_("Seller"), vietnamese(merchant.name)),
        (_("Legal form"), merchant.get_legal_form_display()),
        (_("Represented by"), vietnamese(merchant.owner_name)),
        (_("Address"), vietnamese(address or place)),
        (_("Phone"), shown_phone(merchant.phone)),
        (_("Tax code"), merchant.tax_code_shown),
    ]
