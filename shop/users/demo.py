"""The demo's people: one for every role, with passwords that everybody may know. Exists with DEMO=1 only."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from merchants.demo.plan import DemoPlan
from merchants.demo.register import COMMUNE_CODE
from merchants.demo.seed import named_merchants
from merchants.memberships import grant_role
from merchants.models import Commune, Membership
from shop.users.demo_second_factor import seed_totp
from shop.users.models import User
from shop.users.people import add_person

PASSWORD = "hop-minh-2026"  # noqa: S105  # of every invented person, printed by `make demo`
HELPER_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class DemoPerson:
    """Somebody to sign in as. `role` is a Membership role, "staff" or "shopper"; `merchant` a key of the register.

    `totp`: base-32 secret of the second factor, for the roles that need one.
    """

    name: str
    role: str
    email: str
    phone: str = ""
    merchant: str = ""
    totp: str = ""


# Names carry "Mẫu"; phones lie in the block that cannot ring (merchants.demo.register).
PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson(name="Quản trị Mẫu", role="staff", email="quantri@example.com", totp="HOPMINHDEMOAAAAAQUANTRIAAAAAAAAA"),
    DemoPerson(
        name="Lê Mẫu Hoa",
        role="officer",
        email="canbo@example.com",
        phone="+84740000201",
        totp="HOPMINHDEMOBBBBBCANBOBBBBBBBBBBB",
    ),
    DemoPerson(
        name="Phạm Mẫu Quang",
        role="head_officer",
        email="truongphong@example.com",
        phone="+84740000202",
        totp="HOPMINHDEMOCCCCCTRUONGPHONGCCCCC",
    ),
    DemoPerson(
        name="Đỗ Mẫu Thu", role="province_viewer", email="tinh@example.com", totp="HOPMINHDEMODDDDDTINHDDDDDDDDDDDD"
    ),
    DemoPerson(name="Vũ Mẫu Mai", role="editor", email="bientap@example.com", totp="HOPMINHDEMOEEEEEBIENTAPEEEEEEEEE"),
    DemoPerson(
        name="Ngô Thị Mẫu Lan", role="owner", email="lan@example.com", phone="+84740000101", merchant="dong-sen"
    ),
    DemoPerson(name="Phan Văn Mẫu Hải", role="owner", email="hai@example.com", phone="+84740000102", merchant="doi-mo"),
    DemoPerson(
        name="Trần Mẫu Thị Hòa", role="owner", email="hoa@example.com", phone="+84740000103", merchant="vuon-nang"
    ),
    DemoPerson(
        name="Lê Thị Mẫu Thảo", role="owner", email="thao@example.com", phone="+84740000104", merchant="bep-than"
    ),
    DemoPerson(
        name="Hoàng Mẫu Văn Tư", role="owner", email="tu@example.com", phone="+84740000105", merchant="chum-sanh"
    ),
    DemoPerson(name="Trịnh Mẫu Sáu", role="seller", email="sau@example.com", phone="+84740000301", merchant="dong-sen"),
    DemoPerson(name="Mai Mẫu Út", role="packer", email="ut@example.com", phone="+84740000302", merchant="dong-sen"),
    DemoPerson(name="Cao Mẫu Nhật", role="helper", email="nhat@example.com", phone="+84740000303", merchant="san-phoi"),
    DemoPerson(name="Nguyễn Mẫu Minh", role="shopper", email="minh@example.com", phone="+84740000401"),
)


def demo_user(role: str, merchant: str = "") -> User:
    """The invented person of this role (and merchant); raises LookupError where the demo has none."""
    for person in PEOPLE:
        if person.role == role and person.merchant == merchant:
            return User.objects.get(email=person.email)
    raise LookupError(f"no demo person is {role} {merchant}".rstrip())


@transaction.atomic
def seed(plan: DemoPlan) -> None:
    """Make who is missing; a person who is there keeps her password and roles."""
    if not settings.DEMO:
        raise ImproperlyConfigured("people with known passwords exist with DEMO=1 only")
    merchants = named_merchants()
    commune = Commune.objects.get(code=COMMUNE_CODE)
    added = 0
    for person in PEOPLE:
        if User.objects.filter(email=person.email).exists() or (person.merchant and person.merchant not in merchants):
            continue
        user = add_person(
            full_name=person.name,
            phone=person.phone or None,
            email=person.email,
            password=PASSWORD,
            email_is_verified=True,
            phone_verified=bool(person.phone),
            is_staff=person.role == "staff",
            is_superuser=person.role == "staff",
        )
        added += 1
        if person.totp:
            seed_totp(user=user, secret=person.totp)
        if person.role in Membership.Role.values:
            grant_role(
                user=user,
                role=person.role,
                merchant=merchants[person.merchant] if person.merchant else None,
                commune=commune if person.role in ("officer", "head_officer", "editor") else None,
                until=plan.now + timedelta(days=HELPER_DAYS) if person.role == "helper" else None,
                now=plan.now,
            )
    plan.say(f"people: {added} new")
