"""The table is made anew from the package's data, alike each time; what the data mix up is put right."""

import gzip
import json
import sqlite3
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from shop.address.commune_table import CommuneTable

TODAY = [
    ("Tỉnh Đồng Tháp", "Phường Sa Đéc", "82", "29905", "tinhdongthap", "phuongsadec"),
    ("Tỉnh Đồng Tháp", "Phường Cai Lậy", "82", "28439", "tinhdongthap", "phuongcailay"),
]
FORMER = [
    ("Tỉnh Đồng Tháp", "Thành phố Sa Đéc", "Phường 4", "Đồng Tháp", "29902", "tinhdongthap", "tpsadec", "phuong4"),
    ("Tỉnh Tiền Giang", "Thị xã Cai Lậy", "Phường 4", "Tiền Giang", "28438", "tinhtiengiang", "thixacailay", "phuong4"),
    ("Tỉnh Tiền Giang", "Huyện Côn Đảo", None, "Tiền Giang", None, "tinhtiengiang", "huyencondao", None),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two wards called "Phường 4" whose provinces were merged: the package gives each the other's heir as well."""
    with sqlite3.connect(tmp_path / "dataset.db") as db:
        db.execute("create table admin_units (province, ward, provinceCode, wardCode, provinceKey, wardKey)")
        db.executemany("insert into admin_units values (?,?,?,?,?,?)", TODAY)
        db.execute(
            "create table admin_units_legacy "
            "(province, district, ward, provinceShort, wardCode, provinceKey, districtKey, wardKey)"
        )
        db.executemany("insert into admin_units_legacy values (?,?,?,?,?,?,?,?)", FORMER)
    sa_dec, cai_lay = "tinhdongthap_tpsadec_phuong4", "tinhtiengiang_thixacailay_phuong4"

    def both(main: str) -> list[dict[str, object]]:
        return [{"newWardKey": key, "isDefaultNewWard": key == main} for key in ("phuongsadec", "phuongcailay")]

    converter = {
        "DICT_PROVINCE_WARD_NO_DIVIDED": {"tinhdongthap": {"phuongcailay": ["tinhtiengiang_huyencondao_"]}},
        "DICT_PROVINCE_WARD_DIVIDED": {"tinhdongthap": {sa_dec: both("phuongsadec"), cai_lay: both("phuongcailay")}},
    }
    (tmp_path / "converter_2025.json").write_text(json.dumps(converter))
    return tmp_path


def test_the_table_is_made_alike_each_time(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = data / "one.gz", data / "two.gz"

    call_command("build_communes", str(data), "--out", str(first))
    call_command("build_communes", str(data), "--out", str(second))

    assert first.read_bytes() == second.read_bytes()
    table = CommuneTable(gzip.decompress(first.read_bytes()).decode())
    assert table.provinces == {"82": "Đồng Tháp"}
    assert table.name_of("29905") == "Phường Sa Đéc"
    assert {(row.former, row.codes) for row in table.called("4")} == {
        (("Phường 4", "Thành phố Sa Đéc", "Đồng Tháp"), ("29905",)),
        (("Phường 4", "Thị xã Cai Lậy", "Tiền Giang"), ("28439",)),
    }
    assert [row.codes for row in table.called("con dao")] == [("28439",)]
    assert "cai lay" in next(table.called("cai lay")).districts


def test_a_folder_without_the_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"dataset\.db"):
        call_command("build_communes", str(tmp_path), "--out", str(tmp_path / "out.gz"))

    assert not (tmp_path / "out.gz").exists()
