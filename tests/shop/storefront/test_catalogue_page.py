"""`/san-pham/`: searching, narrowing, sorting, turning pages, and whatever a stranger writes into the address."""

import re
from datetime import date, timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from catalogue.listed_product import refresh_listed_products
from catalogue.models import ListedProduct, OcopCertificate, Product, SynonymGroup
from catalogue.season import season_of
from shop.storefront import catalogue_page, facets
from shop.storefront.catalogue_page import GOODS_A_PAGE
from shop.storefront.catalogue_query import CatalogueQuery
from shop.storefront.facets import count_label
from shop.storefront.generation import note_change
from tests.factories import CommuneFactory, MerchantFactory, ProductFactory, VillageFactory, listed_product

pytestmark = pytest.mark.django_db


def names(client: Client, address: str) -> list[str]:
    """The goods on that page, in their order."""
    response = client.get(address)
    assert response.status_code == 200, address
    found = re.findall(r'class="product-card__link"[^>]*>(.*?)</a>', response.content.decode())
    return [unescape(re.sub("</?mark>", "", name)) for name in found]


def facet(client: Client, address: str, name: str) -> dict[str, str]:
    """What each choice of a facet would show, by label."""
    for found in client.get(address).context["facets"]:
        if found.name == name:
            return {option.label: option.count for option in found.options}
    return {}


def many(count: int, **fields: Any) -> None:
    """That many goods of one producer, listed at once."""
    merchant = MerchantFactory()
    for number in range(count):
        ProductFactory(merchant=merchant, title=f"Bánh đa {number:03d}", **fields)
    refresh_listed_products(merchant_id=merchant.pk)


def test_goods_are_found_without_tone_marks_and_by_the_beginning_of_the_last_word(client: Client) -> None:
    listed_product(title="Tương nếp Nam Đàn")
    listed_product(title="Mật ong rừng")

    assert names(client, "/san-pham/?q=tuong+nam+da") == ["Tương nếp Nam Đàn"]
    assert names(client, "/san-pham/?q=TƯƠNG") == ["Tương nếp Nam Đàn"]


def test_a_title_that_has_the_word_comes_before_goods_that_mention_it(client: Client) -> None:
    listed_product(title="Gừng ngâm", summary="Với mật ong rừng")
    listed_product(title="Mật ong rừng")

    assert names(client, "/san-pham/?q=mat+ong") == ["Mật ong rừng", "Gừng ngâm"]


def test_where_nothing_has_all_words_goods_with_some_are_shown_and_it_is_said(client: Client) -> None:
    listed_product(title="Mật ong rừng")
    response = client.get("/san-pham/?q=mat+ong+ky+la")

    assert response.context["is_any_word"] is True
    assert [card.name for card in response.context["page"].object_list] == ["Mật ong rừng"]


def test_an_empty_result_leads_on_to_what_there_is(client: Client) -> None:
    listed_product(title="Tương nếp", ocop_set=9)
    response = client.get("/san-pham/?q=xyzzy")
    text = response.content.decode()

    assert response.status_code == 200
    assert response.context["total_label"] == "0"
    assert response.context["suggestions"] == [{"label": "Gia vị", "url": "/san-pham/?nhom=gia-vi", "count": "1"}]
    assert 'href="/san-pham/"' in text
    assert '<meta name="robots" content="noindex, follow">' in text


def test_where_the_choices_leave_nothing_each_is_offered_to_be_given_up(client: Client) -> None:
    lan = MerchantFactory(name="Nhà Lan")
    listed_product(title="Mật ong rừng", price=120_000, stars=4, merchant=lan)
    listed_product(title="Mật ong vườn", price=90_000, merchant=lan)
    listed_product(title="Tương nếp", stars=5)
    response = client.get(f"/san-pham/?q=mat+ong&sao=5&gia_tu=100000&co-so={lan.pk}")

    assert response.context["total_label"] == "0"
    assert response.context["relaxed"] == [
        {"label": "OCOP 5 sao", "url": f"/san-pham/?q=mat+ong&co-so={lan.pk}&gia_tu=100000", "count": "1"}
    ]
    assert response.context["clear_url"] == "/san-pham/?q=mat+ong"
    assert response.context["is_any_word"] is False


def test_choosing_a_facet_does_not_change_what_the_words_mean(client: Client) -> None:
    """“mat ong” stands somewhere with both words: under four stars “ong” alone must not take over."""
    listed_product(title="Mật ong rừng", ocop_set=1)
    listed_product(title="Ong non rang", stars=4, ocop_set=1)

    assert names(client, "/san-pham/?q=mat+ong&sao=4") == []
    assert names(client, "/san-pham/?q=mat+tim&sao=4") == []
    assert names(client, "/san-pham/?q=ong+tim&sao=4") == ["Ong non rang"]


def test_producers_of_that_name_are_shown_where_no_goods_are_found(client: Client) -> None:
    there = MerchantFactory(name="Lò rèn Phú Hào", is_public=True)
    MerchantFactory(name="Lò rèn Kín", is_public=False)
    response = client.get("/san-pham/?q=lo+ren+xyz")

    assert [merchant.name for merchant in response.context["producers"]] == ["Lò rèn Phú Hào"]
    assert there.get_absolute_url() in response.content.decode()


def hints(client: Client, address: str) -> dict[str, str]:
    """Why each product was found, where the page says so."""
    cards = client.get(address).context["page"].object_list
    return {card.name: f"{card.hint.label}|{card.hint.text}" for card in cards if card.hint}


def test_a_card_says_where_the_words_stand_when_its_name_and_seller_do_not(client: Client) -> None:
    lan = MerchantFactory(name="Nhà Lan Tương")
    listed_product(title="Tương nếp", ocop_set=9)
    listed_product(title="Cà pháo", ocop_set=8, summary="Giòn, mặn vừa, ăn với cơm nguội rồi chấm tương bần thì hết ý.")
    listed_product(title="Nước mắm", ocop_set=9)
    listed_product(title="Bánh đa", ocop_set=6, ingredients="Bột gạo, vừng, tương ớt.")
    listed_product(title="Đậu phụ", ocop_set=6, merchant=lan)

    assert hints(client, "/san-pham/?q=tuong") == {
        "Cà pháo": "|… với cơm nguội rồi chấm tương bần thì hết ý",
        "Nước mắm": "Bộ sản phẩm|Tương, nước mắm, gia vị dạng lỏng khác",
        "Bánh đa": "Thành phần|Bột gạo, vừng, tương ớt",
    }
    text = client.get("/san-pham/?q=tuong").content.decode()
    assert "chấm <mark>tương</mark> bần" in text
    assert "Nhà Lan <mark>Tương</mark>" in text
    assert ">Tương nếp</a>" not in text
    assert "<mark>Tương</mark> nếp</a>" in text


def test_a_hint_names_the_size_the_origin_and_the_former_commune(client: Client) -> None:
    commune = CommuneFactory()
    old = commune.former_communes.create(code="17000", name="Long Thành")
    village = VillageFactory(commune=commune, former_commune=old)
    listed_product(
        title="Mật ong", labels={"Chai thủy tinh": 90_000}, merchant=MerchantFactory(village=village)
    )  # fmt: skip
    product = Product.objects.get(title="Mật ong")
    product.origin = "Đồi Mơ, Hợp Minh"
    product.save()
    refresh_listed_products()

    assert hints(client, "/san-pham/?q=thuy+tinh") == {"Mật ong": "Các loại|Chai thủy tinh"}
    assert hints(client, "/san-pham/?q=doi+mo") == {"Mật ong": "Xuất xứ|Đồi Mơ, Hợp Minh"}
    assert hints(client, "/san-pham/?q=long+thanh") == {"Mật ong": "Xã cũ|Long Thành"}


def test_an_english_page_explains_a_hit_in_english_where_it_can(client: Client) -> None:
    listed_product(
        title="Tương nếp", title_en="Soy sauce", summary="Ủ chum sành", summary_en="Aged in clay jars", ocop_set=9
    )

    assert hints(client, "/en/san-pham/?q=clay") == {"Soy sauce": "|Aged in clay jars"}
    assert hints(client, "/en/san-pham/?q=sanh") == {"Soy sauce": "|Ủ chum sành"}
    assert '<p class="product-card__hint" lang="vi">' in client.get("/en/san-pham/?q=sanh").content.decode()


def test_the_rule_of_order_is_published_and_linked_from_every_list(client: Client) -> None:
    listed_product()
    text = client.get("/san-pham/").content.decode()

    assert 'href="/san-pham/thu-tu-hien-thi/"' in text
    page = client.get("/san-pham/thu-tu-hien-thi/")
    assert page.status_code == 200
    assert "Không ai trả tiền để được đứng trên" in page.content.decode()


def test_signs_alone_find_nothing_instead_of_everything(client: Client) -> None:
    listed_product(title="Mật ong")

    assert names(client, "/san-pham/?q=" + quote("!!! ()")) == []


def test_groups_and_sets_narrow_the_list_by_key_slug_and_number(client: Client) -> None:
    listed_product(title="Tương", ocop_set=9)
    listed_product(title="Tỏi", ocop_set=10)
    listed_product(title="Mật", ocop_set=4)

    assert set(names(client, "/san-pham/?nhom=gia-vi")) == {"Tương", "Tỏi"}
    assert names(client, "/san-pham/?nhom=tuong-nuoc-mam") == ["Tương"]
    assert names(client, "/san-pham/?nhom=10") == ["Tỏi"]
    assert set(names(client, "/san-pham/?nhom=10&nhom=mat-ong")) == {"Tỏi", "Mật"}


def test_stars_prices_stock_village_producer_and_commune_narrow_the_list(client: Client) -> None:
    here = MerchantFactory(name="Nhà Lan")
    there = MerchantFactory(name="Nhà Tâm")
    listed_product(title="Rẻ", merchant=here, price=20_000, stars=4)
    listed_product(title="Đắt", merchant=there, price=90_000, in_stock=0)

    assert names(client, "/san-pham/?sao=4&sao=5") == ["Rẻ"]
    assert names(client, "/san-pham/?gia_tu=50.000") == ["Đắt"]
    assert names(client, "/san-pham/?gia_den=50000") == ["Rẻ"]
    assert names(client, "/san-pham/?gia_tu=20000&gia_den=20000") == ["Rẻ"]
    assert names(client, "/san-pham/?con_hang=1") == ["Rẻ"]
    assert names(client, f"/san-pham/?thon={there.village_id}") == ["Đắt"]
    assert names(client, f"/san-pham/?co-so={here.pk}") == ["Rẻ"]
    assert names(client, f"/san-pham/?xa={there.commune.code}") == ["Đắt"]


def test_spans_of_price_are_counted_as_they_would_filter(client: Client) -> None:
    for price in (20_000, 50_000, 70_000, 600_000):
        listed_product(title=f"Hàng {price}", price=price)
    listed_product(title="Mật ong", labels={"250 ml": 90_000, "1 lít": 340_000})
    bands = client.get("/san-pham/?con_hang=1").context["price_bands"]

    assert [(band["label"].replace("\xa0", " "), band["count"]) for band in bands] == [
        ("đến 50.000 ₫", "2"), ("50.000 – 100.000 ₫", "3"), ("100.000 – 200.000 ₫", "1"),
        ("200.000 – 500.000 ₫", "1"), ("từ 500.000 ₫", "1"),
    ]  # fmt: skip
    assert bands[1]["url"] == "/san-pham/?gia_tu=50000&gia_den=100000&con_hang=1"
    for band in bands:
        assert len(names(client, band["url"])) == int(band["count"]), band
    chosen = client.get(bands[1]["url"]).context["price_bands"]
    assert [band["is_chosen"] for band in chosen] == [False, True, False, False, False]
    assert chosen[1]["url"] == "/san-pham/?con_hang=1"
    assert chosen[0]["count"] == "2"  # counted without the span that is chosen


def test_a_search_can_be_narrowed_by_every_facet(client: Client) -> None:
    there = MerchantFactory()
    listed_product(title="Mật ong", merchant=there, price=90_000, stars=4, ocop_set=4, season=season_of([3]))
    listed_product(title="Mật ong khác", price=20_000, in_stock=0, ocop_set=9)

    for narrowed in (
        f"xa={there.commune.code}", f"thon={there.village_id}", f"co-so={there.pk}", "sao=4", "nhom=mat-ong",
        "nhom=so-che", "con_hang=1", "gia_tu=50000", "mua=3",
    ):  # fmt: skip
        assert names(client, f"/san-pham/?q=mat&{narrowed}") == ["Mật ong"], narrowed


def test_goods_with_variants_are_found_by_any_of_their_prices(client: Client) -> None:
    listed_product(title="Mật ong", labels={"250 ml": 90_000, "1 lít": 340_000})

    assert names(client, "/san-pham/?gia_tu=100000&gia_den=400000") == ["Mật ong"]
    assert names(client, "/san-pham/?gia_tu=400000") == []


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["C", "B", "A"]),
        ("moi", ["C", "B", "A"]),
        ("gia", ["B", "C", "A"]),
        ("gia-giam", ["A", "C", "B"]),
        ("ten", ["A", "B", "C"]),
        ("sao", ["B", "C", "A"]),
        ("; DROP TABLE", ["C", "B", "A"]),
    ],
)
def test_the_list_is_sorted_as_asked(client: Client, sort: str, expected: list[str]) -> None:
    listed_product(title="A", price=30_000)
    listed_product(title="B", price=10_000, stars=3)
    listed_product(title="C", price=20_000)

    assert names(client, f"/san-pham/?sap_xep={quote(sort)}") == expected


def test_names_are_sorted_as_the_vietnamese_alphabet_has_it(client: Client) -> None:
    for title in ("Ổi", "Đào", "Dứa", "Ớt", "Cam"):
        listed_product(title=title)

    assert names(client, "/san-pham/?sap_xep=ten") == ["Cam", "Dứa", "Đào", "Ổi", "Ớt"]


def test_a_facet_counts_with_every_condition_but_its_own(client: Client) -> None:
    listed_product(title="Tương", ocop_set=9, stars=4)
    listed_product(title="Tỏi", ocop_set=10)
    listed_product(title="Mật", ocop_set=4, stars=4)

    assert facet(client, "/san-pham/?sao=4", "nhom") == {"Thực phẩm thô, sơ chế": "1", "Gia vị": "1"}
    assert facet(client, "/san-pham/?nhom=gia-vi", "sao") == {"OCOP 4 sao": "1"}
    found = facet(client, "/san-pham/?nhom=gia-vi", "nhom")
    assert found["Gia vị"] == "2"
    assert found["Thực phẩm thô, sơ chế"] == "1"
    assert found["– Tương, nước mắm, gia vị dạng lỏng khác"] == "1"


def test_facets_of_places_and_producers_name_and_count_them(client: Client) -> None:
    lan, tam = MerchantFactory(name="Nhà Lan"), MerchantFactory(name="Nhà Tâm")
    listed_product(merchant=lan)
    listed_product(merchant=lan)
    listed_product(merchant=tam, in_stock=0)

    assert facet(client, "/san-pham/", "co-so") == {"Nhà Lan": "2", "Nhà Tâm": "1"}
    assert facet(client, "/san-pham/", "thon") == {lan.village.name: "2", tam.village.name: "1"}
    assert facet(client, "/san-pham/", "xa") == {lan.commune.name: "2", tam.commune.name: "1"}
    assert facet(client, "/san-pham/", "con_hang") == {"Chỉ hàng đang có": "2"}


@pytest.fixture
def november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2026, 11, 30))


def seasonal_goods() -> None:
    """Oranges over the turn of the year, peanuts, eggs of the whole year, and one that says nothing."""
    for title, months in {"Cam": (11, 12, 1), "Lạc": (6, 7), "Trứng": range(1, 13), "Tương": ()}.items():
        listed_product(title=title, season=season_of(months), price=20_000 if title == "Cam" else 90_000)


def test_goods_are_narrowed_to_what_is_in_season_now_and_to_months(client: Client, november: None) -> None:
    seasonal_goods()

    assert names(client, "/san-pham/?mua=dang-mua") == ["Cam"]
    assert sorted(names(client, "/san-pham/?mua=1&mua=6")) == ["Cam", "Lạc"]
    assert names(client, "/san-pham/?mua=dang-mua&mua=7&sap_xep=ten") == ["Cam", "Lạc"]
    assert names(client, "/san-pham/?mua=3") == []
    assert len(names(client, "/san-pham/?mua=13&mua=0&mua=01&mua=mot")) == 4
    assert names(client, "/san-pham/?q=cam&mua=12") == ["Cam"]


def test_months_are_counted_with_every_condition_but_their_own(client: Client, november: None) -> None:
    seasonal_goods()
    everything = {
        "Đang vào mùa": "1", "Tháng 1": "1", "Tháng 6": "1", "Tháng 7": "1", "Tháng 11": "1", "Tháng 12": "1",
    }  # fmt: skip

    assert facet(client, "/san-pham/", "mua") == everything
    assert facet(client, "/san-pham/?mua=6", "mua") == everything
    assert facet(client, "/san-pham/?gia_tu=50000", "mua") == {"Tháng 6": "1", "Tháng 7": "1"}
    assert facet(client, "/en/san-pham/?gia_tu=50000", "mua") == {"June": "1", "July": "1"}
    assert facet(client, "/san-pham/?mua=6", "gia") == {}
    assert client.get("/san-pham/?mua=6").context["total_label"] == "1"
    listed_product(title="Cam sành", season=season_of([11]))
    cache.clear()
    assert facet(client, "/san-pham/", "mua")["Đang vào mùa"] == "2"


def test_a_chosen_season_is_a_chip_that_takes_itself_back(client: Client, november: None) -> None:
    seasonal_goods()
    response = client.get("/san-pham/?mua=6&mua=dang-mua&sao=4")

    assert [(chip["label"], chip["remove_url"]) for chip in response.context["chosen"]] == [
        ("OCOP 4 sao", "/san-pham/?mua=dang-mua&mua=6"),
        ("Đang vào mùa", "/san-pham/?sao=4&mua=6"),
        ("Tháng 6", "/san-pham/?sao=4&mua=dang-mua"),
    ]
    assert '<meta name="robots" content="noindex, follow">' in response.content.decode()


def test_only_what_is_in_season_has_the_badge(client: Client, november: None) -> None:
    seasonal_goods()
    cards = client.get("/san-pham/").context["page"].object_list

    assert {card.name: card.is_in_season for card in cards} == {
        "Cam": True, "Lạc": False, "Trứng": False, "Tương": False,
    }  # fmt: skip
    assert client.get("/san-pham/").content.decode().count("product-card__season") == 1


def test_where_no_goods_have_a_season_none_is_offered(client: Client) -> None:
    listed_product(title="Trứng", season=season_of(range(1, 13)))
    listed_product(title="Tương")

    assert facet(client, "/san-pham/", "mua") == {}


def test_counts_above_a_thousand_are_not_counted_out() -> None:
    assert [count_label(count) for count in (0, 37, 999, 1_000, 1_001, 100_000)] == [
        "0", "37", "999", "1.000", "1.000+", "1.000+",
    ]  # fmt: skip
    with translation.override("en"):
        assert [count_label(count) for count in (999, 1_000, 1_001)] == ["999", "1,000", "1,000+"]


def test_each_chip_removes_itself_and_keeps_the_rest(client: Client) -> None:
    merchant = MerchantFactory(name="Nhà Lan")
    listed_product(title="Mật ong", merchant=merchant, stars=4)
    chosen = client.get(f"/san-pham/?sap_xep=gia&co-so={merchant.pk}&sao=4&q=mat&gia_tu=1000").context["chosen"]

    assert [chip["label"] for chip in chosen] == ["OCOP 4 sao", "Nhà Lan", "từ 1.000\xa0₫"]
    assert chosen[0]["remove_url"] == f"/san-pham/?q=mat&co-so={merchant.pk}&gia_tu=1000&sap_xep=gia"
    assert chosen[2]["remove_url"] == f"/san-pham/?q=mat&sao=4&co-so={merchant.pk}&sap_xep=gia"


def test_the_badge_of_a_certificate_is_gone_the_day_after_it_ran_out(client: Client) -> None:
    product = listed_product(title="Mật ong", stars=4)
    OcopCertificate.objects.update(issued_on=date(2020, 1, 1), expires_on=timezone.localdate())
    refresh_listed_products()
    assert client.get("/san-pham/").context["page"].object_list[0].stars == 4

    ListedProduct.objects.filter(pk=product.pk).update(stars_until=timezone.localdate() - timedelta(days=1))
    cache.clear()
    text = client.get("/san-pham/").content.decode()

    assert "OCOP 4 sao" not in text
    assert names(client, "/san-pham/?sao=4") == []


def test_pages_follow_each_other_and_keep_the_question(client: Client) -> None:
    many(GOODS_A_PAGE + 1)
    first = client.get("/san-pham/?sap_xep=ten")
    second = client.get("/san-pham/?sap_xep=ten&trang=2")

    assert len(first.context["page"].object_list) == GOODS_A_PAGE
    assert 'href="?sap_xep=ten&amp;trang=2"' in first.content.decode()
    assert [card.name for card in second.context["page"].object_list] == [f"Bánh đa {GOODS_A_PAGE:03d}"]
    assert not second.context["page"].has_next()


@pytest.mark.parametrize(
    "page", ["0", "-1", "51", "2", "1000000000", "9" * 400, "abc", "", "1.5", "١", "²", "1e3", "%00"]
)
def test_a_page_that_is_not_there_is_404(client: Client, page: str) -> None:
    listed_product()

    assert client.get(f"/san-pham/?trang={page}").status_code == 404


def test_page_fifty_leads_no_further(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue_page, "GOODS_A_PAGE", 1)
    many(52)
    text = client.get("/san-pham/?trang=50").content.decode()

    assert "trang=49" in text
    assert "trang=51" not in text


HUGE = "9" * 30
BAD_INPUT = [
    "?nhom=khong-co&sao=7&xa=00000&thon=99&co-so=99",
    f"?nhom={HUGE}&sao={HUGE}&xa={HUGE}&thon={HUGE}&co-so={HUGE}&gia_tu={HUGE}&gia_den={HUGE}",
    "?thon=999999999999999999&co-so=999999999999999999",
    "?nhom=-1&sao=-4&thon=-1&co-so=-1&gia_tu=-5&gia_den=abc",
    "?gia_tu=90000&gia_den=10000",
    "?nhom=%00&sao=%00&xa=%00&thon=%00&co-so=%00&sap_xep=%00&q=%00",
    "?q=" + quote("🍯🐝"),
    "?q=" + quote("\u202eevil\u202c mật"),
    "?q=" + "a" * 10_000,
    "?q=" + quote("mật " * 2_500),
    "?q=" + quote("' OR 1=1 -- \" * ( ) : ^ & | ! <->"),
    "?q=%ff%fe&nhom=%ff",
    "?con_hang=2&con_hang=x",
    f"?mua=13&mua=-1&mua=0&mua=%00&mua={HUGE}&mua=x",
    "?" + "&".join(f"co-so={number}" for number in range(500)),
    "?khong-biet=1&utm_source=x",
    "?q=mat&q=ong",
]


@pytest.mark.parametrize("query", BAD_INPUT, ids=range(len(BAD_INPUT)))
@pytest.mark.parametrize("path", ["/san-pham/", "/en/san-pham/"])
def test_whatever_stands_in_the_address_is_answered_calmly(client: Client, path: str, query: str) -> None:
    listed_product(title="Mật ong")

    with CaptureQueriesContext(connection) as queries:
        response = client.get(path + query)

    assert response.status_code == 200
    assert "\u202e" not in response.content.decode()
    assert not [row["sql"] for row in queries if not row["sql"].startswith(("SELECT", "(SELECT", "WITH hits AS"))]


def test_words_of_the_visitor_are_shown_escaped(client: Client) -> None:
    text = client.get("/san-pham/?q=" + quote('<script>alert("x")</script>')).content.decode()

    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_the_list_needs_as_many_queries_for_two_goods_as_for_twenty(client: Client) -> None:
    many(2)
    with CaptureQueriesContext(connection) as few:
        client.get("/san-pham/")
    cache.clear()
    many(18)
    with CaptureQueriesContext(connection) as more:
        client.get("/san-pham/")

    assert len(client.get("/san-pham/").context["page"].object_list) == 20
    assert len(few) == len(more)
    assert len(more) <= 10


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?q=banh",
        "?q=thu",
        "?q=banh&nhom=so-che&sap_xep=gia",
        "?q=khong+co+dau",
        "?q=banh&sao=5&gia_tu=1&con_hang=1",
        "?q=banh&mua=dang-mua&mua=3",
    ],
)
def test_no_question_costs_more_than_ten_queries(client: Client, query: str) -> None:
    many(3, summary="Bánh thử")
    client.get("/san-pham/thu-tu-hien-thi/")  # host, frame and synonyms are read once per change, not per page
    client.get("/san-pham/?q=ngoai+le")
    cache.clear()

    with CaptureQueriesContext(connection) as queries:
        assert client.get("/san-pham/" + query).status_code == 200

    assert len(queries) <= 10, [row["sql"][:90] for row in queries]


def test_without_words_no_synonyms_are_read(client: Client) -> None:
    many(2)
    note_change()

    with CaptureQueriesContext(connection) as queries:
        client.get("/san-pham/")
    assert not [row["sql"] for row in queries if SynonymGroup._meta.db_table in row["sql"]]

    with CaptureQueriesContext(connection) as queries:
        client.get("/san-pham/?q=banh")
    assert len([row["sql"] for row in queries if SynonymGroup._meta.db_table in row["sql"]]) == 1


def test_only_the_plain_list_and_one_group_are_for_search_engines(client: Client) -> None:
    listed_product(title="Tương", ocop_set=9, stars=4)

    def is_indexed(query: str) -> bool:
        return b'name="robots"' not in client.get(f"/san-pham/{query}").content

    assert [is_indexed(query) for query in ("", "?nhom=gia-vi", "?nhom=9")] == [True, True, True]
    refused = ("?q=tuong", "?sao=4", "?nhom=gia-vi&sao=4", "?nhom=gia-vi&nhom=che", "?sap_xep=gia", "?con_hang=1")
    assert [is_indexed(query) for query in refused] == [False] * len(refused)


def test_canonical_address_and_twins_carry_host_and_group_but_no_tracking(client: Client) -> None:
    listed_product(ocop_set=9)
    response = client.get("/en/san-pham/?utm_source=zalo&nhom=9", headers={"host": "cho.example.test"})
    text = response.content.decode()

    group = "nhom=tuong-nuoc-mam"
    assert f'<link rel="canonical" href="http://cho.example.test/en/san-pham/?{group}">' in text
    assert f'hreflang="vi" href="http://cho.example.test/san-pham/?{group}"' in text
    assert f'hreflang="en" href="http://cho.example.test/en/san-pham/?{group}"' in text
    assert f'hreflang="x-default" href="http://cho.example.test/san-pham/?{group}"' in text


def test_the_language_link_keeps_the_question(client: Client) -> None:
    listed_product(title="Mật ong", stars=4)

    assert 'href="/en/san-pham/?q=mat&amp;sao=4"' in client.get("/san-pham/?q=mat&sao=4").content.decode()


def test_english_pages_show_english_names_and_mark_vietnamese_ones(client: Client) -> None:
    listed_product(title="Mật ong", title_en="Honey", ocop_set=4)
    listed_product(title="Tương nếp", ocop_set=9)
    text = client.get("/en/san-pham/").content.decode()

    assert re.search(r'<a class="product-card__link" href="/en/san-pham/[^"]*">Honey</a>', text)
    assert re.search(r'<a class="product-card__link" href="/en/san-pham/[^"]*" lang="vi">Tương nếp</a>', text)
    assert "Condiments" in text


def test_sold_out_goods_stay_listed_and_withdrawn_ones_do_not(client: Client) -> None:
    listed_product(title="Hết", in_stock=0)
    gone = listed_product(title="Rút")
    Product.objects.filter(pk=gone.pk).update(is_public=False)
    refresh_listed_products(product_ids=[gone.pk])
    text = client.get("/san-pham/").content.decode()

    assert names(client, "/san-pham/") == ["Hết"]
    assert "Tạm hết hàng" in text or "hết" in text


def test_a_village_shows_its_former_commune_because_numbers_repeat(client: Client) -> None:
    commune = CommuneFactory()
    old = commune.former_communes.create(code="17000", name="Long Thành")
    village = VillageFactory(commune=commune, former_commune=old, name="Xóm 3")
    listed_product(merchant=MerchantFactory(village=village))
    listed_product()

    assert "Xóm 3 (Long Thành)" in facet(client, "/san-pham/", "thon")


def test_old_counts_are_renewed_by_the_first_who_comes_while_others_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    many(2)
    now, meanwhile, count = [1_000.0], [], facets._count

    def total() -> int:
        return facets.count_facets(CatalogueQuery(), words=None, commune=None, today=timezone.localdate()).total

    def count_slowly(*given: Any) -> facets.FacetCounts:
        meanwhile.append(total())
        return count(*given)

    monkeypatch.setattr(facets, "time", SimpleNamespace(time=lambda: now[0]))
    assert total() == 2
    many(1)
    now[0] += facets.CACHE_SECONDS - facets.RENEW_SECONDS
    assert total() == 2
    now[0] += 1
    monkeypatch.setattr(facets, "_count", count_slowly)
    assert total() == 3
    assert meanwhile == [2]
