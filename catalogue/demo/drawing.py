"""Draw many pictures at once, in two processes; this module must stay free of Django, the children import it."""

import multiprocessing
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor

from PIL import Image

from catalogue.demo import landscapes, more_pictures
from merchants.picture_sizes import encode_sizes, read_name

WORTH_A_POOL = 6


def compose(name: str) -> Image.Image:
    """Draw "goods/<key>", "near/<key>", "label/<key>", "places/<number>" or "land/<variant>"."""
    kind, _, key = name.partition("/")
    if kind == "goods":
        return more_pictures.scene_of(key)
    if kind == "near":
        return more_pictures.near(key)
    if kind == "label":
        return more_pictures.label(key)
    if kind == "places":
        return landscapes.house_front(int(key))
    return landscapes.rice_field(key)


def draw(name: str, whole_name: str) -> dict[str, bytes]:
    """The files of the picture by name, all sizes, to be written in this order. Pure.

    `whole_name` (merchants.picture_sizes) says size and tone of the drawing beforehand; ValueError where it is wrong.
    """
    image, wanted = compose(name), read_name(whole_name)
    if wanted is None or image.size != (wanted.width, wanted.height):
        raise ValueError(f"{whole_name} does not say the size of {name}, {image.size}")
    return dict(encode_sizes(image.convert("RGB"), stem=wanted.stem, tone=wanted.tone)[1])


def draw_all(wanted: Mapping[str, str]) -> Iterator[dict[str, bytes]]:
    """The pictures (name for `draw` → name of the whole file) in this order."""
    if len(wanted) < WORTH_A_POOL:
        yield from map(draw, wanted.keys(), wanted.values())
        return
    # spawn: a forked child would share our open database connections
    with ProcessPoolExecutor(max_workers=2, mp_context=multiprocessing.get_context("spawn")) as pool:
        # three at a time: a good's scene is kept for its near view, which follows it
        yield from pool.map(draw, wanted.keys(), wanted.values(), chunksize=3)
