"""Reads whose SQL is put together once.

Django composes its SQL anew for each query, which for a small read takes several times as long as the read itself.

    @prepared_read
    def newest_of(merchant_id: int) -> QuerySet[ListedProduct]:
        return ListedProduct.objects.filter(merchant=merchant_id).order_by("-listed_at")[:4]

    newest_of(7)  # a list, fresh from the database each time

The function stays the one place that says what is read, so rules as `Product.objects.public()` hold as everywhere. It
is called at the first read on each connection, with stand-ins instead of the arguments; what it does must depend on
nothing else. Arguments are int, str or date; None, True and False make a statement of their own each. It may return
several QuerySets of the same columns: their rows come one after the other, each with its own order and limit.
"""

import copy
from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from types import SimpleNamespace
from typing import Any, TypeVar

from django.db import connection
from django.db.models import QuerySet

Row = TypeVar("Row", covariant=True)
LARGEST_NUMBER = 2**63 - 1  # that databases know


class CannotBePrepared(TypeError):
    """The statement does not hold an argument just as it was given, or depends on something else."""


def prepared_read(
    build: Callable[..., "QuerySet[Any, Row] | list[QuerySet[Any, Row]]"],
) -> Callable[..., list[Row]]:
    """Make the function return the rows, by a statement composed once; arguments are given by position."""

    @wraps(build)
    def read(*arguments: int | str | date | None) -> list[Row]:
        if any(isinstance(value, int) and abs(value) > LARGEST_NUMBER for value in arguments):
            found = build(*arguments)  # Django knows what such a number means in each comparison; databases refuse it
            return [row for rows in (found if isinstance(found, list) else [found]) for row in rows]
        shape = tuple(value if value is None or isinstance(value, bool) else type(value) for value in arguments)
        statements = connection.__dict__.setdefault("prepared_reads", {})
        statement = statements.get((build, shape))
        if statement is None:
            statement = statements[build, shape] = _Statement(build, arguments)
        return statement.rows(arguments)

    return read


class _Statement:
    """One composed statement on one connection."""

    def __init__(self, build: Callable[..., Any], arguments: Sequence[Any]) -> None:
        first, second = ([_stand_in(value, place, turn) for place, value in enumerate(arguments)] for turn in (0, 1))
        self._queryset, self._compiler, self._sql, parameters = _composed(build(*first))
        _queryset, _compiler, sql, others = _composed(build(*second))
        if sql != self._sql or len(parameters) != len(others):
            raise CannotBePrepared(f"{build.__qualname__}: the statement itself depends on an argument")
        self._places = [_place(build, *pair, first, second) for pair in zip(parameters, others, strict=True)]
        converters = self._compiler.get_converters([column[0] for column in self._compiler.select])
        self._compiler.get_converters = lambda _columns: converters
        missing = {place for place, value in enumerate(first) if _varies(value)} - {place for place, _ in self._places}
        if missing:
            raise CannotBePrepared(f"{build.__qualname__}: argument {min(missing)} is not in the statement")

    def rows(self, arguments: Sequence[Any]) -> list[Any]:
        parameters = tuple(fixed if place is None else _like(fixed, arguments[place]) for place, fixed in self._places)
        compiler = copy.copy(self._compiler)
        compiler.as_sql = lambda *_args, **_options: (self._sql, parameters)
        # all that Django's iterables ask of a QuerySet
        asked = SimpleNamespace(
            db=connection.alias,
            model=self._queryset.model,
            query=SimpleNamespace(get_compiler=lambda *_args, **_options: compiler),
            _known_related_objects={},
        )
        return list(self._queryset._iterable_class(asked))


def _composed(found: "QuerySet[Any, Any] | list[QuerySet[Any, Any]]") -> tuple[Any, Any, str, list[Any]]:
    querysets = found if isinstance(found, list) else [found]
    compilers = [queryset.query.get_compiler(connection=connection) for queryset in querysets]
    statements = [compiler.as_sql() for compiler in compilers]
    parameters = [value for _sql, given in statements for value in given]
    if not isinstance(found, list):
        return found, compilers[0], statements[0][0], parameters
    # Each in brackets of its own keeps its limit and so its own index; sorted as one list all of it would be read.
    parts = [f"SELECT * FROM ({sql}) AS list_{number}" for number, (sql, _given) in enumerate(statements)]  # noqa: S608
    return querysets[0], compilers[0], " UNION ALL ".join(parts), parameters


def _varies(value: Any) -> bool:
    return value is not None and not isinstance(value, bool)


def _stand_in(value: Any, place: int, turn: int) -> Any:
    """Something unlikely, that fits the smallest column of its kind."""
    if not _varies(value):
        return value
    if isinstance(value, date):
        return date(1801 + turn, 1, 1 + place)
    return f"\ue000{turn}-{place}" if isinstance(value, str) else 31_000 + turn * 100 + place


def _place(
    build: Callable[..., Any], one: Any, other: Any, first: list[Any], second: list[Any]
) -> tuple[int | None, Any]:
    """Which argument the parameter is, if it is one, and how it looks in the statement."""
    if one == other:
        return None, one
    for place, (mine, yours) in enumerate(zip(first, second, strict=True)):
        if (one, other) in {(mine, yours), (str(mine), str(yours))} and isinstance(one, (type(mine), str)):
            return place, one
    raise CannotBePrepared(f"{build.__qualname__}: {one!r} is in the statement instead of an argument")


def _like(shown: Any, value: Any) -> Any:
    """The value as its stand-in stood there: SQLite keeps dates as texts, psycopg says how wide a number is."""
    return type(shown)(value) if isinstance(shown, str | int) else value
