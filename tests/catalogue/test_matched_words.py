"""Marking what was searched for, and cutting the piece of text around it."""

import pytest

from catalogue.matched_words import snippet_of, split_at_words, terms_in
from catalogue.search import find_words


def marked(text: str, typed: str) -> str:
    query = find_words(typed)
    assert query is not None
    return "".join(f"[{piece}]" if is_match else piece for piece, is_match in split_at_words(text, query))


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("Tương Nam Đàn", "tuong dan", "[Tương] Nam [Đàn]"),
        ("Tương ớt, tương nếp", "tương", "[Tương] ớt, [tương] nếp"),
        ("Tương Nam Đàn", "tuo", "[Tương] Nam Đàn"),  # the last word may be unfinished
        ("Tương Nam Đàn", "tuo nam", "Tương [Nam] Đàn"),  # the others may not
        ("Mật ong", "xoai", "Mật ong"),
        ("", "mat", ""),
        ("<b>Mật</b> & 'ong'", "mat ong", "<b>[Mật]</b> & '[ong]'"),
        ("Ma\u0323\u0302t ong", "mat", "[Mật] ong"),  # decomposed; comes out composed
        ("500ml/hộp", "500ml", "[500ml]/hộp"),
    ],
)
def test_the_words_are_marked_where_they_stand(text, typed, expected):
    assert marked(text, typed) == expected


def test_pieces_make_the_text_again():
    text = "Cà pháo muối xổi, chấm tương bần – ngon; TƯƠNG!"
    query = find_words("tuong ca")
    assert query is not None

    assert "".join(piece for piece, _is_match in split_at_words(text, query)) == text


def test_terms_tell_which_of_the_words_a_text_has():
    query = find_words("mat ong rung")
    assert query is not None

    assert terms_in("Mật ong nhà", query) == {0, 1}
    assert terms_in("Rừng", query) == {2}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chấm tương bần.", "Chấm tương bần"),
        ("Tương " + "ngon " * 40, "Tương ngon ngon ngon ngon ngon ngon ngon ngon ngon ngon ngon …"),
        (
            "Cà nhà trồng, muối trong chum, giòn và mặn vừa, ăn kèm cơm nguội, chấm tương thì quên cả đường về nhà.",
            "… ăn kèm cơm nguội, chấm tương thì quên cả đường về nhà",
        ),
        ("x" * 100 + " tương " + "y" * 100, "… tương …"),
        ("không có gì", ""),
    ],
)
def test_a_snippet_is_cut_at_words_around_the_first_hit(text, expected):
    query = find_words("tuong")
    assert query is not None

    assert snippet_of(text, query, terms=frozenset({0})) == expected


def test_a_snippet_shows_the_word_that_was_asked_for():
    query = find_words("ca tuong")
    assert query is not None

    assert snippet_of("Cà pháo, " + "a b " * 30 + "tương", query, terms=frozenset({1})).endswith("a b tương")
