"""The number that tells every process, in the transaction of the change, that the public pages show something else."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from catalogue.listed_product import stock_changed
from catalogue.models import ListedProduct, OcopCertificate, Product
from cms.models import SiteOwner
from merchants.models import PaymentCode
from shop.delivery.models import DeliveryOption
from shop.partner.models import StockRecord
from shop.storefront.generation import KeptByGeneration, face_generation, fold_changes, note_change
from shop.storefront.models import FaceChange, SiteCommune
from shop.workspace.goods_writing import set_public
from tests.factories import BankAccountFactory, CommuneFactory, listed_product
from tests.factories.pages import guide_page, home_page, picture, policy_page, story_index
from tests.people import lan_the_producer

pytestmark = pytest.mark.django_db


def withdraw_goods() -> None:
    lan = lan_the_producer()
    set_public(
        product=Product.objects.get(), is_public=False, who={"actor": lan.user, "on_behalf_of": None, "request": None}
    )


def hide_merchant() -> None:
    merchant = Product.objects.get().merchant
    merchant.is_public = False
    merchant.save()


def revoke_certificate() -> None:
    certificate = OcopCertificate.objects.get()
    certificate.revoked_on = certificate.issued_on
    certificate.save()


def take_certificate_off() -> None:
    OcopCertificate.objects.get().products.clear()


def hang_a_picture() -> None:
    Product.objects.get().images.create(original="products/x.webp")


def withdraw_code() -> None:
    code = PaymentCode.objects.get()
    code.status = PaymentCode.Status.WITHDRAWN
    code.save()


def ask_more_for_delivery() -> None:
    DeliveryOption.objects.create(merchant=None, kind=DeliveryOption.Kind.FLAT_RATE, price_vnd=Decimal(30_000))


def give_the_host_away() -> None:
    SiteCommune.objects.create(site=Site.objects.get(), commune=CommuneFactory())


def publish_policy() -> None:
    policy_page()


def rename_in_the_menu() -> None:
    page = home_page().get_children().get(slug="cach-quet-ma").specific
    page.title = "Quét mã thế nào"
    page.save_revision().publish()


def unpublish() -> None:
    home_page().get_children().get(slug="cach-quet-ma").specific.unpublish()


def delete_page() -> None:
    home_page().get_children().get(slug="cach-quet-ma").specific.delete()


def reorder_menu() -> None:
    home_page().get_children().get(slug="cach-quet-ma").move(home_page(), "first-child")


def name_the_owner() -> None:
    SiteOwner.objects.create(site=Site.objects.get(), name="Ban quản lý (mẫu)")


def change_the_picture_s_words() -> None:
    image = picture()
    image.title = "Nắng"
    image.save()


CHANGES: list[Callable[[], None]] = [
    withdraw_goods, hide_merchant, revoke_certificate, take_certificate_off, hang_a_picture, withdraw_code,
    ask_more_for_delivery, give_the_host_away, publish_policy, rename_in_the_menu, unpublish, delete_page,
    reorder_menu, name_the_owner, change_the_picture_s_words,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_must_be_seen_at_once_changes_the_number(change: Callable[[], None]) -> None:
    story_index()
    guide_page(show_in_menus=True)
    product = listed_product(stars=4)
    PaymentCode.objects.create(account=BankAccountFactory(merchant=product.merchant), public_code="K7M2PQ", payload="x")
    before = face_generation()

    change()

    assert face_generation() != before


def test_a_sale_does_not_empty_every_cache() -> None:
    product = listed_product(in_stock=1)
    before = face_generation()

    StockRecord.objects.update(num_allocated=1)
    stock_changed([product.pk])

    assert not ListedProduct.objects.get().in_stock
    assert face_generation() == before


def test_a_transaction_notes_its_change_once() -> None:
    with transaction.atomic():
        for _ in range(20):
            note_change()

    assert FaceChange.objects.count() == 1


def test_a_change_after_one_that_was_taken_back_is_noted() -> None:
    before = face_generation()

    with transaction.atomic():
        try:
            with transaction.atomic():
                note_change()
                raise ValueError
        except ValueError:
            pass
        assert not FaceChange.objects.exists()
        note_change()

    assert face_generation() != before


def test_a_change_after_a_look_is_noted_again() -> None:
    with transaction.atomic():
        note_change()
        seen = face_generation()
        note_change()

    assert face_generation() != seen


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_the_number_and_what_follows_changes_it() -> None:
    before = face_generation()
    with pytest.raises(ValueError), transaction.atomic():
        note_change()
        raise ValueError

    assert face_generation() == before
    with transaction.atomic():
        note_change()
    assert face_generation() != before


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_two_that_commit_in_the_other_order_are_both_seen_and_neither_waits() -> None:
    begun, other_is_over = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            note_change()
            begun.set()
            assert other_is_over.wait(20)
        connection.close()

    before = face_generation()
    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(20)
    with transaction.atomic():
        note_change()
    between = face_generation()
    other_is_over.set()
    thread.join(20)

    assert len({before, between, face_generation()}) == 3


def test_folding_keeps_the_number_and_leaves_one_row() -> None:
    FaceChange.objects.bulk_create([FaceChange(token=number) for number in (5, 7, 11)])
    before = face_generation()

    fold_changes()
    fold_changes()

    assert [row.token for row in FaceChange.objects.all()] == [23]
    assert face_generation() == before == 23


def test_a_sum_beyond_the_column_begins_anew() -> None:
    FaceChange.objects.bulk_create([FaceChange(token=2**61), FaceChange(token=2**61)])

    fold_changes()

    assert FaceChange.objects.get().token < 2**40


def test_what_is_kept_ends_with_the_generation_and_with_its_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def make() -> int:
        made.append(len(made))
        return made[-1]

    kept: KeptByGeneration[int] = KeptByGeneration(most=2)
    clock = [1_000.0]
    monkeypatch.setattr("shop.storefront.generation.time.monotonic", lambda: clock[0])

    assert [kept.get_or_make("a", generation=1, make=make) for _ in range(3)] == [0, 0, 0]
    assert kept.get_or_make("a", generation=2, make=make) == 1
    clock[0] += 61
    assert kept.get_or_make("a", generation=2, make=make) == 2
    for name in "bcd":
        kept.get_or_make(name, generation=2, make=make)
    assert len(kept._found) <= 2


def test_menu_owner_and_policies_are_read_once_and_an_edit_is_seen_by_the_next_reader(client: Client) -> None:
    guide = guide_page(show_in_menus=True)
    owner = SiteOwner.objects.create(site=Site.objects.get(), name="Ban quản lý (mẫu)")
    policy_page()
    path = listed_product().get_absolute_url()
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        before = client.get(path).content.decode()
    assert not [row["sql"] for row in queries if "wagtailcore" in row["sql"] or "siteowner" in row["sql"]]

    guide.title = "Chỉ cách quét"
    guide.save_revision().publish()
    owner.name = "Hợp tác xã (mẫu)"
    owner.save()
    after = client.get(path).content.decode()

    assert ["Cách quét mã" in before, "Ban quản lý (mẫu)" in before, "Điều khoản" in before] == [True] * 3
    assert ["Chỉ cách quét" in after, "Hợp tác xã (mẫu)" in after, "Điều khoản" in after] == [True] * 3
    assert ["Cách quét mã" in after, "Ban quản lý (mẫu)" in after] == [False] * 2


def test_the_kept_ways_through_the_site_say_where_one_is_in_the_readers_language(client: Client) -> None:
    def current(path: str) -> str:
        nav = client.get(path).content.decode().split('class="site-nav"')[1].split("</nav>")[0]
        return nav.split('aria-current="page"')[0].split('href="')[-1].split('"')[0] if "aria-current" in nav else ""

    for _ in range(2):
        assert [current(path) for path in ("/", "/san-pham/", "/en/san-pham/", "/gio-hang/")] == [
            "/", "/san-pham/", "/en/san-pham/", "/gio-hang/",
        ]  # fmt: skip


def test_a_host_given_to_another_commune_shows_it_at_once(client: Client) -> None:
    row = SiteCommune.objects.create(site=Site.objects.get(), commune=CommuneFactory(), area_name="Đây")
    assert "· Đây</title>" in client.get("/san-pham/").content.decode()

    row.area_name = "Kia"
    row.save()

    assert "· Kia</title>" in client.get("/san-pham/").content.decode()


def test_the_command_that_publishes_timed_pages_is_heard(client: Client) -> None:
    from django.utils import timezone

    page = guide_page()
    page.expire_at = timezone.now()
    page.save_revision().publish()
    guide = home_page().get_children().get(pk=page.pk).specific
    guide.__class__.objects.filter(pk=page.pk).update(live=True, expire_at=timezone.now())
    before = face_generation()

    call_command("publish_scheduled", verbosity=0)

    assert face_generation() != before
    assert client.get("/cach-quet-ma/").status_code == 404


@pytest.fixture
def goods(client: Client) -> Callable[[int], dict[str, str]]:
    """Make so many goods of one producer; return the addresses of each kind of page about them."""
    guide_page(show_in_menus=True)
    policy_page()
    merchant = listed_product(stars=4).merchant

    def make(count: int) -> dict[str, str]:
        while merchant.products.count() < count:
            listed_product(merchant=merchant, stars=4)
        product = merchant.products.first()
        assert product is not None
        return {
            "list": "/san-pham/",
            "search": "/san-pham/?q=mat+ong",
            "product": product.get_absolute_url(),
            "merchant": merchant.get_absolute_url(),
            "certificate": product.certificates.get().get_absolute_url(),
            "home": "/",
        }

    return make


def count_queries(client: Client, path: str) -> int:
    """Of the second look: what hosts and frames are was asked by the first."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


MOST = {"list": 10, "search": 10, "product": 8, "merchant": 8, "certificate": 6, "home": 12}


def test_pages_keep_to_their_queries_at_two_goods_and_at_twenty(
    client: Client, goods: Callable[[int], dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shop.storefront.facets.CACHE_SECONDS", 0)  # facets counted anew
    few = {name: count_queries(client, path) for name, path in goods(2).items()}
    many = {name: count_queries(client, path) for name, path in goods(20).items()}

    assert few == many
    assert {name: count for name, count in many.items() if count > MOST[name]} == {}
