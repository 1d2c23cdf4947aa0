"""Wagtail's admin for an editor: every list opens, pages are made and published, goods and producers are found."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
import wagtail.admin
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from PIL import Image as Pillow
from wagtail.images.models import Image
from wagtail.models import Locale
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from cms.models import GuidePage, HomePage, PolicyPage, SiteOwner, StoryPage
from merchants.picture_sizes import files_of
from merchants.picture_upkeep import remove_pictures
from shop.purchase.models import PolicyVersion
from tests.factories import MerchantFactory, listed_product
from tests.factories.pages import guide_page, home_page, picture, policy_page, story_index, story_page
from tests.people import mai_the_editor, minh_the_buyer, quang_of_the_platform
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    """Mai, signed in with her second factor."""
    return sign_in(client, mai_the_editor(), second_factor=True)


@pytest.fixture
def administrator(client: Client) -> Client:
    return sign_in(client, quang_of_the_platform(), second_factor=True)


def menu_addresses(items: list[dict[str, Any]]) -> list[str]:
    """Every link of Wagtail's side menu, submenus included."""
    found = []
    for item in items:
        found += menu_addresses(item.get("menu_items", []))
        if item.get("url"):
            found.append(item["url"])
    return found


def addresses_of_menu(client: Client) -> list[str]:
    from wagtail.admin.menu import admin_menu

    response = client.get(reverse("wagtailadmin_home"))
    request = response.wsgi_request

    def walk(menu: Any) -> list[str]:
        found = []
        for item in menu.menu_items_for_request(request):
            if getattr(item, "menu", None) is not None:
                found += walk(item.menu)
            elif item.url and item.url != "#":
                found.append(item.url)
        return found

    return walk(admin_menu)


@pytest.mark.parametrize("who", ["editor", "administrator"])
def test_every_page_of_the_menu_opens(who: str, request: pytest.FixtureRequest):
    client: Client = request.getfixturevalue(who)
    policy_page()
    story_page(story_index())
    picture()

    addresses = addresses_of_menu(client)

    assert len(addresses) >= 4
    for address in addresses:
        response = client.get(address, follow=True)
        assert response.status_code == 200, address


def test_the_menu_keeps_people_and_approvals_out(administrator: Client):
    addresses = " ".join(addresses_of_menu(administrator))

    assert "/users/" not in addresses
    assert "/groups/" not in addresses
    assert "/workflows/" not in addresses


def test_lists_and_forms_of_pages_and_pictures_open(editor: Client):
    home, image = home_page(), picture()
    guide, policy, story = guide_page(), policy_page(), story_page(story_index())
    names = [
        reverse("wagtailadmin_explore_root"),
        reverse("wagtailadmin_explore", args=[home.pk]),
        reverse("wagtailadmin_pages:edit", args=[home.pk]),
        reverse("wagtailadmin_pages:add_subpage", args=[home.pk]),
        reverse("wagtailadmin_pages:add", args=["cms", "guidepage", home.pk]),
        reverse("wagtailadmin_pages:add", args=["cms", "policypage", home.pk]),
        reverse("wagtailadmin_pages:history", args=[guide.pk]),
        reverse("wagtailadmin_pages:usage", args=[guide.pk]),
        *(reverse("wagtailadmin_pages:edit", args=[page.pk]) for page in (guide, policy, story)),
        reverse("wagtailimages:index"),
        reverse("wagtailimages:edit", args=[image.pk]),
        reverse("wagtailimages:add_multiple"),
        reverse("wagtaildocs:index"),
        reverse("wagtailredirects:index"),
        reverse("wagtailsettings:edit", args=["cms", "siteowner"]),
        reverse("wagtailimages_chooser:choose"),
        reverse("wagtailadmin_choose_page"),
        reverse("wagtailadmin_account"),
        reverse("simple_translation:submit_page_translation", args=[guide.pk]),
    ]

    for name in names:
        assert editor.get(name, follow=True).status_code == 200, name


def test_a_shopper_and_an_editor_without_second_factor_stay_outside(client: Client):
    sign_in(client, minh_the_buyer(), second_factor=True)
    assert client.get("/cms/").status_code == 404

    client.logout()
    sign_in(client, mai_the_editor())
    assert client.get("/cms/").status_code == 302


def guide_form(**changes: Any) -> dict[str, Any]:
    return nested_form_data(
        {
            "title": "Cách mua",
            "slug": "cách-mua",
            "intro": "",
            "body": streamfield([("text", rich_text("<p>Chọn hàng.</p>"))]),
            "seo_title": "",
            "search_description": "",
            "go_live_at": "",
            "expire_at": "",
            "action-publish": "1",
            **changes,
        }
    )


def test_an_editor_publishes_a_page_whose_address_loses_its_tone_marks(editor: Client):
    editor.post(reverse("wagtailadmin_pages:add", args=["cms", "guidepage", home_page().pk]), guide_form())

    page = GuidePage.objects.get()
    assert (page.slug, page.live) == ("cach-mua", True)
    assert editor.get("/cach-mua/").status_code == 200


def test_a_page_sent_without_an_address_gets_it_from_its_title(editor: Client):
    editor.post(reverse("wagtailadmin_pages:add", args=["cms", "guidepage", home_page().pk]), guide_form(slug=""))

    page = GuidePage.objects.get()
    assert (page.slug, page.live) == ("cach-mua", True)


def test_the_form_refuses_an_address_of_the_shop_and_makes_nothing(editor: Client):
    response = editor.post(
        reverse("wagtailadmin_pages:add", args=["cms", "guidepage", home_page().pk]), guide_form(slug="giỏ-hàng")
    )

    assert "Cửa hàng đang dùng địa chỉ “gio-hang”, hãy chọn địa chỉ khác." in response.content.decode()
    assert not GuidePage.objects.exists()


def test_a_page_is_not_moved_to_an_address_of_the_shop(editor: Client):
    parent = guide_page()
    child = guide_page(parent, title="Mua", slug="mua")

    editor.post(reverse("wagtailadmin_pages:move_confirm", args=[child.pk, home_page().pk]), {})

    child.refresh_from_db()
    assert child.url_path == "/home/cach-quet-ma/mua/"


def test_a_policy_is_not_copied(editor: Client):
    page = policy_page()

    response = editor.get(reverse("wagtailadmin_pages:copy", args=[page.pk]), follow=True)

    assert "Mỗi loại quy định chỉ có một trang" in response.content.decode()
    assert PolicyPage.objects.count() == 1


def test_publishing_a_policy_in_the_admin_makes_a_version(editor: Client):
    page = policy_page()
    form = nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "kind": page.kind,
            "body": rich_text("<p>Bản hai.</p>"),
            "seo_title": "",
            "search_description": "",
            "go_live_at": "",
            "expire_at": "",
            "action-publish": "1",
        }
    )

    editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)

    assert list(PolicyVersion.objects.values_list("number", flat=True)) == [1, 2]
    assert "Bản hai." in PolicyVersion.objects.get(number=2).text_html


def test_a_page_is_translated_by_a_press(editor: Client):
    page = guide_page()
    english = Locale.objects.get(language_code="en")

    editor.post(
        reverse("simple_translation:submit_page_translation", args=[page.pk]), {"locales": [english.pk]}, follow=True
    )

    twin = page.get_translation(english)
    assert (twin.live, twin.get_parent().specific) == (False, home_page("en"))


@pytest.mark.parametrize("words", ["mat ong rung", "Mật ong"])
def test_goods_are_found_with_and_without_tone_marks(editor: Client, words: str):
    listed_product(title="Mật ong rừng")
    listed_product(title="Gạo nếp")

    html = editor.get(reverse("product_chooser:choose_results"), {"q": words}).content.decode()

    assert "Mật ong rừng" in html
    assert "Gạo nếp" not in html


def test_only_public_producers_are_offered(editor: Client):
    MerchantFactory(name="Gạo Tâm")
    MerchantFactory(name="Hàng ẩn", is_public=False)

    html = editor.get(reverse("merchant_chooser:choose_results")).content.decode()

    assert "Gạo Tâm" in html
    assert "Hàng ẩn" not in html


def test_an_editors_picture_is_taken_in_by_the_one_intake(editor: Client, django_capture_on_commit_callbacks: Any):
    buffer = io.BytesIO()
    exif = Pillow.Exif()
    exif[0x010F] = "Máy ảnh bí mật"
    Pillow.new("RGB", (2400, 1600), "seagreen").save(buffer, "JPEG", exif=exif)
    upload = SimpleUploadedFile("đồng lúa.jpg", buffer.getvalue(), content_type="image/jpeg")
    collection = 1

    with django_capture_on_commit_callbacks(execute=True):
        editor.post(
            reverse("wagtailimages:add"), {"title": "Đồng", "file": upload, "collection": collection, "tags": ""}
        )

    image = Image.objects.get()
    with image.file.open("rb") as handle:
        kept = Pillow.open(handle)
        assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (1600, 1067), {})
    assert (image.width, image.height) == (1600, 1067)
    assert re.fullmatch(r"original_images/dong-lua-[0-9a-f]{10}-1600x1067-[0-9a-f]{6}-1a\.jpg", image.file.name)
    assert all(image.file.storage.exists(file) for file in files_of(image.file.name))


def test_a_deleted_picture_of_a_page_takes_its_sizes_along(django_capture_on_commit_callbacks: Any):
    with django_capture_on_commit_callbacks(execute=True):
        image = picture(name="dong-1000x600-daa520-1a.jpg", kind="JPEG")
    name = image.file.name
    assert all(default_storage.exists(file) for file in files_of(name))

    with django_capture_on_commit_callbacks(execute=True):
        image.delete()

    ordered = DBTaskResult.objects.filter(task_path="merchants.picture_upkeep.remove_pictures")
    assert [order.args_kwargs["kwargs"] for order in ordered] == [{"names": [name]}]
    remove_pictures.call([name])
    assert not any(default_storage.exists(file) for file in files_of(name))


def test_a_file_that_is_no_picture_is_refused(editor: Client):
    upload = SimpleUploadedFile("x.jpg", b"<script>alert(1)</script>", content_type="image/jpeg")

    editor.post(reverse("wagtailimages:add"), {"title": "X", "file": upload, "collection": 1, "tags": ""})

    assert not Image.objects.exists()


def test_the_owner_of_the_site_is_kept_by_an_editor(editor: Client):
    address = reverse("wagtailsettings:edit", args=["cms", "siteowner"])
    address = editor.get(address, follow=True).redirect_chain[-1][0]

    editor.post(address, {"name": "Ban quản lý chợ (mẫu)", "address": "Xóm 1"})

    assert SiteOwner.objects.get().name == "Ban quản lý chợ (mẫu)"
    assert "Ban quản lý chợ (mẫu)" in editor.get("/").content.decode()


def test_the_page_preview_opens_inside_the_admin(editor: Client):
    page = guide_page()

    response = editor.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))

    assert response.status_code == 200
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert HomePage.objects.count() == 2
    assert not StoryPage.objects.exists()


@pytest.mark.parametrize(
    ("template", "english"),
    [
        ("home.html", 'value="Search"'),
        ("shared/header.html", 'value="Search"'),
        ("shared/headers/_actions.html", 'aria-label="Actions"'),
    ],
)
def test_our_copy_of_wagtails_template_differs_in_its_one_english_word_only(template: str, english: str):
    theirs = (Path(wagtail.admin.__path__[0]) / "templates" / "wagtailadmin" / template).read_text()
    ours = (Path(settings.BASE_DIR) / "templates" / "wagtailadmin" / template).read_text()

    attribute, word = english.rstrip('"').split('="')
    assert english in theirs, "Wagtail has mended it: our copy can go"
    mended = theirs.replace(english, f"{attribute}=\"{{% trans '{word}' %}}\"")
    assert [line for line in ours.splitlines() if line not in mended.splitlines()][1:] == []
    assert [line for line in mended.splitlines() if line not in ours.splitlines()] == []
