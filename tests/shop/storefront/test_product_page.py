"""One product as it can be bought: price, variants, facts, certificate, seller, delivery; and goods that are gone."""

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.listed_product import product_changed
from catalogue.models import OcopCertificate, Product
from merchants.models import Merchant
from shop.delivery.models import DeliveryOption
from shop.partner.models import StockRecord
from tests.factories import BankAccountFactory, CertificateFactory, MerchantFactory, listed_product
from tests.factories.catalogue import give_picture

pytestmark = pytest.mark.django_db


def page(client: Client, product: Product, *, language: str = "") -> str:
    response = client.get(language + product.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def structured(text: str) -> dict[str, Any]:
    """The things of the JSON-LD by type."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert len(found) == 1
    return {thing["@type"]: thing for thing in json.loads(found[0])["@graph"]}


def test_everything_a_buyer_must_know_stands_on_the_page(client: Client) -> None:
    product = listed_product(
        title="Mật ong rừng", summary="Quay một lần.", description="Ong đi lấy mật.\n\nTrời lạnh mật kết hạt.",
        price=120_000, unit="ml", net_quantity=500, origin="Xóm 2", ingredients="100% mật ong",
        storage="Nơi khô", shelf_life="24 tháng", warnings="Không cho trẻ dưới 1 tuổi",
    )  # fmt: skip
    text = page(client, product)

    for said in (
        "<title>Mật ong rừng", "Quay một lần.", "<p>Trời lạnh mật kết hạt.</p>", "120.000\xa0₫", ">500 ml<",
        "240.000\xa0₫/lít", "Xóm 2", "100% mật ong", "Nơi khô", "24 tháng", "Không cho trẻ dưới 1 tuổi",
        product.merchant.name,
    ):  # fmt: skip
        assert said in text, said


def test_the_basket_form_names_the_sellable_and_carries_no_token(client: Client) -> None:
    product = listed_product(price=50_000, in_stock=3)
    text = page(client, product)
    form = re.search(r'<form class="product__order".*?</form>', text, re.DOTALL)
    assert form is not None

    assert 'action="/gio-hang/them/"' in form[0]
    assert f'<input type="hidden" name="product" value="{product.pk}">' in form[0]
    assert 'name="quantity"' in form[0]
    assert 'max="3"' in form[0]
    assert "csrfmiddlewaretoken" not in text


def test_variants_are_a_choice_and_the_first_that_is_there_is_chosen(client: Client) -> None:
    product = listed_product(labels={"250 ml": 90_000, "500 ml": 170_000, "1 lít": 330_000})
    children = list(product.children.order_by("pk"))
    StockRecord.objects.filter(product=children[0]).update(num_in_stock=0)
    response = client.get(product.get_absolute_url())
    text = response.content.decode()

    radios = re.findall(r'<input type="radio" name="product" value="(\d+)"\s*(checked)?\s*(disabled)?', text)
    assert radios == [(str(children[0].pk), "", "disabled"), (str(children[1].pk), "checked", ""),
                      (str(children[2].pk), "", "")]  # fmt: skip
    assert 'name="product" value=' not in re.sub(r'<input type="radio"[^>]*>', "", text)
    assert response.context["product"]["price"] == Decimal(90_000)
    assert response.context["product"]["is_from"] is True
    assert response.context["chosen"].price == Decimal(170_000)
    assert '<span class="price price--large" data-variant-price>170.000\xa0₫</span>' in text
    assert ">500 ml</span>" in text


def test_each_variant_carries_what_the_page_says_about_it(client: Client) -> None:
    product = listed_product(labels={"250 ml": 90_000, "500 ml": 170_000}, in_stock=3)
    text = page(client, product)

    assert 'data-price="170.000\xa0₫" data-unit="" data-label="500 ml" data-max="3" data-note="Chỉ còn 3"' in text


def test_of_sizes_that_differ_each_is_priced_by_the_litre(client: Client) -> None:
    product = listed_product(labels={"Lọ 250 ml": 98_000, "Chai 1 lít": 330_000})
    small, large = product.children.order_by("pk")
    Product.objects.filter(pk=small.pk).update(unit="ml", net_quantity=250)
    Product.objects.filter(pk=large.pk).update(unit="l", net_quantity=1)
    text = page(client, product)

    assert "<small>392.000\xa0₫/lít</small>" in text
    assert "<small>330.000\xa0₫/lít</small>" in text


def test_the_page_says_into_whose_account_the_money_goes(client: Client) -> None:
    product = listed_product(merchant=MerchantFactory(name="Nhà Lan"))
    assert "Nhận hàng rồi trả tiền mặt cho Nhà Lan" in page(client, product)

    BankAccountFactory(merchant=product.merchant)
    text = page(client, product)

    assert "Tiền vào thẳng tài khoản của Nhà Lan" in text
    assert "trả tiền mặt cho" not in text
    assert product.merchant.bank_accounts.get().number not in text


def test_pictures_are_links_to_the_large_ones_for_those_without_scripts(client: Client) -> None:
    product = listed_product(title="Mật ong")
    assert "data-gallery-picture" not in page(client, product)

    give_picture(product)
    give_picture(product)
    text = page(client, product)

    assert text.count('<a class="gallery__link" href="/media/products/anh-minh-hoa.webp" data-gallery-picture>') == 2
    assert 'href="#anh-2"' in text


def test_only_a_drawn_stand_in_is_called_an_illustration_never_a_producers_own_photo(client: Client) -> None:
    drawn, own = (listed_product(is_sample=True) for _ in range(2))
    give_picture(drawn, name="demo/goods/gao-thom-2-1200x1200-bea275-1a.jpg")
    give_picture(own, name="photos/2026/11/5f0c-1600x1200-c8a47e-1a.jpg")

    assert page(client, drawn).count('<span class="photo__note">ảnh minh hoạ</span>') == 1
    assert "photo__note" not in page(client, own)


def test_no_heading_stands_over_nothing(client: Client) -> None:
    bare = listed_product(origin="", ingredients="", storage="", shelf_life="", warnings="", ocop_set=None)
    told = listed_product(origin="Xóm 2")

    assert "Thông tin cần biết" not in page(client, bare)
    assert page(client, told).count("Thông tin cần biết") == 1


def test_the_page_is_handed_on_by_plain_links_and_notes_itself_in_the_browser_only(client: Client) -> None:
    product = listed_product(title="Mật ong & sáp", price=50_000)
    text = page(client, product)

    address = f"http%3A%2F%2Ftestserver%2Fsan-pham%2Fmat-ong-sap-{product.pk}%2F"
    assert f'href="https://www.facebook.com/sharer/sharer.php?u={address}"' in text
    assert f'href="mailto:?subject=M%E1%BA%ADt%20ong%20%26%20s%C3%A1p&amp;body={address}"' in text
    assert f'data-seen="{product.pk}" data-seen-name="Mật ong &amp; sáp" data-seen-price="50.000\xa0₫"' in text


def test_a_sold_out_product_says_so_and_offers_no_basket(client: Client) -> None:
    text = page(client, listed_product(in_stock=0))

    assert "product__order" not in text
    assert "has-action-bar" not in text
    assert structured(text)["Product"]["offers"]["availability"] == "https://schema.org/OutOfStock"


def test_goods_held_for_others_are_not_offered(client: Client) -> None:
    product = listed_product(in_stock=2)
    StockRecord.objects.filter(product=product).update(num_allocated=2)

    assert "product__order" not in page(client, product)


def test_the_last_few_are_announced(client: Client) -> None:
    assert "Chỉ còn 3" in page(client, listed_product(in_stock=3))
    assert "Chỉ còn" not in page(client, listed_product(in_stock=6))


def test_another_slug_leads_to_the_right_one_for_good_and_keeps_the_query(client: Client) -> None:
    product = listed_product(title="Mật ong")
    response = client.get(f"/san-pham/ten-cu-{product.pk}/?utm_source=zalo")
    english = client.get(f"/en/san-pham/x-{product.pk}/")

    assert (response.status_code, response["Location"]) == (301, f"/san-pham/mat-ong-{product.pk}/?utm_source=zalo")
    assert (english.status_code, english["Location"]) == (301, f"/en/san-pham/mat-ong-{product.pk}/")


def withdraw(product: Product) -> None:
    Product.objects.filter(pk=product.pk).update(is_public=False)


def close_the_merchant(product: Product) -> None:
    Merchant.objects.filter(pk=product.merchant_id).update(status="paused")


def take_the_price_away(product: Product) -> None:
    StockRecord.objects.filter(product=product).delete()


@pytest.mark.parametrize("gone", [withdraw, close_the_merchant, take_the_price_away])
def test_a_product_that_is_not_for_sale_is_404_at_once_and_the_page_helps(client: Client, gone: Any) -> None:
    other = listed_product(title="Mật ong rừng")
    product = listed_product(title="Mật ong nhà kín")
    gone(product)  # even while the lists do not know yet
    product_changed(product.pk)
    response = client.get(product.get_absolute_url())
    text = response.content.decode()

    assert response.status_code == 404
    assert "nhà kín" not in text
    assert other.get_absolute_url() in text
    assert 'href="/san-pham/"' in text
    assert '<meta name="robots" content="noindex">' in text


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 19, "9" * 400, "9" * 5000])
def test_numbers_that_nothing_has_are_404(client: Client, pk: str) -> None:
    assert client.get(f"/san-pham/mat-ong-{pk}/").status_code == 404


def test_a_variant_has_no_page_of_its_own(client: Client) -> None:
    product = listed_product(labels={"250 ml": 90_000})
    child = product.children.get()

    assert client.get(f"/san-pham/{child.slug}-{child.pk}/").status_code == 404
    assert child.get_absolute_url() == product.get_absolute_url()


def test_stars_lead_to_the_certificate_that_holds_today(client: Client) -> None:
    product = listed_product(stars=4)
    certificate = product.certificates.get()
    text = page(client, product)

    assert "OCOP 4 sao" in text
    assert certificate.get_absolute_url() in text


@pytest.mark.parametrize("field", ["expires_on", "revoked_on"])
def test_an_ended_certificate_is_no_badge(client: Client, field: str) -> None:
    product = listed_product(stars=4)
    OcopCertificate.objects.update(issued_on=date(2020, 1, 1), **{field: date(2021, 1, 1)})
    text = page(client, product)

    assert "4 sao" not in text
    assert product.certificates.get().get_absolute_url() not in text


def test_the_highest_of_several_certificates_counts(client: Client) -> None:
    product = listed_product(stars=3)
    CertificateFactory(stars=5, products=[product])

    assert client.get(product.get_absolute_url()).context["product"]["stars"] == 5


def test_delivery_costs_are_told_before_the_basket(client: Client) -> None:
    DeliveryOption.objects.all().delete()
    DeliveryOption.objects.create(kind="flat_rate", price_vnd=30_000, free_from_vnd=200_000)
    DeliveryOption.objects.create(kind="collect")
    product = listed_product(price=50_000, merchant=MerchantFactory(collection_note="Cạnh đình làng"))
    text = page(client, product)

    assert "Giao tận nơi 30.000\xa0₫" in text
    assert "Mua thêm 150.000\xa0₫ của nhà này thì miễn phí" in text
    assert "Cạnh đình làng" in text
    assert "Giao tận nơi miễn phí" in page(client, listed_product(price=200_000))


def test_the_seller_is_named_with_address_phone_and_tax_code(client: Client) -> None:
    merchant = MerchantFactory(name="Nhà Lan", owner_name="Bà Lan", address="Xóm 2", phone="+84912345678")
    merchant.tax_code = "040123456789"
    merchant.save()
    text = page(client, listed_product(merchant=merchant))

    assert "0912 345 678" in text
    assert "••••••••6789" in text
    assert "040123456789" not in text


def test_neighbours_are_goods_of_the_producer_and_of_the_same_set_before_its_group(client: Client) -> None:
    product = listed_product(title="Này", ocop_set=4)
    listed_product(title="Cùng nhà", merchant=product.merchant, ocop_set=9)
    listed_product(title="Cùng loại", ocop_set=4)
    listed_product(title="Cùng nhóm", ocop_set=3)
    listed_product(title="Khác hẳn", ocop_set=9)
    context = client.get(product.get_absolute_url()).context

    assert [card.name for card in context["more_from_merchant"]] == ["Cùng nhà"]
    assert [card.name for card in context["related"]] == ["Cùng loại", "Cùng nhóm"]


def test_search_engines_read_product_offer_and_the_way_here(client: Client) -> None:
    product = listed_product(title="Mật ong rừng", price=120_000, ocop_set=4, summary="Quay một lần.")
    give_picture(product)
    things = structured(page(client, product))
    url = f"http://testserver{product.get_absolute_url()}"

    assert things["Product"] == {
        "@type": "Product", "@id": url, "url": url, "sku": str(product.pk), "name": "Mật ong rừng",
        "description": "Quay một lần.", "image": ["http://testserver/media/products/anh-minh-hoa.webp"],
        "brand": {"@type": "Brand", "name": product.merchant.name},
        "offers": {
            "@type": "Offer", "sku": str(product.pk), "price": "120000", "priceCurrency": "VND", "url": url,
            "availability": "https://schema.org/InStock", "itemCondition": "https://schema.org/NewCondition",
            "seller": {"@type": "Organization", "name": product.merchant.name},
        },
    }  # fmt: skip
    assert [(item["position"], item["item"]) for item in things["BreadcrumbList"]["itemListElement"]] == [
        (1, "http://testserver/san-pham/"),
        (2, "http://testserver/san-pham/?nhom=mat-ong"),
        (3, url),
    ]


def test_those_who_share_the_page_show_its_picture(client: Client) -> None:
    product = listed_product(title="Mật ong")
    assert "http://testserver/static/shop/img/share.png" in page(client, product)
    give_picture(product)
    text = page(client, product)

    assert '<meta property="og:image" content="http://testserver/media/products/anh-minh-hoa.webp">' in text
    assert text.count("og:image") == 1


def test_each_variant_is_an_offer_with_its_own_price(client: Client) -> None:
    product = listed_product(title="Mật ong", labels={"250 ml": 90_000, "500 ml": 170_000})
    offers = structured(page(client, product))["Product"]["offers"]

    assert [(offer["name"], offer["price"]) for offer in offers] == [
        ("Mật ong, 250 ml", "90000"),
        ("Mật ong, 500 ml", "170000"),
    ]


def test_words_of_a_producer_cannot_leave_the_data_or_the_page(client: Client) -> None:
    evil = '</script><script>alert(1)</script><!-- & "quotes" \u2028'
    product = listed_product(title=f"Mật {evil}", summary=evil, description=evil, origin=evil, ingredients=evil)
    text = page(client, product)

    assert "<script>alert" not in text
    assert structured(text)["Product"]["name"] == product.title
    assert structured(text)["Product"]["description"] == product.summary


def test_english_page_shows_english_and_marks_what_is_only_vietnamese(client: Client) -> None:
    product = listed_product(
        title="Mật ong",
        title_en="Honey",
        summary="Ngon",
        description="Chuyện",
        description_en="A story",
        origin="Xóm 2",
    )
    text = page(client, product, language="/en")

    assert re.search(r'<h1 class="product__title">Honey</h1>', text)
    assert '<p lang="vi">Ngon</p>' in text
    assert "<p>A story</p>" in text
    assert '<span lang="vi">Xóm 2</span>' in text
    assert '<html lang="en">' in text
    assert 'lang="vi">Mật ong' not in text


def test_canonical_and_twins_carry_the_host(client: Client) -> None:
    product = listed_product(title="Mật ong")
    path = product.get_absolute_url()
    text = client.get(path + "?utm_source=x", headers={"host": "cho.example.test"}).content.decode()

    assert f'<link rel="canonical" href="http://cho.example.test{path}">' in text
    assert f'<link rel="alternate" hreflang="en" href="http://cho.example.test/en{path}">' in text
    assert f'<link rel="alternate" hreflang="x-default" href="http://cho.example.test{path}">' in text


def test_a_product_with_many_variants_and_neighbours_needs_no_more_queries(client: Client) -> None:
    small = listed_product(labels={"1": 1_000})
    large = listed_product(labels={str(number): 1_000 * number for number in range(1, 21)})
    for _ in range(20):
        listed_product(merchant=large.merchant)
        give_picture(large)
    counts = []
    for product in (small, small, large):
        with CaptureQueriesContext(connection) as queries:
            page(client, product)
        counts.append(len(queries))

    assert counts[1] == counts[2]
    assert counts[2] <= 14


@pytest.mark.sqlite
def test_no_statement_of_the_page_looks_through_all_goods_or_merchants(client: Client) -> None:
    """Found with 10,000 goods: one statement took 8 of the page's 12 milliseconds."""
    single, parent = (
        listed_product(title="Gạo thơm"),
        listed_product(title="Mật ong", labels={"Lọ 250 ml": 98_000, "Chai 1 lít": 300_000}),
    )
    for _number in range(30):
        listed_product()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as after seeding; without figures SQLite guesses otherwise
        for product in (single, parent):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(product.get_absolute_url()).status_code == 200
            reads = [query["sql"] for query in queries if "catalogue_product" in query["sql"]]
            assert len(reads) >= 3
            for sql in reads:
                plan = [row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()]
                looked_through = [
                    step for step in plan if step.startswith(("SCAN catalogue_", "SCAN merchants_merchant"))
                ]
                assert looked_through == [], sql
