"""The demo's orders: one in each state, made through the very functions a buyer and a seller use."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from catalogue.demo.seed import product_code
from catalogue.models import Product
from merchants.demo.plan import DemoPlan
from merchants.demo.register import COMMUNE_CODE, COMMUNE_NAME, PROVINCE_CODE, PROVINCE_NAME
from merchants.models import BankAccount
from shop.order.models import Fulfilment, Order, OrderTransition, PaymentMethod
from shop.outbox.models import OutboxMessage
from shop.payments.by_word import buyer_says_sent, cash_collected, sellers_word
from shop.payments.demo import bank_says
from shop.payments.models import PaymentAttempt, Receipt, Refund
from shop.payments.refunds import mark_refund_sent, refund_due
from shop.purchase.basket import Basket, add_to_basket, lines_of
from shop.purchase.choices import MerchantChoice
from shop.purchase.holds import end_due_holds
from shop.purchase.models import Purchase
from shop.purchase.place_purchase import BuyerDetails, DeliveryAddress, place_purchase
from shop.purchase.policies import current_policies
from shop.purchase.states import By, advance_fulfilment
from shop.users.demo import demo_user
from shop.users.models import User

NOTICE_NUMBERS_FROM = 9_000_000  # of the seeded bank notices
TRANSFER, CASH = PaymentMethod.TRANSFER, PaymentMethod.CASH_ON_DELIVERY


@dataclass
class Story:
    """One purchase and what happens to it. `goods`: product code → how many; `then` runs on the placed orders."""

    key: str
    buyer: str
    phone: str
    goods: dict[str, int]
    hours_ago: float
    then: Callable[["Telling"], None] | None = None
    payment: str = TRANSFER
    delivery: str = "flat_rate"
    language: str = "vi"
    note: str = ""
    is_shopper: bool = False


@dataclass
class Telling:
    """A story while it is told: the orders, when they were placed, the number of the next bank notice."""

    orders: list[Order]
    placed_at: datetime
    notice_number: int
    now: datetime
    step: int = field(default=0)

    @property
    def order(self) -> Order:
        found: Order = Order.objects.get(pk=self.orders[0].pk)
        return found

    def hours_later(self, hours: float) -> datetime:
        """A moment so long after the order was placed."""
        return self.placed_at + timedelta(hours=hours)

    def owner(self) -> User:
        """Who acts for the merchant: its first person in the demo, else the platform's staff."""
        return User.objects.filter(memberships__merchant_id=self.order.merchant_id).order_by(
            "memberships__pk"
        ).first() or demo_user("staff")

    def pays(
        self, *, share: Decimal = Decimal(1), extra: int = 0, memo: str | None = None, order: Order | None = None
    ) -> None:
        """The bank tells of a transfer of that share of the total, plus `extra`."""
        order = order or self.order
        account = BankAccount.objects.get(merchant=order.merchant_id, status="active", is_receiving=True)
        amount = (order.total_incl_tax * share).quantize(Decimal(1)) + extra
        self.notice_number += 1
        bank_says(
            number=self.notice_number,
            account=account,
            amount_vnd=amount,
            memo=memo if memo is not None else f"{order.number} chuyen tien mua hang",
            at=min(self.placed_at + timedelta(minutes=4 + 3 * self.step), self.now),
        )
        self.step += 1

    def goes(self, *states: str) -> None:
        """The seller takes the order through these fulfilment states."""
        for state in states:
            advance_fulfilment(order=self.order, to=state, by=By.SELLER, actor=self.owner())

    def attempt(self) -> PaymentAttempt:
        return PaymentAttempt.objects.filter(order=self.order).latest("pk")


def _paid(*states: str) -> Callable[[Telling], None]:
    def then(told: Telling) -> None:
        told.pays()
        told.goes(*states)

    return then


def _cash(*states: str) -> Callable[[Telling], None]:
    def then(told: Telling) -> None:
        told.goes(*states)
        cash_collected(order=told.order, actor=told.owner())

    return then


def _paid_in_part(told: Telling) -> None:
    told.pays(share=Decimal("0.6"))
    told.goes("confirmed")


def _cancelled_by_buyer(told: Telling) -> None:
    advance_fulfilment(order=told.order, to=Fulfilment.CANCELLED, by=By.BUYER, reason="Đặt nhầm số lượng")


def _cancelled_after_paying(told: Telling) -> None:
    told.pays()
    advance_fulfilment(
        order=told.order, to=Fulfilment.CANCELLED, by=By.SELLER, actor=told.owner(), reason="Mưa, không phơi kịp hàng"
    )


def _refunded(told: Telling) -> None:
    _cancelled_after_paying(told)
    for refund in Refund.objects.filter(attempt__order=told.order, state=Refund.State.DUE):
        mark_refund_sent(refund=refund, actor=told.owner())


def _part_refunded(told: Telling) -> None:
    told.pays()
    told.goes("confirmed", "packed", "sent", "delivered")
    refund = refund_due(
        attempt=told.attempt(),
        amount_vnd=Decimal(20_000),
        reason="Vỡ một lọ khi giao",
        by=By.SELLER,
        actor=told.owner(),
    )
    mark_refund_sent(refund=refund, actor=told.owner())


def _paid_after_the_end(told: Telling) -> None:
    """The hold ran out; then the money came."""
    end_due_holds(told.placed_at + timedelta(hours=1))
    told.placed_at += timedelta(hours=2)
    told.pays()


def _word_of_seller(told: Telling) -> None:
    buyer_says_sent(attempt=told.attempt())
    sellers_word(attempt=told.attempt(), amount_vnd=told.order.total_incl_tax, actor=told.owner())


def _word_of_buyer(told: Telling) -> None:
    told.goes("confirmed")
    buyer_says_sent(attempt=told.attempt())


def _three_sellers(told: Telling) -> None:
    told.pays(order=Order.objects.get(pk=told.orders[0].pk))
    told.goes("confirmed")
    for order in told.orders[1:]:
        advance_fulfilment(order=Order.objects.get(pk=order.pk), to="confirmed", by=By.SELLER)


def _strangers_money(told: Telling) -> None:
    """Paid in full; then a transfer of which nobody knows what it is for, and the same money once more."""
    told.pays()
    told.pays(share=Decimal("0.5"), memo="ck tien gao ba Lan")
    told.pays()


# All but the last stand as told for ever; that one waits for its money until the clock ends it after half an hour.
STORIES: tuple[Story, ...] = (
    Story(
        key="moi-da-tra",
        buyer="Hồ Mẫu Thanh",
        phone="+84740000501",
        goods={"gao-thom-2": 1, "gao-nep": 2},
        hours_ago=1,
        then=_paid(),
    ),
    Story(
        key="cho-tra",
        buyer="Lương Mẫu Diệp",
        phone="+84740000502",
        goods={"gao-lut": 2},
        hours_ago=3,
        then=lambda told: told.goes("confirmed"),
    ),
    Story(
        key="xac-nhan",
        buyer="Tạ Mẫu Khánh",
        phone="+84740000503",
        goods={"mat-ong-2": 1},
        hours_ago=5,
        then=_paid("confirmed"),
    ),
    Story(
        key="dong-goi",
        buyer="Đinh Mẫu Vân",
        phone="+84740000504",
        goods={"cam": 2},
        hours_ago=9,
        then=_paid("confirmed", "packed"),
        note="Gọi trước khi giao.",
    ),
    Story(
        key="da-gui",
        buyer="Kiều Mẫu Trang",
        phone="+84740000505",
        goods={"che-sao": 2, "tra-gung-sa": 1},
        hours_ago=30,
        then=_paid("confirmed", "packed", "sent"),
    ),
    Story(
        key="da-giao",
        buyer="Nguyễn Mẫu Minh",
        phone="+84740000401",
        goods={"tuong-nep": 2, "ca-phao": 1},
        hours_ago=120,
        then=_paid("confirmed", "packed", "sent", "delivered"),
        is_shopper=True,
    ),
    Story(
        key="tra-thieu",
        buyer="Mạc Mẫu Dung",
        phone="+84740000506",
        goods={"gao-thom-3": 1},
        hours_ago=6,
        then=_paid_in_part,
    ),
    Story(
        key="tra-thua",
        buyer="Quách Mẫu Linh",
        phone="+84740000507",
        goods={"keo-lac": 3},
        hours_ago=7,
        then=lambda told: told.pays(extra=10_000),
    ),
    Story(
        key="tien-mat",
        buyer="Thái Mẫu Sơn",
        phone="+84740000508",
        goods={"trung-ga": 1, "ga-doi": 1},
        hours_ago=4,
        payment=CASH,
    ),
    Story(
        key="tien-mat-da-thu",
        buyer="Châu Mẫu Hiếu",
        phone="+84740000509",
        goods={"lac-nhan": 2},
        hours_ago=60,
        payment=CASH,
        then=_cash("confirmed", "packed", "sent", "delivered"),
    ),
    Story(
        key="khach-huy",
        buyer="Ông Mẫu Phong",
        phone="+84740000510",
        goods={"hat-sen": 1},
        hours_ago=20,
        then=_cancelled_by_buyer,
    ),
    Story(
        key="cho-hoan",
        buyer="La Mẫu Quyên",
        phone="+84740000511",
        goods={"dau-lac": 2},
        hours_ago=26,
        then=_cancelled_after_paying,
    ),
    Story(key="da-hoan", buyer="Từ Mẫu Nhi", phone="+84740000512", goods={"lac-rang": 2}, hours_ago=80, then=_refunded),
    Story(
        key="hoan-mot-phan",
        buyer="Giáp Mẫu Hưng",
        phone="+84740000513",
        goods={"gung-mat-ong": 2},
        hours_ago=90,
        then=_part_refunded,
    ),
    Story(
        key="het-gio",
        buyer="Ưng Mẫu Lam",
        phone="+84740000514",
        goods={"gao-nep": 1},
        hours_ago=8,
        then=_paid_after_the_end,
    ),
    Story(
        key="nguoi-ban-noi",
        buyer="Bạch Mẫu Yên",
        phone="+84740000515",
        goods={"bun-kho": 4},
        hours_ago=10,
        then=_word_of_seller,
    ),
    Story(
        key="khach-noi",
        buyer="Hứa Mẫu Duy",
        phone="+84740000516",
        goods={"mien-dong": 2},
        hours_ago=2,
        then=_word_of_buyer,
    ),
    Story(
        key="ba-nha",
        buyer="Nguyễn Mẫu Minh",
        phone="+84740000401",
        goods={"mat-ong-1": 1, "gao-thom-1": 2, "lan-may": 1},
        hours_ago=12,
        then=_three_sellers,
        is_shopper=True,
    ),
    Story(
        key="tien-la",
        buyer="Khúc Mẫu Đan",
        phone="+84740000517",
        goods={"gao-thom-1": 3},
        hours_ago=14,
        then=_strangers_money,
    ),
    Story(
        key="tu-den-lay",
        buyer="Lục Mẫu Hân",
        phone="+84740000518",
        goods={"gio-qua": 1},
        hours_ago=16,
        delivery="collect",
        then=_paid("confirmed", "packed"),
    ),
    Story(
        key="vua-dat",
        buyer="Tống Mẫu Ngân",
        phone="+84740000519",
        goods={"mat-ong-2": 1, "keo-lac": 2},
        hours_ago=0,
    ),
)


def seed(plan: DemoPlan) -> None:
    """Tell every story that was not told yet."""
    told = tell_all(plan, STORIES)
    plan.say(f"orders: {told} purchases, {Receipt.objects.count()} receipts")


def tell_all(plan: DemoPlan, stories: Iterable[Story], *, first_position: int = 0) -> int:
    """Tell those that were not told yet and return how many; positions number their bank notices.

    Nobody gets letters about an invented past: its messages are dropped.
    """
    told = 0
    last_message = OutboxMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for position, story in enumerate(stories, start=first_position):
        codes = {product_code(key): quantity for key, quantity in story.goods.items()}
        products = {product.code: product for product in Product.objects.filter(code__in=codes)}
        if len(products) < len(codes) or Purchase.objects.filter(idempotency_key=_key(story)).exists():
            continue
        with transaction.atomic():
            _tell(story, {products[code]: quantity for code, quantity in codes.items()}, plan, position)
        told += 1
    OutboxMessage.objects.filter(pk__gt=last_message).delete()
    return told


def _key(story: Story) -> str:
    return f"mau-mua-hang-{story.key}"


def _tell(story: Story, goods: Mapping[Product, int], plan: DemoPlan, position: int) -> None:
    placed_at = plan.now - timedelta(hours=story.hours_ago)
    basket = Basket.objects.create()
    for product, quantity in goods.items():
        add_to_basket(basket=basket, product_id=product.pk, quantity=quantity, commune=None)
    choice = MerchantChoice(payment=story.payment, delivery=story.delivery)
    placed = place_purchase(
        basket=basket,
        buyer=BuyerDetails(
            name=story.buyer,
            phone=story.phone,
            email="khach@example.com",
            address=DeliveryAddress(
                line="Số 1, Xóm 1 (địa chỉ mẫu)",
                commune_code=COMMUNE_CODE,
                commune_name=COMMUNE_NAME,
                province_code=PROVINCE_CODE,
                province_name=PROVINCE_NAME,
            ),
            note=story.note,
        ),
        choices={line.product.merchant_id: choice for line in lines_of(basket)},
        idempotency_key=_key(story),
        accepted_policy_ids=[policy.pk for policy in current_policies()],
        commune=None,
        language=story.language,
        user=demo_user("shopper") if story.is_shopper else None,
        now=placed_at,
    )
    Purchase.objects.filter(pk=placed.purchase.pk).update(placed_at=placed_at)
    telling = Telling(list(placed.orders), placed_at, NOTICE_NUMBERS_FROM + position * 10, plan.now)
    if story.then:
        story.then(telling)
    _date_back(telling)


def _date_back(told: Telling) -> None:
    """Spread the steps over the time since the order, so that its story reads like one."""
    for order in told.orders:
        steps = list(OrderTransition.objects.filter(order=order).order_by("pk").values_list("pk", flat=True))
        span = (told.now - order.date_placed) * 0.8
        for number, pk in enumerate(steps):
            moment = order.date_placed + span * (number / max(1, len(steps)))
            OrderTransition.objects.filter(pk=pk).update(at=moment)
