"""Words that were probably meant when what was typed stands in no product's name: by trigrams, on PostgreSQL.

The second try only: a question by trigrams costs ten times a search. SQLite has no such index; there the page says that
nothing has all the words and shows what has some (shop.storefront.goods_search).
"""

from functools import cache

from django.db import connection

from catalogue.models import ListedProduct
from catalogue.words import WORD
from merchants.folding import fold_text

SHORTEST_MENDED = 4  # letters; in a shorter word any other word is near
ONE_SLIP, TWO_SLIPS = 4, 7  # from so many letters on
LEAST_SIMILARITY = "0.45"
NAMES_COMPARED = 2_000  # a slip in “gạo” is near to every rice there is
NAMES_READ = 8  # for each word


def mend(words: tuple[str, ...], *, commune_id: int | None) -> str:
    """Return the text with words replaced that are a slip away from one of a name on sale; empty where none is.

    Replaced words have their tone marks as that name has them. Two statements on PostgreSQL with pg_trgm, none
    elsewhere.
    """
    doubtful = [word for word in words if len(word) >= SHORTEST_MENDED and not word.isdigit()]
    if not doubtful or not _has_trigrams():
        return ""
    found: dict[str, list[str]] = {}
    for word, title in _near_titles(doubtful, commune_id):
        found.setdefault(word, []).append(title)
    mended = {word: _nearest(word, titles) for word, titles in found.items()}
    meant = [mended.get(word) or word for word in words]
    return " ".join(meant) if any(mended.values()) else ""


def slips(typed: str, meant: str) -> int:
    """How many letters were added, dropped, replaced or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for place, letter in enumerate(typed, 1):
        older, before, row = before, row, [place]
        for other_place, other in enumerate(meant, 1):
            cost = min(before[other_place] + 1, row[-1] + 1, before[other_place - 1] + (letter != other))
            if place > 1 and other_place > 1 and letter == meant[other_place - 2] and typed[place - 2] == other:
                cost = min(cost, older[other_place - 2] + 1)
            row.append(cost)
    return row[-1]


def _nearest(typed: str, titles: list[str]) -> str | None:
    """The word of these names that was probably meant, as spelled; None where it stands there as typed, or none is."""
    allowed = 2 if len(typed) >= TWO_SLIPS else 1
    best: tuple[int, str] | None = None
    for title in titles:  # the nearest name first
        for spelled in WORD.findall(title.casefold()):
            distance = slips(typed, fold_text(spelled))
            if distance == 0:
                return None
            if distance <= allowed and (best is None or distance < best[0]):
                best = (distance, spelled)
    return best[1] if best else None


def _near_titles(words: list[str], commune_id: int | None) -> list[tuple[str, str]]:
    table = ListedProduct._meta.db_table
    where = "" if commune_id is None else "AND commune_id = %s"
    sql = (
        f"SELECT wanted.word, near.title FROM unnest(%s::text[]) WITH ORDINALITY AS wanted(word, place) "  # noqa: S608
        f"CROSS JOIN LATERAL (SELECT title, word_similarity(wanted.word, folded_title) AS nearness FROM "
        f"(SELECT title, folded_title FROM {table} WHERE wanted.word <%% folded_title {where} LIMIT {NAMES_COMPARED}) "
        f"AS hits ORDER BY nearness DESC, title LIMIT {NAMES_READ}) AS near "
        f"ORDER BY wanted.place, near.nearness DESC"
    )
    with connection.cursor() as cursor:
        # two swapped letters leave half of a short word's trigrams
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, false)", [LEAST_SIMILARITY])
        cursor.execute(sql, [words, *([] if commune_id is None else [commune_id])])
        return list(cursor.fetchall())


@cache
def _has_trigrams() -> bool:
    """Whether migration 0036 could make the trigram index; a hosted database may not allow the extension."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_indexes WHERE indexname = 'listed_trigrams'")
        return cursor.fetchone() is not None
