"""Pictures from people: what comes out is ours, upright and bare; what cannot be taken in is named."""

import io
import random
import re
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pillow_heif
import pytest
from django.core.files.storage import InMemoryStorage
from PIL import Image, ImageCms

from merchants.photos import (
    LEAST_SIDE_PX,
    MESSAGES,
    MOST_BYTES,
    PhotoRefused,
    PreparedPhoto,
    keep_photo,
    make_sizes,
    plain_picture,
    prepare_photo,
)
from merchants.picture_sizes import HAS_AVIF, files_of, read_name


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


def sized(photo: PreparedPhoto, width: int, ending: str = "webp") -> Image.Image:
    """The photo in that width; its whole under width 0."""
    return opened(photo.files[photo.name.sized(width, ending)] if width else photo.whole)


def is_red(pixel: tuple[int, ...]) -> bool:
    return pixel[0] > 150 and pixel[2] < 100


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16")]
    + [("WEBP", "RGB"), ("WEBP", "RGBA"), ("AVIF", "RGB")],
)
def test_every_kind_of_photo_becomes_avif_webp_and_jpeg_in_exact_widths(kind: str, mode: str) -> None:
    image = Image.new("I;16", (1600, 1200), 30_000) if mode == "I;16" else picture(mode=mode)

    photo = prepare_photo(encoded(image, kind))

    assert HAS_AVIF
    assert [
        (file.removeprefix(photo.name.whole[:-4]), opened(data).format, opened(data).size)
        for file, data in photo.files.items()
    ] == [
        ("-160.avif", "AVIF", (160, 120)),
        ("-320.avif", "AVIF", (320, 240)),
        ("-640.avif", "AVIF", (640, 480)),
        ("-960.avif", "AVIF", (960, 720)),
        ("-160.webp", "WEBP", (160, 120)),
        ("-320.webp", "WEBP", (320, 240)),
        ("-640.webp", "WEBP", (640, 480)),
        ("-320.jpg", "JPEG", (320, 240)),
        ("-640.jpg", "JPEG", (640, 480)),
        (".jpg", "JPEG", (1600, 1200)),
    ]
    assert {opened(data).mode for data in photo.files.values()} == {"RGB"}
    assert (photo.width_px, photo.height_px) == (1600, 1200)


def test_where_pillow_has_no_avif_webp_takes_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("merchants.picture_sizes.HAS_AVIF", False)

    photo = prepare_photo(encoded(picture()))

    assert [file.rpartition("-1w")[2] for file in photo.files] == [
        "-160.webp", "-320.webp", "-640.webp", "-960.webp", "-320.jpg", "-640.jpg", ".jpg",
    ]  # fmt: skip
    assert photo.name.has_avif is False


@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [
        (1, (1600, 1200), (10, 450)),
        (3, (1600, 1200), (1590, 450)),
        (6, (1200, 1600), (600, 10)),
        (8, (1200, 1600), (600, 1590)),
    ],
)
def test_photo_is_turned_as_the_camera_says(orientation: int, size: tuple[int, int], corner: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation

    photo = prepare_photo(encoded(picture(), exif=exif))

    assert sized(photo, 0).size == (photo.width_px, photo.height_px) == size
    assert is_red(sized(photo, 0).getpixel(corner))
    assert sized(photo, 640, "avif").size == (640, round(640 * size[1] / size[0]))


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
    for refused in (b"no picture", b"\xff" * (MOST_BYTES + 1), encoded(picture(100, 100))):
        with pytest.raises(PhotoRefused):
            plain_picture(refused)


def test_transparency_becomes_white() -> None:
    photo = prepare_photo(encoded(Image.new("RGBA", (400, 400), (0, 0, 0, 0)), "PNG"))

    assert sized(photo, 320).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_half_transparency_mixes_with_white(mode: str) -> None:
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 128)).convert(mode)

    photo = prepare_photo(encoded(image, "PNG"))

    assert sized(photo, 0).getpixel((200, 200)) == pytest.approx((127, 127, 127), abs=3)


def test_colours_of_another_space_become_those_of_screens() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    for given in (profile, wide):  # a profile that does not fit leaves the colours as they are
        photo = prepare_photo(encoded(picture(), icc_profile=given))
        assert is_red(sized(photo, 0).getpixel((20, 600)))
        assert all("icc_profile" not in opened(data).info for data in photo.files.values())


def test_the_name_says_size_and_mean_colour() -> None:
    photo = prepare_photo(encoded(Image.new("RGB", (800, 600), (0xC8, 0xA4, 0x7E)), "PNG"))

    assert (photo.name.width, photo.name.height) == (800, 600)
    assert photo.name.tone == "c8a47e"


def test_small_photo_is_not_blown_up() -> None:
    photo = prepare_photo(encoded(picture(500, 400)))

    assert [photo.name.widths_of(ending) for ending in ("avif", "webp", "jpg")] == [
        (160, 320, 500),
        (160, 320, 500),
        (320,),
    ]
    assert [sized(photo, width).width for width in (160, 320, 500, 0)] == [160, 320, 500, 500]


def test_of_an_animation_the_first_picture_is_taken() -> None:
    frames = [picture(400, 300), Image.new("RGB", (400, 300), "green")]

    photo = prepare_photo(encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:]))

    assert is_red(sized(photo, 320).getpixel((10, 100)))
    assert {getattr(opened(data), "n_frames", 1) for data in photo.files.values()} == {1}


def test_very_tall_picture_is_bounded() -> None:
    photo = prepare_photo(encoded(picture(250, 15_000)))

    assert (photo.width_px, photo.height_px) == (27, 1600)
    assert all(max(opened(data).size) <= 1600 for data in photo.files.values())
    assert photo.name.widths_of("avif") == (27,)


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


def test_kept_photo_has_a_name_from_which_every_file_follows() -> None:
    storage = InMemoryStorage(base_url="/media/")

    name = keep_photo(prepare_photo(encoded(picture())), today=date(2026, 11, 23), storage=storage)

    assert re.fullmatch(r"photos/2026/11/[0-9a-f]{20}-1600x1200-[0-9a-f]{6}-1a\.jpg", name)
    assert len(name) <= 100  # as long as a portrait's column
    assert sorted(f"photos/2026/11/{file}" for file in storage.listdir("photos/2026/11")[1]) == sorted(files_of(name))
    for width in (160, 320, 640, 960):
        assert opened(storage.open(read_name(name).sized(width, "avif")).read()).width == width


def test_the_same_photo_sent_twice_at_once_is_kept_twice_and_whole() -> None:
    storage, data = InMemoryStorage(), encoded(picture(800, 600))

    def send(_number: int) -> str:
        return keep_photo(prepare_photo(data), today=date(2026, 11, 23), storage=storage)

    with ThreadPoolExecutor(4) as senders:
        names = list(senders.map(send, range(4)))

    assert len(set(names)) == 4
    assert all(storage.exists(file) for name in names for file in files_of(name))


def test_a_photo_cut_off_by_a_kill_has_no_name_yet() -> None:
    """The whole file comes last and the row after it: what is half written is nobody's picture."""
    storage, photo = InMemoryStorage(), prepare_photo(encoded(picture(800, 600)))
    written: list[str] = []

    def save(name: str, content: object) -> str:
        if len(written) == 5:
            raise KeyboardInterrupt
        written.append(InMemoryStorage.save(storage, name, content))
        return name

    storage.save = save  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        keep_photo(photo, today=date(2026, 11, 23), storage=storage)

    assert len(written) == 5
    assert not any(read_name(name) for name in written)


def test_missing_sizes_are_made_from_the_whole_one() -> None:
    storage = InMemoryStorage()
    name = keep_photo(prepare_photo(encoded(picture())), today=date(2026, 11, 23), storage=storage)
    lost = [read_name(name).sized(320, "avif"), read_name(name).sized(640, "jpg")]
    for file in lost:
        storage.delete(file)

    assert make_sizes(name, storage=storage) == 2
    assert make_sizes(name, storage=storage) == 0
    assert [opened(storage.open(file).read()).size for file in lost] == [(320, 240), (640, 480)]
    assert make_sizes("products/old.jpg", storage=storage) == 0
