"""Finding products by words, without tone marks: FTS5 on SQLite, tsvector with GIN on PostgreSQL, one interface.

`find_words(text)` turns what a person typed into a `WordQuery`; that filters (`matching`) and ranks (`ranked_ids`) the
listing table. Words are letters and digits only, so nothing a visitor types reaches the engine's query language.
Migration 0036 makes the index; catalogue.listed_product keeps it in step with the rows.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FullResultSet
from django.db import connection, models
from django.db.models.expressions import RawSQL

from catalogue.models import ListedProduct
from merchants.folding import fold_text

TABLE = "catalogue_listed_words"  # the FTS5 table on SQLite
LONGEST_QUERY = 200  # characters read of what was typed
MOST_WORDS = 12
LONGEST_WORD = 40
SHORTEST_PREFIX = 2  # a single last letter is taken as a whole word: as a prefix it would match nearly everything
_WORD = re.compile(r"[^\W_]+")


def search_words(text: str) -> str:
    """Return the words of the text, folded, one blank between; punctuation and symbols are gone."""
    return " ".join(_WORD.findall(fold_text(text)))


@dataclass(frozen=True)
class WordQuery:
    """What to look for: every word must occur, the last one as the beginning of a word.

    `any_word` asks for at least one of them: the second try, when nothing has them all.
    """

    words: tuple[str, ...]
    any_word: bool = False

    @property
    def expression(self) -> str:
        """The engine's own query text; the words hold letters and digits only."""
        *whole, last = self.words
        is_prefix = len(last) >= SHORTEST_PREFIX
        if connection.vendor == "postgresql":
            parts = [f"'{word}'" for word in whole] + [f"'{last}':*" if is_prefix else f"'{last}'"]
            return (" | " if self.any_word else " & ").join(parts)
        parts = [f'"{word}"' for word in whole] + [f'"{last}"*' if is_prefix else f'"{last}"']
        return (" OR " if self.any_word else " AND ").join(parts)


def find_words(text: str, *, any_word: bool = False) -> WordQuery | None:
    """Read what a person typed; None when it holds no word at all (blank, only signs or emoji)."""
    typed = (word[:LONGEST_WORD] for word in search_words(text[:LONGEST_QUERY]).split())
    words = tuple(dict.fromkeys(typed))[:MOST_WORDS]
    return WordQuery(words=words, any_word=any_word) if words else None


def matching(query: WordQuery) -> models.Q:
    """Return the condition on ListedProduct that holds for the hits."""
    if connection.vendor == "postgresql":
        sql = f"SELECT product_id FROM {_rows()} WHERE words @@ to_tsquery('simple', %s)"  # noqa: S608  # own names
    else:
        sql = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s"  # noqa: S608
    return models.Q(product_id__in=RawSQL(sql, [query.expression]))  # noqa: S611  # parameters only


def ranked_ids(query: WordQuery, *, condition: models.Q, limit: int, offset: int = 0) -> list[int]:
    """Return ids of the hits that fulfil the condition, best first: the title counts ten times as much as the rest."""
    where, parameters = where_sql(condition)
    rows = _rows()
    if connection.vendor == "postgresql":
        sql = (
            f"SELECT product_id FROM {rows}, to_tsquery('simple', %s) AS wanted "  # noqa: S608
            f"WHERE words @@ wanted AND {where} ORDER BY ts_rank(words, wanted) DESC, product_id LIMIT %s OFFSET %s"
        )
    else:
        sql = (
            f"SELECT product_id FROM {TABLE} CROSS JOIN {rows} ON product_id = {TABLE}.rowid "  # noqa: S608
            f"WHERE {TABLE} MATCH %s AND {where} ORDER BY bm25({TABLE}, 10.0, 1.0), product_id LIMIT %s OFFSET %s"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql, [query.expression, *parameters, limit, offset])
        return [row[0] for row in cursor.fetchall()]


def where_sql(condition: models.Q) -> tuple[str, Sequence[Any]]:
    """Return the condition on ListedProduct's own columns as SQL with its parameters; `TRUE` for an empty one."""
    query = ListedProduct.objects.filter(condition).query
    try:
        sql, parameters = query.get_compiler(connection=connection).compile(query.where)
    except FullResultSet:
        return "TRUE", []
    return f"({sql})", parameters


def index_words(rows: Sequence[tuple[int, str, str]]) -> None:
    """Put (product id, folded title, folded rest) into the index; PostgreSQL derives it from the row itself."""
    if connection.vendor != "sqlite":
        return
    drop_words([row[0] for row in rows])
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {TABLE} (rowid, title, rest) VALUES (%s, %s, %s)", rows)  # noqa: S608


def drop_words(product_ids: Iterable[int]) -> None:
    """Take products out of the index."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(pk,) for pk in product_ids])  # noqa: S608


def drop_left_over_words() -> None:
    """Take out products whose row went by cascade."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE rowid NOT IN (SELECT product_id FROM {_rows()})")  # noqa: S608


def _rows() -> str:
    return ListedProduct._meta.db_table
