"""Every provider of transfer notices by the name in its webhook's address: one line each."""

from shop.payments.transfer_notices import sepay
from shop.payments.transfer_notices.interface import NoticeProvider

PROVIDERS: dict[str, NoticeProvider] = {
    "sepay": sepay,
}
