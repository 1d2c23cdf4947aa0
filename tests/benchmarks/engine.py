"""Run in our installation's environment: the search engine alone, the measure the search page stands beside.

`python -m tests.benchmarks.engine SECONDS WORDS…` asks for the first 25 ids of each of the words in turn, by the
engine's own rank and nothing else: no facets, no rows, no page. Prints p50 and p95 in milliseconds as JSON.
"""

import json
import sys
import time
from collections.abc import Sequence

import django

from tests.benchmarks.load import times_of

FIRST = 25  # as many as a page of goods reads


def ask(words: Sequence[str], seconds: float) -> dict[str, float]:
    """Ask for the words one after the other for so long, each at least once; the first round is not counted."""
    from django.db import connection

    from catalogue.search import TABLE, find_words

    if connection.vendor == "postgresql":
        sql = (
            "SELECT product_id FROM catalogue_listedproduct, to_tsquery('simple', %s) AS wanted "
            "WHERE words @@ wanted ORDER BY ts_rank(words, wanted) DESC LIMIT %s"
        )
    else:
        sql = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s ORDER BY rank LIMIT %s"  # noqa: S608  # our own name
    asked = [query.expression() for query in map(find_words, words) if query is not None]
    taken: list[float] = []
    with connection.cursor() as cursor:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end or len(taken) < 2 * len(asked):
            began = time.perf_counter()
            cursor.execute(sql, [asked[len(taken) % len(asked)], FIRST])
            cursor.fetchall()
            taken.append((time.perf_counter() - began) * 1_000)
    found = times_of(taken[len(asked) :])
    return {"p50": found.p50, "p95": found.p95, "count": found.count}


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(ask(sys.argv[2:], float(sys.argv[1]))))
