"""Finding products by words, without tone marks: FTS5 on SQLite, tsvector with GIN on PostgreSQL, one interface.

`find_words(text)` turns what a person typed into a `WordQuery`; that filters (`matching`) and ranks (`ranked_rows`) the
listing table. Words are letters and digits only, so nothing a visitor types reaches the engine's query language.
Migration 0036 makes the index; catalogue.listed_product keeps it in step with the rows.

The order of hits is published (templates/storefront/ranking.html): whoever changes it changes that page, too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection, models
from django.db.models.expressions import RawSQL

from catalogue.managers import CARD_COLUMNS
from catalogue.models import ListedProduct
from catalogue.synonyms import LONGEST_PHRASE, NO_SYNONYMS, Synonyms
from catalogue.words import Phrase, search_words, spelled_words
from merchants.folding import fold_text

TABLE = "catalogue_listed_words"  # the FTS5 table on SQLite
RANK_INDEX = "listed_hits"  # of ListedProduct
HIT_COLUMNS = (
    "product_id", "commune_id", "in_stock", "listed_at", "stars", "stars_until", "ocop_set", "ocop_group",
    "village_id", "merchant_id", "price_from", "price_to", "season",
)  # fmt: skip
LONGEST_QUERY = 200  # characters read of what was typed
MOST_WORDS = 12
NEWEST_LOOKED_AT = 200  # hits of each step, while one types
LONGEST_WORD = 40
SHORTEST_PREFIX = 2  # a single last letter is taken as a whole word: as a prefix it would match nearly everything


@dataclass(frozen=True)
class Term:
    """One thing to look for: any of the phrases. `is_prefix`: the first one's last word may be unfinished."""

    phrases: tuple[Phrase, ...]
    is_prefix: bool = False


@dataclass(frozen=True)
class WordQuery:
    """What to look for: every term must occur, the last one as the beginning of a word.

    `any_word` asks for at least one of them: the second try, when nothing has them all. `spelled` are the words as
    typed, with their marks; `synonyms` what is looked for beside them.
    """

    terms: tuple[Term, ...]
    spelled: tuple[str, ...]
    any_word: bool = False
    synonyms: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """What was typed, folded."""
        return tuple(fold_text(word) for word in self.spelled)

    def expression(self, *, title_only: bool = False) -> str:
        """The engine's own query text; the words hold letters and digits only."""
        terms = [_term_expression(term, title_only=title_only) for term in self.terms]
        if connection.vendor == "postgresql":
            return (" | " if self.any_word else " & ").join(terms)
        joined = (" OR " if self.any_word else " AND ").join(terms)
        return f"title : ({joined})" if title_only else joined


def _term_expression(term: Term, *, title_only: bool) -> str:
    parts = []
    for number, phrase in enumerate(term.phrases):
        is_prefix = term.is_prefix and number == 0
        if connection.vendor == "postgresql":
            label = "A" if title_only else ""  # the weight that migration 0036 gives to titles
            last = f"'{phrase[-1]}'" + (f":*{label}" if is_prefix else f":{label}" if label else "")
            whole = [f"'{word}'" + (f":{label}" if label else "") for word in phrase[:-1]]
            parts.append(f"({' <-> '.join([*whole, last])})")
        else:
            parts.append(f'"{" ".join(phrase)}"' + ("*" if is_prefix else ""))
    return f"({(' | ' if connection.vendor == 'postgresql' else ' OR ').join(parts)})"


def find_words(text: str, *, any_word: bool = False, synonyms: Synonyms = NO_SYNONYMS) -> WordQuery | None:
    """Read what a person typed; None when it holds no word at all (blank, only signs or emoji)."""
    folded = search_words(text[:LONGEST_QUERY]).split()
    spelled = spelled_words(text[:LONGEST_QUERY]).split()
    if [fold_text(word) for word in spelled] != folded:  # signs of other scripts that fall apart when folded
        spelled = folded
    words = [word[:LONGEST_WORD] for word in folded[:MOST_WORDS]]
    own = [word[:LONGEST_WORD] for word in spelled[:MOST_WORDS]]
    if not words:
        return None
    terms, also = _terms(words, synonyms)
    return WordQuery(terms=terms, spelled=tuple(dict.fromkeys(own)), any_word=any_word, synonyms=also)


def _terms(words: Sequence[str], synonyms: Synonyms) -> tuple[tuple[Term, ...], tuple[str, ...]]:
    """Each word, or the longest run of words that has synonyms, once; and the synonyms as spelled."""
    terms: dict[Phrase, Term] = {}
    also: dict[str, None] = {}
    place = 0
    while place < len(words):
        longest = min(LONGEST_PHRASE, len(words) - place)
        runs = (tuple(words[place : place + length]) for length in range(longest, 0, -1))
        phrase = next((run for run in runs if run in synonyms.others), (words[place],))
        others = synonyms.others.get(phrase, ())
        place += len(phrase)
        is_prefix = place == len(words) and len(phrase[-1]) >= SHORTEST_PREFIX
        phrases = (phrase, *(tuple(search_words(other).split()) for other in others))
        terms[phrase] = Term(phrases=phrases, is_prefix=is_prefix)
        also |= dict.fromkeys(others)
    return tuple(terms.values()), tuple(also)


def matching(query: WordQuery) -> models.Q:
    """Return the condition on ListedProduct that holds for the hits."""
    if connection.vendor == "postgresql":
        sql = f"SELECT product_id FROM {_rows()} WHERE words @@ to_tsquery('simple', %s)"  # noqa: S608  # own names
    else:
        sql = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s"  # noqa: S608
    return models.Q(product_id__in=RawSQL(sql, [query.expression()]))  # noqa: S611  # parameters only


def ranked_ids(query: WordQuery, *, condition: models.Q, limit: int, offset: int = 0) -> list[int]:
    """Return ids of the hits that fulfil the condition, in the order of `ranked_rows`."""
    return [row.pk for row in ranked_rows(query, condition=condition, limit=limit, offset=offset)]


def ranked_rows(query: WordQuery, *, condition: models.Q, limit: int, offset: int = 0) -> list[ListedProduct]:
    """Return the hits that fulfil the condition, best first, with CARD_COLUMNS; one to three statements.

    First goods whose name has just the typed words (with their marks, where marks were typed), then those whose name
    has them otherwise, then those that mention them elsewhere; in each, what is in stock first, then by how much of
    the text the words are (the name counts ten times), then the newest.

    The first step is read by itself: mostly it fills the page, and then none of the others has to be ranked.
    """
    if query.any_word:
        return _rows_of(*_ranked_sql(query, condition, limit, offset))
    first = _rows_of(*_first_step_sql(query, condition, limit, offset))
    if len(first) == limit:
        return first
    before = offset + len(first) if first or not offset else _first_step_count(query, condition)
    return first + _rows_of(*_ranked_sql(query, condition, limit - len(first), max(0, offset - before)))


def _rows_of(sql: str, parameters: list[Any]) -> list[ListedProduct]:
    """Read the rows of the ids that a statement returns, in its order."""
    rows = _rows()
    columns = ", ".join(f"{rows}.{column}" for column in CARD_COLUMNS)
    numbered = f"SELECT product_id AS hit, ROW_NUMBER() OVER () AS hit_place FROM ({sql}) AS hits"  # noqa: S608
    joined = f"SELECT {columns} FROM ({numbered}) AS best JOIN {rows} ON product_id = hit ORDER BY hit_place"  # noqa: S608
    return list(ListedProduct.objects.raw(joined, parameters))


def first_rows(query: WordQuery, *, condition: models.Q, limit: int) -> list[ListedProduct]:
    """Return a few hits for words that are still being typed, with CARD_COLUMNS; one statement, quick for two letters.

    Two letters begin a word of nearly all goods, and ranking all of them takes a hundred times as long as finding them.
    So in each of the three steps of `ranked_rows` only the NEWEST_LOOKED_AT hits with the highest numbers are looked
    at: what is in stock first, then the shorter names, then the newest.
    """
    where, parameters = where_sql(condition)
    is_postgres = connection.vendor == "postgresql"
    rows = _rows()
    source, number = (rows, "product_id") if is_postgres else (_hits_on_sqlite(), f"{TABLE}.rowid")
    hit = "words @@ to_tsquery('simple', %s)" if is_postgres else f"{TABLE} MATCH %s"
    marked = [f" {spelled} " for spelled, folded in zip(query.spelled, query.words, strict=True) if spelled != folded]
    place_of = "strpos" if is_postgres else "instr"
    as_spelled = " AND ".join(["TRUE", *(f"{place_of}(' ' || spelled_title || ' ', %s) > 0" for _word in marked)])
    steps: list[str] = []
    given: list[Any] = []
    for expression, test, test_words in (
        (_first_step_expression(query), as_spelled, marked),
        (query.expression(title_only=True), "TRUE", []),
        (query.expression(), "TRUE", []),
    ):
        steps.append(
            f"SELECT * FROM (SELECT product_id AS hit, {len(steps)} AS step FROM {source} "  # noqa: S608
            f"WHERE {hit} AND {where} AND {test} ORDER BY {number} DESC LIMIT {NEWEST_LOOKED_AT}) AS step_{len(steps)}"
        )
        given += [expression, *parameters, *test_words]
    found = f"SELECT hit, MIN(step) AS step FROM ({' UNION ALL '.join(steps)}) AS found GROUP BY hit"  # noqa: S608
    best = (
        f"SELECT product_id FROM ({found}) AS first_found CROSS JOIN {rows} WHERE product_id = hit "  # noqa: S608
        "ORDER BY step, in_stock DESC, LENGTH(folded_title), listed_at DESC, product_id LIMIT %s"
    )
    return _rows_of(best, [*given, limit])


def _first_step_expression(query: WordQuery) -> str:
    """The hits whose name has each typed word whole."""
    name = replace(query, terms=tuple(Term(((word,),)) for word in query.words)).expression(title_only=True)
    return f"({query.expression()}) {'&' if connection.vendor == 'postgresql' else 'AND'} ({name})"


def _first_step(query: WordQuery, condition: models.Q) -> tuple[str, list[Any]]:
    """What follows FROM in a statement about the first step of the order; on PostgreSQL `wanted` is its query."""
    where, parameters = where_sql(condition)
    is_postgres = connection.vendor == "postgresql"
    marked = [f" {spelled} " for spelled, folded in zip(query.spelled, query.words, strict=True) if spelled != folded]
    place_of = "strpos" if is_postgres else "instr"
    tests = " AND ".join([where, *(f"{place_of}(' ' || spelled_title || ' ', %s) > 0" for _word in marked)])
    if is_postgres:
        source = f"{_rows()}, to_tsquery('simple', %s) AS wanted WHERE words @@ wanted"
    else:
        source = f"{_hits_on_sqlite()} WHERE {TABLE} MATCH %s"
    return f"{source} AND {tests}", [_first_step_expression(query), *parameters, *marked]


def _first_step_sql(query: WordQuery, condition: models.Q, limit: int, offset: int) -> tuple[str, list[Any]]:
    source, parameters = _first_step(query, condition)
    rank = "ts_rank(words, wanted) DESC" if connection.vendor == "postgresql" else f"bm25({TABLE}, 10.0, 1.0)"
    sql = f"SELECT product_id FROM {source} ORDER BY in_stock DESC, {rank}, listed_at DESC, product_id"  # noqa: S608
    return f"{sql} LIMIT %s OFFSET %s", [*parameters, limit, offset]


def _first_step_count(query: WordQuery, condition: models.Q) -> int:
    source, parameters = _first_step(query, condition)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {source}", parameters)  # noqa: S608
        return int(cursor.fetchone()[0])


def _ranked_sql(query: WordQuery, condition: models.Q, limit: int, offset: int) -> tuple[str, list[Any]]:
    """The hits after the first step; all of them where any word will do."""
    where, parameters = where_sql(condition)
    rows, (exact, exact_words) = _rows(), _exact_sql(query)
    everything, in_title = query.expression(), query.expression(title_only=True)
    if connection.vendor == "postgresql":
        sql = (
            f"SELECT product_id FROM {rows}, to_tsquery('simple', %s) AS wanted "  # noqa: S608
            f"WHERE words @@ wanted AND {where} AND NOT ({exact}) "
            f"ORDER BY (words @@ to_tsquery('simple', %s)) DESC, in_stock DESC, "
            f"ts_rank(words, wanted) DESC, listed_at DESC, product_id LIMIT %s OFFSET %s"
        )
    else:
        sql = (
            f"SELECT product_id FROM {_hits_on_sqlite()} "  # noqa: S608
            f"WHERE {TABLE} MATCH %s AND {where} AND NOT ({exact}) "
            f"ORDER BY product_id IN (SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s) DESC, "
            f"in_stock DESC, bm25({TABLE}, 10.0, 1.0), listed_at DESC, product_id LIMIT %s OFFSET %s"
        )
    return sql, [everything, *parameters, *exact_words, in_title, limit, offset]


def _exact_sql(query: WordQuery) -> tuple[str, list[str]]:
    """Whether the name has every typed word, whole; a word typed with marks must stand there with these marks."""
    if query.any_word:
        return "1 = 0", []
    if connection.vendor == "sqlite":
        return _exact_on_sqlite(query)
    tests, words = [], []
    for spelled, folded in zip(query.spelled, query.words, strict=True):
        column = "' ' || folded_title || ' '" if spelled == folded else "' ' || spelled_title || ' '"
        tests.append(f"strpos({column}, %s) > 0")
        words.append(f" {spelled} ")
    return " AND ".join(tests), words


def _exact_on_sqlite(query: WordQuery) -> tuple[str, list[str]]:
    """The index says which names have the words; only of those, and only for marks, the row itself has to be read."""
    whole = " AND ".join(f'"{word}"' for word in query.words)
    has_words = f"product_id IN (SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s)"  # noqa: S608
    marked = [spelled for spelled, folded in zip(query.spelled, query.words, strict=True) if spelled != folded]
    if not marked:
        return has_words, [f"title : ({whole})"]
    tests = " AND ".join("instr(' ' || spelled_title || ' ', %s) > 0" for _word in marked)
    return f"CASE WHEN {has_words} THEN {tests} ELSE 0 END", [f"title : ({whole})", *(f" {word} " for word in marked)]


def _hits_on_sqlite() -> str:
    """The index of words, then each hit's entry in the index that holds all that hits are chosen and sorted by."""
    return f"{TABLE} CROSS JOIN {_rows()} INDEXED BY {RANK_INDEX} ON product_id = {TABLE}.rowid"


def rows_among_hits(query: WordQuery, rows: "models.QuerySet[Any, tuple[Any, ...]]") -> list[tuple[Any, ...]]:
    """Read what a `values_list()` over ListedProduct says of the hits alone; HIT_COLUMNS only.

    However often it names the table, the engine is asked once.
    """
    try:
        sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:  # nothing can fulfil what is asked
        return []
    if connection.vendor == "postgresql":
        source = f"{_rows()} WHERE words @@ to_tsquery('simple', %s)"
    else:
        source = f"{_hits_on_sqlite()} WHERE {TABLE} MATCH %s"
    hits = f"WITH hits AS MATERIALIZED (SELECT {', '.join(HIT_COLUMNS)} FROM {source}) "  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            hits + sql.replace(connection.ops.quote_name(_rows()), "hits"), [query.expression(), *parameters]
        )
        return cursor.fetchall()


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
