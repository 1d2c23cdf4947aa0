"""Editors keep the words that mean the same, and see (and clear) what was searched for in vain."""

from django.db import migrations

GROUP = "Editors"
# app, model, codename, name; Django makes these rows only after the migrations, so they are made here when missing
RIGHTS = (
    ("catalogue", "synonymgroup", "add_synonymgroup", "Can add words with the same meaning"),
    ("catalogue", "synonymgroup", "change_synonymgroup", "Can change words with the same meaning"),
    ("catalogue", "synonymgroup", "delete_synonymgroup", "Can delete words with the same meaning"),
    ("storefront", "vainsearch", "view_vainsearch", "Can view search in vain"),
    ("storefront", "vainsearch", "delete_vainsearch", "Can delete search in vain"),
)


def permissions(apps):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    for app_label, model, codename, name in RIGHTS:
        content_type, _created = ContentType.objects.get_or_create(app_label=app_label, model=model)
        yield Permission.objects.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": name}
        )[0]


def give_rights(apps, schema_editor):
    editors, _created = apps.get_model("auth", "Group").objects.get_or_create(name=GROUP)
    editors.permissions.add(*permissions(apps))


def take_rights(apps, schema_editor):
    editors = apps.get_model("auth", "Group").objects.filter(name=GROUP).first()
    if editors is not None:
        editors.permissions.remove(*permissions(apps))


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0004_owner_in_english"),
        ("catalogue", "0040_synonyms"),
        ("storefront", "0003_vain_searches"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(give_rights, take_rights)]
