"""Draw many pictures at once, in two processes; this module must stay free of Django, the children import it."""

import io
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from PIL import Image

from catalogue.demo import landscapes, pictures

WORTH_A_POOL = 6


def compose(name: str) -> Image.Image:
    """Draw "goods/<key>", "places/<number>" or "land/<variant>"."""
    kind, _, key = name.partition("/")
    if kind == "goods":
        return pictures.compose(key)
    if kind == "places":
        return landscapes.house_front(int(key))
    return landscapes.rice_field(key)


def draw(name: str, *, widths: Sequence[int]) -> dict[int, bytes]:
    """The picture as WebP by width in pixels: whole under the largest of `widths`, scaled down for the others. Pure."""
    image = compose(name)
    files = {max(widths): pictures.as_webp(image, limit=160_000 if name.startswith("land/") else 120_000)}
    for width in sorted(widths)[:-1]:
        small = image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        small.save(buffer, "WEBP", quality=80, method=4)
        files[width] = buffer.getvalue()
    return files


def draw_all(names: Sequence[str], *, widths: Sequence[int]) -> Iterator[dict[int, bytes]]:
    """The pictures in the order of the names."""
    job = partial(draw, widths=tuple(widths))
    if len(names) < WORTH_A_POOL:
        yield from map(job, names)
        return
    # spawn: a forked child would share our open database connections
    with ProcessPoolExecutor(max_workers=2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(job, names, chunksize=3)
