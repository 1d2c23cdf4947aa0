"""Puts a Vietnamese and an English home page in the place of Wagtail's welcome page, which our templates cannot show."""

import json
from uuid import uuid4

from django.db import migrations
from django.utils import timezone

HOMES = (
    {
        "language": "vi",
        "title": "Chợ quê",
        "slug": "home",
        "hero": {
            "title": "Hàng quê, mua thẳng từ người làm ra",
            "text": "Đặc sản có tên người làm, có nơi làm. Bạn trả tiền thẳng vào tài khoản của người bán.",
            "button_label": "Xem hàng quê",
        },
        "goods": "Hàng mới",
        "producers": "Người làm ra",
    },
    {
        "language": "en",
        "title": "Country market",
        "slug": "home-en",
        "hero": {
            "title": "Country goods, straight from the people who make them",
            "text": "Specialities with a name and a place behind them. You pay into the seller's own account.",
            "button_label": "See the goods",
        },
        "goods": "New goods",
        "producers": "The people who make them",
    },
)


def body_of(home):
    blocks = (
        ("hero", {**home["hero"], "button_page": None}),
        (
            "goods",
            {"title": home["goods"], "intro": "", "choice": "newest", "ocop_set": "", "products": [], "count": 8},
        ),
        ("producers", {"title": home["producers"], "intro": "", "merchants": [], "count": 6}),
        ("trust", None),
    )
    return json.dumps([{"type": kind, "value": value, "id": str(uuid4())} for kind, value in blocks])


def put_home_pages(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Locale = apps.get_model("wagtailcore", "Locale")
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    HomePage = apps.get_model("cms", "HomePage")

    root = Page.objects.get(depth=1)
    plain = ContentType.objects.get(app_label="wagtailcore", model="page")
    welcome = Page.objects.filter(depth=2, content_type=plain, slug="home").first()
    if welcome is not None:
        Page.objects.filter(pk=welcome.pk).update(slug="welcome")  # frees the slug
    content_type, _created = ContentType.objects.get_or_create(app_label="cms", model="homepage")
    translation_key = uuid4()
    last = Page.objects.filter(depth=2).order_by("-path").first()
    number = int(last.path[-4:], 36) if last is not None else 0
    now = timezone.now()
    for home in HOMES:
        number += 1
        locale, _created = Locale.objects.get_or_create(language_code=home["language"])
        page = HomePage.objects.create(
            path=f"{root.path}{base_36(number):0>4}",
            depth=2,
            numchild=0,
            url_path=f"/{home['slug']}/",
            title=home["title"],
            draft_title=home["title"],
            slug=home["slug"],
            content_type=content_type,
            locale=locale,
            translation_key=translation_key,
            live=True,
            first_published_at=now,
            last_published_at=now,
            body=body_of(home),
        )
        if home["language"] == "vi":
            Site.objects.filter(root_page__content_type=plain).update(root_page=page.pk)
    if welcome is not None:
        Page.objects.filter(pk=welcome.pk).delete()
    Page.objects.filter(pk=root.pk).update(numchild=Page.objects.filter(depth=2).count())
    if not Site.objects.exists():
        first = HomePage.objects.get(locale__language_code="vi", translation_key=translation_key)
        Site.objects.create(hostname="localhost", port=80, root_page_id=first.pk, is_default_site=True)


def base_36(number):
    """Treebeard numbers the steps of a path in base 36."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + digits
    return digits


class Migration(migrations.Migration):
    dependencies = [("cms", "0001_initial"), ("contenttypes", "0002_remove_content_type_name")]

    operations = [
        # Not taken back: a site without its home page would show nothing.
        migrations.RunPython(put_home_pages, migrations.RunPython.noop),
    ]
