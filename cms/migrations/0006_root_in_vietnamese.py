"""Wagtail calls the page above all sites "Root"; staff meet it in lists and when they choose a page."""

from django.db import migrations

ENGLISH, VIETNAMESE = "Root", "Tất cả trang web"


def rename(old, new):
    def run(apps, schema_editor):
        Page = apps.get_model("wagtailcore", "Page")
        Page.objects.filter(depth=1, title=old).update(title=new, draft_title=new)

    return run


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0005_search_words_rights"),
    ]

    operations = [migrations.RunPython(rename(ENGLISH, VIETNAMESE), rename(VIETNAMESE, ENGLISH))]
