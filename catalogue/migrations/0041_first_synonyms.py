"""Words that mean the same in the north, in Nghệ An and in the south, to begin with; staff change them in /cms/.

Only pairs that stay apart from other words without tone marks: “thơm” for pineapple would find every fragrant rice.
"""

from django.db import migrations

GROUPS = (
    "lạc, đậu phộng",
    "thịt lợn, thịt heo",
    "đậu phụ, đậu hũ, tàu hũ",
    "bánh đa, bánh tráng",
    "mướp đắng, khổ qua",
    "củ sắn, khoai mì",
    "muối vừng, muối mè",
    "vừng đen, mè đen",
    "vừng trắng, mè trắng",
    "giò lụa, chả lụa",
    "ruốc, chà bông",
    "mộc nhĩ, nấm mèo",
    "hạt điều, đào lộn hột",
    "mắm nêm, mắm cái",
    "nước mắm cốt, nước mắm nhĩ",
    "hành tăm, củ nén",
    "bánh mướt, bánh ướt, bánh cuốn",
    "chè xanh, trà xanh",
    "chè vằng, trà vằng",
    "hồng xiêm, sa pô chê",
    "cà phê, cafe",
    "ngô nếp, bắp nếp",
    "quả bơ, trái bơ",
    "rau mùi, ngò rí",
)


def add_groups(apps, schema_editor):
    SynonymGroup = apps.get_model("catalogue", "SynonymGroup")
    SynonymGroup.objects.bulk_create(SynonymGroup(words=words) for words in GROUPS)


def drop_groups(apps, schema_editor):
    apps.get_model("catalogue", "SynonymGroup").objects.filter(words__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0040_synonyms")]
    operations = [migrations.RunPython(add_groups, drop_groups)]
