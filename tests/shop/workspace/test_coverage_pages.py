"""Coverage as the commune's staff see it: the figures, who is missing, the file, the rules, communes side by side."""

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from merchants.models import AuditEntry, CodeCheck, Commune, FormerCommune, Membership, Merchant
from merchants.payment_codes import issue_code
from shop.payments.heard_of import payments_heard_of
from shop.payments.models import NoticeConnection, Receipt
from shop.users.models import User
from tests.factories import (
    BankAccountFactory,
    CommuneFactory,
    MembershipFactory,
    MerchantFactory,
    UserFactory,
    VillageFactory,
)
from tests.people import hoa_the_officer
from tests.shop.workspace.scene import lans_shop
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune() -> Commune:
    return CommuneFactory(code="17605", name="xã Hợp Minh")


@pytest.fixture
def hoa(commune: Commune) -> User:
    return hoa_the_officer(commune)


@pytest.fixture
def office(client: Client, hoa: User) -> Client:
    return sign_in(client, hoa, second_factor=True)


@pytest.fixture
def head(commune: Commune) -> Client:
    return sign_in(Client(), hoa_the_officer(commune, role=Membership.Role.HEAD_OFFICER), second_factor=True)


def fill(commune: Commune, number: int) -> None:
    """So many businesses over 12 villages, all sections and forms; every second has an account."""
    villages = [VillageFactory(commune=commune) for _ in range(12)]
    merchants = [
        Merchant(
            commune=commune,
            village=villages[i % 12],
            name=f"Hộ {i}",
            vsic_section="ACGIS"[i % 5],
            legal_form=Merchant.LegalForm.values[i % 5],
        )
        for i in range(number)
    ]
    for one in merchants:
        one.derive_names()
    Merchant.objects.bulk_create(merchants, batch_size=500)


def get(client: Client, name: str, **query: Any) -> Any:
    return client.get(reverse(f"workspace:{name}"), query)


def test_page_shows_the_ladder_and_says_where_there_are_no_figures(office: Client, commune: Commune) -> None:
    village = VillageFactory(commune=commune, name="Xóm Giếng")
    issue_code(account=BankAccountFactory(merchant=MerchantFactory(village=village)), actor=UserFactory())
    MerchantFactory(village=village)
    MerchantFactory(name="Xã khác")

    page = get(office, "coverage")

    shown = {row.figure.rung.value: (row.figure.count, row.figure.percent) for row in page.context["ladder"]}
    assert shown == {
        "account": (1, 50),
        "code": (1, 50),
        "seen": (None, None),
        "right_account": (None, None),
        "holder": (None, None),
        "rechecked": (None, None),
        "paid": (None, None),
    }
    assert "chưa có số liệu" in page.content.decode()
    assert [(row.label, row.total, row.chosen.count) for row in page.context["groups"]] == [("Xóm Giếng", 2, 1)]
    assert "mức đó chưa có số liệu" in page.content.decode()
    assert "0 cơ sở có" not in page.content.decode()
    assert 'role="img"' in page.content.decode()
    assert "style=" not in page.content.decode()


def test_breakdowns_add_up_and_their_links_lead_to_those_who_are_missing(office: Client, commune: Commune) -> None:
    former = FormerCommune.objects.create(commune=commune, code="99001", name="xã Long Thành")
    village = VillageFactory(commune=commune, former_commune=former)
    MerchantFactory(village=village, vsic_section="G", name="Một")
    MerchantFactory(village=village, legal_form="company", name="Hai")
    MerchantFactory(village=None, commune=commune, name="Ba")

    for way, expected in {
        "thon": [2, 1],
        "xa-cu": [2, 1],
        "nganh": [1, 2],
        "loai-hinh": [2, 1],
    }.items():
        groups = get(office, "coverage", theo=way).context["groups"]
        assert [group.total for group in groups] == expected, way
        for group in groups:
            found = office.get(f"{reverse('workspace:coverage_missing')}?{group.query}").context["found_count"]
            assert found == group.total, (way, group.label)


@pytest.mark.parametrize(
    "query",
    [
        {"bac": "x"},
        {"theo": "x"},
        {"thon": "9" * 30},
        {"thon": "²"},
        {"q": "%_'\x00"},
        {"trang": "1e9"},
        {"nganh": "ZZ"},
    ],
)
@pytest.mark.parametrize("name", ["coverage", "coverage_communes", "coverage_missing"])
def test_bad_questions_are_answered_quietly(office: Client, name: str, query: dict[str, str]) -> None:
    assert get(office, name, **query).status_code == 200


@pytest.mark.parametrize("name", ["coverage", "coverage_missing"])
def test_pages_cost_the_same_few_queries_at_20_and_10000_businesses(
    office: Client, commune: Commune, name: str
) -> None:
    fill(commune, 20)
    get(office, name)
    with CaptureQueriesContext(connection) as few:
        get(office, name)
    fill(commune, 9_980)
    get(office, name)

    with CaptureQueriesContext(connection) as many:
        page = get(office, name)

    assert len(many) == len(few) <= 10
    if name == "coverage":
        assert page.context["standing"].total == 10_000
    else:
        assert (page.context["found_count"], len(page.context["rows"])) == (10_000, 50)


def test_list_is_paged_and_searched(office: Client, commune: Commune) -> None:
    fill(commune, 60)
    MerchantFactory(village=None, commune=commune, name="Đậu phụ Bà Sáu")

    assert len(get(office, "coverage_missing", trang=2).context["rows"]) == 11
    [row] = get(office, "coverage_missing", q="dau phu").context["rows"]
    assert (row["business"].name, str(row["why"])) == ("Đậu phụ Bà Sáu", "Chưa biết tài khoản")


def test_file_holds_the_same_list_runs_no_formula_and_is_noted(office: Client, commune: Commune, hoa: User) -> None:
    village = VillageFactory(commune=commune, name="Xóm 1")
    MerchantFactory(village=village, name="=HYPERLINK(1)", phone="+84912345678", owner_name="+cmd")
    MerchantFactory(village=None, commune=commune, name="Không hỏi")

    answer = get(office, "coverage_missing_file", thon=village.pk)

    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(min_row=2))
    assert len(rows) == 1
    cells = {cell.value for cell in rows[0]}
    assert {"'=HYPERLINK(1)", "'+cmd", "0912345678", "Xóm 1", "Chưa biết tài khoản"} <= cells
    assert "f" not in {cell.data_type for cell in rows[0]}
    entry = AuditEntry.objects.get(action="coverage.exported")
    assert (entry.actor, entry.commune, entry.after) == (hoa, commune, {"businesses": 1, "rung": "code"})


def test_head_officer_sets_how_it_is_counted_and_the_log_says_what_changed(head: Client, commune: Commune) -> None:
    MerchantFactory(village=None, commune=commune, status="paused")
    address = f"{reverse('workspace:coverage_counting')}?xa={commune.code}"

    answer = head.post(address, {"coverage_rung": "account", "recheck_months": "6", "counts_paused": "on"})

    assert answer.status_code == 302
    commune.refresh_from_db()
    assert (commune.coverage_rung, commune.recheck_months, commune.counts_paused) == ("account", 6, True)
    entry = AuditEntry.objects.get(action="commune.counting_set")
    assert entry.before == {"coverage_rung": "code", "counts_paused": False}
    assert entry.after == {"coverage_rung": "account", "counts_paused": True}
    page = get(head, "coverage")
    assert (page.context["rung"], page.context["standing"].total) == ("account", 1)


@pytest.mark.parametrize("wrong", [{"recheck_months": "0"}, {"recheck_months": "37"}, {"coverage_rung": "register"}])
def test_impossible_rules_are_refused_and_nothing_changes(
    head: Client, commune: Commune, wrong: dict[str, str]
) -> None:
    address = f"{reverse('workspace:coverage_counting')}?xa={commune.code}"

    answer = head.post(address, {"coverage_rung": "code", "recheck_months": "6", "counts_paused": "on", **wrong})

    assert answer.status_code == 200
    assert answer.context["form"].errors
    commune.refresh_from_db()
    assert (commune.coverage_rung, commune.recheck_months, commune.counts_paused) == ("code", 6, False)
    assert not AuditEntry.objects.filter(action="commune.counting_set").exists()


def test_province_sees_communes_side_by_side_each_on_its_own_rung(commune: Commune) -> None:
    commune.coverage_rung = "account"
    commune.save()
    other = CommuneFactory(name="xã Vắng")
    BankAccountFactory(merchant=MerchantFactory(village=None, commune=commune))
    viewer = MembershipFactory(role=Membership.Role.PROVINCE_VIEWER, merchant=None, commune=None).user
    client = sign_in(Client(), viewer, second_factor=True)

    page = get(client, "coverage_communes")

    rows = {row["commune"]: row for row in page.context["rows"]}
    assert (rows[commune]["total"], rows[commune]["chosen"].percent) == (1, 100)
    assert (rows[other]["total"], rows[other]["chosen"].percent) == (0, None)
    assert "con-thieu.xlsx" not in get(client, "coverage_missing", xa=commune.code).content.decode()


def test_side_by_side_costs_as_many_queries_for_20_communes_as_for_2() -> None:
    viewer = MembershipFactory(role=Membership.Role.PROVINCE_VIEWER, merchant=None, commune=None).user
    client = sign_in(Client(), viewer, second_factor=True)
    for _ in range(2):
        MerchantFactory()
    get(client, "coverage_communes")
    with CaptureQueriesContext(connection) as few:
        get(client, "coverage_communes")
    for _ in range(18):
        MerchantFactory()
    get(client, "coverage_communes")

    with CaptureQueriesContext(connection) as many:
        page = get(client, "coverage_communes")

    assert len(many) == len(few) <= 10
    assert len(page.context["rows"]) == 20


def test_a_visit_gives_the_rungs_above_the_code_their_figures(office: Client, commune: Commune) -> None:
    merchant = MerchantFactory(village=None, commune=commune)
    code = issue_code(account=BankAccountFactory(merchant=merchant), actor=UserFactory())
    CodeCheck.objects.create(
        merchant=merchant, code=code, verdict="same", officer=UserFactory(), seen_at=timezone.now(),
        visit_id=uuid.uuid4(),
    )  # fmt: skip

    shown = {row.figure.rung.value: row.figure.count for row in get(office, "coverage").context["ladder"]}

    assert (shown["seen"], shown["right_account"], shown["holder"], shown["rechecked"]) == (1, 1, 0, 0)


def test_only_a_banks_report_of_the_last_30_days_says_that_a_transfer_came() -> None:
    scene = lans_shop()
    receipt = scene.doubtful()
    now = timezone.now()

    def heard() -> bool:
        return payments_heard_of(now).paid.filter(merchant=scene.merchant).exists()

    assert heard()
    for change in ({"evidence": "sellers_word"}, {"occurred_at": now - timedelta(days=31)}, {"state": "withdrawn"}):
        Receipt.objects.filter(pk=receipt.pk).update(**change)
        assert not heard(), change
        Receipt.objects.filter(pk=receipt.pk).update(
            evidence=receipt.evidence, occurred_at=receipt.occurred_at, state=receipt.state
        )


def test_we_would_have_heard_only_over_a_connection_that_has_spoken_and_is_old_enough() -> None:
    scene = lans_shop()
    now = timezone.now()
    line = NoticeConnection.objects.create(provider="sepay", merchant=scene.merchant, last_notice_at=now)
    line.accounts.set(scene.merchant.bank_accounts.all())

    def told() -> bool:
        return payments_heard_of(now).told.filter(merchant=scene.merchant).exists()

    assert not told()
    NoticeConnection.objects.update(created_at=now - timedelta(days=40))
    assert told()
    for change in ({"is_active": False}, {"last_notice_at": None}):
        NoticeConnection.objects.filter(pk=line.pk).update(**change)
        assert not told(), change
        NoticeConnection.objects.filter(pk=line.pk).update(is_active=True, last_notice_at=now)
