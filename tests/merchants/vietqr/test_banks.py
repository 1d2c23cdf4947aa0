"""The bank table and how people write banks."""

import json
import re
from importlib.resources import files

import pytest

from merchants.vietqr.banks import all_banks, bank_by_code, banks_by_bin, current_banks, find_banks

MAIN_BINS = {
    "Agribank": "970405",
    "VietinBank": "970415",
    "Vietcombank": "970436",
    "BIDV": "970418",
    "MB": "970422",
    "Techcombank": "970407",
    "ACB": "970416",
    "VPBank": "970432",
    "TPBank": "970423",
    "Sacombank": "970403",
    "HDBank": "970437",
    "SHB": "970443",
    "VIB": "970441",
    "LPBank": "970449",
    "OCB": "970448",
    "Bac A Bank": "970409",
    "SeABank": "970440",
    "MSB": "970426",
    "SCB": "970429",
    "Eximbank": "970431",
    "Co-opBank": "970446",
    "BVBank": "970454",
    "MBV": "970414",
    "Vikki Bank": "970406",
    "Timo": "963388",
    "MoMo": "971025",
}


def test_table_is_sound_and_says_where_it_comes_from():
    table = json.loads(files("merchants.vietqr").joinpath("banks.json").read_text(encoding="utf-8"))

    assert table["source"] and re.fullmatch(r"\d{4}-\d\d-\d\d", table["read_on"])
    assert len(all_banks()) == len(table["banks"]) == 68
    for code, bank in all_banks().items():
        assert re.fullmatch(r"[A-Z0-9]{2,12}", code)
        assert re.fullmatch(r"\d{6}", bank.bin)
        assert bank.short_name and bank.name
        assert bank.successor is None or all_banks()[bank.successor].bin == bank.bin


def test_main_banks_have_their_bins():
    assert {bank.short_name: bank.bin for bank in all_banks().values() if bank.short_name in MAIN_BINS} == MAIN_BINS


def test_two_banks_may_share_a_bin_and_todays_comes_first():
    assert [bank.code for bank in banks_by_bin("970414")] == ["MBV", "OCEANBANK"]
    assert [bank.code for bank in banks_by_bin("970406")] == ["VIKKI", "DONGABANK"]
    assert banks_by_bin("000000") == ()


def test_banks_taken_over_are_not_offered():
    offered = {bank.code for bank in current_banks()}

    assert "OCEANBANK" not in offered and "MBV" in offered
    assert len(offered) == len(all_banks()) - 2


def test_code_is_found_in_any_case():
    assert bank_by_code(" agribank ") is all_banks()["AGRIBANK"]
    assert bank_by_code("NOSUCHBANK") is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Agribank", ["AGRIBANK"]),
        ("NGÂN HÀNG NÔNG NGHIỆP VÀ PHÁT TRIỂN NÔNG THÔN VIỆT NAM", ["AGRIBANK"]),
        ("NH Agribank", ["AGRIBANK"]),
        ("Agribank CN Hợp Minh", ["AGRIBANK"]),
        ("970405", ["AGRIBANK"]),
        ("vcb", ["VCB"]),
        ("Viet com bank", ["VCB"]),
        ("Ngân hàng TMCP Ngoại Thương", []),
        ("Ngân hàng TMCP Ngoại Thương Việt Nam", ["VCB"]),
        ("Vietinbank - Phòng giao dịch Đô Lương", ["CTG"]),
        ("MB Bank", ["MB"]),
        ("Quân đội", ["MB"]),
        ("lienvietpostbank", ["LPB"]),
        ("Bac A", ["BAB"]),
        ("Đông Á", ["VIKKI", "DONGABANK"]),
        ("OceanBank", ["MBV", "OCEANBANK"]),
        ("momo", ["MOMO"]),
        ("", []),
        ("   ", []),
        ("không có", []),
        ("x" * 10000, []),
    ],
)
def test_banks_are_found_as_people_write_them(text, codes):
    assert [bank.code for bank in find_banks(text)] == codes
