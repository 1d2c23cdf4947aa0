"""What lies in a basket, at the price and stock of now; what may be put in; what is refused."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from catalogue.models import Product
from merchants.models import Merchant
from shop.partner import stock
from shop.partner.models import StockRecord
from shop.purchase.basket import (
    MOST_LINES,
    Basket,
    BasketLine,
    BasketRefused,
    add_to_basket,
    basket_of_request,
    count_items,
    read_basket,
    remove_line,
    set_quantity,
)
from tests.factories import CommuneFactory, MerchantFactory, ProductFactory, UserFactory, VariantsFactory
from tests.factories.purchases import basket_with, place, sellable_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def honey() -> Product:
    return sellable_product(title="Mật ong", price=120_000, in_stock=5)


def add(basket: Any, product: Product, quantity: int) -> int:
    return add_to_basket(basket=basket, product_id=product.pk, quantity=quantity, commune=None)


def contents_of(basket: Any) -> list[tuple[int, int]]:
    return list(BasketLine.objects.filter(basket_id=basket.pk).values_list("product_id", "quantity"))


def test_adding_twice_adds_up_in_one_line(honey: Product) -> None:
    basket = Basket()

    assert add(basket, honey, 2) == 2
    assert add(basket, honey, 1) == 3

    assert contents_of(basket) == [(honey.pk, 3)]
    assert count_items(basket) == 3


@pytest.mark.parametrize("quantity", [0, -1, 1000, 10**30, True, 1.5, "2"])
def test_absurd_quantities_are_refused(honey: Product, quantity: Any) -> None:
    basket = basket_with({honey: 1})
    line_id = basket.lines.get().pk

    with pytest.raises(BasketRefused, match="quantity"):
        add(basket, honey, quantity)
    if quantity != 0:
        with pytest.raises(BasketRefused, match="quantity"):
            set_quantity(basket=basket, line_id=line_id, quantity=quantity, commune=None)

    assert contents_of(basket) == [(honey.pk, 1)]


def test_more_than_there_is_is_refused_with_what_is_left(honey: Product) -> None:
    basket = basket_with({honey: 4})

    with pytest.raises(BasketRefused) as refusal:
        add(basket, honey, 2)

    assert (refusal.value.code, refusal.value.available) == ("not_enough", 5)
    assert contents_of(basket) == [(honey.pk, 4)]


def test_sold_out_goods_are_refused(honey: Product) -> None:
    stock.hold(stockrecord_id=honey.stockrecords.get().pk, quantity=5)

    with pytest.raises(BasketRefused) as refusal:
        add(Basket(), honey, 1)

    assert (refusal.value.code, refusal.value.available) == ("sold_out", 0)
    assert not Basket.objects.exists()


def hidden(product: Product) -> None:
    Product.objects.filter(pk=product.pk).update(is_public=False)


def of_closed_merchant(product: Product) -> None:
    Merchant.objects.filter(pk=product.merchant_id).update(status="closed", status_reason="nghỉ")


def of_hidden_merchant(product: Product) -> None:
    Merchant.objects.filter(pk=product.merchant_id).update(is_public=False)


def with_half_a_dong(product: Product) -> None:
    StockRecord.objects.filter(product=product).update(price=Decimal("100.50"))


def without_price(product: Product) -> None:
    StockRecord.objects.filter(product=product).update(price=None)


WITHDRAWING = [hidden, of_closed_merchant, of_hidden_merchant, with_half_a_dong, without_price]


@pytest.mark.parametrize("withdraw", WITHDRAWING)
def test_what_is_not_for_sale_cannot_be_added(honey: Product, withdraw: Callable[[Product], None]) -> None:
    withdraw(honey)

    with pytest.raises(BasketRefused, match="not_for_sale"):
        add(Basket(), honey, 1)


@pytest.mark.parametrize("withdraw", WITHDRAWING)
def test_what_was_withdrawn_meanwhile_is_named_and_not_counted(
    honey: Product, withdraw: Callable[[Product], None]
) -> None:
    rice = sellable_product(price=35_000)
    basket = basket_with({honey: 1, rice: 2})
    withdraw(honey)

    contents = read_basket(basket=basket, commune=None)

    assert [(row.product, row.notice.code) for row in contents.blocked_rows] == [(honey, "withdrawn")]
    assert contents.goods_vnd == 70_000
    assert [group.merchant for group in contents.buyable_groups] == [rice.merchant]


def test_parents_unknown_and_foreign_goods_cannot_be_added(honey: Product) -> None:
    parent = VariantsFactory(labels={"500 ml": 90_000})

    for product_id in (parent.pk, 0, -3, 10**30):
        with pytest.raises(BasketRefused, match="not_for_sale"):
            add_to_basket(basket=Basket(), product_id=product_id, quantity=1, commune=None)
    with pytest.raises(BasketRefused, match="not_for_sale"):
        add_to_basket(basket=Basket(), product_id=honey.pk, quantity=1, commune=CommuneFactory())

    child = parent.children.get()
    assert add(Basket(), child, 1) == 1


def test_basket_is_grouped_by_merchant_with_the_prices_of_now(honey: Product) -> None:
    rice, wax = sellable_product(price=35_000), ProductFactory(merchant=honey.merchant, price=20_000)
    basket = basket_with({honey: 1, rice: 2, wax: 3})
    StockRecord.objects.filter(product=rice).update(price=30_000)

    contents = read_basket(basket=basket, commune=None)

    assert [(group.merchant, group.goods_vnd) for group in contents.groups] == [
        (honey.merchant, 180_000),
        (rice.merchant, 60_000),
    ]
    assert (contents.goods_vnd, contents.item_count) == (240_000, 6)
    notice = contents.groups[1].rows[0].notice
    assert (notice.code, notice.old_price_vnd, notice.blocks) == ("price_changed", 35_000, False)


def test_changing_the_quantity_takes_the_new_price_as_seen(honey: Product) -> None:
    basket = basket_with({honey: 1})
    StockRecord.objects.filter(product=honey).update(price=130_000)
    line_id = basket.lines.get().pk

    assert set_quantity(basket=basket, line_id=line_id, quantity=2, commune=None) == 2

    row = read_basket(basket=basket, commune=None).rows[0]
    assert (row.quantity, row.price_vnd, row.notice) == (2, 260_000, None)


@pytest.mark.parametrize(("left", "code"), [(0, "sold_out"), (2, "not_enough")])
def test_goods_that_went_meanwhile_are_named_and_block_only_themselves(honey: Product, left: int, code: str) -> None:
    basket = basket_with({honey: 3})
    StockRecord.objects.filter(product=honey).update(num_in_stock=left)

    row = read_basket(basket=basket, commune=None).rows[0]

    assert (row.notice.code, row.available, row.most, row.can_be_bought) == (code, left, left, False)
    assert contents_of(basket) == [(honey.pk, 3)]


def test_quantity_nought_and_removing_take_the_line_out(honey: Product) -> None:
    basket = basket_with({honey: 1})
    line_id = basket.lines.get().pk

    assert set_quantity(basket=basket, line_id=line_id, quantity=0, commune=None) == 0
    remove_line(basket=basket, line_id=line_id)

    assert contents_of(basket) == []


def test_a_line_of_another_basket_is_out_of_reach(honey: Product) -> None:
    theirs, mine = basket_with({honey: 1}), basket_with({honey: 1})
    line_id = theirs.lines.get().pk

    with pytest.raises(BasketRefused, match="unknown_line"):
        set_quantity(basket=mine, line_id=line_id, quantity=2, commune=None)
    remove_line(basket=mine, line_id=line_id)

    assert contents_of(theirs) == [(honey.pk, 1)]


def test_basket_that_was_bought_is_closed(honey: Product) -> None:
    basket = basket_with({honey: 1})
    place(basket)

    with pytest.raises(BasketRefused, match="closed"):
        add(basket, honey, 1)

    assert contents_of(basket) == [(honey.pk, 1)]


def test_basket_holds_a_bounded_number_of_goods() -> None:
    merchant = MerchantFactory()
    basket = basket_with({ProductFactory(merchant=merchant): 1 for _ in range(MOST_LINES)})

    with pytest.raises(BasketRefused, match="full"):
        add(basket, ProductFactory(merchant=merchant), 1)

    assert basket.lines.count() == MOST_LINES


def test_child_shows_its_parents_picture() -> None:
    parent = VariantsFactory(labels={"500 ml": 90_000})
    image = get_model("catalogue", "ProductImage").objects.create(product=parent, original="products/x.webp")

    contents = read_basket(basket=basket_with({parent.children.get(): 1}), commune=None)

    assert contents.rows[0].picture == image


def test_reading_twenty_lines_takes_as_many_queries_as_two_and_writes_nothing() -> None:
    merchants = [MerchantFactory() for _ in range(4)]

    def queries_for(count: int) -> int:
        goods = [ProductFactory(merchant=merchants[n % 4]) for n in range(count // 2)]
        goods += [VariantsFactory(labels={"500 ml": 90_000}).children.get() for _ in range(count // 2)]
        basket = basket_with(dict.fromkeys(goods, 1))
        with CaptureQueriesContext(connection) as captured:
            contents = read_basket(basket=basket, commune=merchants[0].commune)
            assert all(row.product.get_absolute_url() and row.picture is None for row in contents.rows)
        assert all(query["sql"].startswith("SELECT") for query in captured)
        return len(captured)

    assert queries_for(2) == queries_for(20) == 2


def request_of(user: Any, cookies: dict[str, str] | None = None) -> HttpRequest:
    request = RequestFactory().get("/gio-hang/")
    request.user = user
    request.COOKIES.update(cookies or {})
    request._basket_cache, request.cookies_to_delete = None, []  # type: ignore[attr-defined]
    return request


def test_looking_at_the_basket_of_a_guest_or_member_writes_nothing() -> None:
    user = UserFactory()

    with CaptureQueriesContext(connection) as captured:
        assert basket_of_request(request_of(AnonymousUser())).pk is None
        assert basket_of_request(request_of(user)).pk is None
        assert basket_of_request(request_of(user, {"oscar_open_basket": "forged:x"})).pk is not None

    assert [query["sql"][:6] for query in captured][:1] == ["SELECT"]
    assert Basket.objects.count() == 1  # the last one brought a cookie, as after signing in
