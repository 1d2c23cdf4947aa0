"""Why a product is among the hits when its name does not say so: the piece of text where the words stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalogue.matched_words import snippet_of, terms_in
from catalogue.models import ListedProduct, Product
from catalogue.ocop.product_sets import SETS
from catalogue.search import WordQuery
from shop.storefront.cards import Hint


@dataclass
class _Texts:
    """What of one page is searched beside its name and its seller."""

    summary: str = ""
    summary_en: str = ""
    origin: str = ""
    ingredients: str = ""
    former_commune: str = ""
    variants: list[str] = field(default_factory=list)


def match_hints(rows: Sequence[ListedProduct], words: WordQuery) -> dict[int, Hint]:
    """Return hints by product for those whose card does not show all the words; one query, or none."""
    missing = {}
    for row in rows:
        shown = terms_in(_shown_on_card(row), words)
        absent = frozenset(range(len(words.terms))) - shown
        # of goods that have only some of the words one says where only if the card shows none of them
        if absent and not (words.any_word and shown):
            missing[row.pk] = absent
    if not missing:
        return {}
    texts = _texts(list(missing))
    found = {}
    for row in rows:
        if row.pk in missing:
            hint = _hint(row, texts.get(row.pk, _Texts()), words, missing[row.pk])
            if hint is not None:
                found[row.pk] = hint
    return found


def _shown_on_card(row: ListedProduct) -> str:
    title = row.title_en if get_language() == "en" and row.title_en else row.title
    return f"{title} | {row.merchant_name} | {row.place}"


def _hint(row: ListedProduct, texts: _Texts, words: WordQuery, missing: frozenset[int]) -> Hint | None:
    """The first place that has one of the missing words."""
    for label, text, language in _places(row, texts):
        snippet = snippet_of(text, words, terms=missing)
        if snippet:
            return Hint(label, snippet, "" if language == get_language() else language)
    return None


def _places(row: ListedProduct, texts: _Texts) -> Iterator[tuple[str, str, str]]:
    """Label, text, language; those of the reader's language first."""
    reading = [("", texts.summary, "vi"), ("", texts.summary_en, "en"), ("", row.title, "vi"), ("", row.title_en, "en")]
    yield from sorted(reading, key=lambda place: place[2] != get_language())
    yield _("Sizes"), ", ".join(texts.variants), "vi"
    yield _("Ingredients"), texts.ingredients, "vi"
    yield _("Origin"), texts.origin, "vi"
    official = SETS.get(row.ocop_set) if row.ocop_set else None
    if official:
        names = [(_("Product set"), official.name, "vi"), (_("Product set"), official.name_en, "en")]
        yield from sorted(names, key=lambda place: place[2] != get_language())
    yield _("Former commune"), texts.former_commune, "vi"


def _texts(page_ids: Sequence[int]) -> dict[int, _Texts]:
    found: dict[int, _Texts] = {pk: _Texts() for pk in page_ids}
    products: Any = Product.objects.filter(Q(pk__in=page_ids) | Q(parent_id__in=page_ids, is_public=True))
    for pk, parent_id, label, summary, summary_en, origin, ingredients, former in products.order_by("pk").values_list(
        "pk", "parent_id", "variant_label", "summary", "summary_en", "origin", "ingredients",
        "merchant__village__former_commune__name",
    ):  # fmt: skip
        texts = found[parent_id or pk]
        if parent_id:
            texts.variants += [label] if label else []
        else:
            texts.summary, texts.summary_en = summary, summary_en
            texts.origin, texts.ingredients, texts.former_commune = origin, ingredients, former or ""
    return found
