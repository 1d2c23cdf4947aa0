"""Pictures from people: what comes out is ours, upright and bare; what cannot be taken in is named."""

import io
import random
import struct
import zlib
from datetime import date

import pillow_heif
import pytest
from django.core.files.storage import InMemoryStorage
from PIL import Image

from merchants.photos import (
    LEAST_SIDE_PX,
    MESSAGES,
    MOST_BYTES,
    PhotoRefused,
    keep_photo,
    photo_srcset,
    plain_picture,
    prepare_photo,
    sized_name,
)


def picture(width: int = 1600, height: int = 1200, mode: str = "RGB") -> Image.Image:
    """Left half red, right half blue, so that turning and cropping show."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    image.paste((30, 30, 200), (width // 2, 0, width, height))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def is_red(pixel: tuple[int, ...]) -> bool:
    return pixel[0] > 150 and pixel[2] < 100


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16")]
    + [("WEBP", "RGB"), ("WEBP", "RGBA"), ("AVIF", "RGB")],
)
def test_every_kind_of_photo_becomes_webp_in_three_widths(kind: str, mode: str) -> None:
    image = Image.new("I;16", (1600, 1200), 30_000) if mode == "I;16" else picture(mode=mode)

    photo = prepare_photo(encoded(image, kind))

    assert [(width, opened(data).size) for width, data in sorted(photo.files.items())] == [
        (320, (320, 240)),
        (640, (640, 480)),
        (1200, (1200, 900)),
    ]
    assert {opened(data).format for data in photo.files.values()} == {"WEBP"}
    assert {opened(data).mode for data in photo.files.values()} == {"RGB"}
    assert (photo.width_px, photo.height_px) == (1200, 900)


def test_photo_of_an_iphone_is_understood() -> None:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(picture()).save(buffer, quality=60)

    photo = prepare_photo(buffer.getvalue())

    assert photo.width_px == 1200
    assert is_red(opened(photo.files[320]).getpixel((20, 120)))


@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [
        (1, (1200, 900), (10, 450)),
        (3, (1200, 900), (1190, 450)),
        (6, (1200, 1600), (600, 10)),
        (8, (1200, 1600), (600, 1590)),
    ],
)
def test_photo_is_turned_as_the_camera_says(orientation: int, size: tuple[int, int], corner: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation

    photo = prepare_photo(encoded(picture(), exif=exif))

    assert opened(photo.files[1200]).size == size
    assert is_red(opened(photo.files[1200]).getpixel(corner))


def test_nothing_but_the_picture_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera-of-Lan"
    exif.get_ifd(0x8825)[2] = (18.0, 58.0, 12.0)
    comment = b"a secret comment"

    photo = prepare_photo(encoded(picture(), exif=exif, comment=comment, icc_profile=b"not a profile"))

    for data in photo.files.values():
        assert b"Camera-of-Lan" not in data
        assert comment not in data
        assert not opened(data).getexif()
        assert "icc_profile" not in opened(data).info
        assert "xmp" not in opened(data).info


def test_a_picture_for_one_look_is_one_bare_webp() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera-of-Lan"

    shown = opened(plain_picture(encoded(picture(), exif=exif)))

    assert (shown.format, shown.size) == ("WEBP", (1200, 900))
    assert not shown.getexif()
    with pytest.raises(PhotoRefused):
        plain_picture(b"no picture")


def test_transparency_becomes_white() -> None:
    photo = prepare_photo(encoded(Image.new("RGBA", (400, 400), (0, 0, 0, 0)), "PNG"))

    assert opened(photo.files[320]).getpixel((5, 5)) == (255, 255, 255)


def test_small_photo_is_not_blown_up() -> None:
    photo = prepare_photo(encoded(picture(500, 400)))

    assert [opened(photo.files[width]).width for width in (320, 640, 1200)] == [320, 500, 500]


def test_of_an_animation_the_first_picture_is_taken() -> None:
    frames = [picture(400, 300), Image.new("RGB", (400, 300), "green")]

    photo = prepare_photo(encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:]))

    assert is_red(opened(photo.files[320]).getpixel((10, 100)))
    assert getattr(opened(photo.files[320]), "n_frames", 1) == 1


def test_very_tall_picture_is_bounded() -> None:
    photo = prepare_photo(encoded(picture(250, 15_000)))

    assert photo.height_px == 2400


def png_of_size(width: int, height: int) -> bytes:
    """A header that claims a size, with next to nothing behind it: a decompression bomb in a few bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def jpeg_of_80_megapixels() -> bytes:
    return encoded(Image.new("L", (10_000, 8_000), 128), quality=20)


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_photo"),
        (b"\0" * 100, "not_a_photo"),
        (SVG, "not_a_photo"),
        (b"<html><body>anh.jpg</body></html>", "not_a_photo"),
        (b"%PDF-1.7 disguised as photo.jpg", "not_a_photo"),
        (b"GIF89a" + b"\0" * 200, "not_a_photo"),
        (encoded(picture(400, 300), "BMP"), "not_a_photo"),
        (encoded(picture(400, 300), "TIFF"), "not_a_photo"),
        (encoded(picture(400, 300), "GIF"), "not_a_photo"),
        (encoded(picture())[:3_000], "broken"),
        (encoded(picture(), "PNG")[:1_500], "broken"),
        (encoded(picture(), "WEBP")[:200], "broken"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 2_000, "broken"),
        (png_of_size(100_000, 100_000), "too_many_pixels"),
        (png_of_size(9_000, 9_000), "too_many_pixels"),
        (png_of_size(5_000, 5_000), "broken"),
        (jpeg_of_80_megapixels(), "too_many_pixels"),
        (encoded(picture(LEAST_SIDE_PX - 1, 900)), "too_small"),
        (encoded(picture(1, 1), "PNG"), "too_small"),
        (b"\xff" * (MOST_BYTES + 1), "too_many_bytes"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value[:6]!r}…{len(value)}",
)
def test_what_is_no_sound_photo_is_refused_with_a_reason(data: bytes, code: str) -> None:
    with pytest.raises(PhotoRefused) as refusal:
        prepare_photo(data)

    assert refusal.value.code == code
    assert str(refusal.value) == str(MESSAGES[code])


def test_damaged_photos_never_raise_anything_else() -> None:
    rng = random.Random(7)
    sound = [encoded(picture(400, 300), kind) for kind in ("JPEG", "PNG", "WEBP", "AVIF")]
    heic = io.BytesIO()
    pillow_heif.from_pillow(picture(400, 300)).save(heic)
    for original in [*sound, heic.getvalue()]:
        for _round in range(30):
            damaged = bytearray(original)
            for _hit in range(rng.randint(1, 12)):
                damaged[rng.randrange(len(damaged))] = rng.randrange(256)
            try:
                prepare_photo(bytes(damaged))
            except PhotoRefused as refusal:
                assert refusal.code in MESSAGES


def test_kept_photo_has_a_name_from_which_the_other_widths_follow() -> None:
    storage = InMemoryStorage(base_url="/media/")

    name = keep_photo(prepare_photo(encoded(picture())), today=date(2026, 11, 23), storage=storage)

    assert name.startswith("photos/2026/11/")
    assert name.endswith("-1200.webp")
    for width in (320, 640, 1200):
        assert opened(storage.open(sized_name(name, width)).read()).width == width
    stem = name.removesuffix("-1200.webp")
    assert photo_srcset(name, storage=storage) == (
        f"/media/{stem}-320.webp 320w, /media/{stem}-640.webp 640w, /media/{stem}-1200.webp 1200w"
    )


def test_picture_of_another_origin_has_one_size() -> None:
    assert sized_name("products/old.jpg", 320) == "products/old.jpg"
    assert photo_srcset("products/old.jpg") == ""
