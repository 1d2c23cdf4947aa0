"""Words that mean the same: how staff write them, what they do to a search."""

import pytest
from django.core.exceptions import ValidationError

from catalogue.matched_words import split_at_words
from catalogue.models import ListedProduct, SynonymGroup
from catalogue.search import WordQuery, find_words, matching, ranked_ids
from catalogue.synonyms import MOST_PHRASES, Synonyms, gather, load_synonyms, split_phrases
from tests.factories import listed_product

LAC = gather(["lạc, đậu phộng", "mắm nêm, mắm cái"])


def understood(text: str, synonyms: Synonyms = LAC) -> WordQuery:
    words = find_words(text, synonyms=synonyms)
    assert words is not None
    return words


@pytest.mark.parametrize(
    ("typed", "phrases", "synonyms"),
    [
        ("lac rang", [{("lac",), ("dau", "phong")}, {("rang",)}], ("đậu phộng",)),
        ("Đậu Phộng rang", [{("dau", "phong"), ("lac",)}, {("rang",)}], ("lạc",)),
        ("mam nem", [{("mam", "nem"), ("mam", "cai")}], ("mắm cái",)),
        ("mam", [{("mam",)}], ()),
        ("nem mam", [{("nem",)}, {("mam",)}], ()),
        ("lac, lac", [{("lac",), ("dau", "phong")}], ("đậu phộng",)),
    ],
)
def test_the_longest_run_of_words_that_has_synonyms_brings_them(typed, phrases, synonyms):
    words = understood(typed)

    assert [set(term.phrases) for term in words.terms] == phrases
    assert words.synonyms == synonyms


def test_only_what_was_typed_may_be_unfinished_never_a_synonym():
    words = understood("dau phong")

    assert words.terms[-1].is_prefix
    assert words.terms[-1].phrases[0] == ("dau", "phong")


@pytest.mark.django_db
def test_a_search_finds_goods_called_otherwise_after_those_called_so():
    listed_product(title="Đậu phộng da cá")
    listed_product(title="Kẹo", ingredients="Đường, đậu phộng")
    listed_product(title="Lạc rang muối")
    listed_product(title="Đậu xanh", ingredients="không lẫn phộng")
    titles = dict(ListedProduct.objects.values_list("pk", "title"))

    def found(text: str) -> list[str]:
        words = understood(text)
        return [titles[pk] for pk in ranked_ids(words, condition=matching(words), limit=9)]

    assert found("lạc") == ["Lạc rang muối", "Đậu phộng da cá", "Kẹo"]
    assert found("đậu phộng") == ["Đậu phộng da cá", "Lạc rang muối", "Kẹo"]
    assert found("đậu phộng rang") == ["Lạc rang muối"]


def test_a_synonym_is_marked_where_it_stands():
    pieces = list(split_at_words("Kẹo đậu phộng, hạt lạc", understood("lac")))

    assert [piece for piece, is_match in pieces if is_match] == ["đậu phộng", "lạc"]


def test_a_phrase_of_two_lines_has_the_others_of_both():
    found = gather(["lạc, đậu phộng", "lạc, lạc nhân, Đậu Phộng"])

    assert found.others[("lac",)] == ("Đậu Phộng", "lạc nhân")


def test_what_is_the_same_without_marks_is_one_phrase():
    assert split_phrases("Lạc;  lac \n Đậu  phộng,, !") == {("lac",): "Lạc", ("dau", "phong"): "Đậu phộng"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("lạc", "ít nhất hai từ khác nhau"),
        ("lạc, Lac", "ít nhất hai từ khác nhau"),
        (" , ; ", "ít nhất hai từ khác nhau"),
        (", ".join(f"từ {n}" for n in range(MOST_PHRASES + 1)), "nhiều nhất 12"),
        ("lạc, hạt của cây đậu phộng", "“hạt của cây đậu phộng” dài quá"),
    ],
)
def test_a_line_that_cannot_work_is_refused_with_what_to_do(words, message):
    with pytest.raises(ValidationError) as refusal:
        SynonymGroup(words=words).full_clean()

    assert message.lower() in " ".join(refusal.value.messages).lower()


@pytest.mark.django_db
def test_there_are_words_to_begin_with_and_they_can_all_be_saved_again():
    groups = list(SynonymGroup.objects.all())

    assert len(groups) == 24
    for group in groups:
        group.full_clean()
    assert load_synonyms().others[("lac",)] == ("đậu phộng",)
