"""Lets the group "Editors" (people put members into it) do an editor's whole work: publish, translate, name the owner."""

from django.db import migrations

GROUP = "Editors"
# app, model, codename, name; Django makes these rows only after the migrations, so they are made here when missing
SITE_WIDE = (
    ("wagtailadmin", "admin", "access_admin", "Can access Wagtail admin"),
    ("cms", "siteowner", "change_siteowner", "Can change site owner"),
    ("simple_translation", "simpletranslation", "submit_translation", "Can submit translations"),
    ("wagtailredirects", "redirect", "add_redirect", "Can add redirect"),
    ("wagtailredirects", "redirect", "change_redirect", "Can change redirect"),
    ("wagtailredirects", "redirect", "delete_redirect", "Can delete redirect"),
)
ON_PAGES = (
    ("add_page", "Can add page"),
    ("change_page", "Can change page"),
    ("publish_page", "Publish any page"),
    ("lock_page", "Lock/unlock pages you've locked"),
)


def permission(apps, app_label, model, codename, name):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    content_type, _created = ContentType.objects.get_or_create(app_label=app_label, model=model)
    return Permission.objects.get_or_create(content_type=content_type, codename=codename, defaults={"name": name})[0]


def give_rights(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    Page = apps.get_model("wagtailcore", "Page")
    editors, _created = Group.objects.get_or_create(name=GROUP)
    for app_label, model, codename, name in SITE_WIDE:
        editors.permissions.add(permission(apps, app_label, model, codename, name))
    root = Page.objects.get(depth=1)
    for codename, name in ON_PAGES:
        right = permission(apps, "wagtailcore", "page", codename, name)
        GroupPagePermission.objects.get_or_create(group_id=editors.pk, page_id=root.pk, permission_id=right.pk)


def take_rights(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    editors = Group.objects.filter(name=GROUP).first()
    if editors is None:
        return
    for app_label, model, codename, name in SITE_WIDE[1:]:
        editors.permissions.remove(permission(apps, app_label, model, codename, name))
    GroupPagePermission.objects.filter(
        group_id=editors.pk, permission__codename__in=["publish_page", "lock_page"]
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0002_home_pages"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailadmin", "0005_editingsession_is_editing"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
        ("simple_translation", "0001_initial"),
    ]

    operations = [migrations.RunPython(give_rights, take_rights)]
