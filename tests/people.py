"""A few people whom tests call by name, each with her place."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from merchants.models import BankAccount, Commune, Membership, Merchant
from shop.users.models import User
from tests.factories import BankAccountFactory, CommuneFactory, MembershipFactory, MerchantFactory, UserFactory


@dataclass(frozen=True)
class Producer:
    """A person, her business and the account it is paid on."""

    user: User
    merchant: Merchant
    account: BankAccount


def lan_the_producer() -> Producer:
    """Owner of a honey household in the first commune."""
    return _producer("Nguyễn Thị Lan", "Mật ong Lan (mẫu)", "lan@example.test")


def tam_the_producer() -> Producer:
    """Owner of another business; whatever is Lan's must be 404 to him."""
    return _producer("Trần Văn Tâm", "Gạo sạch Tâm (mẫu)", "tam@example.test")


def _producer(name: str, business: str, email: str) -> Producer:
    merchant = MerchantFactory(name=business)
    user = UserFactory(full_name=name, email=email)
    MembershipFactory(user=user, merchant=merchant)
    return Producer(user=user, merchant=merchant, account=BankAccountFactory(merchant=merchant))


def hoa_the_officer(commune: Commune | None = None, *, role: str = Membership.Role.OFFICER) -> User:
    """An officer of the given commune (a new one by default)."""
    user = UserFactory(full_name="Phan Thị Hoa", email=f"hoa-{role}@example.test")
    MembershipFactory(user=user, role=role, merchant=None, commune=commune or CommuneFactory())
    return user


def minh_the_buyer() -> User:
    """A shopper with an account and no role."""
    return UserFactory(full_name="Lê Quang Minh", email="minh@example.test")


def duc_the_helper(merchant: Merchant) -> User:
    """Helps a producer under a grant that ends in a week."""
    user = UserFactory(full_name="Võ Đức", email="duc@example.test")
    MembershipFactory(
        user=user, role=Membership.Role.HELPER, merchant=merchant, until=timezone.now() + timedelta(days=7)
    )
    return user


def mai_the_editor() -> User:
    """Writes the commune's pages; her membership puts her into Wagtail's group of editors."""
    user = UserFactory(full_name="Vũ Mai", email="mai@example.test")
    MembershipFactory(user=user, role=Membership.Role.EDITOR, merchant=None, commune=CommuneFactory())
    return user


def quang_of_the_platform() -> User:
    """Staff of the installation, with every right."""
    return UserFactory(full_name="Phạm Quang", email="quang@example.test", is_staff=True, is_superuser=True)
