"""A letter before it is sent: what it says, as data, and its two forms, plain text and simple HTML."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation

from merchants.money import format_dong
from shop.order.models import Order


@dataclass(frozen=True)
class Section:
    """One order within a letter: label and value, line by line."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Letter:
    """Texts in the reader's language; `link_url` is absolute."""

    subject: str
    greeting: str
    paragraphs: tuple[str, ...]
    link_label: str
    link_url: str
    sections: tuple[Section, ...] = ()
    afterword: str = ""


def goods_rows(order: Order) -> list[tuple[str, str]]:
    """One row per line of the order: how many of what, and its sum."""
    return [
        (f"{line.quantity} × {line.title}", format_dong(line.line_price_incl_tax))
        for line in sorted(order.lines.all(), key=lambda line: line.pk)
    ]


def as_text(letter: Letter) -> str:
    """The letter as plain text."""
    return render_to_string("messages/letter.txt", {"letter": letter}).strip() + "\n"


def as_html(letter: Letter) -> str:
    """The letter as a whole HTML page that mail programs show: tables, styles in attributes, no pictures."""
    context = {"letter": letter, "language": translation.get_language()}
    return render_to_string("messages/letter.html", context).strip() + "\n"
