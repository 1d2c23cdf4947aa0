"""Two communes in one installation: what is of one is not told on the other's host, nor to the other's people."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from oscar.core.loading import get_model
from wagtail.models import Locale, Page, Site

from catalogue.listed_product import product_changed
from catalogue.models import ListedProduct
from cms.models import HomePage
from merchants.models import Commune, Membership, Merchant
from shop.storefront.models import SiteCommune
from tests.factories import MembershipFactory, UserFactory, listed_product
from tests.factories.catalogue import give_picture
from tests.factories.pages import default_site_shows, guide_page, home_page
from tests.shop.workspace.test_goods import NEW
from tests.sign_in import sign_in
from tests.test_access import ACCESS, EVERYONE, World
from tests.test_access import world as world  # noqa: PLC0414  # the fixture

Line = get_model("basket", "Line")
pytestmark = pytest.mark.django_db
OTHER_HOST = "xa-khac.example.test"


@pytest.fixture
def other(world: World) -> Commune:
    """The commune of another site; Lan's things are foreign there."""
    default_site_shows(world.scene.merchant.commune)
    give_picture(world.scene.product)  # feeds take no goods without one
    product_changed(world.scene.product.pk)
    theirs = listed_product(title="Cam xã khác")
    root = Page.objects.get(depth=1)
    home = root.add_child(
        instance=HomePage(title="Xã khác", slug="xa-khac", locale=Locale.objects.get(language_code="vi"))
    )
    site = Site.objects.create(hostname=OTHER_HOST, port=80, root_page=home)
    SiteCommune.objects.create(site=site, commune=theirs.merchant.commune)
    return theirs.merchant.commune


def hers(world: World) -> list[str]:
    return [world.scene.product.title, world.scene.merchant.name, world.scene.merchant.phone, world.complaint.number]


# Open to whoever holds the secret, the paper or the printed code, on whichever host she types it.
CARRIED_BY_THE_ADDRESS = {
    "purchase:purchase", "purchase:purchase_state", "purchase:complaint", "storefront:certificate",
    "storefront:code_check",
}  # fmt: skip


def told_by(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = str(body.decode(errors="replace"))
    is_json = answer.headers.get("Content-Type", "").startswith("application/json")
    return json.dumps(json.loads(text), ensure_ascii=False) if is_json else text


def test_a_foreign_host_tells_nothing(other: Commune, world: World) -> None:
    here, there = Client(), Client(headers={"host": OTHER_HOST})
    told_here, told_there = set(), set()
    for name, access in sorted(ACCESS.items()):
        if access.method != "get" or access.allowed != EVERYONE:
            continue
        path = reverse(name, kwargs=access.key(world))
        for client, told in ((here, told_here), (there, told_there)):
            body = told_by(client.get(path))
            if any(word in body for word in hers(world)):
                told.add(name)

    assert told_there == CARRIED_BY_THE_ADDRESS
    assert told_here >= {"storefront:catalogue", "storefront:product", "api:products", "marketplaces:google_feed"}


def test_words_filters_and_suggestions_of_a_foreign_host_find_nothing(other: Commune, world: World) -> None:
    client = Client(headers={"host": OTHER_HOST})
    merchant = world.scene.merchant

    for path in (
        "/san-pham/?q=mat+ong+hoa+rung", f"/san-pham/?co-so={merchant.pk}", f"/san-pham/?xa={merchant.commune.code}",
        f"/san-pham/?thon={merchant.village_id}", "/san-pham/goi-y/?q=mat+ong", "/api/v1/products?q=mat+ong",
        "/en/san-pham/?q=mat+ong",
    ):  # fmt: skip
        body = told_by(client.get(path))
        assert [word for word in hers(world) if word in body] == [], path


def test_goods_of_another_commune_do_not_go_into_a_basket_of_this_host(other: Commune, world: World) -> None:
    client = Client(headers={"host": OTHER_HOST, "sec-fetch-site": "same-origin"})

    client.post(reverse("purchase:basket_add"), {"product": world.scene.product.pk, "quantity": 1})

    in_baskets = Line.objects.filter(basket__status="Open")
    assert in_baskets.count() == 0
    own = ListedProduct.objects.get(title="Cam xã khác")
    client.post(reverse("purchase:basket_add"), {"product": own.pk, "quantity": 1})
    assert [line.product_id for line in in_baskets] == [own.pk]


@pytest.mark.parametrize("role", ["other_officer", "other_owner"])
def test_no_list_of_the_others_people_names_what_is_hers(role: str, world: World) -> None:
    client = world.client(role)
    merchant = world.scene.merchant
    words = [*hers(world), world.order.number, world.order.purchase.buyer_name]  # type: ignore[union-attr]
    paths = [
        "/quan-ly/", "/quan-ly/don-hang/", "/quan-ly/hang/", "/quan-ly/tien-vao/", "/quan-ly/khieu-nai/?loc=cho",
        "/quan-ly/xa/khieu-nai/", "/quan-ly/phan-anh/", "/quan-ly/co-so/", "/quan-ly/co-so/?q=mat+ong",
        f"/quan-ly/co-so/?thon={merchant.village_id}", f"/quan-ly/co-so/?xa={merchant.commune.code}",
        f"/quan-ly/don-hang/dong-goi/?don={world.order.number}", "/quan-ly/don-hang/tai-ve/",
        f"/quan-ly/don-hang/tai-ve/?co-so={merchant.pk}", f"/quan-ly/hang/?co-so={merchant.pk}",
        f"/quan-ly/don-hang/?co-so={merchant.pk}", f"/quan-ly/tien-vao/?co-so={merchant.pk}",
    ]  # fmt: skip

    for path in paths:
        answer = client.get(path)
        assert answer.status_code in {200, 404}, path
        body = told_by(answer)
        assert [word for word in words if word in body] == [], path


def editor_of(commune: Commune) -> Client:
    person = MembershipFactory(user=UserFactory(), role=Membership.Role.EDITOR, merchant=None, commune=commune).user
    return sign_in(Client(), person, second_factor=True)


def test_an_editor_changes_the_pages_of_her_own_commune_only(other: Commune, world: World) -> None:
    theirs = HomePage.objects.get(slug="xa-khac")
    story = guide_page(theirs, title="Chuyện của xã khác")
    ours, editor = home_page(), editor_of(world.scene.merchant.commune)
    owner = reverse("wagtailsettings:edit", args=["cms", "siteowner", theirs.sites_rooted_here.get().pk])

    for name, page in (
        ("edit", theirs), ("edit", story), ("delete", story), ("unpublish", story), ("move", story), ("copy", story),
        ("add_subpage", theirs), ("view_draft", story), ("history", story),
    ):  # fmt: skip
        path = reverse(f"wagtailadmin_pages:{name}", args=[page.pk])
        for answer in (editor.get(path), editor.post(path, {"title": "Bị sửa"})):
            assert answer.status_code in {302, 403, 404}, (name, answer.status_code)
            assert answer.headers.get("Location", "/cms/") == "/cms/", (name, answer.headers["Location"])
    story.refresh_from_db()
    assert (story.title, story.live, story.get_parent().pk) == ("Chuyện của xã khác", True, theirs.pk)
    assert (editor.get(owner).status_code, editor.post(owner, {"name": "Bị sửa"}).status_code) == (404, 404)
    for path in (reverse("wagtailadmin_explore_root"), reverse("wagtailadmin_explore", args=[theirs.pk])):
        assert "Chuyện của xã khác" not in editor.get(path, follow=True).content.decode()

    assert editor.get(reverse("wagtailadmin_pages:edit", args=[ours.pk])).status_code == 200
    assert editor.get(reverse("wagtailadmin_pages:edit", args=[home_page("en").pk])).status_code == 200
    hers = editor_of(other)
    assert hers.get(reverse("wagtailadmin_pages:edit", args=[story.pk])).status_code == 200
    assert hers.get(owner).status_code == 200
    assert hers.get(reverse("wagtailadmin_pages:edit", args=[ours.pk])).status_code == 302
    assert world.client("staff").get(reverse("wagtailadmin_pages:edit", args=[story.pk])).status_code == 200


@pytest.mark.parametrize("words", ["number", "phone"])
def test_the_other_officer_finds_no_buyer_of_hers(words: str, world: World) -> None:
    purchase = world.order.purchase
    assert purchase is not None
    asked = {"number": world.order.number, "phone": purchase.buyer_phone}[words]

    for role, count in (("officer", 1), ("other_officer", 0)):
        answer = world.client(role).post(reverse("workspace:look_up"), {"words": asked})
        assert (len(answer.context["found"]) > 0) == bool(count), role


def test_nobody_writes_into_another_commune_through_a_form_of_his_own(world: World) -> None:
    officer, owner = world.client("other_officer"), world.client("other_owner")
    merchant = world.scene.merchant
    own = Membership.objects.get(user=world.people["other_officer"]).commune
    before = list(Merchant.objects.order_by("pk").values_list("pk", "commune", "village", "name"))
    business = {"name": "Cửa hàng lạ", "legal_form": "household", "village": merchant.village_id, "status": "active"}

    refused = officer.post(reverse("merchants:add"), business)
    assert "village" in refused.context["form"].errors
    for code in (merchant.commune.code, "00000"):
        assert officer.post(f"{reverse('merchants:add')}?xa={code}", business).status_code == 404
        assert officer.post(reverse("merchants:add"), {**business, "xa": code}).status_code == 404
    assert list(Merchant.objects.order_by("pk").values_list("pk", "commune", "village", "name")) == before
    assert own is not None
    assert own != merchant.commune

    owner.post(reverse("workspace:product_add"), {**NEW, "merchant": merchant.pk, "co-so": merchant.pk})
    assert not merchant.products.filter(title=NEW["title"]).exists()
