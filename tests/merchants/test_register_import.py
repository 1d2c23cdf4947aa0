"""A list of businesses on its way into the register: every fault named, all or nothing, and back again."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from merchants.models import AuditEntry, BankAccount, Commune, FormerCommune, Merchant, RegisterImport, Village
from merchants.payment_codes import issue_code
from merchants.register import correct_merchant
from merchants.register_check import CheckedList, check_list
from merchants.register_columns import COLUMNS
from merchants.register_import import (
    ImportRefused,
    ask_to_write,
    check_sent_list,
    drop_list,
    send_list,
    undo_import,
    write_sent_list,
)
from merchants.spreadsheets import read_table
from shop.users.models import User
from tests.factories import CommuneFactory, MerchantFactory, UserFactory, VillageFactory
from tests.merchants.spreadsheet_samples import xlsx
from tests.people import hoa_the_officer
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db

HEADINGS = [
    "STT", "Tên hộ kinh doanh", "Loại hình", "Ngành nghề", "Mã ngành", "Xóm", "Xã cũ", "Chủ hộ", "SĐT", "Địa chỉ",
    "MST", "Ngân hàng", "STK", "Chủ tài khoản", "Vĩ độ", "Kinh độ", "Tình trạng", "Lý do",
]  # fmt: skip
KEYS = [
    "no", "name", "form", "trade", "vsic", "village", "former", "owner", "phone", "address", "tax", "bank", "account",
    "holder", "lat", "long", "status", "reason",
]  # fmt: skip


@pytest.fixture(autouse=True)
def own_private_folder(settings: Any, tmp_path: Path) -> None:
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path / "private"}}
    settings.STORAGES = {**settings.STORAGES, "private": private}


@pytest.fixture
def commune() -> Commune:
    return CommuneFactory(code="17605", name="xã Hợp Minh")


@pytest.fixture
def hoa(commune: Commune) -> User:
    return hoa_the_officer(commune)


@pytest.fixture
def office(client: Client, hoa: User) -> Client:
    return sign_in(client, hoa, second_factor=True)


def row(**cells: Any) -> list[Any]:
    return [cells.get(key) for key in KEYS]


def a_list(*rows: dict[str, Any]) -> bytes:
    """A list in row 3 and below."""
    return xlsx(["DANH SÁCH"], HEADINGS, *[row(**cells) for cells in rows])


def checked(commune: Commune, *rows: dict[str, Any]) -> CheckedList:
    return check_list(commune=commune, table=read_table(a_list(*rows), columns=COLUMNS))


def faults(found: CheckedList) -> list[tuple[int, str]]:
    return [(fault.row, fault.column) for fault in found.faults]


WHOLE = {
    "name": "Tạp hóa Cô Bé", "form": "Hộ KD", "trade": "Tạp hóa", "vsic": "G - Bán lẻ", "village": "xóm 01",
    "owner": "Đỗ Thị Bé", "phone": 912345678, "address": "Gần chợ", "tax": 40075000012, "bank": "agribank CN Yên Thành",
    "account": "3604 2050 00012", "holder": "Đỗ Thị Bé", "lat": "18,9876", "long": 105.4321,
}  # fmt: skip


def test_a_messy_row_is_understood_whole(commune: Commune) -> None:
    village = VillageFactory(commune=commune, name="Xóm 1")

    found = checked(commune, WHOLE)

    assert found.faults == []
    (ready,) = found.rows
    assert ready.values == {
        "name": "Tạp hóa Cô Bé", "legal_form": "household", "trade": "Tạp hóa", "vsic_section": "G",
        "owner_name": "Đỗ Thị Bé", "phone": "+84912345678", "email": "", "address": "Gần chợ", "status": "active",
        "status_reason": "", "latitude": ready.values["latitude"], "longitude": ready.values["longitude"],
    }  # fmt: skip
    assert (str(ready.values["latitude"]), str(ready.values["longitude"])) == ("18.987600", "105.432100")
    assert (ready.village, ready.tax_code) == (village, "040075000012")
    assert ready.account == ("AGRIBANK", "970405", "3604205000012", "DO THI BE")


@pytest.mark.parametrize(
    ("changes", "column", "says"),
    [
        ({"name": None}, "Tên cơ sở", "xóa dòng"),
        ({"name": "x" * 121}, "Tên cơ sở", "120"),
        ({"form": "liên doanh"}, "Loại hình", "hợp tác xã"),
        ({"vsic": "ZZ"}, "Mã ngành", "4711"),
        ({"phone": "123"}, "Số điện thoại", "0912 345 678"),
        ({"phone": "0912345678 / 0987654321"}, "Số điện thoại", "một số"),
        ({"tax": "0300588568"}, "Mã số thuế", "chưa đúng"),
        ({"tax": "12345"}, "Mã số thuế", "10, 12 hoặc 13"),
        ({"tax": "097075000012"}, "Mã số thuế", "thẻ"),
        ({"bank": "Ngân hàng Trên Trời"}, "Ngân hàng", "Agribank"),
        ({"bank": None}, "Ngân hàng", "cả ba"),
        ({"holder": None}, "Chủ tài khoản", "cả ba"),
        ({"account": "4111 1111 1111 1111"}, "Số tài khoản", "thẻ"),
        ({"account": "12"}, "Số tài khoản", "rất ngắn"),
        ({"account": 1234567890123456789}, "Số tài khoản", "làm tròn"),
        ({"account": "số một"}, "Số tài khoản", "19"),
        ({"lat": "18.987.654"}, "Vĩ độ", "18.98765"),
        ({"lat": "1898.7"}, "Vĩ độ", "18.98765"),
        ({"lat": "189"}, "Vĩ độ", "ngoài Việt Nam"),
        ({"lat": 105.4, "long": 18.9}, "Vĩ độ", "đổi chỗ"),
        ({"long": None}, "Kinh độ", "cả hai"),
        ({"status": "ngủ"}, "Tình trạng", "đang hoạt động"),
        ({"status": "đóng cửa"}, "Lý do", "lý do"),
        ({"former": "Xã Lạ"}, "Thôn, xóm", "Xã Lạ"),
        ({"owner": "#REF!"}, "Chủ cơ sở", "Excel"),
    ],
)
def test_each_fault_says_row_column_and_remedy(
    commune: Commune, changes: dict[str, Any], column: str, says: str
) -> None:
    sound = WHOLE | {"name": "Khác", "phone": None, "tax": None, "account": "111222333444"}

    found = checked(commune, sound, WHOLE | changes)

    wrong = [fault for fault in found.faults if fault.row == 4]
    assert column in [fault.column for fault in wrong], found.faults
    assert any(says in fault.words for fault in wrong if fault.column == column), wrong
    assert all(fault.row == 4 for fault in found.faults)


def test_one_shop_in_two_rows_is_named_with_both(commune: Commune) -> None:
    other = {"name": "Quán khác", "owner": "Lê A", "village": "Xóm 9"}
    found = checked(
        commune,
        WHOLE,
        WHOLE | {"tax": None, "account": None, "bank": None, "holder": None},
        other | {"tax": WHOLE["tax"]},
        other | {"name": "Quán ba", "bank": "Agribank", "account": "3604205000012", "holder": "LE A"},
        other | {"name": "Quán bốn", "phone": "0912345678"},
    )

    assert faults(found) == [(4, "Tên cơ sở"), (5, "Mã số thuế"), (6, "Số tài khoản")]
    assert all("dòng 3" in fault.words for fault in found.faults)
    assert "040075000012" not in str(found.faults)
    assert (7, "Số điện thoại") in [(note.row, note.column) for note in found.notes]


def test_what_the_register_has_already_is_named_and_another_communes_is_not(commune: Commune) -> None:
    village = VillageFactory(commune=commune, name="Xóm 1")
    there = MerchantFactory(village=village, name="Tạp hoá CÔ BÉ", owner_name="")
    taxed = MerchantFactory(village=village, name="Xưởng", phone="+84912345678")
    taxed.tax_code = "040075000099"
    taxed.save()
    elsewhere = MerchantFactory(name="Quán xa")
    elsewhere.tax_code = "040075000077"
    elsewhere.save()

    found = checked(
        commune,
        WHOLE | {"name": "Tạp hoá Cô Bé"},
        {"name": "Mới", "tax": "040075000099"},
        {"name": "Quán xa", "tax": "040075000077"},
        {"name": "Cùng số", "phone": "0912345678"},
    )

    assert faults(found) == [(3, "Tên cơ sở"), (4, "Mã số thuế")]
    assert there.name in found.faults[0].words and "Xưởng" in found.faults[1].words
    assert [(note.row, note.column) for note in found.notes if "Xưởng" in note.words] == [(6, "Số điện thoại")]


def test_a_formula_without_its_result_is_no_empty_cell(commune: Commune) -> None:
    found = checked(commune, {"name": "Gạo", "phone": "=1+1", "owner": "#N/A"}, {"name": "=A1"})

    assert sorted(faults(found)) == [(3, "Chủ cơ sở"), (3, "Số điện thoại"), (4, "Tên cơ sở")]
    assert all("Excel" in fault.words for fault in found.faults)


def test_villages_of_one_name_are_told_apart_by_the_former_commune(commune: Commune) -> None:
    formers = [
        FormerCommune.objects.create(commune=commune, code=code, name=name)
        for code, name in (("90001", "Long Thành"), ("90002", "Bảo Thành"))
    ]
    long_thanh, _bao_thanh = [
        Village.objects.create(commune=commune, former_commune=former, name="Xóm 1") for former in formers
    ]

    found = checked(
        commune,
        {"name": "A", "village": "Xóm 1"},
        {"name": "B", "village": "Xóm 1", "former": "xã Long Thành"},
        {"name": "C", "village": "Xóm 1 (Long Thành)"},
        {"name": "D", "village": "Thôn 1, Long Thành"},
        {"name": "E", "village": "Xóm Mới", "former": "Bảo Thành"},
        {"name": "G", "village": "xóm mới", "former": "Bảo Thành"},
    )

    assert faults(found) == [(3, "Thôn, xóm")]
    assert "Long Thành, Bảo Thành" in found.faults[0].words
    assert [ready.village for ready in found.rows[1:4]] == [long_thanh] * 3
    assert found.new_villages == [("Xóm Mới", formers[1].pk)]


def test_checking_asks_as_many_questions_for_2_rows_as_for_200(commune: Commune) -> None:
    def questions(number: int) -> int:
        table = read_table(
            a_list(*[{"name": f"Quán {n}", "village": f"Xóm {n}", "phone": f"09123{n:05d}"} for n in range(number)]),
            columns=COLUMNS,
        )
        with CaptureQueriesContext(
            connection,
        ) as asked:
            check_list(commune=commune, table=table)
        return len(asked)

    assert questions(2) == questions(200) == 4


def send(commune: Commune, hoa: User, *rows: dict[str, Any]) -> RegisterImport:
    return send_list(commune=commune, data=a_list(*rows), file_name="ds.xlsx", actor=hoa)


def test_a_list_is_written_whole_with_accounts_villages_and_log(commune: Commune, hoa: User) -> None:
    sent = send(commune, hoa, WHOLE, {"name": "HTX Rau", "village": "Xóm 1"})
    assert (sent.state, sent.faults_count, sent.rows_total) == ("checked", 0, 2)
    assert Merchant.objects.count() == 0 and Village.objects.count() == 0
    with pytest.raises(ImportRefused, match="villages_not_confirmed"):
        ask_to_write(sent=sent, actor=hoa, add_villages=False)
    file = sent.file

    ask_to_write(sent=sent, actor=hoa, add_villages=True)

    sent.refresh_from_db()
    assert sent.state == "done"
    shop, cooperative = Merchant.objects.order_by("pk")
    assert (shop.slug, shop.folded_name, shop.register_import) == ("tap-hoa-co-be", "tap hoa co be", sent)
    assert (shop.tax_code, shop.tax_code_is_personal) == ("040075000012", True)
    assert "040075000012" not in shop.tax_code_sealed
    assert cooperative.legal_form == "cooperative"
    assert [one.name for one in Village.objects.all()] == ["Xóm 1"]
    assert shop.village == cooperative.village
    account = BankAccount.objects.get()
    assert (account.merchant, account.number, account.is_receiving) == (shop, "3604205000012", True)
    assert list(AuditEntry.objects.values_list("action", "actor")) == [
        ("import.sent", hoa.pk), ("merchant.added", hoa.pk), ("merchant.added", hoa.pk), ("import.written", hoa.pk),
    ]  # fmt: skip
    assert not storages["private"].exists(file)
    with pytest.raises(ImportRefused, match="not_checked"):
        ask_to_write(sent=sent, actor=hoa, add_villages=True)


def test_a_list_with_one_fault_writes_nothing(commune: Commune, hoa: User) -> None:
    sent = send(commune, hoa, WHOLE, {"name": "Gạo", "phone": "123"})

    with pytest.raises(ImportRefused, match="has_faults"):
        ask_to_write(sent=sent, actor=hoa, add_villages=True)

    assert (Merchant.objects.count(), Village.objects.count(), BankAccount.objects.count()) == (0, 0, 0)


def test_a_register_that_changed_since_the_preview_keeps_the_list_out_and_says_why(commune: Commune, hoa: User) -> None:
    sent = send(commune, hoa, {"name": "Gạo"}, {"name": "Chè"})
    MerchantFactory(commune=commune, village=None, name="gạo", owner_name="")

    with pytest.raises(ImportRefused, match="changed_meanwhile"):
        ask_to_write(sent=sent, actor=hoa, add_villages=False)

    sent.refresh_from_db()
    assert (sent.state, sent.faults_count) == ("checked", 1)
    assert Merchant.objects.count() == 1


def test_a_database_that_fails_half_way_leaves_nothing(
    commune: Commune, hoa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(commune, hoa, WHOLE)

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("merchants.register_import.audit.record_many", fail)
    with pytest.raises(RuntimeError):
        ask_to_write(sent=sent, actor=hoa, add_villages=True)

    assert (Merchant.objects.count(), Village.objects.count(), BankAccount.objects.count()) == (0, 0, 0)


def test_a_long_list_is_checked_and_written_by_the_worker(commune: Commune, hoa: User, monkeypatch: Any) -> None:
    monkeypatch.setattr("merchants.register_import.SHORT_BYTES", 10)
    monkeypatch.setattr("merchants.register_import.SHORT_ROWS", 0)
    sent = send(commune, hoa, {"name": "Gạo"})
    assert sent.state == "reading"

    for _twice in range(2):
        check_sent_list.func(import_id=sent.pk, language="vi")
    sent.refresh_from_db()
    assert (sent.state, sent.rows_checked) == ("checked", 1)
    ask_to_write(sent=sent, actor=hoa, add_villages=False)
    assert (sent.state, Merchant.objects.count()) == ("writing", 0)
    for _twice in range(2):
        write_sent_list.func(import_id=sent.pk, actor_id=hoa.pk, language="vi")

    sent.refresh_from_db()
    assert (sent.state, Merchant.objects.count()) == ("done", 1)


def written(commune: Commune, hoa: User) -> RegisterImport:
    sent = send(commune, hoa, WHOLE, {"name": "Gạo"})
    ask_to_write(sent=sent, actor=hoa, add_villages=True)
    sent.refresh_from_db()
    return sent


def test_a_whole_list_is_taken_back_while_nothing_hangs_on_it(commune: Commune, hoa: User) -> None:
    kept = MerchantFactory(commune=commune, village=None)
    sent = written(commune, hoa)

    assert undo_import(sent=sent, actor=hoa) == 2

    assert list(Merchant.objects.all()) == [kept]
    assert (BankAccount.objects.count(), Village.objects.count(), sent.state) == (0, 0, "undone")
    assert AuditEntry.objects.filter(action="merchant.import_undone").count() == 2
    with pytest.raises(ImportRefused, match="not_done"):
        undo_import(sent=sent, actor=hoa)


@pytest.mark.parametrize("use", ["corrected", "code", "person", "account"])
def test_a_list_of_which_something_is_in_use_stays(commune: Commune, hoa: User, use: str) -> None:
    sent = written(commune, hoa)
    shop = Merchant.objects.get(name="Tạp hóa Cô Bé")
    if use == "corrected":
        before = shop.created_at.replace(year=2020)
        Merchant.objects.update(created_at=before, updated_at=before)
        correct_merchant(merchant=shop, values={"trade": "Chè"}, actor=hoa)
    elif use == "code":
        issue_code(account=shop.bank_accounts.get(), actor=hoa)
    elif use == "person":
        shop.memberships.create(user=UserFactory(), role="owner", starts_at=shop.created_at)
    else:
        BankAccount.objects.create(
            merchant=shop, bank_code="VCB", bank_bin="970436", number="1", holder_name="X", is_receiving=False
        )

    with pytest.raises(ImportRefused) as refusal:
        undo_import(sent=sent, actor=hoa)

    assert (refusal.value.code, refusal.value.names) == ("in_use", ("Tạp hóa Cô Bé",))
    assert Merchant.objects.count() == 2


def test_a_list_that_is_dropped_leaves_no_file_and_no_result(commune: Commune, hoa: User) -> None:
    sent = send(commune, hoa, WHOLE)
    file = sent.file

    drop_list(sent=sent)
    drop_list(sent=sent)

    assert (sent.state, sent.result, storages["private"].exists(file)) == ("dropped", {}, False)


# --- pages ----------------------------------------------------------------------------------------------------------


def upload(office: Client, data: bytes, name: str = "ds.xlsx") -> Any:
    return office.post(reverse("merchants:import_send"), {"file": SimpleUploadedFile(name, data)}, follow=True)


def test_an_officer_sends_a_list_sees_it_and_takes_it_in(office: Client, commune: Commune) -> None:
    page = upload(office, a_list(WHOLE))
    text = page.content.decode()
    assert "Tạp hóa Cô Bé" in text and "AGRIBANK ••••0012" in text and "Xóm 1" in text
    assert "040075000012" not in text
    sent = RegisterImport.objects.get()

    page = office.post(reverse("merchants:import_write", args=[sent.pk]), follow=True)
    assert "đánh dấu" in page.content.decode() and Merchant.objects.count() == 0
    page = office.post(reverse("merchants:import_write", args=[sent.pk]), {"villages": "on"}, follow=True)

    assert "Đã có 1 cơ sở trong sổ." in page.content.decode()
    assert Merchant.objects.get().commune == commune
    state = office.get(reverse("merchants:import_state", args=[sent.pk]))
    assert state.status_code == 286
    assert office.get(state.wsgi_request.path, HTTP_IF_NONE_MATCH=state.headers["ETag"]).status_code == 304
    page = office.post(reverse("merchants:import_undo", args=[sent.pk]), follow=True)
    assert Merchant.objects.count() == 0
    assert "Đã đưa 1 cơ sở ra khỏi sổ." in page.content.decode()


def test_faults_stand_on_the_page_and_in_a_table_to_take_along(office: Client) -> None:
    data = "Tên cơ sở;SĐT\nGạo;0912345678\nChè;=HYPERLINK(1)\n".encode()
    text = upload(office, data, "ds.csv").content.decode()
    assert "Dòng 3" in text and "Chưa ghi gì" in text

    sent = RegisterImport.objects.get()
    data = office.get(reverse("merchants:import_faults", args=[sent.pk])).content
    table = [[cell.value for cell in line] for line in load_workbook(io.BytesIO(data)).active]
    assert table[1][:4] == [3, "Lỗi", "Số điện thoại", "'=HYPERLINK(1)"]


def test_a_file_that_cannot_be_read_says_why(office: Client) -> None:
    text = upload(office, b"%PDF-1.7", "ds.pdf").content.decode()

    assert "Không đọc được tệp; chưa thay đổi gì." in text and "Đây không phải tệp .xlsx hay .csv." in text
    assert RegisterImport.objects.get().state == "unreadable"
    assert Merchant.objects.count() == 0


def test_the_form_can_be_filled_in_and_sent_back(office: Client, commune: Commune) -> None:
    VillageFactory(commune=commune, name="Xóm Đông")
    book = load_workbook(io.BytesIO(office.get(reverse("merchants:import_form")).content))
    sheet = book["Danh sách"]
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules["E2:E5000"] == "'Danh mục'!$E$1:$E$1"
    assert book["Danh mục"]["E1"].value == "Xóm Đông"
    assert sheet["H2"].number_format == "@"
    for place, cell in enumerate(book["Ví dụ"][2], 1):
        sheet.cell(2, place, cell.value)
    sheet["E2"] = "Xóm Đông"
    out = io.BytesIO()
    book.save(out)

    upload(office, out.getvalue())

    assert RegisterImport.objects.get().result["faults"] == []


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_export_holds_no_personal_numbers_and_runs_no_formula(office: Client, commune: Commune, kind: str) -> None:
    shop = MerchantFactory(commune=commune, village=None, name='=HYPERLINK("x")', owner_name="@SUM(1)")
    shop.tax_code = "040075000012"
    shop.save()
    company = MerchantFactory(commune=commune, village=None, name="Cty", legal_form="company")
    company.tax_code = "0300588569"
    company.save()
    BankAccount.objects.create(
        merchant=shop, bank_code="VCB", bank_bin="970436", number="0123456789", holder_name="LAN"
    )
    MerchantFactory(name="Xã khác")

    answer = office.get(reverse("merchants:export"), {"loai": kind})

    if kind == "csv":
        text = answer.content.decode("utf-8-sig")
    else:
        sheet = load_workbook(io.BytesIO(answer.content)).active
        assert all(cell.data_type != "f" for line in sheet for cell in line)
        text = "\n".join(str(cell.value) for line in sheet for cell in line)
    assert "'=HYPERLINK" in text and "'@SUM(1)" in text and "0300588569" in text and "…6789" in text
    assert "040075000012" not in text and "0123456789" not in text and "Xã khác" not in text
    assert AuditEntry.objects.get(action="register.exported").after == {"businesses": 2, "kind": kind}


# --- command --------------------------------------------------------------------------------------------------------


def test_the_command_writes_a_list_and_stops_at_any_fault(commune: Commune, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.csv"
    good.write_bytes(a_list({"name": "Gạo", "village": "Xóm 1"}))
    bad.write_text("Tên cơ sở;SĐT\nChè;0912345678\nCam;123\n", encoding="utf-8-sig")
    out, err = io.StringIO(), io.StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("import_merchants", bad, commune="17605", stdout=out, stderr=err)
    assert ended.value.code == 1
    assert "dòng 3, Số điện thoại “123”:" in err.getvalue()
    with pytest.raises(CommandError, match="Xóm 1"):
        call_command("import_merchants", good, commune="17605", dry_run=True)
    with pytest.raises(CommandError, match="Xóm 1"):
        call_command("import_merchants", good, commune="17605")
    with pytest.raises(CommandError, match="00000"):
        call_command("import_merchants", good, commune="00000")
    call_command("import_merchants", good, commune="17605", dry_run=True, add_villages=True, stdout=out)
    assert Merchant.objects.count() == 0
    call_command("import_merchants", good, commune="17605", add_villages=True, stdout=out)

    assert Merchant.objects.get().village.name == "Xóm 1"  # type: ignore[union-attr]
    assert AuditEntry.objects.get(action="import.written").actor_label == "manage.py import_merchants"
    assert not storages["private"].listdir("register-imports")[1]
