"""Draw many pictures at once, in two processes; this module must stay free of Django, the children import it."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from catalogue.demo import landscapes, pictures

WORTH_A_POOL = 6


def draw(name: str) -> bytes:
    """Draw "goods/<key>", "places/<number>" or "land/<variant>" and encode it as WebP. Pure."""
    kind, _, key = name.partition("/")
    if kind == "goods":
        return pictures.as_webp(pictures.compose(key))
    if kind == "places":
        return pictures.as_webp(landscapes.house_front(int(key)))
    return pictures.as_webp(landscapes.rice_field(key), limit=160_000)


def draw_all(names: Sequence[str]) -> Iterator[bytes]:
    """The pictures in the order of the names."""
    if len(names) < WORTH_A_POOL:
        yield from map(draw, names)
        return
    # spawn: a forked child would share our open database connections
    with ProcessPoolExecutor(max_workers=2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(draw, names, chunksize=3)
