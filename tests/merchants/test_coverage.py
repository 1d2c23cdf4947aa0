"""The ladder: who stands where, who is missing and why, who is counted at all."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from merchants.businesses import share_with_code
from merchants.coverage import (
    MissingScope,
    PaymentEvidence,
    Standing,
    count_cells,
    coverage_by_commune,
    figure,
    find_missing,
    months_before,
    outside_the_count,
    sum_up,
)
from merchants.models import BankAccount, CodeCheck, Commune, CoverageRung, Merchant, OtherCode, PaymentCode
from merchants.payment_codes import issue_code, withdraw_code
from tests.factories import BankAccountFactory, CommuneFactory, MerchantFactory, UserFactory, VillageFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
Rung = CoverageRung


@pytest.fixture
def commune() -> Commune:
    return CommuneFactory()


def business(commune: Commune, name: str, **fields: Any) -> Merchant:
    return MerchantFactory(village=None, commune=commune, name=name, **fields)


def coded(commune: Commune, name: str) -> PaymentCode:
    return issue_code(account=BankAccountFactory(merchant=business(commune, name)), actor=UserFactory())


def check(code: PaymentCode, verdict: str = "same", *, days_ago: int = 1, evidence: str = "") -> CodeCheck:
    """A visit as merchants.code_checks files it: what could not be compared names no code."""
    return CodeCheck.objects.create(
        merchant=code.account.merchant,
        code=code if verdict in {"same", "other_account"} else None,
        verdict=verdict,
        holder_method=evidence,
        holder_confirmed=bool(evidence),
        officer=UserFactory(),
        seen_at=NOW - timedelta(days=days_ago),
        visit_id=uuid.uuid4(),
    )


def standing(commune: Commune, **more: Any) -> Standing:
    return sum_up(count_cells([commune], now=NOW, **more), lambda _cell: None).get(None, Standing())


def missing(commune: Commune, rung: CoverageRung, scope: MissingScope | None = None, **more: Any) -> dict[str, str]:
    found = find_missing(commune, rung, now=NOW, scope=scope or MissingScope(), **more)
    return {one.name: one.why for one in found}  # type: ignore[attr-defined]


@pytest.fixture
def everybody(commune: Commune) -> Commune:
    """One business for each place on the ladder."""
    business(commune, "Chưa gì")
    BankAccountFactory(merchant=business(commune, "Có tài khoản"))
    coded(commune, "Có mã")
    check(coded(commune, "Không đọc được"), "unreadable")
    check(coded(commune, "Tài khoản khác"), "other_account")
    check(coded(commune, "Đúng tài khoản"))
    old = coded(commune, "Kiểm lâu rồi")
    check(old, days_ago=400, evidence="name_typed")
    check(coded(commune, "Trọn vẹn"), evidence="test_transfer")
    return commune


def test_each_rung_counts_those_who_stand_on_it_or_above(everybody: Commune) -> None:
    found = standing(everybody)

    assert found == Standing(
        total=8, account=7, code=6, visited=5, seen=4, right_account=3, holder=2, rechecked=1, paid=0, not_paid=0
    )


def test_everybody_below_a_rung_is_named_with_the_first_thing_that_is_missing(everybody: Commune) -> None:
    assert missing(everybody, Rung.ACCOUNT) == {"Chưa gì": "no_account"}
    assert missing(everybody, Rung.CODE) == {"Chưa gì": "no_account", "Có tài khoản": "no_code"}
    assert missing(everybody, Rung.RECHECKED) == {
        "Chưa gì": "no_account",
        "Có tài khoản": "no_code",
        "Có mã": "not_seen",
        "Không đọc được": "unreadable",
        "Tài khoản khác": "other_account",
        "Đúng tài khoản": "holder_unconfirmed",
        "Kiểm lâu rồi": "check_too_old",
    }


@pytest.mark.parametrize("rung", list(CoverageRung))
def test_those_on_a_rung_and_those_missing_are_together_all(everybody: Commune, rung: CoverageRung) -> None:
    assert getattr(standing(everybody), rung.value) + len(missing(everybody, rung)) == 8


def test_newest_visit_decides_and_a_withdrawn_code_takes_its_visits_with_it(commune: Commune) -> None:
    code = coded(commune, "Lan")
    check(code, "same", days_ago=5, evidence="name_typed")
    check(code, "other_account", days_ago=1)
    assert (standing(commune).seen, standing(commune).right_account, standing(commune).holder) == (1, 0, 0)

    withdraw_code(code=code, reason="dán đè", actor=UserFactory())

    assert (standing(commune).code, standing(commune).seen, standing(commune).visited) == (0, 0, 1)


def test_the_commune_says_how_long_a_check_holds(everybody: Commune) -> None:
    everybody.recheck_months = 36

    assert standing(everybody).rechecked == 2
    assert "Kiểm lâu rồi" not in missing(everybody, Rung.RECHECKED)


def test_other_schemes_count_as_a_code_only_where_the_commune_says_so(commune: Commune) -> None:
    shop = business(commune, "Có VNPAY")
    OtherCode.objects.create(merchant=shop, scheme="VNPAY", payload="x", added_by=UserFactory())
    assert (standing(commune).code, standing(commune).other_scheme) == (0, 0)

    commune.counted_schemes = ["VNPAY"]

    assert (standing(commune).account, standing(commune).code, standing(commune).other_scheme) == (0, 1, 1)
    assert missing(commune, Rung.SEEN) == {"Có VNPAY": "other_scheme"}


def test_paused_and_not_found_are_counted_where_the_commune_says_so_and_closed_never(commune: Commune) -> None:
    business(commune, "Mở")
    business(commune, "Nghỉ", status="paused")
    business(commune, "Không thấy", status="not_found", status_reason="x")
    business(commune, "Đóng", status="closed", status_reason="x")
    business(commune, "Từ chối", status="refused", status_reason="x")
    assert standing(commune).total == 1
    assert outside_the_count(commune) == {"paused": 1, "not_found": 1, "closed": 1, "refused": 1}

    Commune.objects.update(counts_paused=True, counts_not_found=True)
    commune.refresh_from_db()

    assert standing(commune).total == 3
    assert outside_the_count(commune) == {"closed": 1, "refused": 1}
    assert share_with_code(commune).total == 3
    assert coverage_by_commune(commune)[0].on_the_register == 3


def test_two_communes_are_counted_by_their_own_rules_in_one_query(
    everybody: Commune, django_assert_num_queries: Any
) -> None:
    other = CommuneFactory(counts_paused=True, counted_schemes=["MoMo"])
    shop = business(other, "Ví", status="paused")
    OtherCode.objects.create(merchant=shop, scheme="MoMo", payload="x", added_by=UserFactory())

    with django_assert_num_queries(1):
        sums = sum_up(count_cells([everybody, other], now=NOW), lambda cell: cell.commune_id)

    assert (sums[everybody.pk].total, sums[everybody.pk].code) == (8, 6)
    assert (sums[other.pk].total, sums[other.pk].code, sums[other.pk].account) == (1, 1, 0)


def test_a_rung_nobody_has_looked_at_is_unknown_and_not_nought() -> None:
    three = Standing(total=3, account=2, code=1)

    assert figure(three, Rung.CODE, has_visits=False).percent == 33
    assert figure(three, Rung.SEEN, has_visits=False).count is None
    assert figure(three, Rung.SEEN, has_visits=False).missing is None
    assert figure(three, Rung.SEEN, has_visits=True).count == 0
    assert figure(three, Rung.PAID, has_visits=True).percent is None
    assert figure(Standing(total=3, not_paid=1), Rung.PAID, has_visits=False).count == 0


def test_silence_means_no_only_where_somebody_would_have_told_us(commune: Commune) -> None:
    paid, silent = (BankAccountFactory(merchant=business(commune, name)) for name in ("Được trả", "Im lặng"))
    BankAccountFactory(merchant=business(commune, "Không rõ"))
    evidence = PaymentEvidence(
        paid=BankAccount.objects.filter(pk=paid.pk), told=BankAccount.objects.filter(pk__in=[paid.pk, silent.pk])
    )
    for account in BankAccount.objects.all():
        issue_code(account=account, actor=UserFactory())

    found = standing(commune, evidence=evidence)

    assert (found.paid, found.not_paid, found.payment_unknown) == (1, 1, 1)
    assert missing(commune, Rung.PAID, evidence=evidence) == {"Im lặng": "not_paid", "Không rõ": "payment_unknown"}


def test_list_of_the_missing_is_narrowed_by_place_trade_form_reason_and_words(everybody: Commune) -> None:
    village = VillageFactory(commune=everybody)
    MerchantFactory(village=village, name="Xay xát", vsic_section="C", legal_form="cooperative", phone="+84987654321")

    def narrowed(**scope: Any) -> list[str]:
        return list(missing(everybody, Rung.CODE, MissingScope(**scope)))

    assert narrowed(village_id=village.pk) == ["Xay xát"]
    assert narrowed(village_id=0) == ["Chưa gì", "Có tài khoản"]
    assert narrowed(section="C") == ["Xay xát"]
    assert narrowed(section="-") == ["Chưa gì", "Có tài khoản"]
    assert narrowed(legal_form="cooperative") == ["Xay xát"]
    assert narrowed(reason="no_code") == ["Có tài khoản"]
    assert narrowed(words="xay XAT") == ["Xay xát"]
    assert narrowed(words="0987 654") == ["Xay xát"]


def test_a_code_that_is_gone_from_the_wall_is_not_seen_any_more(commune: Commune) -> None:
    code = coded(commune, "Lan")
    check(code, "same", days_ago=5, evidence="name_typed")
    check(code, "none_seen", days_ago=1)

    assert (standing(commune).code, standing(commune).seen, standing(commune).rechecked) == (1, 0, 0)
    assert missing(commune, Rung.SEEN) == {"Lan": "unreadable"}


@pytest.mark.parametrize(
    ("moment", "months", "earlier"),
    [
        (datetime(2026, 11, 24, tzinfo=UTC), 6, datetime(2026, 5, 24, tzinfo=UTC)),
        (datetime(2027, 1, 31, tzinfo=UTC), 2, datetime(2026, 11, 30, tzinfo=UTC)),
        (datetime(2024, 2, 29, tzinfo=UTC), 12, datetime(2023, 2, 28, tzinfo=UTC)),
        (datetime(2026, 12, 1, tzinfo=UTC), 12, datetime(2025, 12, 1, tzinfo=UTC)),
    ],
)
def test_months_are_counted_by_the_calendar(moment: datetime, months: int, earlier: datetime) -> None:
    assert months_before(moment, months) == earlier
