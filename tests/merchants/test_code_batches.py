"""Codes for all and printing by the hundred: the plan before, the work in pieces, going on after a sudden end."""

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from merchants import code_batches
from merchants.code_batches import (
    NothingToDo,
    go_on,
    has_stopped,
    open_file,
    order_issue,
    order_print,
    plan_issue,
    remove_old_sheets,
    run_batch,
)
from merchants.models import AccountChange, AuditEntry, CodeBatch, Commune, Merchant, OtherCode, PaymentCode, PrintMark
from merchants.payment_codes import issue_code
from shop.outbox.background_tasks import run_due_tasks
from shop.users.models import User
from tests.factories import BankAccountFactory, CommuneFactory, MerchantFactory, UserFactory, VillageFactory
from tests.people import hoa_the_officer
from tests.shop.workspace.scene import photo_file
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def commune() -> Commune:
    return CommuneFactory(code="17605", name="xã Hợp Minh")


@pytest.fixture
def hoa(commune: Commune) -> User:
    return hoa_the_officer(commune)


@pytest.fixture
def office(client: Client, hoa: User) -> Client:
    return sign_in(client, hoa, second_factor=True)


def business(
    commune: Commune, name: str = "Cơ sở", *, village: Any = None, account: bool = True, **fields: Any
) -> Merchant:
    merchant = MerchantFactory(village=village or VillageFactory(commune=commune), name=name, **fields)
    if account:
        BankAccountFactory(merchant=merchant)
    return merchant


def issue_all(commune: Commune, hoa: User, **scope: Any) -> CodeBatch:
    return order_issue(commune=commune, **({"village_id": None, "trade": ""} | scope), scope="", actor=hoa)


def print_all(commune: Commune, hoa: User, **chosen: Any) -> CodeBatch:
    given = {"village_id": None, "layout": "a6", "only_unprinted": True, "scope": "", "host": "hopminh.example"}
    return order_print(commune=commune, **(given | chosen), actor=hoa)


def texts(batch: CodeBatch) -> list[str]:
    content = open_file(batch)
    assert content is not None
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content.read())]


# --- the plan


def test_plan_names_who_is_left_out_and_why(commune: Commune, hoa: User) -> None:
    ready = business(commune, "Được cấp")
    coded = business(commune, "Có rồi")
    issue_code(account=coded.bank_accounts.get(), actor=hoa)
    no_account = business(commune, "Không tài khoản", account=False)
    paused = business(commune, "Tạm nghỉ", status="paused")
    card = business(commune, "Thẻ", account=False)
    BankAccountFactory(merchant=card, number="4111111111111111")
    odd = business(commune, "Sai BIN", account=False)
    BankAccountFactory(merchant=odd, bank_bin="abcdef")
    changing = business(commune, "Đang đổi")
    AccountChange.objects.create(
        merchant=changing, old_account=changing.bank_accounts.get(), bank_code="VCB", number="1", holder_name="X",
        reason="x", asked_by=hoa,
    )  # fmt: skip
    business(CommuneFactory(code="17606"), "Xã khác")

    plan = plan_issue(commune=commune)

    assert list(plan.account_ids) == [ready.bank_accounts.get().pk]
    assert plan.with_code == 1
    assert plan.left_out == {
        "no_account": [(no_account.pk, "Không tài khoản")],
        "not_active": [(paused.pk, "Tạm nghỉ")],
        "card_number": [(card.pk, "Thẻ")],
        "unpayable": [(odd.pk, "Sai BIN")],
        "account_changing": [(changing.pk, "Đang đổi")],
    }


def test_plan_takes_the_receiving_account_of_several(commune: Commune) -> None:
    merchant = business(commune, account=False)
    BankAccountFactory(merchant=merchant, is_receiving=False)
    receiving = BankAccountFactory(merchant=merchant, is_receiving=True)

    assert list(plan_issue(commune=commune).account_ids) == [receiving.pk]


def test_plan_filters_by_village_and_trade(commune: Commune) -> None:
    village = VillageFactory(commune=commune)
    here = business(commune, village=village, trade="Xay xát")
    business(commune, village=village, trade="Ăn uống")
    business(commune, trade="Xay xát")
    unknown = MerchantFactory(village=None, commune=commune, trade="Ăn uống")
    BankAccountFactory(merchant=unknown)

    assert list(plan_issue(commune=commune, village_id=village.pk, trade="Xay xát").account_ids) == [
        here.bank_accounts.get().pk
    ]
    assert list(plan_issue(commune=commune, village_id=0).account_ids) == [unknown.bank_accounts.get().pk]


def test_other_scheme_stands_for_a_code_only_where_the_commune_counts_it(commune: Commune, hoa: User) -> None:
    merchant = business(commune)
    OtherCode.objects.create(merchant=merchant, scheme="VNPAY", payload="x", added_by=hoa)
    assert len(plan_issue(commune=commune).account_ids) == 1

    commune.counted_schemes = ["VNPAY"]
    commune.save()

    plan = plan_issue(commune=commune)
    assert (list(plan.account_ids), plan.with_other_code) == ([], 1)


def test_plan_asks_as_often_for_twenty_as_for_two(commune: Commune, django_assert_num_queries: Any) -> None:
    for count in (2, 18):
        for _ in range(count):
            business(commune)
        with django_assert_num_queries(4):
            plan_issue(commune=commune)


# --- issuing


def test_issuing_to_all_runs_in_the_worker_and_is_noted(commune: Commune, hoa: User) -> None:
    for number in range(3):
        business(commune, f"Cơ sở {number}")

    batch = issue_all(commune, hoa)
    assert PaymentCode.objects.count() == 0
    assert run_due_tasks(worker="w1") == 1

    batch.refresh_from_db()
    assert (batch.state, batch.done, batch.skipped) == ("done", 3, 0)
    assert PaymentCode.objects.filter(status="valid", origin="issued").count() == 3
    assert AuditEntry.objects.filter(action="code.issued", actor=hoa).count() == 3
    assert AuditEntry.objects.get(action="codes.issue_done").after == {"count": 3, "skipped": 0, "pages": 0}


def test_issuing_again_finds_nothing_to_do(commune: Commune, hoa: User) -> None:
    business(commune)
    run_batch(issue_all(commune, hoa).pk)

    with pytest.raises(NothingToDo):
        issue_all(commune, hoa)

    assert CodeBatch.objects.count() == 1


def test_killed_in_the_middle_it_goes_on_without_a_second_code(commune: Commune, hoa: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(code_batches, "SIGNS_AT_ONCE", 2)
    for number in range(5):
        business(commune, f"Cơ sở {number}")
    batch = issue_all(commune, hoa)
    issued: list[int] = []

    def issue_or_die(*, account: Any, actor: Any) -> Any:
        if len(issued) == 3:  # in the middle of the second piece
            raise KeyboardInterrupt
        issued.append(account.pk)
        return issue_code(account=account, actor=actor)

    monkeypatch.setattr(code_batches, "issue_code", issue_or_die)
    with pytest.raises(KeyboardInterrupt):
        run_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.done, PaymentCode.objects.count()) == (2, 2)

    monkeypatch.setattr(code_batches, "issue_code", issue_code)
    run_batch(batch.pk)
    run_batch(batch.pk)

    batch.refresh_from_db()
    assert (batch.state, batch.done, PaymentCode.objects.count()) == ("done", 5, 5)


def test_what_changed_meanwhile_is_passed_over(commune: Commune, hoa: User) -> None:
    first, second = business(commune, "Một"), business(commune, "Hai")
    batch = issue_all(commune, hoa)
    issue_code(account=first.bank_accounts.get(), actor=hoa)
    Merchant.objects.filter(pk=second.pk).update(status="paused")

    run_batch(batch.pk)

    batch.refresh_from_db()
    assert (batch.state, batch.skipped, PaymentCode.objects.count()) == ("done", 2, 1)


# --- printing


def test_printing_in_pieces_gives_one_file_in_order_and_marks_the_codes(
    commune: Commune, hoa: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr(code_batches, "SIGNS_AT_ONCE", 2)
    village = VillageFactory(commune=commune)
    for name in ("An", "Bình", "Chi", "Dung", "Em"):
        issue_code(account=business(commune, name, village=village).bank_accounts.get(), actor=hoa)

    batch = print_all(commune, hoa)
    run_due_tasks(worker="w1")

    batch.refresh_from_db()
    assert (batch.state, batch.pages) == ("done", 5)
    for page, name in zip(texts(batch), ("An", "Bình", "Chi", "Dung", "Em"), strict=True):
        assert name in page and "hopminh.example/ma/" in page
    assert PaymentCode.objects.filter(printed_at=None).count() == 0
    assert [name for name in storages["private"].listdir("print-sheets")[1] if batch.token in name] == [
        f"{batch.token}.pdf"
    ]
    with pytest.raises(NothingToDo):
        print_all(commune, hoa)
    assert print_all(commune, hoa, only_unprinted=False).total == 5


def test_printing_goes_on_after_a_sudden_end_and_draws_a_cut_part_anew(
    commune: Commune, hoa: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr(code_batches, "SIGNS_AT_ONCE", 2)
    village = VillageFactory(commune=commune)
    for name in ("An", "Bình", "Chi"):
        issue_code(account=business(commune, name, village=village).bank_accounts.get(), actor=hoa)
    batch = print_all(commune, hoa)
    drawn: list[int] = []

    def draw_or_die(signs: Any, **kwargs: Any) -> bytes:
        drawn.append(len(signs))
        if len(drawn) == 2:
            storages["private"].save(f"print-sheets/{batch.token}-000002.pdf", photo_file())  # cut in the middle
            raise KeyboardInterrupt
        return whole_draw(signs, **kwargs)

    whole_draw = code_batches.draw_sheets
    monkeypatch.setattr(code_batches, "draw_sheets", draw_or_die)
    with pytest.raises(KeyboardInterrupt):
        run_batch(batch.pk)
    assert CodeBatch.objects.get().done == 2

    run_batch(batch.pk)

    batch.refresh_from_db()
    assert drawn == [2, 1, 1]
    assert (batch.state, len(texts(batch))) == ("done", 3)


def test_two_workers_at_the_end_of_one_print_leave_one_whole_file(
    commune: Commune, hoa: User, monkeypatch: Any
) -> None:
    for name in ("An", "Bình"):
        issue_code(account=business(commune, name).bank_accounts.get(), actor=hoa)
    batch = print_all(commune, hoa)
    joined: list[int] = []

    def join_while_another_finishes(parts: Any, out: Any) -> int:
        joined.append(1)
        if len(joined) == 1:
            run_batch(batch.pk)  # the other one, wholly, before our own join has read a part
        return whole_join(parts, out)

    whole_join = code_batches.join_parts
    monkeypatch.setattr(code_batches, "join_parts", join_while_another_finishes)
    run_batch(batch.pk)

    batch.refresh_from_db()
    assert (batch.state, batch.pages, len(texts(batch))) == ("done", 2, 2)
    assert [name for name in storages["private"].listdir("print-sheets")[1] if batch.token in name] == [
        batch.file.rpartition("/")[2]
    ]
    assert AuditEntry.objects.filter(action="codes.print_done").count() == 1


def test_code_withdrawn_meanwhile_is_not_printed(commune: Commune, hoa: User) -> None:
    kept = issue_code(account=business(commune, "Giữ").bank_accounts.get(), actor=hoa)
    gone = issue_code(account=business(commune, "Thu hồi").bank_accounts.get(), actor=hoa)
    batch = print_all(commune, hoa)
    PaymentCode.objects.filter(pk=gone.pk).update(status="withdrawn")

    run_batch(batch.pk)

    batch.refresh_from_db()
    gone.refresh_from_db()
    (page,) = texts(batch)
    assert kept.public_code in page
    assert (batch.skipped, gone.printed_at) == (1, None)


def test_strips_are_no_print_of_the_code(commune: Commune, hoa: User) -> None:
    code = issue_code(account=business(commune).bank_accounts.get(), actor=hoa)

    run_batch(print_all(commune, hoa, layout="strips").pk)

    code.refresh_from_db()
    assert code.printed_at is None


def test_failed_batch_says_so_and_goes_on_when_asked(commune: Commune, hoa: User, monkeypatch: Any) -> None:
    issue_code(account=business(commune).bank_accounts.get(), actor=hoa)
    batch = print_all(commune, hoa)
    with monkeypatch.context() as broken:
        broken.setattr(code_batches, "draw_sheets", lambda *_a, **_k: 1 / 0)
        run_due_tasks(worker="w1")
    batch.refresh_from_db()
    assert (batch.state, has_stopped(batch)) == ("failed", True)

    assert go_on(batch=batch) is True
    run_due_tasks(worker="w1")

    batch.refresh_from_db()
    assert batch.state == "done"
    assert go_on(batch=batch) is False


def test_stale_batch_is_offered_to_go_on_only_after_a_while(commune: Commune, hoa: User) -> None:
    business(commune)
    batch = issue_all(commune, hoa)

    assert has_stopped(batch) is False
    assert has_stopped(batch, timezone.now() + timedelta(minutes=3)) is True


def test_files_with_account_numbers_go_after_thirty_days(commune: Commune, hoa: User) -> None:
    issue_code(account=business(commune).bank_accounts.get(), actor=hoa)
    batch = print_all(commune, hoa)
    run_batch(batch.pk)
    assert remove_old_sheets() == 0

    assert remove_old_sheets(timezone.now() + timedelta(days=31)) == 1

    batch.refresh_from_db()
    assert (batch.file, open_file(batch)) == ("", None)


# --- the pages


def test_officer_issues_to_all_and_prints(office: Client, commune: Commune) -> None:
    business(commune, "Một")
    business(commune, "Không tài khoản", account=False)
    preview = office.get(reverse("merchants:issue_all"))
    assert "Không tài khoản" in preview.content.decode()

    ordered = office.post(reverse("merchants:issue_all"), {"thon": "", "nghe": ""})
    run_due_tasks(worker="w1")
    assert office.get(ordered["Location"]).status_code == 200
    assert office.get(ordered["Location"], {"phan": "1"}).status_code == 286

    printed = office.post(reverse("merchants:print_all"), {"thon": "", "co": "a4", "nhung": "new"})
    batch = CodeBatch.objects.get(kind="print")
    assert printed["Location"] == reverse("merchants:batch", args=[batch.pk])
    assert office.get(reverse("merchants:batch_file", args=[batch.pk])).status_code == 404
    run_due_tasks(worker="w1")
    file = office.get(reverse("merchants:batch_file", args=[batch.pk]))
    assert file["Content-Type"] == "application/pdf"
    assert b"".join(file.streaming_content).startswith(b"%PDF-")
    assert AuditEntry.objects.filter(action="codes.file_opened", object_id=str(batch.pk)).count() == 1
    again = office.post(reverse("merchants:print_all"), {"thon": "", "co": "a4", "nhung": "new"})
    assert again.status_code == 200 and CodeBatch.objects.filter(kind="print").count() == 1


def test_officer_of_another_commune_finds_no_batch(client: Client, commune: Commune, hoa: User) -> None:
    business(commune)
    batch = issue_all(commune, hoa)
    sign_in(client, hoa_the_officer(CommuneFactory(code="17606"), role="head_officer"), second_factor=True)

    assert client.get(reverse("merchants:batch", args=[batch.pk])).status_code == 404
    assert client.post(reverse("merchants:batch_go_on", args=[batch.pk])).status_code == 404
    assert client.post(reverse("merchants:issue_all"), {"xa": "17605"}).status_code == 404
    assert CodeBatch.objects.count() == 1


def test_mark_is_taken_in_shown_printed_and_removed(office: Client, commune: Commune) -> None:
    url = reverse("merchants:marks")
    without_consent = office.post(url, {"kind": "vietqr", "picture": photo_file()})
    assert without_consent.status_code == 200 and PrintMark.objects.count() == 0

    office.post(url, {"kind": "vietqr", "picture": photo_file(), "is_allowed": "on"})
    office.post(url, {"kind": "vietqr", "picture": photo_file(), "is_allowed": "on"})
    office.post(url, {"kind": "bank", "picture": photo_file(), "is_allowed": "on"})
    office.post(url, {"kind": "bank", "bank_code": "AGRIBANK", "picture": photo_file(), "is_allowed": "on"})

    assert [str(mark) for mark in PrintMark.objects.order_by("kind")] == ["bank AGRIBANK", "vietqr"]
    code = issue_code(account=business(commune).bank_accounts.get(), actor=UserFactory())
    poster = office.get(reverse("merchants:poster", args=[code.pk]), {"co": "a6"})
    page = pypdfium2.PdfDocument(poster.content)[0]
    assert "napas 247" not in page.get_textpage().get_text_range()
    mark = PrintMark.objects.get(kind="vietqr")
    assert office.post(reverse("merchants:mark_remove", args=[mark.pk])).status_code == 302
    assert [str(mark) for mark in PrintMark.objects.all()] == ["bank AGRIBANK"]


def test_head_officer_says_what_counts_and_an_officer_may_not(office: Client, client: Client, commune: Commune) -> None:
    url = reverse("merchants:counted_schemes")
    assert office.post(url, {"schemes": ["VNPAY"]}).status_code == 404
    head = sign_in(Client(), hoa_the_officer(commune, role="head_officer"), second_factor=True)

    head.post(url, {"schemes": ["VNPAY", "MoMo"]})

    commune.refresh_from_db()
    assert commune.counted_schemes == ["VNPAY", "MoMo"]
    entry = AuditEntry.objects.get(action="commune.counting_set")
    assert entry.after == {"counted_schemes": ["VNPAY", "MoMo"]}
