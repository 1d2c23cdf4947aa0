"""A producer with goods, orders and people around her, for the tests of the pages at work."""

import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from catalogue.models import Product
from merchants.models import Merchant
from shop.delivery.models import DeliveryOption
from shop.order.models import Order
from shop.payments.models import PaymentAttempt, Receipt
from shop.purchase.choices import MerchantChoice
from shop.users.models import User
from tests.factories import BankAccountFactory, MembershipFactory, ProductFactory
from tests.factories.purchases import COLLECT_AND_TRANSFER, basket_with, place
from tests.people import lan_the_producer
from tests.sign_in import sign_in

DELIVER_AND_TRANSFER = MerchantChoice(payment="transfer", delivery="flat_rate")
DELIVER_AND_CASH = MerchantChoice(payment="cod", delivery="flat_rate")


@dataclass
class Scene:
    """Lan's shop; `client` is her browser."""

    user: User
    merchant: Merchant
    product: Product
    client: Client

    def order(self, choice: MerchantChoice = COLLECT_AND_TRANSFER, *, quantity: int = 1) -> Order:
        return place(basket_with({self.product: quantity}), choice).orders[0]

    def attempt(self, order: Order) -> PaymentAttempt:
        return PaymentAttempt.objects.get(order=order)

    def doubtful(self, *, amount: int = 50_000, memo: str = "mua mat ong", number: str = "1") -> Receipt:
        """Money on her account that names no order."""
        from django.utils import timezone

        return Receipt.objects.create(
            evidence=Receipt.Evidence.BANK_NOTICE,
            source=f"test:{self.merchant.pk}",
            transaction_id=number,
            merchant=self.merchant,
            account=self.merchant.bank_accounts.get(),
            amount_vnd=Decimal(amount),
            memo=memo,
            occurred_at=timezone.now(),
            state=Receipt.State.DOUBTFUL,
            reason=Receipt.Reason.UNKNOWN_REFERENCE,
        )


def lans_shop() -> Scene:
    lan = lan_the_producer()
    if not DeliveryOption.objects.exists():
        DeliveryOption.objects.create(kind="flat_rate", price_vnd=30_000)
        DeliveryOption.objects.create(kind="collect")
    product = ProductFactory(merchant=lan.merchant, title="Mật ong hoa rừng", price=50_000, in_stock=40)
    return Scene(user=lan.user, merchant=lan.merchant, product=product, client=sign_in(Client(), lan.user))


def another_shop(name: str = "Gạo Tâm") -> Scene:
    membership = MembershipFactory(merchant__name=name)
    BankAccountFactory(merchant=membership.merchant)
    product = ProductFactory(merchant=membership.merchant, title="Gạo nếp", price=50_000, in_stock=40)
    return Scene(
        user=membership.user,
        merchant=membership.merchant,
        product=product,
        client=sign_in(Client(), membership.user),
    )


def photo_file(name: str = "anh.jpg", *, size: tuple[int, int] = (800, 600), kind: str = "JPEG") -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", size, "orange").save(buffer, kind)
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")


def says(answer: Any) -> list[str]:
    """The messages of the page one lands on."""
    return [str(message) for message in answer.context["messages"]]
