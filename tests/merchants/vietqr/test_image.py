"""Drawn codes, read back by two independent decoders, and what is written around them."""

from io import BytesIO

import cv2
import numpy
import pytest
import typst
import zxingcpp
from defusedxml.ElementTree import fromstring
from PIL import Image

from merchants.vietqr.image import (
    FAST_MASK,
    SPECIMEN_WORDS,
    CodeSheet,
    SheetLabels,
    draw_card,
    draw_matrix,
    draw_png,
    draw_svg,
)
from merchants.vietqr.payload import PayloadError, encode

LABELS = SheetLabels(
    scan_to_pay="Quét mã để trả tiền",
    bank="Ngân hàng",
    account="Số tài khoản",
    holder="Chủ tài khoản",
    amount="Số tiền",
    memo="Nội dung",
    any_bank_app="Quét được bằng ứng dụng của mọi ngân hàng.",
    check_name="Xem đúng tên người nhận rồi mới chuyển.",
)
STATIC = encode(bin="970405", account="DEMO0000012")
ORDER = encode(bin="970405", account="DEMO0000012", amount=235000, memo="OC7K2M4PX Tuong nep")
LONGEST = encode(bin="970405", account="Z" * 19, amount=9_999_999_999_999, memo="m" * 25)
PAYLOADS = [STATIC, ORDER, LONGEST]


def sheet(payload=ORDER, **changed):
    fields = dict(
        payload=payload,
        business_name="Hợp tác xã Nông nghiệp và Dịch vụ tương nếp Long Thành",
        holder_name="HTX NONG NGHIEP VA DICH VU LONG THANH",
        check_address="hopminh.example/ma/K7M2P",
    )
    return CodeSheet(**fields | changed)


def read_by_both(picture: Image.Image) -> set[str | None]:
    """Return what zxing-cpp and OpenCV each read.

    OpenCV's older QRCodeDetector misses some 4 % of sound codes, whoever drew them; this one does not.
    """
    grey = numpy.array(picture.convert("L"))
    by_zxing = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode)
    by_opencv, _, _ = cv2.QRCodeDetectorAruco().detectAndDecode(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR))
    return {by_zxing[0].text if by_zxing else None, by_opencv}


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png))


def rasterised(svg: str, width_mm: int = 60) -> Image.Image:
    page = (
        f"#set page(width: {width_mm}mm, height: {width_mm}mm, margin: 0mm)\n#image(bytes(sys.inputs.svg), width: 100%)"
    )
    return opened(typst.compile(page.encode(), format="png", ppi=200, sys_inputs={"svg": svg}))


@pytest.mark.parametrize("specimen", [False, True])
@pytest.mark.parametrize("payload", PAYLOADS)
class TestReadBack:
    def test_png_is_read_by_both_decoders(self, payload, specimen):
        assert read_by_both(opened(draw_png(payload, module_px=6, specimen=specimen))) == {payload}

    def test_svg_is_read_by_both_decoders(self, payload, specimen):
        assert read_by_both(rasterised(draw_svg(payload, title="HTX", specimen=specimen))) == {payload}

    def test_card_is_read_by_both_decoders(self, payload, specimen):
        assert read_by_both(opened(draw_card(sheet(payload, specimen=specimen), LABELS))) == {payload}


@pytest.mark.parametrize("mask", range(8))
@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
def test_every_mask_and_level_is_read(mask, level):
    assert read_by_both(opened(draw_png(ORDER, module_px=6, error_correction=level, mask=mask))) == {ORDER}


def test_fixed_mask_gives_the_same_size_of_code():
    assert len(draw_matrix(ORDER, mask=FAST_MASK)) == len(draw_matrix(ORDER))


class TestSvg:
    def test_it_is_one_drawing_without_style_or_script(self):
        svg = draw_svg(ORDER, title='HTX "A" <b> & B')

        tags = {element.tag.rpartition("}")[2] for element in fromstring(svg).iter()}
        assert tags == {"svg", "title", "path"}
        assert "style" not in svg and "<b>" not in svg
        assert fromstring(svg).get("aria-label") == 'HTX "A" <b> & B'

    def test_specimen_says_so_in_words_for_eyes_and_screen_readers(self):
        root = fromstring(draw_svg(ORDER, title="HTX", specimen=True))

        assert SPECIMEN_WORDS in root.get("aria-label")
        assert [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")] == [SPECIMEN_WORDS] * 5


def test_longest_names_still_leave_a_card_that_is_read():
    long = sheet(LONGEST, business_name="Hợp tác xã " * 18, holder_name="NGUYEN VAN " * 10, bank_name="Ngân hàng " * 8)

    assert read_by_both(opened(draw_card(long, LABELS))) == {LONGEST}


def test_nothing_is_printed_that_cannot_be_paid():
    with pytest.raises(PayloadError):
        draw_card(sheet(ORDER[:-4] + "0000"), LABELS)


def test_specimen_card_has_the_red_bands_and_the_plain_one_none():
    red = (0xC4, 0x1E, 0x1E)

    assert opened(draw_card(sheet(specimen=True), LABELS)).getpixel((5, 60)) == red
    assert red not in {colour for _, colour in opened(draw_card(sheet(), LABELS)).getcolors(1 << 20)}
