"""Objects for tests, as small as the models allow; a test names only what it is about.

People with a name stand in tests/people.py. Everything here is invented.
"""

from tests.factories.catalogue import CertificateFactory, ProductFactory, VariantsFactory, listed_product
from tests.factories.merchants import (
    BankAccountFactory,
    CommuneFactory,
    MembershipFactory,
    MerchantFactory,
    UserFactory,
    VillageFactory,
)

__all__ = [
    "BankAccountFactory",
    "CertificateFactory",
    "CommuneFactory",
    "MembershipFactory",
    "MerchantFactory",
    "ProductFactory",
    "UserFactory",
    "VariantsFactory",
    "VillageFactory",
    "listed_product",
]
