"""Communes, businesses, accounts, people and what they may do."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from merchants.models import BankAccount, Commune, Membership, Merchant, Village
from shop.users.models import User


class CommuneFactory(DjangoModelFactory):
    class Meta:
        model = Commune
        django_get_or_create = ["code"]

    code = factory.Sequence(lambda n: f"{90000 + n}")
    name = factory.Sequence(lambda n: f"xã Thử Nghiệm {n}")
    province_code = "40"
    province_name = "Nghệ An"


class VillageFactory(DjangoModelFactory):
    class Meta:
        model = Village

    commune = factory.SubFactory(CommuneFactory)
    name = factory.Sequence(lambda n: f"Xóm {n + 1}")


class MerchantFactory(DjangoModelFactory):
    class Meta:
        model = Merchant

    village = factory.SubFactory(VillageFactory)
    commune = factory.SelfAttribute("village.commune")
    name = factory.Sequence(lambda n: f"Hộ thử nghiệm {n}")
    phone = factory.Sequence(lambda n: f"+8491{n:07d}")
    is_public = True


class BankAccountFactory(DjangoModelFactory):
    """An active receiving account; DEMO numbers exist at no bank."""

    class Meta:
        model = BankAccount

    merchant = factory.SubFactory(MerchantFactory)
    bank_code = "VCB"
    bank_bin = "970436"
    number = factory.Sequence(lambda n: f"DEMO{n:08d}")
    holder_name = "NGUOI THU NGHIEM"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    full_name = factory.Sequence(lambda n: f"Người Thử {n}")
    email = factory.Sequence(lambda n: f"nguoi{n}@example.test")
    password = factory.django.Password("mat-khau-thu-nghiem")


class MembershipFactory(DjangoModelFactory):
    """An owner of a new business, since yesterday."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Membership.Role.OWNER
    merchant = factory.SubFactory(MerchantFactory)
    starts_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
