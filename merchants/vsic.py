"""Sections of Vietnam's economic activities as data: VSIC 2018, QĐ 27/2018/QĐ-TTg (6/7/2018), 21 sections A to U.

A newer system (announced for the end of 2025) may rename and split some; change the data here and keep VERSION true.
"""

from dataclasses import dataclass

from merchants.folding import fold_text

VERSION = "QĐ 27/2018/QĐ-TTg"


@dataclass(frozen=True)
class Section:
    """One section; `first` to `last` are its two-digit divisions, `plain` words that people write for it."""

    letter: str
    name: str
    first: int
    last: int
    plain: tuple[str, ...] = ()


SECTIONS = {
    section.letter: section
    for section in (
        Section(
            "A", "Nông nghiệp, lâm nghiệp và thủy sản", 1, 3, ("nông nghiệp", "trồng trọt", "chăn nuôi", "thủy sản")
        ),
        Section("B", "Khai khoáng", 5, 9),
        Section("C", "Công nghiệp chế biến, chế tạo", 10, 33, ("sản xuất", "chế biến", "tiểu thủ công nghiệp")),
        Section("D", "Sản xuất và phân phối điện, khí đốt, nước nóng, hơi nước và điều hòa không khí", 35, 35),
        Section("E", "Cung cấp nước; quản lý và xử lý rác thải, nước thải", 36, 39),
        Section("F", "Xây dựng", 41, 43),
        Section(
            "G",
            "Bán buôn và bán lẻ; sửa chữa ô tô, mô tô, xe máy và xe có động cơ khác",
            45,
            47,
            ("bán lẻ", "bán buôn", "thương mại", "buôn bán", "tạp hóa"),
        ),
        Section("H", "Vận tải kho bãi", 49, 53, ("vận tải",)),
        Section("I", "Dịch vụ lưu trú và ăn uống", 55, 56, ("ăn uống", "nhà hàng", "lưu trú", "nhà nghỉ")),
        Section("J", "Thông tin và truyền thông", 58, 63),
        Section("K", "Hoạt động tài chính, ngân hàng và bảo hiểm", 64, 66),
        Section("L", "Hoạt động kinh doanh bất động sản", 68, 68),
        Section("M", "Hoạt động chuyên môn, khoa học và công nghệ", 69, 75),
        Section("N", "Hoạt động hành chính và dịch vụ hỗ trợ", 77, 82),
        Section(
            "O",
            "Hoạt động của Đảng Cộng sản, tổ chức chính trị - xã hội, quản lý nhà nước, an ninh quốc phòng; "
            "bảo đảm xã hội bắt buộc",
            84,
            84,
        ),
        Section("P", "Giáo dục và đào tạo", 85, 85),
        Section("Q", "Y tế và hoạt động trợ giúp xã hội", 86, 88, ("y tế",)),
        Section("R", "Nghệ thuật, vui chơi và giải trí", 90, 93),
        Section("S", "Hoạt động dịch vụ khác", 94, 96, ("dịch vụ khác",)),
        Section(
            "T",
            "Hoạt động làm thuê các công việc trong các hộ gia đình, sản xuất sản phẩm vật chất và dịch vụ tự tiêu "
            "dùng của hộ gia đình",
            97,
            98,
        ),
        Section("U", "Hoạt động của các tổ chức và cơ quan quốc tế", 99, 99),
    )
}

_BY_WORDS = {
    fold_text(words): section.letter for section in SECTIONS.values() for words in (section.name, *section.plain)
}


def find_section(typed: str) -> str | None:
    """The letter of what was written: "G", "G - Bán lẻ", "4711", "47", "Bán lẻ"; None when it is no section. Pure."""
    text = typed.strip()
    head = text.split("-")[0].split(".")[0].strip()
    if head.upper() in SECTIONS:
        return head.upper()
    if head[:2].isascii() and head[:2].isdecimal() and len(head[:2]) == 2:
        division = int(head[:2])
        return next((one.letter for one in SECTIONS.values() if one.first <= division <= one.last), None)
    return _BY_WORDS.get(fold_text(text))


def section_choices() -> list[tuple[str, str]]:
    """For a form: letter and "G – Bán buôn và bán lẻ …"."""
    return [(one.letter, f"{one.letter} – {one.name}") for one in SECTIONS.values()]
