"""A member's saved address, with the provinces and communes of today beside Oscar's lines."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.abstract_models import AbstractUserAddress


class UserAddress(AbstractUserAddress):
    """`line1` is house, street, village; `line4` the commune's and `state` the province's name as shown.

    `former_address` is what the person typed of the old three-level address, for the carrier.
    """

    province_code = models.CharField(_("province"), max_length=2, blank=True)
    commune_code = models.CharField(_("commune"), max_length=5, blank=True)
    former_address = models.CharField(_("old address"), max_length=160, blank=True)


from oscar.apps.address.models import *  # noqa: E402, F403
