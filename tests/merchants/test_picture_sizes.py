"""Names of pictures' files: everything follows from one name, and other names are left alone."""

import pytest

from merchants.picture_sizes import PictureName, files_of, never_changes, old_sizes, read_name, sized_name, whole_of

NAME = "photos/2026/11/5f0c-1600x1200-c8a47e-1a.jpg"
STEM = "photos/2026/11/5f0c-1600x1200-c8a47e-1a"
OLD = "photos/2026/11/5f0c-1200.webp"


def test_a_name_says_what_it_was_made_of() -> None:
    assert read_name(NAME) == PictureName(
        stem="photos/2026/11/5f0c", width=1600, height=1200, tone="c8a47e", has_avif=True, again=0, edition=1
    )
    assert read_name(NAME).whole == NAME


def test_what_is_made_anew_has_another_name() -> None:
    again = PictureName("photos/a", 400, 300, "000000", has_avif=False, again=2)

    assert again.whole == "photos/a-400x300-000000-1w2.jpg"
    assert read_name(again.whole) == again


@pytest.mark.parametrize(
    "name",
    [
        "", "products/anh.jpg", OLD, f"{STEM}-640.avif", "a-0x0-c8a47e-1a.jpg", "a-9999x10-c8a47e-1a.jpg",
        "a-1600x1200-c8a47e-9a.jpg", "a-1600x1200-C8A47E-1a.jpg", "-1600x1200-c8a47e-1a.jpg",
    ],
)  # fmt: skip
def test_other_names_say_nothing(name: str) -> None:
    assert read_name(name) is None


def test_every_file_of_a_picture_is_known_the_whole_last() -> None:
    assert files_of(NAME) == [
        f"{STEM}-160.avif", f"{STEM}-320.avif", f"{STEM}-640.avif", f"{STEM}-960.avif",
        f"{STEM}-160.webp", f"{STEM}-320.webp", f"{STEM}-640.webp", f"{STEM}-320.jpg", f"{STEM}-640.jpg", NAME,
    ]  # fmt: skip
    assert files_of(OLD) == [
        "photos/2026/11/5f0c-320.webp", "photos/2026/11/5f0c-640.webp", "photos/2026/11/5f0c-1200.webp",
    ]  # fmt: skip
    assert files_of("products/anh.jpg") == ["products/anh.jpg"]


@pytest.mark.parametrize("name", [NAME, OLD])
def test_every_file_leads_back_to_the_name_a_row_keeps(name: str) -> None:
    assert {whole_of(file) for file in files_of(name)} == {name}
    assert all(never_changes(file) for file in files_of(name))


def test_files_of_other_origin_may_change() -> None:
    for name in ("images/dong.width-165.webp", "documents/noi-quy.pdf", "original_images/dong.webp"):
        assert whole_of(name) is None
        assert not never_changes(name)


@pytest.mark.parametrize(
    ("width", "file"), [(200, f"{STEM}-320.jpg"), (320, f"{STEM}-320.jpg"), (321, f"{STEM}-640.jpg"), (1000, NAME)]
)
def test_a_file_for_every_program_is_as_wide_as_asked(width: int, file: str) -> None:
    assert sized_name(NAME, width) == file


def test_old_pictures_give_the_sizes_they_have() -> None:
    assert old_sizes(OLD)[640] == sized_name(OLD, 400) == "photos/2026/11/5f0c-640.webp"
    assert sized_name("products/anh.jpg", 400) == "products/anh.jpg"
    assert old_sizes("products/anh.jpg") == {}
