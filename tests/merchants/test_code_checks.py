"""Visits on the spot: what the scan is, written down once; an alarm where another code hangs than was verified."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from merchants.code_checks import VisitRefused, compare_scan, file_visit, read_code_photo, settle_alarm
from merchants.models import AuditEntry, BankAccount, CodeAlarm, CodeCheck, Commune, Merchant, OtherCode, PaymentCode
from merchants.payment_codes import issue_code, withdraw_code
from merchants.photos import PhotoRefused, plain_picture
from merchants.positions import metres_between
from merchants.signals import code_alarm_raised
from merchants.vietqr.image import draw_png
from merchants.vietqr.payload import encode
from merchants.visits_due import businesses_to_see, ladder_of
from shop.users.models import User
from tests.factories import BankAccountFactory, CommuneFactory, MerchantFactory, UserFactory, VillageFactory
from tests.merchants.test_wall_codes import CARD, VNPAY
from tests.people import hoa_the_officer

pytestmark = pytest.mark.django_db

STRANGE = encode(bin="970405", account="DEMO7654321")


@pytest.fixture
def commune() -> Commune:
    return CommuneFactory(code="17605", name="xã Hợp Minh")


@pytest.fixture
def shop(commune: Commune) -> Merchant:
    return MerchantFactory(village=VillageFactory(commune=commune), name="Quán Bún Cổng Chợ")


@pytest.fixture
def account(shop: Merchant) -> BankAccount:
    return BankAccountFactory(merchant=shop, number="DEMO0001", holder_name="BUI VAN LOC")


@pytest.fixture
def hoa(commune: Commune) -> User:
    return hoa_the_officer(commune)


@pytest.fixture
def code(account: BankAccount, hoa: User) -> PaymentCode:
    return issue_code(account=account, actor=hoa)


def filed(shop: Merchant, hoa: User, text: str, **given: object) -> CodeCheck:
    visit, is_new = file_visit(visit_id=uuid.uuid4(), merchant=shop, text=text, actor=hoa, **given)  # type: ignore[arg-type]
    assert is_new
    return visit


def photo_of(payload: str) -> bytes:
    """A wall with the code on it, a little askew."""
    sign = Image.open(BytesIO(draw_png(payload, module_px=6))).convert("RGB")
    wall = Image.new("RGB", (900, 700), (168, 160, 144))
    wall.paste(sign, ((wall.width - sign.width) // 2, (wall.height - sign.height) // 2))
    photo = BytesIO()
    wall.rotate(7, fillcolor=(168, 160, 144), resample=Image.Resampling.BICUBIC).save(photo, "JPEG", quality=85)
    return photo.getvalue()


def test_code_of_the_register_is_the_right_one(shop: Merchant, code: PaymentCode) -> None:
    told = compare_scan(merchant=shop, text=code.payload)

    assert (told.verdict, told.code, told.account, told.is_alarming) == ("same", code, code.account, False)


def test_same_account_printed_by_the_bank_is_right_too_and_warned_of(shop: Merchant, code: PaymentCode) -> None:
    told = compare_scan(merchant=shop, text=encode(bin="970436", account="demo0001", amount=5000))

    assert (told.verdict, told.is_alarming) == ("same", False)
    assert told.wall is not None and told.wall.warnings == ("fixed_amount", "one_time")


@pytest.mark.parametrize(
    ("text", "looked", "verdict", "is_alarming"),
    [
        (STRANGE, True, "other_account", True),
        (encode(bin="970405", account="DEMO0001"), True, "other_account", True),  # the number, at another bank
        (CARD, True, "other_account", True),
        (VNPAY, True, "other_scheme", False),
        ("2|99|0900000000|NGUYEN VAN A", True, "other_scheme", False),
        ("https://hopminh.example/ma/K7M2PX3/", True, "not_payment", False),
        ("0" * 10_000, True, "not_payment", False),
        ("", True, "unreadable", False),
        ("", False, "none_seen", False),
    ],
)
def test_what_hangs_there_is_told_apart(
    shop: Merchant, code: PaymentCode, text: str, looked: bool, verdict: str, is_alarming: bool
) -> None:
    told = compare_scan(merchant=shop, text=text, looked=looked)

    assert (told.verdict, told.is_alarming) == (verdict, is_alarming)


def test_without_an_account_on_the_register_nothing_is_called_wrong(shop: Merchant, hoa: User) -> None:
    assert filed(shop, hoa, STRANGE).verdict == "unknown_account"
    assert CodeAlarm.objects.count() == 0


def test_account_without_a_verified_code_differs_but_raises_no_alarm(
    shop: Merchant, account: BankAccount, hoa: User
) -> None:
    assert filed(shop, hoa, STRANGE).verdict == "other_account"
    assert CodeAlarm.objects.count() == 0


def test_wallet_code_other_than_the_noted_one_is_alarming(shop: Merchant, hoa: User) -> None:
    noted = "2|99|0900000000|NGUYEN VAN A"
    OtherCode.objects.create(merchant=shop, scheme="MoMo", payload=noted, added_by=hoa)

    assert not compare_scan(merchant=shop, text=noted).is_alarming
    assert compare_scan(merchant=shop, text="2|99|0911111111|NGUYEN VAN B").is_alarming


def test_visit_is_written_down_with_all_that_was_seen(shop: Merchant, code: PaymentCode, hoa: User) -> None:
    seen_at = timezone.now() - timedelta(hours=3)

    visit = filed(
        shop,
        hoa,
        code.payload,
        seen_at=seen_at,
        found_status="paused",
        photo=plain_picture(photo_of(code.payload)),
        position=(Decimal("18.987650"), Decimal("105.432100")),
        accuracy_m=12,
        note=" mã treo sau quầy ",
        holder_method="name_typed",
        holder_name_seen="Bùi Văn Lộc",
        transfer_shown_on=timezone.localdate(),
    )

    visit.refresh_from_db()
    assert (visit.verdict, visit.code, visit.payload, visit.officer) == ("same", code, code.payload, hoa)
    assert (visit.found_status, visit.note, visit.seen_at, visit.phone_said_at) == (
        "paused", "mã treo sau quầy", seen_at, None,
    )  # fmt: skip
    assert (visit.latitude, visit.longitude, visit.accuracy_m) == (Decimal("18.987650"), Decimal("105.432100"), 12)
    assert (visit.holder_confirmed, visit.holder_name_seen) == (True, "BUI VAN LOC")
    with visit.photo.open() as kept:
        assert Image.open(kept).format == "WEBP"
    assert shop.status == "active"
    entry = AuditEntry.objects.get(action="code.checked")
    assert (entry.actor, entry.on_behalf_of, entry.commune) == (hoa, shop, shop.commune)
    assert entry.after == {
        "verdict": "same", "status": "paused", "holder_confirmed": True, "holder_method": "name_typed",
    }  # fmt: skip


def test_twenty_sendings_of_one_visit_are_one_visit_one_alarm_one_entry(
    shop: Merchant, code: PaymentCode, hoa: User
) -> None:
    visit_id = uuid.uuid4()

    answers = [file_visit(visit_id=visit_id, merchant=shop, text=STRANGE, actor=hoa) for _ in range(20)]

    assert [is_new for _visit, is_new in answers] == [True] + [False] * 19
    assert {visit.pk for visit, _is_new in answers} == {CodeCheck.objects.get().pk}
    assert CodeAlarm.objects.count() == 1
    assert AuditEntry.objects.filter(action__startswith="code").exclude(action="code.issued").count() == 2


def test_two_sendings_at_once_are_one_visit(
    shop: Merchant, code: PaymentCode, hoa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, visit_id = None, uuid.uuid4()
    from merchants import code_checks

    usual = code_checks._write_visit

    def overtaken(**given: object) -> CodeCheck:
        nonlocal first
        monkeypatch.setattr(code_checks, "_write_visit", usual)
        first = usual(**given)  # type: ignore[arg-type]  # the other sending comes first
        return usual(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(code_checks, "_write_visit", overtaken)
    with pytest.raises(IntegrityError), transaction.atomic():
        overtaken(
            visit_id=visit_id, merchant=shop, text="", looked=False, seen_at=timezone.now(), found_status="active",
            photo=None, position=None, accuracy_m=None, note="", holder_method="", holder_name_seen="",
            transfer_shown_on=None, actor=hoa, request=None,
        )  # fmt: skip
    assert CodeCheck.objects.count() == 0  # the constraint speaks, and both of that transaction are gone

    written, _is_new = file_visit(visit_id=visit_id, merchant=shop, text="", actor=hoa)
    monkeypatch.setattr(CodeCheck.objects, "filter", _blind_once(CodeCheck.objects.filter))
    again, is_new = file_visit(visit_id=visit_id, merchant=shop, text="", actor=hoa)
    assert (again.pk, is_new, CodeCheck.objects.count()) == (written.pk, False, 1)


def _blind_once(usual: Callable[..., object]) -> Callable[..., object]:
    """The first look finds nothing, as before the other sending was committed."""
    looks = iter([True])
    return lambda **given: CodeCheck.objects.none() if next(looks, False) else usual(**given)


def test_visit_id_of_another_business_or_officer_is_refused(shop: Merchant, hoa: User, commune: Commune) -> None:
    visit = filed(shop, hoa, "")
    neighbour = MerchantFactory(village=shop.village)

    for merchant, actor in ((neighbour, hoa), (shop, UserFactory())):
        with pytest.raises(VisitRefused) as refused:
            file_visit(visit_id=visit.visit_id, merchant=merchant, text="", actor=actor)
        assert refused.value.code == "visit_of_another"
    assert CodeCheck.objects.get() == visit


@pytest.mark.parametrize("days", [-365, 365, -61])
def test_clock_that_cannot_be_right_is_noted_and_the_receipt_counts(shop: Merchant, hoa: User, days: int) -> None:
    said = timezone.now() + timedelta(days=days)

    visit = filed(shop, hoa, "", seen_at=said)

    assert visit.phone_said_at == said
    assert abs(visit.seen_at - timezone.now()) < timedelta(minutes=1)


def test_holder_is_confirmed_by_evidence_only(shop: Merchant, code: PaymentCode, hoa: User) -> None:
    given = [
        ("", "", False),
        ("name_typed", "BUI VAN LOC", True),
        ("name_typed", "  bùi văn lộc ", True),
        ("name_typed", "TRAN VAN BA", False),
        ("name_typed", "", False),
        ("test_transfer", "", True),
        ("look_up", "", False),  # no adapter is configured
    ]

    for method, name, expected in given:
        visit = filed(shop, hoa, code.payload, holder_method=method, holder_name_seen=name)
        assert visit.holder_confirmed is expected, (method, name)
    assert not filed(shop, hoa, STRANGE, holder_method="test_transfer").holder_confirmed


def test_alarm_is_raised_once_for_one_strange_code_told_and_settled_with_a_note(
    shop: Merchant, code: PaymentCode, hoa: User
) -> None:
    told: list[CodeAlarm] = []

    def listen(alarm: CodeAlarm, **_kwargs: object) -> None:
        told.append(alarm)

    code_alarm_raised.connect(listen)
    try:
        first = filed(shop, hoa, STRANGE)
        filed(shop, hoa, STRANGE)
    finally:
        code_alarm_raised.disconnect(listen)
    alarm = CodeAlarm.objects.get()
    assert (alarm.visit, alarm.merchant, alarm.state, told) == (first, shop, "open", [alarm])

    for outcome, note, why in (("pasted_over", "  ", "no_note"), ("", "gỡ rồi", "unknown_outcome")):
        with pytest.raises(VisitRefused) as refused:
            settle_alarm(alarm=alarm, outcome=outcome, note=note, actor=hoa)
        assert refused.value.code == why
    alarm.refresh_from_db()
    assert alarm.state == "open"

    settled = settle_alarm(alarm=alarm, outcome="pasted_over", note="Đã gỡ", actor=hoa)
    assert (settled.state, settled.outcome, settled.note, settled.settled_by) == (
        "settled", "pasted_over", "Đã gỡ", hoa,
    )  # fmt: skip
    with pytest.raises(VisitRefused) as refused:
        settle_alarm(alarm=alarm, outcome="mistake", note="khác", actor=hoa)
    assert refused.value.code == "not_open"
    actions = list(AuditEntry.objects.filter(action__startswith="code_alarm").values_list("action", flat=True))
    assert sorted(actions) == ["code_alarm.raised", "code_alarm.settled"]

    filed(shop, hoa, STRANGE)
    assert CodeAlarm.objects.filter(state="open").count() == 1  # it hangs there again


def test_photo_is_read_here_where_the_phone_cannot(shop: Merchant) -> None:
    assert read_code_photo(photo_of(STRANGE)) == STRANGE
    sky = BytesIO()
    Image.new("RGB", (600, 600), "skyblue").save(sky, "PNG")
    assert read_code_photo(sky.getvalue()) == ""
    with pytest.raises(PhotoRefused):
        read_code_photo(b"%PDF-1.7 not an image")


def states(shop: Merchant) -> dict[str, str]:
    return {rung.key: rung.state for rung in ladder_of(shop, now=timezone.now())}


def test_ladder_climbs_with_each_evidence_and_falls_with_the_code(shop: Merchant, hoa: User) -> None:
    nothing = dict.fromkeys(("account", "code", "seen", "same", "holder", "recheck"), "no")
    assert states(shop) == {"register": "yes", **nothing, "paid": "unknown"}
    account = BankAccountFactory(merchant=shop, holder_name="BUI VAN LOC")
    assert states(shop)["account"] == "yes"
    code = issue_code(account=account, actor=hoa)
    assert (states(shop)["code"], states(shop)["seen"]) == ("yes", "no")

    filed(shop, hoa, code.payload)
    assert (states(shop)["seen"], states(shop)["same"], states(shop)["holder"]) == ("yes", "yes", "no")
    filed(shop, hoa, code.payload, holder_method="test_transfer", transfer_shown_on=timezone.localdate())
    assert set(states(shop).values()) == {"yes"}

    withdraw_code(code=code, reason="hỏng", actor=hoa)
    after = states(shop)
    assert (after["code"], after["seen"], after["same"], after["holder"]) == ("no", "yes", "no", "no")


def test_last_scan_decides_whether_it_is_the_registered_account(shop: Merchant, code: PaymentCode, hoa: User) -> None:
    filed(shop, hoa, code.payload, holder_method="test_transfer", seen_at=timezone.now() - timedelta(days=2))
    filed(shop, hoa, STRANGE, seen_at=timezone.now() - timedelta(days=1))

    assert (states(shop)["seen"], states(shop)["same"], states(shop)["holder"]) == ("yes", "no", "no")


def test_transfer_long_ago_or_tomorrow_is_not_being_paid(shop: Merchant, hoa: User) -> None:
    filed(shop, hoa, "", transfer_shown_on=date(2020, 1, 1))
    tomorrow = filed(shop, hoa, "", transfer_shown_on=timezone.localdate() + timedelta(days=1))

    assert tomorrow.transfer_shown_on is None
    assert states(shop)["paid"] == "unknown"


def test_work_list_names_whom_nobody_has_seen_for_months(shop: Merchant, hoa: User, commune: Commune) -> None:
    now = timezone.now()
    never = MerchantFactory(village=shop.village, name="Tạp hoá Năm")
    MerchantFactory(village=shop.village, status="closed", status_reason="nghỉ")
    MerchantFactory()  # in another commune
    filed(shop, hoa, "")

    due = businesses_to_see(commune=commune, now=now)
    assert list(due) == [never]
    assert list(businesses_to_see(commune=commune, only_due=False, now=now, words="bun cong cho")) == [shop]
    assert list(businesses_to_see(commune=commune, now=now + timedelta(days=190)).order_by("pk")) == [shop, never]


def test_distance_between_two_places() -> None:
    hop_minh, vinh = (Decimal("18.98"), Decimal("105.43")), (Decimal("18.68"), Decimal("105.68"))

    assert metres_between(hop_minh, hop_minh) == 0
    assert 42_000 < metres_between(hop_minh, vinh) < 43_500
