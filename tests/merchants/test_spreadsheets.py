"""The one intake of tables: headings in any order and below titles, old encodings, hostile files."""

import io
import zipfile
from typing import Any

import pytest

from merchants.spreadsheets import Column, SpreadsheetRefused, cell_text, column_letter, read_table
from tests.merchants.spreadsheet_samples import windows_1258, with_sheet, xlsx, zip_of

COLUMNS = (
    Column("name", "Tên cơ sở", ("tên hộ kinh doanh",), is_required=True),
    Column("phone", "Số điện thoại", ("sđt",)),
)
TEXT = "Tên cơ sở;SĐT\nHộ Đỗ Thị Bé, Nghệ An;0912 345 678\n"


def rows(data: bytes) -> list[tuple[int, str, str]]:
    return [(row.number, row.texts["name"], row.texts["phone"]) for row in read_table(data, columns=COLUMNS).rows]


def refused(data: bytes, **options: Any) -> SpreadsheetRefused:
    with pytest.raises(SpreadsheetRefused) as caught:
        read_table(data, columns=COLUMNS, **options)
    return caught.value


def test_headings_are_found_below_titles_in_any_order_and_rows_keep_their_numbers() -> None:
    data = xlsx(
        ["UBND XÃ HỢP MINH"],
        ["DANH SÁCH CƠ SỞ"],
        [],
        ["STT", "SỐ  ĐIỆN THOẠI:", "Ghi chú", "Tên hộ kinh doanh (*)"],
        ["(1)", "(2)", "(3)", "(4)"],
        [1, "0912 345 678", "x", "  Tạp hóa\u00a0 Lan\n"],
        [],
        ["Xóm 2", None, None, None],
        [2, 912345679, "", "Gạo"],
        merges=["A1:D1"],
    )

    table = read_table(data, columns=COLUMNS)

    assert [(row.number, row.texts["name"], row.texts["phone"]) for row in table.rows] == [
        (6, "Tạp hóa Lan", "0912 345 678"),
        (9, "Gạo", "912345679"),
    ]
    assert [row.numbers for row in table.rows] == [frozenset(), frozenset({"phone"})]
    assert (table.header_row, table.letters) == (4, {"phone": "B", "name": "D"})
    assert (table.ignored, table.skipped, table.merged) == (["STT", "Ghi chú"], [5, 8], {})


def test_the_sheet_with_the_headings_is_found_behind_others() -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Bìa"])
    sheet = book.create_sheet("Hộ")
    sheet.append(["Tên cơ sở", "SĐT"])
    sheet.append(["Gạo", "1"])
    out = io.BytesIO()
    book.save(out)

    table = read_table(out.getvalue(), columns=COLUMNS)

    assert (table.sheet, len(table.rows)) == ("Hộ", 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_in_unicode_is_read(encoding: str) -> None:
    assert rows(TEXT.encode(encoding)) == [(2, "Hộ Đỗ Thị Bé, Nghệ An", "0912 345 678")]


def test_csv_of_a_vietnamese_windows_is_read_letter_for_letter() -> None:
    assert rows(windows_1258(TEXT)) == [(2, "Hộ Đỗ Thị Bé, Nghệ An", "0912 345 678")]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_each_delimiter_is_found_and_quotes_hold_the_others(mark: str) -> None:
    text = f'Tên cơ sở{mark}SĐT\n"Gạo, nếp; tẻ\tthơm"{mark}1\n'

    assert rows(text.encode()) == [(2, "Gạo, nếp; tẻ thơm", "1")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"  \n", "empty"),
        (TEXT.encode("utf-16-le"), "utf16_without_mark"),
        ("Tªn c¬ së;S§T\nHé §ç ThÞ BÐ;1\n".encode("cp1252"), "unknown_encoding"),  # TCVN3
        (TEXT.encode().decode("cp1252", "replace").encode(), "garbled"),  # UTF-8 taken for Western letters
        (b"T\xean\x81;\x8d\x8f\n", "unknown_encoding"),
        (b"%PDF-1.7 ...", "other_format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked"),
        (b"PK\x03\x04 broken", "broken"),
        (zip_of({"word/document.xml": b"<x/>"}), "other_format"),
        (b"A;B\n1;2\n", "no_header"),
        ("Tên cơ sở;SĐT\n".encode(), "no_rows"),
        ("Tên cơ sở;SĐT;SĐT\nx;1;2\n".encode(), "two_columns"),
        ('Tên cơ sở,SĐT\n"Gạo,1\n'.encode(), "csv_broken"),
        (xlsx(["Tªn c¬ së", "S§T"], ["Hé ¸µ", "1"]), "unknown_encoding"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(data: bytes, code: str) -> None:
    refusal = refused(data)

    assert refusal.code == code
    assert refusal.words and "%(" not in refusal.words


def test_a_bomb_is_refused_before_a_parser_sees_it() -> None:
    data = zip_of({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 160_000_000})
    assert len(data) < 1_000_000

    assert refused(data).code == "bomb"


def test_a_size_that_lies_does_not_help_the_bomb() -> None:
    data = bytearray(zip_of({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 160_000_000}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        stated = archive.infolist()[1].file_size.to_bytes(4, "little")
    lying = bytes(data).replace(stated, (10).to_bytes(4, "little"))
    assert lying != bytes(data)

    assert refused(lying).code == "bomb"


@pytest.mark.parametrize(("place", "code"), [(b'r="A9999999"', "too_many_rows"), (b'r="XFD2"', "too_wide")])
def test_a_cell_far_away_costs_no_memory(place: bytes, code: str) -> None:
    data = with_sheet(xlsx(["Tên cơ sở", "SĐT"], ["Gạo", "1"]), b'r="A2"', place)

    assert refused(data).code == code


def test_empty_cells_far_away_do_no_harm() -> None:
    data = with_sheet(
        xlsx(["Tên cơ sở", "SĐT"], ["Gạo", "1"]),
        b"</row></sheetData>",
        b'</row><row r="1048576"><c r="A1048576" s="0"/></row></sheetData>',
    )

    assert rows(data) == [(2, "Gạo", "1")]


def test_too_many_rows_say_how_many_are_read() -> None:
    data = xlsx(["Tên cơ sở", "SĐT"], *[[f"Gạo {number}", "1"] for number in range(60)])

    refusal = refused(data, most_rows=20)

    assert refusal.code == "too_many_rows"
    assert "61" in refusal.words
    assert refused(("Tên cơ sở;SĐT\n" + "x;1\n" * 200_000).encode()).code == "too_many_rows"


def test_merged_cells_among_the_rows_are_named_with_their_range() -> None:
    table = read_table(
        xlsx(["Tên cơ sở", "SĐT"], ["Gạo", "1"], ["Chè", "2"], ["Cam", "3"], merges=["B2:B3"]), columns=COLUMNS
    )

    assert table.merged == {2: "B2:B3", 3: "B2:B3"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), (912345678.0, "912345678"), (18.5, "18.5"), (True, "1"), ("a\u202eb\x00\u0007c", "abc"),
        ("to\u0302\u0309", "tổ"), (" x \n y ", "x y"),
    ],
)  # fmt: skip
def test_a_cell_becomes_one_clean_line(value: Any, text: str) -> None:
    assert cell_text(value) == text


def test_columns_have_letters() -> None:
    assert [column_letter(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
