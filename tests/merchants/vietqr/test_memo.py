"""Folding transfer memos without losing the order's reference."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from merchants.vietqr.memo import fold_characters, fold_memo, shorten_memo
from merchants.vietqr.payload import decode, encode


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Tương nếp Nam Đàn", "Tuong nep Nam Dan"),
        ("Tương nếp", "Tuong nep"),  # marks as separate characters
        ("ĐƯỜNG đỗ Ỷ ỹ ẵ ỡ Ự", "DUONG do Y y a o U"),
        ("Mua 2 hũ, 500g/hũ!", "Mua 2 hu 500ghu"),
        ("a\tb\nc\u00a0d  e", "a b c d e"),
        ("  đầu và cuối  ", "dau va cuoi"),
        ("１２３", "123"),
        ("OC-7K2_M4.PX", "OC7K2M4PX"),
        ("🐝🍯", ""),
        ("謝謝", ""),
        ("", ""),
    ],
)
def test_text_folds_to_letters_without_marks_digits_and_single_spaces(text, folded):
    assert fold_characters(text) == folded


@pytest.mark.parametrize(
    ("text", "reference", "memo"),
    [
        ("", "OC7K2M4PX", "OC7K2M4PX"),
        ("Tương nếp", "OC7K2M4PX", "OC7K2M4PX Tuong nep"),
        ("Thanh toán tiền mua tương nếp Nam Đàn", "OC7K2M4PX", "OC7K2M4PX Thanh toan tien"),
        ("Thanh toán tiền mua tương OC7K2M4PX", "OC7K2M4PX", "OC7K2M4PX Thanh toan tien"),
        ("don oc7k2m4px nhe", "OC7K2M4PX", "OC7K2M4PX don nhe"),
        ("x", "A" * 25, "A" * 25),
        ("Thanh toán tiền mua tương nếp", None, "Thanh toan tien mua tuong"),
        ("Thanh toan tien mua mat o ng", None, "Thanh toan tien mua mat o"),
    ],
)
def test_reference_comes_first_and_whole_and_the_rest_is_cut(text, reference, memo):
    assert fold_memo(text, reference) == memo


@pytest.mark.parametrize("reference", ["", "OC 7K2", "OC-7K2", "ĐH1", "A" * 26, "OC1\n"])
def test_reference_that_banks_would_change_is_refused(reference):
    with pytest.raises(ValueError):
        fold_memo("x", reference)


@given(text=st.text(max_size=60), reference=st.none() | st.from_regex(r"\A[A-Z0-9]{1,25}\Z"))
@example(text="OCOC7K2M4PX7K2M4PX", reference="OC7K2M4PX")
def test_memo_always_fits_keeps_the_reference_and_folds_no_further(text, reference):
    memo = fold_memo(text, reference)

    assert len(memo) <= 25
    assert re.fullmatch(r"(?:[A-Za-z0-9]+(?: [A-Za-z0-9]+)*)?", memo)
    assert reference is None or memo.split(" ")[0] == reference
    assert fold_memo(memo, reference) == memo
    assert (decode(encode(bin="970405", account="1", memo=memo)).memo or "") == memo


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thanh toán tiền mua tương nếp", "Thanh toan tien mua tuong"),
        ("Mua tương OC7K2M4PX", "Mua tuong OC7K2M4PX"),
        ("Thanh toán tiền mua tương OC7K2M4PX", "OC7K2M4PX Thanh toan tien"),
        ("x" * 60, "x" * 25),
    ],
)
def test_a_whole_memo_is_cut_to_25_but_never_through_our_reference(text, expected):
    assert shorten_memo(text) == expected
