"""Every block shows itself: on a page, in the editor's preview, and with real goods."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail import blocks

from cms.blocks import BODY_BLOCKS, HOME_BLOCKS
from tests.factories import MerchantFactory, listed_product
from tests.factories.pages import home_page, picture, story_index, story_page
from tests.people import quang_of_the_platform
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db

ALL_BLOCKS = dict(HOME_BLOCKS) | dict(BODY_BLOCKS)
# What each block says with its preview value, in a shop with one certified jar of honey and one story.
SAYS = {
    "hero": "Hàng quê, mua thẳng từ người làm ra",
    "shelf": "Mật ong",
    "goods": "Mật ong rừng",
    "producers": "Người làm ra",
    "story": "Mùa gặt",
    "trust": "Tiền đến thẳng tay người làm ra",
    "text": "<h2>Tiêu đề</h2>",
    "picture": "Cánh đồng lúa (ảnh minh hoạ)",
    "steps": "Quét mã",
}


@pytest.fixture
def stocked_shop() -> None:
    listed_product(title="Mật ong rừng", stars=4, ocop_set=4)
    story_page(story_index())


def context(**extra: Any) -> dict[str, Any]:
    request = RequestFactory().get("/")
    request.commune = None  # type: ignore[attr-defined]
    return {"request": request, **extra}


def shown(name: str, value: Any, **extra: Any) -> str:
    block = ALL_BLOCKS[name]
    return block.render(block.to_python(value), context=context(**extra))


def test_the_table_above_knows_every_block():
    assert set(SAYS) == set(ALL_BLOCKS)


@pytest.mark.parametrize("name", sorted(ALL_BLOCKS))
def test_a_block_explains_itself_and_shows_its_preview_value(name: str, stocked_shop: None):
    block = ALL_BLOCKS[name]

    html = block.render(block.get_preview_value(), context=context()) if name != "picture" else "see below"

    assert str(block.get_description())
    assert str(block.label)
    if name != "picture":
        assert SAYS[name] in html


@pytest.mark.parametrize("name", sorted(ALL_BLOCKS))
def test_the_editors_preview_of_a_block_opens_in_the_sites_look(name: str, client: Client, stocked_shop: None):
    sign_in(client, quang_of_the_platform(), second_factor=True)
    block = ALL_BLOCKS[name]

    response = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})

    assert response.status_code == 200
    html = response.content.decode()
    assert "site.css" in html
    assert SAYS[name] in html


def test_a_picture_block_shows_sizes_alternative_and_caption(django_capture_on_commit_callbacks: Any):
    with django_capture_on_commit_callbacks(execute=True):
        image = picture(width=1000, height=600, name="dong-1000x600-daa520-1a.jpg", kind="JPEG")

    html = shown("picture", {"picture": image.pk, "alt": "Lúa chín", "caption": "Ngày gặt"})

    assert 'alt="Lúa chín"' in html
    assert 'width="1000" height="600"' in html
    assert '<source type="image/avif"' in html
    assert " 640w, " in html
    assert " 960w" in html
    assert "<figcaption>Ngày gặt</figcaption>" in html


def test_goods_of_one_set_show_that_set_and_lead_to_it():
    listed_product(title="Mật ong rừng", ocop_set=4)
    listed_product(title="Gạo nếp", ocop_set=3)

    html = shown("goods", {"title": "Gạo", "choice": "set", "ocop_set": "3", "products": [], "count": 8})

    assert "Gạo nếp" in html
    assert "Mật ong rừng" not in html
    assert 'href="/san-pham/?nhom=gao-ngu-coc"' in html


def test_picked_goods_keep_their_order_and_drop_what_is_gone():
    first, second = listed_product(title="Chè xanh"), listed_product(title="Gạo nếp")
    gone = listed_product(title="Rượu nếp")
    gone_pk = gone.pk
    gone.stockrecords.all().delete()
    gone.delete()
    block = ALL_BLOCKS["goods"]

    value = block.to_python({"title": "Chọn", "choice": "picked", "products": [second.pk, gone_pk, first.pk]})
    html = block.render(value, context=context())

    assert html.index("Gạo nếp") < html.index("Chè xanh")
    assert "Rượu nếp" not in html


def test_a_shelf_without_goods_hides_itself():
    listed_product(title="Mật ong rừng", ocop_set=4)

    html = shown(
        "shelf", {"title": "Loại", "shelves": [{"ocop_set": 4, "name": "Mật"}, {"ocop_set": 3, "name": "Gạo"}]}
    )

    assert "Mật" in html
    assert "Gạo" not in html


@pytest.mark.parametrize("name", ["goods", "producers", "shelf", "story"])
def test_a_block_with_nothing_to_show_leaves_no_empty_heading(name: str):
    block = ALL_BLOCKS[name]

    assert block.render(block.get_preview_value(), context=context()).strip() == ""


def test_producers_picked_by_hand_come_first_to_last():
    first, second = MerchantFactory(name="Mật ong Lan"), MerchantFactory(name="Gạo Tâm")

    html = shown("producers", {"title": "Người làm", "merchants": [second.pk, first.pk], "count": 6})

    assert html.index("Gạo Tâm") < html.index("Mật ong Lan")


def test_goods_of_a_set_without_a_set_are_refused():
    block: blocks.StructBlock = ALL_BLOCKS["goods"]  # type: ignore[assignment]
    value = block.normalize({"title": "Hàng", "choice": "set", "ocop_set": "", "products": [], "count": 4})

    with pytest.raises(ValidationError) as refused:
        block.clean(value)

    assert refused.value.block_errors["ocop_set"].message == "Hãy chọn bộ sản phẩm."  # type: ignore[attr-defined]


def test_the_home_page_shows_its_blocks_in_order(client: Client, stocked_shop: None):
    home = home_page()
    home.body = [
        ("hero", {"title": "Chào bà con", "text": "", "button_label": "", "button_page": None}),
        ("text", "<p>Lời ngỏ.</p>"),
        ("goods", {"title": "Hàng có sao", "choice": "certified", "count": 4}),
        ("trust", None),
    ]
    home.save_revision().publish()

    html = client.get("/").content.decode()

    places = [html.index(text) for text in ("Chào bà con", "Lời ngỏ.", "Mật ong rừng", SAYS["trust"])]
    assert places == sorted(places)
    assert html.count("<h1") == 1


def test_a_home_page_without_a_welcome_still_has_a_heading(client: Client):
    home = home_page()
    home.body = [("text", "<p>Lời ngỏ.</p>")]
    home.save_revision().publish()

    assert client.get("/").content.decode().count("<h1") == 1
