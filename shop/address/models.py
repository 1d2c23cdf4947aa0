"""A member's saved address, with the provinces and communes of today beside Oscar's lines."""

from hashlib import sha256

from django.db import models
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.abstract_models import AbstractUserAddress


class UserAddress(AbstractUserAddress):
    """`line1` is house, street, village; `line4` the commune's and `state` the province's name as shown.

    `first_name` is the whole name of who receives there. `former_address` is what the person typed of the old
    three-level address, for the carrier. `chosen_at`: when it was last used for a purchase, or made the first.
    """

    province_code = models.CharField(_("province"), max_length=2, blank=True)
    commune_code = models.CharField(_("commune"), max_length=5, blank=True)
    former_address = models.CharField(_("old address"), max_length=160, blank=True)
    chosen_at = models.DateTimeField(null=True, blank=True, editable=False)

    @property
    def phone(self) -> str:
        """The recipient's number in E.164; empty where none was given."""
        return self.phone_number.as_e164 if self.phone_number else ""

    def generate_hash(self) -> str:
        """Tell one address from another: in a village two people of one "Xóm 4" are two, which Oscar's hash is not."""
        facts = (self.first_name, self.phone, self.line1, self.commune_code)
        return sha256("\n".join(fact.strip().upper() for fact in facts).encode()).hexdigest()


from oscar.apps.address.models import *  # noqa: E402, F403
