"""Printed signs: exact in mm, every name inside its box, and read by two independent decoders as a phone sees them."""

import random
from io import BytesIO

import cv2
import numpy
import pypdfium2
import pytest
import zxingcpp
from django.utils import translation
from PIL import Image, ImageEnhance, ImageFilter

from merchants.print_sheets import LAYOUTS, SIGNS_AT_ONCE, Marks, Sign, draw_parts, draw_sheets, join_parts, sheet_words
from merchants.vietqr.image import SPECIMEN_WORDS
from merchants.vietqr.payload import PayloadError, encode

MM = 72 / 25.4
EIGHTY = "Hợp tác xã Dịch vụ Nông nghiệp Chế biến Tương nếp Nưỡng Ngữ Thượng Thuỷ Đường Ệ"
LONGEST = "Ưỡng " * 24  # 120 characters, as the register keeps
UNBROKEN = "W" * 120


def sign(number: int = 1, **changed: object) -> Sign:
    fields: dict[str, object] = {
        "payload": encode(bin="970405", account=f"DEMO{number:07d}"),
        "business_name": f"Hợp tác xã Tương nếp Long Thành {number}",
        "holder_name": "HTX TUONG NEP LONG THANH",
        "check_address": "hopminh.example/ma/K7M2PX3R/",
        "bank_code": "AGRIBANK",
    }
    return Sign(**(fields | changed))  # type: ignore[arg-type]


def pages(signs: list[Sign], layout: str, **drawing: object) -> pypdfium2.PdfDocument:
    with translation.override("vi"):
        return pypdfium2.PdfDocument(draw_sheets(signs, layout=layout, words=sheet_words(), **drawing))  # type: ignore[arg-type]


def seen(page: pypdfium2.PdfPage, dpi: int = 150) -> Image.Image:
    return page.render(scale=dpi / 72).to_pil().convert("L")


def codes_in(picture: Image.Image) -> tuple[list[str], list[str]]:
    """What zxing-cpp and OpenCV each find, sorted."""
    grey = numpy.array(picture)
    by_zxing = sorted(found.text for found in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode))
    _, by_opencv, _, _ = cv2.QRCodeDetectorAruco().detectAndDecodeMulti(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR))
    return by_zxing, sorted(text for text in by_opencv if text)


def text_of(page: pypdfium2.PdfPage) -> str:
    return page.get_textpage().get_text_range()


@pytest.mark.parametrize(("layout", "width", "height"), [("a6", 105, 148), ("a5", 148, 210), ("a4", 210, 297)])
def test_page_is_exact_in_mm_and_all_vectors(layout: str, width: float, height: float) -> None:
    page = pages([sign()], layout)[0]

    assert [round(side / MM, 2) for side in page.get_size()] == [width, height]
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in {found.type for found in page.get_objects()}


@pytest.mark.parametrize("specimen", [False, True])
@pytest.mark.parametrize(("layout", "on_page"), [("a6", 1), ("a5", 1), ("a4", 4)])
def test_both_decoders_read_each_sign_at_150_dpi_and_nothing_else(layout: str, on_page: int, specimen: bool) -> None:
    signs = [sign(number, specimen=specimen) for number in range(5)]

    document = pages(signs, layout)

    assert len(document) == -(-5 // on_page)
    for number, page in enumerate(document):
        expected = [one.payload for one in signs[number * on_page : (number + 1) * on_page]]
        assert codes_in(seen(page)) == (expected, expected)


def blurred(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(2.2))


def tilted(picture: Image.Image) -> Image.Image:
    """As seen from below and from the side: turned by 12°, the far edge a quarter shorter."""
    width, height = picture.size
    corners = numpy.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=numpy.float32)
    seen_at = corners.copy()
    seen_at[0] += (width * 0.12, height * 0.05)
    seen_at[1] += (-width * 0.13, height * 0.1)
    matrix = cv2.getPerspectiveTransform(corners, seen_at)
    warped = cv2.warpPerspective(numpy.array(picture), matrix, (width, height), borderValue=200)
    return Image.fromarray(warped).rotate(12, fillcolor=200, expand=True, resample=Image.Resampling.BICUBIC)


def in_the_dark(picture: Image.Image) -> Image.Image:
    """An evening shop: a tenth of the light, a shadow from one side, and the noise of a small sensor."""
    dim = ImageEnhance.Brightness(ImageEnhance.Contrast(picture).enhance(0.5)).enhance(0.35)
    grey = numpy.array(dim, dtype=numpy.float32)
    grey *= numpy.linspace(0.6, 1.0, grey.shape[1])[None, :]
    noise = numpy.random.default_rng(7).normal(0, 4, grey.shape)
    return Image.fromarray(numpy.clip(grey + noise, 0, 255).astype(numpy.uint8))


@pytest.mark.parametrize("harm", [blurred, tilted, in_the_dark])
@pytest.mark.parametrize("specimen", [False, True])
@pytest.mark.parametrize("layout", ["a6", "a5", "a4"])
def test_both_decoders_read_a_sign_under_harm(layout: str, specimen: bool, harm) -> None:
    one = sign(42, specimen=specimen)

    assert codes_in(harm(seen(pages([one], layout)[0]))) == ([one.payload], [one.payload])


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
@pytest.mark.parametrize("name", [EIGHTY, LONGEST, UNBROKEN])
def test_no_name_runs_over_the_edge_of_its_sign(layout: str, name: str) -> None:
    shape = LAYOUTS[layout]
    named = sign(business_name=name, holder_name=name.upper(), check_address=f"{'x' * 40}.example/ma/K7M2PX3R/")

    page = pages([named], layout)[0]

    text = page.get_textpage()
    left = (shape.page_width - shape.columns * shape.width - (shape.columns - 1) * shape.gap) / 2
    top = (shape.page_height - shape.rows * shape.height - (shape.rows - 1) * shape.gap) / 2
    if shape.columns > 1:  # the ruler stands in the margin below
        boxes = [text.get_charbox(i) for i in range(text.count_chars()) if text.get_charbox(i)[1] > 8 * MM]
    else:
        boxes = [text.get_charbox(i) for i in range(text.count_chars())]
    assert min(box[0] for box in boxes) >= (left + 1) * MM
    assert max(box[2] for box in boxes) <= (left + shape.width - 1) * MM
    assert max(box[3] for box in boxes) <= (shape.page_height - top - 1) * MM
    assert min(box[1] for box in boxes) >= (shape.page_height - top - shape.height) * MM
    written = "".join(text_of(page).replace("\u200b", "").split())
    assert "".join(name.split()) in written


def test_lines_of_a_long_name_do_not_cover_each_other_or_the_code() -> None:
    """The rows of the sign keep their order from top to bottom, each below the one before."""
    page = pages([sign(business_name=LONGEST, holder_name=UNBROKEN)], "a6")[0]
    text = page.get_textpage()

    def box_of(words: str) -> tuple[float, float, float, float]:
        index, count = text.search(words).get_next()
        boxes = [text.get_charbox(i) for i in range(index, index + count)]
        return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))

    rows = [box_of(words) for words in ("Quét mã", "Ưỡng", "VietQR", "DEMO0000001", "Agribank", "WWWW", "hopminh")]

    assert all(above[1] > below[3] for above, below in zip(rows, rows[1:], strict=False))


def test_sign_says_business_holder_bank_account_and_where_to_check() -> None:
    text = " ".join(text_of(pages([sign()], "a6")[0]).split())

    for words in (
        "Hợp tác xã Tương nếp Long Thành 1",
        "HTX TUONG NEP LONG THANH",
        "Agribank",
        "DEMO0000001",
        "hopminh.example/ma/K7M2PX3R/",
    ):
        assert words in text
    assert SPECIMEN_WORDS not in text


def test_specimen_says_so_above_below_and_across_and_only_on_its_own_sign() -> None:
    text = text_of(pages([sign(specimen=True), sign(2)], "a4")[0])

    assert text.count(SPECIMEN_WORDS) == 5


def test_strips_hold_only_the_way_to_the_check_page_and_say_that_nobody_pays_with_them() -> None:
    page = pages([sign()], "strips")[0]

    address = ["https://hopminh.example/ma/K7M2PX3R/"]
    assert codes_in(seen(page)) == (address, address)
    assert "Kiểm tra mã, không phải để trả tiền" in text_of(page)
    assert "DEMO" not in text_of(page)


def test_cut_marks_lie_on_the_edges_of_the_signs_to_a_tenth_of_a_mm() -> None:
    page = pages([sign(number) for number in range(4)], "a4")[0]

    lines = [found.get_bounds() for found in page.get_objects() if found.type == pypdfium2.raw.FPDF_PAGEOBJ_PATH]
    upright = {
        round((left + right) / 2 / MM, 1)
        for left, bottom, right, top in lines
        if right - left < MM and 4 * MM < top - bottom < 5 * MM
    }
    level = {
        round((page.get_height() - (bottom + top) / 2) / MM, 1)
        for left, bottom, right, top in lines
        if top - bottom < MM and 4 * MM < right - left < 5 * MM
    }
    assert upright == {8.0, 103.0, 107.0, 202.0}
    assert level == {10.5, 146.5, 150.5, 286.5}


def test_ruler_is_50_mm_long() -> None:
    for layout in LAYOUTS:
        lines = [o.get_bounds() for o in pages([sign()], layout)[0].get_objects() if o.type == 2]
        widths = [(right - left) / MM - 2 * 0.2 for left, _, right, _ in lines]  # a stroke of 0.2 mm is counted twice
        assert [width for width in widths if abs(width - 50) < 0.05], layout


def mark_of(colour: str, size: tuple[int, int] = (400, 200)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def test_uploaded_marks_take_the_place_of_the_words_and_the_code_stays_readable() -> None:
    one = sign()

    page = pages(
        [one], "a6", marks=Marks(general=[mark_of("blue"), mark_of("red")], of_banks={"AGRIBANK": mark_of("green")})
    )[0]

    assert "napas 247" not in text_of(page)
    pictures = [found for found in page.get_objects(max_depth=5) if found.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
    assert len(pictures) == 3
    assert codes_in(seen(page)) == ([one.payload], [one.payload])


def test_mark_of_another_bank_is_left_out() -> None:
    page = pages([sign()], "a6", marks=Marks(of_banks={"VCB": mark_of("green")}))[0]

    assert "napas 247" in text_of(page)


def test_fixed_mask_is_read_for_every_one_of_a_hundred_accounts() -> None:
    rng = random.Random(5)
    letters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    signs = [
        sign(payload=encode(bin="970405", account="DEMO" + "".join(rng.choices(letters, k=rng.randint(1, 15)))))
        for _ in range(100)
    ]

    document = pages(signs, "a4")

    for number, page in enumerate(document):
        expected = sorted(one.payload for one in signs[number * 4 : number * 4 + 4])
        assert codes_in(seen(page)) == (expected, expected)


def test_parts_join_into_one_file_in_order(tmp_path) -> None:
    signs = [sign(number) for number in range(SIGNS_AT_ONCE + 3)]
    out = tmp_path / "all.pdf"

    with translation.override("vi"):
        count = join_parts(draw_parts(signs, layout="a6", words=sheet_words()), out)

    document = pypdfium2.PdfDocument(out)
    assert count == len(document) == SIGNS_AT_ONCE + 3
    assert "DEMO0000000" in text_of(document[0])
    assert f"DEMO{SIGNS_AT_ONCE + 2:07d}" in text_of(document[SIGNS_AT_ONCE + 2])
    assert [file.name for file in tmp_path.iterdir()] == ["all.pdf"]


def test_nothing_is_printed_that_cannot_be_paid() -> None:
    with pytest.raises(PayloadError):
        pages([sign(payload="2|99|0900000000|A")], "a6")


def test_markup_in_names_is_only_text() -> None:
    assert '#panic("x") *đậm*' in text_of(pages([sign(business_name='#panic("x") *đậm* $1$ <a>')], "a5")[0])
