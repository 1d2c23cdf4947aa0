"""Goods in the plain form: prices never guessed, stock never overwritten blindly, photos through the one intake."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from catalogue.models import ListedProduct, Product
from merchants.models import AuditEntry, Membership
from merchants.picture_sizes import files_of
from merchants.picture_upkeep import remove_pictures
from shop.partner.models import StockMovement
from tests.factories import MembershipFactory, VariantsFactory
from tests.shop.workspace.scene import Scene, another_shop, photo_file
from tests.sign_in import sign_in

NEW = {
    "title": "Tương Nam Đàn",
    "summary": "Ủ trong chum sành",
    "description": "Làm từ đậu nành làng Dương.",
    "ocop_set": "9",
    "net_quantity": "500",
    "unit": "ml",
    "price_new": "45.000",
    "stock_new": "12",
}


def add(scene: Scene, **changes: Any) -> Any:
    return scene.client.post(reverse("workspace:product_add"), {**NEW, **changes})


def typed(product: Product, **changes: Any) -> dict[str, Any]:
    """What the form of an old product sends when nothing was touched."""
    record = product.stockrecords.get()
    return {
        "title": product.title,
        "summary": product.summary,
        "description": product.description,
        "ocop_set": str(product.ocop_set or ""),
        "net_quantity": "500",
        "unit": product.unit,
        f"price_{product.pk}": str(int(record.price)),
        f"stock_{product.pk}": str(record.num_in_stock),
        f"seen_{product.pk}": str(record.num_in_stock),
        **changes,
    }


def test_new_product_is_on_sale_with_price_stock_photo_and_log(lan: Scene) -> None:
    answer = add(lan, photos=[photo_file(), photo_file("hai.png", kind="PNG")])

    assert answer.url == reverse("workspace:products")
    product = Product.objects.get(title="Tương Nam Đàn")
    record = product.stockrecords.get()
    assert (product.merchant, product.is_public, product.ocop_set) == (lan.merchant, True, 9)
    assert (product.net_quantity, product.unit) == (Decimal(500), "ml")
    assert (record.price, record.num_in_stock, record.num_allocated) == (Decimal(45_000), 12, 0)
    assert [(move.reason, move.in_stock_change) for move in StockMovement.objects.filter(stockrecord=record)] == [
        ("opening", 12)
    ]
    images = list(product.images.all())
    assert len(images) == 2
    assert all(default_storage.exists(file) for image in images for file in files_of(image.original.name))
    listed = ListedProduct.objects.get(product=product)
    assert (listed.price_from, listed.in_stock, listed.title) == (Decimal(45_000), True, "Tương Nam Đàn")
    assert AuditEntry.objects.get(action="goods.added").actor == lan.user


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("price_new", "25k", "Vui lòng ghi đủ các số 0"),
        ("price_new", "1.200,5", "Dấu phẩy dễ gây nhầm"),
        ("price_new", "25,000", "Dấu phẩy dễ gây nhầm"),
        ("price_new", "0", "không thể bằng 0"),
        ("price_new", "25", "viết thiếu số 0"),
        ("price_new", "-25000", "không thể nhỏ hơn 0"),
        ("price_new", "", "phải điền"),
        ("price_new", "hai mươi", "bằng chữ số"),
        ("stock_new", "mười", "số nguyên"),
        ("stock_new", "1,5", "số nguyên"),
        ("stock_new", "-3", "số nguyên"),
        ("stock_new", "99999999999", "10000000"),
        ("stock_new", "", "phải điền"),
        ("title", "", "phải điền"),
        ("title", "x" * 121, "120"),
        ("ocop_set", "99", "hợp lệ"),
        ("ocop_set", "abc", "hợp lệ"),
        ("net_quantity", "0", "lớn hơn 0"),
        ("net_quantity", "1.500", "1500"),
        ("net_quantity", "nửa cân", "500 hoặc 0,5"),
        ("net_quantity", "", "trong đó có bao nhiêu"),
        ("unit", "", "chọn đơn vị"),
        ("unit", "barrel", "hợp lệ"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(lan: Scene, field: str, value: str, says: str) -> None:
    before = Product.objects.count()

    answer = add(lan, **{field: value})

    assert answer.status_code == 200
    errors = " ".join(answer.context["form"].errors.get(field, []))
    assert says in errors
    assert Product.objects.count() == before


@pytest.mark.parametrize(
    ("upload", "says"),
    [
        (SimpleUploadedFile("anh.jpg", b"<script>alert(1)</script>", "image/jpeg"), "không phải ảnh đọc được"),
        (SimpleUploadedFile("anh.jpg", photo_file().read()[:900], "image/jpeg"), "bị hỏng"),
        (photo_file(size=(50, 50)), "quá nhỏ"),
    ],
)
def test_bad_photo_is_named_and_nothing_is_written(lan: Scene, upload: SimpleUploadedFile, says: str) -> None:
    before = Product.objects.count()
    upload.seek(0)

    answer = add(lan, photos=[upload])

    assert says in " ".join(answer.context["form"].errors["photos"])
    assert upload.name in " ".join(answer.context["form"].errors["photos"])
    assert Product.objects.count() == before


def test_correcting_writes_what_changed_and_explains_the_stock(lan: Scene) -> None:
    product = lan.product
    address = reverse("workspace:product", args=[product.pk])

    answer = lan.client.post(
        address,
        typed(product, **{"title": "Mật ong rừng", f"price_{product.pk}": "60.000", f"stock_{product.pk}": "35"}),
    )

    assert answer.url == address
    product.refresh_from_db()
    record = product.stockrecords.get()
    assert (product.title, record.price, record.num_in_stock) == ("Mật ong rừng", Decimal(60_000), 35)
    last = StockMovement.objects.latest("pk")
    assert (last.reason, last.in_stock_change, last.actor) == ("counted", -5, lan.user)
    entry = AuditEntry.objects.get(action="goods.corrected")
    assert entry.before["title"] == "Mật ong hoa rừng"
    assert entry.after[f"price_{product.pk}"] == "60000"
    assert ListedProduct.objects.get(product=product).title == "Mật ong rừng"


def checked_boxes(page: str) -> set[str]:
    """The season's boxes that are ticked on the form."""
    return set(re.findall(r'<input type="checkbox" name="season" value="([^"]+)"[^>]*\bchecked', page))


@pytest.mark.parametrize(
    ("ticked", "season", "shown"),
    [
        (["11", "12", "1"], 0b110000000001, {"11", "12", "1"}),
        (["quanh-nam"], 4095, {"quanh-nam"}),
        ([str(month) for month in range(1, 13)], 4095, {"quanh-nam"}),
        (["quanh-nam", *(str(month) for month in range(1, 13))], 4095, {"quanh-nam"}),
        ([], 0, set()),
    ],
)
def test_months_are_ticked_kept_and_shown_again(lan: Scene, ticked: list[str], season: int, shown: set[str]) -> None:
    Product.objects.filter(pk=lan.product.pk).update(season=0b10)
    address = reverse("workspace:product", args=[lan.product.pk])
    assert checked_boxes(lan.client.get(address).content.decode()) == {"2"}

    assert lan.client.post(address, typed(lan.product, season=ticked)).url == address

    lan.product.refresh_from_db()
    assert lan.product.season == ListedProduct.objects.get(product=lan.product).season == season
    assert checked_boxes(lan.client.get(address).content.decode()) == shown
    entry = AuditEntry.objects.get(action="goods.corrected")
    assert (entry.before["season"], entry.after["season"]) == (2, season)


@pytest.mark.parametrize(
    ("ticked", "says"),
    [(["quanh-nam", "3"], "không chọn cả hai"), (["13"], "13"), (["0"], "0")],
)
def test_months_that_cannot_be_meant_are_named_and_nothing_is_written(lan: Scene, ticked: list[str], says: str) -> None:
    Product.objects.filter(pk=lan.product.pk).update(season=0b10)
    address = reverse("workspace:product", args=[lan.product.pk])

    page = lan.client.post(address, typed(lan.product, title="Đổi tên", season=ticked)).content.decode()

    assert says in page
    assert checked_boxes(page) == set(ticked) & {"quanh-nam", "3"}
    lan.product.refresh_from_db()
    assert (lan.product.season, lan.product.title) == (2, "Mật ong hoa rừng")


def test_a_new_product_has_the_months_that_were_ticked(lan: Scene) -> None:
    add(lan, season=["6", "7"])

    product = Product.objects.get(title="Tương Nam Đàn")
    assert product.season == ListedProduct.objects.get(product=product).season == 0b1100000


def test_untouched_stock_does_not_undo_a_sale_meanwhile(lan: Scene) -> None:
    product = lan.product
    form = typed(product)
    product.stockrecords.update(num_in_stock=38)
    StockMovement.objects.create(stockrecord=product.stockrecords.get(), reason="sold", in_stock_change=-2)

    lan.client.post(reverse("workspace:product", args=[product.pk]), form | {"title": "Mật ong mới"})

    assert product.stockrecords.get().num_in_stock == 38
    product.refresh_from_db()
    assert product.title == "Mật ong mới"


def test_stock_typed_over_a_number_that_is_no_longer_true_is_refused_whole(lan: Scene) -> None:
    product = lan.product
    form = typed(product, **{f"stock_{product.pk}": "50", "title": "Mật ong mới"})
    product.stockrecords.update(num_in_stock=38)

    answer = lan.client.post(reverse("workspace:product", args=[product.pk]), form)

    assert "thay đổi" in " ".join(answer.context["form"].non_field_errors())
    product.refresh_from_db()
    assert (product.title, product.stockrecords.get().num_in_stock) == ("Mật ong hoa rừng", 38)


def test_stock_below_what_is_promised_is_refused(lan: Scene) -> None:
    lan.order(quantity=5)

    answer = lan.client.post(
        reverse("workspace:product", args=[lan.product.pk]), typed(lan.product, **{f"stock_{lan.product.pk}": "4"})
    )

    assert answer.context["form"].non_field_errors()
    assert lan.product.stockrecords.get().num_in_stock == 40


def test_withdrawn_product_leaves_the_shop_at_once_and_comes_back(lan: Scene) -> None:
    add(lan)
    product = Product.objects.get(title="Tương Nam Đàn")
    address = reverse("workspace:product_publish", args=[product.pk])

    lan.client.post(address)
    assert not Product.objects.public(None).filter(pk=product.pk).exists()
    assert not ListedProduct.objects.filter(product=product).exists()

    lan.client.post(address, {"on": "1"})
    assert ListedProduct.objects.filter(product=product).exists()
    assert [entry.action for entry in AuditEntry.objects.filter(action__startswith="goods.").order_by("pk")] == [
        "goods.added",
        "goods.withdrawn",
        "goods.published",
    ]


def test_photos_are_taken_away_and_put_first(lan: Scene) -> None:
    add(lan, photos=[photo_file("1.jpg"), photo_file("2.jpg"), photo_file("3.jpg")])
    product = Product.objects.get(title="Tương Nam Đàn")
    first, second, third = product.images.order_by("display_order")

    lan.client.post(
        reverse("workspace:product", args=[product.pk]),
        typed(product, remove_photo=[str(first.pk), "999999", "x"], main_photo=str(third.pk)),
    )

    assert [image.pk for image in product.images.order_by("display_order")] == [third.pk, second.pk]
    # the files go some minutes later, when no open page asks for them any more
    assert DBTaskResult.objects.get().args_kwargs["kwargs"] == {"names": [first.original.name]}
    assert remove_pictures.call([first.original.name]) == 1
    assert not any(default_storage.exists(file) for file in files_of(first.original.name))
    assert all(default_storage.exists(file) for file in files_of(second.original.name))


def test_more_than_eight_photos_are_refused(lan: Scene) -> None:
    answer = add(lan, photos=[photo_file(f"{number}.jpg", size=(210, 210)) for number in range(9)])

    assert answer.context["form"].errors["photos"] == ["Nhiều nhất 8 ảnh."]


def test_variants_each_keep_their_own_price_and_stock(lan: Scene) -> None:
    parent = VariantsFactory(merchant=lan.merchant, labels={"500 ml": 90_000, "1 l": 170_000})
    small, large = parent.children.order_by("pk")
    address = reverse("workspace:product", args=[parent.pk])
    page = lan.client.get(address).content.decode()
    assert "500 ml" in page and "1 l" in page

    answer = lan.client.post(
        address,
        {
            "title": parent.title,
            "net_quantity": "1",
            "unit": "ml",
            "ocop_set": "4",
            f"price_{small.pk}": "95.000",
            f"stock_{small.pk}": "10",
            f"seen_{small.pk}": "10",
            f"price_{large.pk}": "170.000",
            f"stock_{large.pk}": "7",
            f"seen_{large.pk}": "10",
        },
    )

    assert answer.status_code == 302
    assert [(child.stockrecords.get().price, child.stockrecords.get().num_in_stock) for child in (small, large)] == [
        (Decimal(95_000), 10),
        (Decimal(170_000), 7),
    ]


def test_variant_has_no_page_of_its_own_here(lan: Scene) -> None:
    parent = VariantsFactory(merchant=lan.merchant, labels={"500 ml": 90_000})

    assert lan.client.get(reverse("workspace:product", args=[parent.children.get().pk])).status_code == 404


def test_packer_counts_stock_and_changes_nothing_else(lan: Scene) -> None:
    packer = MembershipFactory(role=Membership.Role.PACKER, merchant=lan.merchant).user
    client = sign_in(Client(), packer)
    product = lan.product

    client.post(
        reverse("workspace:product", args=[product.pk]),
        typed(product, **{"title": "Đổi tên", f"price_{product.pk}": "1.000", f"stock_{product.pk}": "33"}),
    )

    product.refresh_from_db()
    record = product.stockrecords.get()
    assert (product.title, record.price, record.num_in_stock) == ("Mật ong hoa rừng", Decimal(50_000), 33)
    assert client.get(reverse("workspace:product_add")).status_code == 404
    assert client.post(reverse("workspace:product_publish", args=[product.pk])).status_code == 404


def test_goods_are_found_without_tone_marks(lan: Scene) -> None:
    add(lan)

    page = lan.client.get(reverse("workspace:products"), {"q": "tuong nam dan"})

    assert [row.name for row in page.context["rows"]] == ["Tương Nam Đàn"]


def test_owner_of_two_businesses_chooses_whose_goods_they_are(lan: Scene) -> None:
    other = MembershipFactory(user=lan.user)
    foreign = another_shop()

    answer = add(lan, merchant=str(foreign.merchant.pk))
    assert "merchant" in answer.context["form"].errors
    add(lan, merchant=str(other.merchant.pk))

    assert Product.objects.get(title="Tương Nam Đàn").merchant == other.merchant


def test_a_new_product_proposes_no_quantity(lan: Scene) -> None:
    form = lan.client.get(reverse("workspace:product_add")).context["form"]

    assert form["net_quantity"].value() is None
    assert form["unit"].value() is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"unit": "piece", "net_quantity": "1"}, "net_quantity"),  # food by the piece says nothing
        ({"unit": "piece", "net_quantity": "1", "ocop_set": ""}, "ocop_set"),  # might be food
        ({"unit": "piece", "net_quantity": "10"}, None),  # ten eggs
        ({"unit": "piece", "net_quantity": "1", "ocop_set": "1"}, None),  # a fresh jackfruit
        ({"unit": "piece", "net_quantity": "1", "ocop_set": "21"}, None),  # a basket
        ({"unit": "g", "net_quantity": "500", "ocop_set": ""}, None),
    ],
)
def test_food_goes_on_sale_only_with_its_quantity(lan: Scene, changes: dict[str, str], field: str | None) -> None:
    before = Product.objects.count()

    answer = add(lan, **changes)

    if field is None:
        assert (answer.status_code, Product.objects.count()) == (302, before + 1)
    else:
        assert list(answer.context["form"].errors) == [field]
        assert Product.objects.count() == before


def test_food_that_is_off_sale_without_its_quantity_stays_off_sale_with_the_remedy(lan: Scene) -> None:
    fields = {"is_public": False, "unit": "piece", "net_quantity": 1, "ocop_set": 9}
    Product.objects.filter(pk=lan.product.pk).update(**fields)
    address = reverse("workspace:product_publish", args=[lan.product.pk])

    page = lan.client.post(address, {"on": "1"}, follow=True)

    assert "Thực phẩm phải ghi khối lượng hoặc thể tích như trên nhãn" in page.content.decode()
    lan.product.refresh_from_db()
    assert not lan.product.is_public
    Product.objects.filter(pk=lan.product.pk).update(unit="ml", net_quantity=250)
    lan.client.post(address, {"on": "1"})
    lan.product.refresh_from_db()
    assert lan.product.is_public
    assert ListedProduct.objects.get(product=lan.product).unit_price == Decimal(200_000)  # 50.000 for 250 ml
