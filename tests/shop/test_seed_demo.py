"""`seed_demo`: the same every time, twice does nothing, refused outside the demo, clean in the doctor's eyes."""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from PIL import Image

from catalogue.demo.goods import GOODS
from catalogue.demo.variety import invented_goods
from catalogue.models import ListingReport, OcopCertificate, Product
from merchants.models import AuditEntry, BankAccount, Commune, Membership, Merchant, PaymentCode, Village
from merchants.picture_sizes import files_of
from merchants.shown_pictures import DRAWN
from shop.order.models import Fulfilment, Order, Payment
from shop.outbox.models import OutboxMessage
from shop.partner.models import StockMovement, StockRecord
from shop.partner.stock import check_stock
from shop.payments.models import Receipt
from shop.users.demo import PASSWORD, PEOPLE, demo_user
from shop.users.models import User

pytestmark = pytest.mark.django_db

COUNTED = (
    Commune, Village, Merchant, BankAccount, Product, OcopCertificate, StockRecord, StockMovement, User, Membership,
    Order, Receipt,
)  # fmt: skip


@pytest.fixture(autouse=True)
def quick_demo(settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo whose pictures are dots, kept where the test ends; drawing has tests of its own."""
    settings.DEMO = True  # type: ignore[attr-defined]
    settings.MEDIA_ROOT = str(tmp_path)  # type: ignore[attr-defined]
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 150, 90)).save(buffer, "WEBP")

    def dots(wanted: Mapping[str, str]) -> Iterator[dict[str, bytes]]:
        return (dict.fromkeys(files_of(name), buffer.getvalue()) for name in wanted.values())

    monkeypatch.setattr("catalogue.demo.seed.draw_all", dots)


def rows() -> list[int]:
    return [model._default_manager.count() for model in COUNTED]


def test_the_default_demo_has_twelve_merchants_and_forty_goods_each_with_four_pictures() -> None:
    call_command("seed_demo", verbosity=0)

    pages = Product.objects.exclude(structure="child")
    assert Merchant.objects.count() == 12
    assert pages.count() == 40
    assert Product.objects.filter(structure="child").count() == 6
    shown = {page.code: [image.original.name for image in page.images.order_by("display_order")] for page in pages}
    assert {len(names) for names in shown.values()} == {4}
    assert len({tuple(names[:3]) for names in shown.values()}) == 40
    assert all(len(set(names)) == 4 for names in shown.values())
    assert all(default_storage.exists(file) for names in shown.values() for name in names for file in files_of(name))
    assert all(name.startswith(DRAWN) for names in shown.values() for name in names)
    assert not Merchant.objects.filter(portrait="").exists()
    assert not Merchant.objects.filter(is_sample=False).exists()


def test_goods_without_end_share_the_drawings_of_the_named_ones() -> None:
    call_command("seed_demo", "--products=60", verbosity=0)

    invented = Product.objects.filter(code__regex=r"^mau-\d+$")
    assert invented.count() == 20
    for product in invented:
        names = [image.original.name for image in product.images.order_by("display_order")]
        assert [name.split("/")[1] for name in names] == ["goods", "near", "merchants"]
        assert all(default_storage.exists(file) for name in names for file in files_of(name))


def test_visitors_have_reported_listings_and_an_officer_has_looked_at_some() -> None:
    call_command("seed_demo", verbosity=0)
    call_command("seed_demo", verbosity=0)

    reports = ListingReport.objects.order_by("pk")
    assert [(report.product.code, report.state) for report in reports] == [
        ("mau-mat-ong", "new"), ("mau-dau-lac", "seen"), ("mau-trung-ga", "closed"),
    ]  # fmt: skip
    assert {report.handled_by for report in reports} == {None, demo_user("officer")}
    assert [bool(report.sealed_contact) for report in reports] == [True, False, False]


def test_twice_does_nothing_and_keeps_what_people_changed() -> None:
    call_command("seed_demo", verbosity=0)
    Product.objects.filter(code="mau-cam").update(title="Cam mới")
    StockRecord.objects.filter(product__code="mau-cam").update(price=99_000)
    before = rows()

    call_command("seed_demo", verbosity=0)

    assert rows() == before
    assert Product.objects.get(code="mau-cam").title == "Cam mới"
    assert StockRecord.objects.get(product__code="mau-cam").price == 99_000


def test_a_larger_demo_adds_to_a_smaller_one() -> None:
    call_command("seed_demo", verbosity=0)

    call_command("seed_demo", "--merchants=15", "--products=75", "--communes=3", verbosity=0)

    assert Commune.objects.count() == 3
    assert Merchant.objects.count() == 15
    assert Product.objects.exclude(structure="child").count() == 75
    assert StockRecord.objects.count() == 75 - 2 + 6
    assert list(check_stock()) == []


def test_the_same_seed_gives_the_same_goods_and_another_seed_others() -> None:
    call_command("seed_demo", "--products=60", "--seed=5", verbosity=0)

    titles = set(Product.objects.filter(code__regex=r"^mau-\d+$").values_list("title", flat=True))
    assert titles == {good.title for good in invented_goods(first=41, last=60, seed=5)}


def test_accounts_cannot_exist_and_numbers_say_that_they_are_samples() -> None:
    call_command("seed_demo", "--merchants=14", "--products=60", verbosity=0)

    assert not BankAccount.objects.exclude(number__startswith="DEMO").exists()
    assert not OcopCertificate.objects.exclude(number__startswith="MẪU-", decision_number__startswith="MẪU-").exists()


def test_one_certificate_has_run_out() -> None:
    call_command("seed_demo", verbosity=0)

    today = timezone.localdate()
    ended = OcopCertificate.objects.exclude(pk__in=OcopCertificate.objects.valid_on(today))
    assert [certificate.products.get().code for certificate in ended] == ["mau-dau-lac"]


def test_there_is_somebody_for_every_role_who_can_sign_in() -> None:
    call_command("seed_demo", verbosity=0)

    assert set(Membership.objects.values_list("role", flat=True)) == set(Membership.Role.values)
    assert all(User.objects.get(email=person.email).check_password(PASSWORD) for person in PEOPLE)
    assert demo_user("staff").is_superuser
    with_second_factor = {person.email for person in PEOPLE if person.totp}
    assert with_second_factor == set(User.objects.filter(authenticator__type="totp").values_list("email", flat=True))


def test_outside_the_demo_nothing_is_seeded(settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    before = rows()

    with pytest.raises(CommandError, match="DEMO=0"):
        call_command("seed_demo", verbosity=0)

    assert rows() == before


@pytest.mark.parametrize(
    "wrong", ["--products=100001", "--products=0", "--products=-5", "--merchants=x", "--communes=131"]
)
def test_sizes_out_of_bounds_are_refused_before_anything_is_written(wrong: str) -> None:
    before = rows()

    with pytest.raises(CommandError):
        call_command("seed_demo", wrong, verbosity=0)

    assert rows() == before


def test_an_order_stands_in_each_state_and_the_doctor_finds_nothing() -> None:
    call_command("seed_demo", verbosity=0)

    assert set(Order.objects.values_list("fulfilment", flat=True)) == set(Fulfilment.values)
    assert set(Order.objects.values_list("payment", flat=True)) == set(Payment.values)
    reasons = set(Receipt.objects.exclude(reason="").values_list("reason", flat=True))
    assert reasons == {"underpaid", "overpaid", "after_expiry", "unknown_reference", "repeated"}
    assert OutboxMessage.objects.count() == 0
    assert list(check_stock()) == []
    call_command("doctor", verbosity=0)


def test_the_newest_goods_come_from_several_sellers_and_named_ones_stand_before_generated_ones() -> None:
    call_command("seed_demo", "--products=60", verbosity=0)

    newest = list(Product.objects.exclude(structure="child").order_by("-date_created", "-pk"))
    assert len({product.merchant_id for product in newest[:8]}) >= 5
    assert {product.code for product in newest[:40]} == {f"mau-{good.key}" for good in GOODS}


def test_an_officer_has_issued_codes_and_left_some_businesses_to_do() -> None:
    call_command("seed_demo", verbosity=0)

    assert PaymentCode.objects.count() == 9
    assert AuditEntry.objects.filter(action="code.issued", actor=demo_user("officer")).count() == 9
    without = Merchant.objects.exclude(bank_accounts__payment_codes__status="valid")
    assert sorted(merchant.slug for merchant in without) == [
        "cong-ty-tnhh-gia-vi-bep-que-mau",
        "ho-bun-mien-san-phoi-mau",
        "quan-bun-bo-cong-cho-mau",
    ]
