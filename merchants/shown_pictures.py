"""How a kept picture stands in a page: `<picture>` with AVIF, WebP and JPEG in the widths its place needs.

Everything follows from the file's name (merchants.picture_sizes): no query, no look at the storage. Width and height
are always said, and in a framed place the picture's mean colour fills the frame until it has come.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from posixpath import basename

from django.core.files.storage import Storage, default_storage
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from merchants.picture_sizes import TYPES, PictureName, old_sizes, read_name

DRAWN = "demo/"  # where the drawn stand-ins of the demo lie in the media storage
UNKNOWN_SIDE = 600  # of a picture that does not say its size; the place's own shape decides then


@dataclass(frozen=True)
class ShownPicture:
    """A kept picture and its words. `name` as the row keeps it; an empty `alt` is right beside the thing's own name.

    `known_size` (width, height) is for pictures whose name does not say it.
    """

    name: str
    alt: str = ""
    credit: str = ""
    known_size: tuple[int, int] | None = None
    storage: Storage = field(default_factory=lambda: default_storage, compare=False, repr=False)

    @property
    def url(self) -> str:
        """The whole picture, in a format that every program reads (of old pictures: as they are)."""
        return self.storage.url(self.name)

    @property
    def is_drawn(self) -> bool:
        """Whether it is a drawn stand-in of the demo, which has to say so beside somebody's own photo."""
        return self.name.startswith(DRAWN)

    @property
    def thumb_url(self) -> str:
        """The smallest size, for scripts; every browser that runs ours knows WebP."""
        found = read_name(self.name)
        widths = found.widths_of("webp") if found else ()
        small = (
            found.sized(widths[0], "webp") if found and widths else next(iter(old_sizes(self.name).values()), self.name)
        )
        return self.storage.url(small)

    @property
    def width(self) -> int:
        return self._size[0]

    @property
    def height(self) -> int:
        return self._size[1]

    @property
    def tone(self) -> str:
        """The mean colour as "#c8a47e"; empty where it is not known."""
        found = read_name(self.name)
        return f"#{found.tone}" if found else ""

    @property
    def _size(self) -> tuple[int, int]:
        found = read_name(self.name)
        return (found.width, found.height) if found else self.known_size or (UNKNOWN_SIDE, UNKNOWN_SIDE)


def shown_picture(name: str | None, *, alt: str = "") -> ShownPicture | None:
    """None for an empty name."""
    return ShownPicture(name, alt) if name else None


@dataclass(frozen=True)
class Place:
    """Where pictures stand: how wide they are there and which widths are worth offering.

    `lengths`: media condition (empty for the last) → width with its unit, as in the attribute `sizes`. `narrowest` and
    `widest` bound the files in pixels. A place that `is_square` cuts a landscape picture, which then has to be wider.
    One that `is_framed` has an element of its own shape around the picture, which its colour can fill.
    """

    lengths: tuple[tuple[str, float, str], ...]
    narrowest: int
    widest: int
    is_square: bool = False
    is_framed: bool = False

    def sizes(self, picture: PictureName) -> str:
        stretch = max(1.0, picture.width / picture.height) if self.is_square else 1.0
        return ", ".join(_length(condition, width * stretch, unit) for condition, width, unit in self.lengths)

    def widths(self, picture: PictureName, ending: str) -> tuple[int, ...]:
        """At least one, if the picture has any of that kind."""
        every = picture.widths_of(ending)
        fitting = tuple(width for width in every if self.narrowest <= width <= self.widest)
        return fitting or tuple(width for width in every if width > self.widest)[:1] or every[-1:]


# The widths are those of shop/static/shop/css/site.css.
PLACES = {
    "card": Place(
        (
            ("(min-width: 80rem)", 18, "rem"), ("(min-width: 62rem)", 23, "vw"),
            ("(min-width: 48rem)", 31, "vw"), ("", 44, "vw"),
        ),
        narrowest=320, widest=640, is_square=True, is_framed=True,
    ),
    # on phones a little less than it is: 640 pixels then do for a plain screen, and the first picture comes sooner
    "gallery": Place(
        (("(min-width: 80rem)", 38, "rem"), ("(min-width: 48rem)", 48, "vw"), ("", 88, "vw")),
        narrowest=320, widest=960, is_framed=True,
    ),
    "thumb": Place((("", 68, "px"),), narrowest=160, widest=160, is_square=True),
    "line": Place((("", 68, "px"),), narrowest=160, widest=160, is_square=True, is_framed=True),
    "suggestion": Place((("", 52, "px"),), narrowest=160, widest=160, is_square=True),
    "shelf": Place((("", 84, "px"),), narrowest=160, widest=320, is_square=True, is_framed=True),
    "producer": Place((("", 19, "rem"),), narrowest=320, widest=640),
    "portrait": Place((("", 192, "px"),), narrowest=160, widest=640, is_square=True),
    "portrait_small": Place((("", 72, "px"),), narrowest=160, widest=160, is_square=True),
    "story": Place(
        (("(min-width: 80rem)", 40, "rem"), ("(min-width: 48rem)", 50, "vw"), ("", 92, "vw")),
        narrowest=320, widest=960, is_framed=True,
    ),
    "text": Place((("(min-width: 48rem)", 46, "rem"), ("", 92, "vw")), narrowest=320, widest=960),
}  # fmt: skip

# What the browser is told about its haste: the picture one came for, others in sight at once, and all the rest.
LOADING = {
    "first": mark_safe(' fetchpriority="high"'),
    "now": mark_safe(' decoding="async"'),
    "later": mark_safe(' loading="lazy" decoding="async"'),
}


def picture_html(picture: ShownPicture, place: str, *, load: str = "later", css: str = "") -> SafeString:
    """The `<picture>`, behind it its colour where it is known; `css` are classes of the `<img>`.

    KeyError for a place or haste that there is not.
    """
    url = picture.url
    file = basename(picture.name)
    # A storage that signs its addresses has to sign each.
    plain = url.removesuffix(file) if url.endswith(file) else None
    before, src = _sources(picture.name, place, plain) if plain is not None else _signed(picture, place)
    return format_html(
        '{}<img src="{}"{} alt="{}" width="{}" height="{}"{}></picture>',
        before,
        src or url,
        SafeString(f' class="{escape(css)}"') if css else "",
        picture.alt,
        picture.width,
        picture.height,
        LOADING[load],
    )


@lru_cache(maxsize=4096)
def _sources(name: str, place: str, folder_url: str) -> tuple[SafeString, str]:
    """All that comes before the `<img>`, and its address (empty: that of the row's own file)."""
    folder = name.removesuffix(basename(name))
    return _written(name, place, lambda file: folder_url + file.removeprefix(folder))


def _signed(picture: ShownPicture, place: str) -> tuple[SafeString, str]:
    return _written(picture.name, place, picture.storage.url)


def _written(name: str, place: str, address: Callable[[str], str]) -> tuple[SafeString, str]:
    where, found = PLACES[place], read_name(name)
    if found is None:
        old = {f"{width}w": address(file) for width, file in old_sizes(name).items()}
        source = _source("webp", old, ", ".join(_length(*length) for length in where.lengths)) if old else ""
        return format_html("<picture>{}", source), ""
    tone = ""
    if where.is_framed:
        tone = f'<svg class="tone" aria-hidden="true"><rect width="100%" height="100%" fill="#{found.tone}"/></svg>'
    sizes = where.sizes(found)
    sources = [
        _source(ending, {f"{width}w": address(found.sized(width, ending)) for width in widths}, sizes)
        for ending in ("avif", "webp")
        if (widths := where.widths(found, ending))
    ]
    jpegs = where.widths(found, "jpg")
    src = address(found.sized(jpegs[-1], "jpg") if jpegs else found.whole)
    return format_html("{}<picture>{}", SafeString(tone), SafeString("".join(sources))), src


def _source(ending: str, urls: dict[str, str], sizes: str) -> SafeString:
    """One choice needs neither its width nor how wide it will be."""
    if len(urls) == 1:
        return format_html('<source type="{}" srcset="{}">', TYPES[ending], *urls.values())
    srcset = ", ".join(f"{url} {width}" for width, url in urls.items())
    return format_html('<source type="{}" srcset="{}" sizes="{}">', TYPES[ending], srcset, sizes)


def _length(condition: str, width: float, unit: str) -> str:
    return f"{condition} {width:.1f}".rstrip("0").rstrip(".").strip() + unit
