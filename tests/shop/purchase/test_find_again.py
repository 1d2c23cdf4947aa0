"""A purchase is found again: by phone and look-up code, by a code to the mailbox, among one's own; and bought again."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from merchants.models import AuditEntry
from shop.outbox.deliver import deliver_due
from shop.outbox.models import OutboxMessage
from shop.partner.models import StockRecord
from shop.purchase.basket import BasketLine, read_basket
from shop.purchase.buy_again import BoughtAgain, buy_again
from shop.purchase.look_up import find_by_code, issue_code, own_purchases, read_code, shown_code
from shop.purchase.models import Purchase
from tests.factories import UserFactory
from tests.factories.purchases import basket_with, place, placed_order, sellable_product
from tests.people import minh_the_buyer
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db
PHONE = "+84912345678"


@pytest.fixture(autouse=True)
def forget_tries() -> None:
    cache.clear()


@pytest.fixture
def purchase() -> Purchase:
    purchase = placed_order().purchase
    assert purchase is not None
    Purchase.objects.filter(pk=purchase.pk).update(look_up_code="K7P3MX")
    purchase.refresh_from_db()
    OutboxMessage.objects.all().delete()  # the letters about the order itself
    return purchase


def test_each_purchase_has_a_code_of_its_own_from_the_order_numbers_alphabet() -> None:
    codes = {placed_order().purchase.look_up_code for _ in range(5)}  # type: ignore[union-attr]

    assert len(codes) == 5
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{6}", code) for code in codes)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("K7P3MX", "K7P3MX"),
        ("k7p-3mx", "K7P3MX"),
        (" K7P 3MX ", "K7P3MX"),
        ("KOl1OI", "K01101"),
        ("K7P3M", ""),
        ("K7P3MXX", ""),
        ("K7P3MU", ""),
        ("", ""),
        ("'; --", ""),
        ("K7P3MX" * 50, ""),
        ("K7P3M\x00", ""),
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str, code: str) -> None:
    assert read_code(typed) == code


def test_only_phone_and_code_together_find_the_purchase(purchase: Purchase) -> None:
    assert find_by_code(phone=PHONE, code="k7p-3mx") == purchase
    assert find_by_code(phone="+84987654321", code="K7P3MX") is None
    assert find_by_code(phone=PHONE, code="K7P3MZ") is None
    assert find_by_code(phone=PHONE, code="") is None


class TestPhoneAndCode:
    def find(self, client: Client, phone: str = "0912 345 678", code: str = "K7P-3MX") -> Any:
        return client.post("/tim-don/", {"phone": phone, "code": code})

    def test_leads_to_the_purchase(self, client: Client, purchase: Purchase) -> None:
        assert shown_code(purchase.look_up_code) in client.get(purchase.get_absolute_url()).content.decode()

        assert self.find(client).headers["Location"] == purchase.get_absolute_url()

    @pytest.mark.parametrize(
        ("phone", "code", "said"),
        [
            ("0987 654 321", "K7P-3MX", "Không có đơn nào khớp cả số điện thoại lẫn mã này."),
            ("0912 345 678", "K7P-3MZ", "Không có đơn nào khớp cả số điện thoại lẫn mã này."),
            ("12", "K7P-3MX", "Đây không phải là số điện thoại Việt Nam."),
            ("", "", "Vui lòng điền mã tra cứu."),
        ],
    )
    def test_says_no_more_than_that_both_together_fit_nothing(
        self, client: Client, purchase: Purchase, phone: str, code: str, said: str
    ) -> None:
        answer = self.find(client, phone, code)

        assert answer.status_code == 422
        assert said in answer.content.decode()

    @pytest.mark.parametrize(
        ("code", "is_hidden"), [("K7P-3MZ", True), ("", False)], ids=["nothing fits", "something is missing"]
    )
    def test_says_that_something_is_missing_only_where_it_is(
        self, client: Client, purchase: Purchase, code: str, *, is_hidden: bool
    ) -> None:
        page = self.find(client, code=code).content.decode()

        titles = re.findall(r'<p class="notice__title" data-error-title (hidden)?', page)
        assert titles == ["hidden" if is_hidden else ""]
        assert ('class="notice__title">Không có đơn nào khớp' in page) is is_hidden

    def test_guessing_ends_after_ten_tries_an_hour_from_wherever_they_come(self, purchase: Purchase) -> None:
        answers = [
            self.find(Client(REMOTE_ADDR=f"203.0.113.{place}"), code="AAAAAA").status_code for place in range(11)
        ]

        assert answers == [422] * 10 + [429]
        assert self.find(Client(REMOTE_ADDR="203.0.113.99")).status_code == 429  # not even with the right code

    def test_one_place_may_not_try_many_phones(self, client: Client, purchase: Purchase) -> None:
        answers = [self.find(client, f"09123456{number:02d}").status_code for number in range(21)]

        assert answers == [422] * 20 + [429]


class TestNewCode:
    def test_ends_the_old_one_is_audited_without_the_code_and_told_to_the_buyer(
        self, client: Client, purchase: Purchase
    ) -> None:
        order = purchase.orders.get()
        actor = UserFactory(full_name="Nguyễn Thị Lan")
        code = issue_code(order=order, actor=actor, issuer="Mật ong Lan", on_behalf_of=order.merchant)

        assert code != "K7P3MX"
        assert find_by_code(phone=PHONE, code="K7P3MX") is None
        assert find_by_code(phone=PHONE, code=code) == purchase
        entry = AuditEntry.objects.get(action="purchase.look_up_code_issued")
        assert (entry.actor, entry.on_behalf_of, entry.object_id) == (actor, order.merchant, str(order.pk))
        assert code not in f"{entry.before}{entry.after}"
        deliver_due(worker="w")
        assert [letter.to for letter in mail.outbox] == [["minh@example.test"]]
        assert "Mật ong Lan vừa cấp mã tra cứu mới" in mail.outbox[0].body
        assert code not in mail.outbox[0].body
        page = client.get(purchase.get_absolute_url()).content.decode()
        assert "Mật ong Lan cấp mã này lúc" in page
        assert shown_code(code) in page


class TestMailbox:
    def code_in_letter(self) -> str:
        deliver_due(worker="w")
        found = re.search(r"\b(\d{6})\b", mail.outbox[-1].subject)
        assert found
        return found.group(1)

    def ask(self, client: Client, email: str = "Minh@Example.test") -> Any:
        return client.post("/tim-don/gui-ma/", {"email": email})

    def test_the_code_from_the_letter_opens_the_list(self, client: Client, purchase: Purchase) -> None:
        assert self.ask(client).headers["Location"] == "/tim-don/nhap-ma/"

        sealed = OutboxMessage.objects.get().payload["code_sealed"]
        code = self.code_in_letter()
        answer = client.post("/tim-don/nhap-ma/", {"mailbox_code": f" {code[:3]} {code[3:]}"}, follow=True)

        assert code not in sealed
        assert purchase.get_absolute_url() in answer.content.decode()
        assert purchase.get_absolute_url() not in Client().get("/tim-don/").content.decode()
        assert client.get("/tim-don/nhap-ma/").status_code == 302  # a code works once

    def test_an_address_that_bought_nothing_is_answered_the_same_and_gets_no_letter(
        self, client: Client, purchase: Purchase
    ) -> None:
        known, unknown = self.ask(Client()), self.ask(client, "la@example.test")

        assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
        assert OutboxMessage.objects.count() == 1
        assert client.get("/tim-don/nhap-ma/").status_code == 200

    def test_five_wrong_codes_end_it(self, client: Client, purchase: Purchase) -> None:
        self.ask(client)
        right = self.code_in_letter()
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"

        answers = [client.post("/tim-don/nhap-ma/", {"mailbox_code": wrong}).status_code for _ in range(5)]
        late = client.post("/tim-don/nhap-ma/", {"mailbox_code": right}, follow=True)

        assert answers == [422] * 4 + [302]
        assert purchase.get_absolute_url() not in late.content.decode()

    def test_the_code_of_one_browser_opens_nothing_in_another(self, client: Client, purchase: Purchase) -> None:
        self.ask(client)
        code = self.code_in_letter()
        other = Client()
        self.ask(other, "la@example.test")

        answer = other.post("/tim-don/nhap-ma/", {"mailbox_code": code}, follow=True)

        assert purchase.get_absolute_url() not in answer.content.decode()

    @pytest.mark.parametrize("email", ["", "x", "a@b", "a@example.test\r\nBcc: b@example.test", "a" * 300])
    def test_what_is_no_address_sends_nothing(self, client: Client, purchase: Purchase, email: str) -> None:
        assert self.ask(client, email).headers["Location"] == "/tim-don/"
        assert not OutboxMessage.objects.exists()

    def test_without_a_sender_it_is_not_offered(self, client: Client, purchase: Purchase, settings: Any) -> None:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", ""

        assert "/tim-don/gui-ma/" not in client.get("/tim-don/").content.decode()
        assert self.ask(client).headers["Location"] == "/tim-don/"


class TestOwn:
    def test_a_members_list_holds_her_own_and_nobody_elses(self, purchase: Purchase) -> None:
        minh, other = minh_the_buyer(), UserFactory()
        mine = place(basket_with({sellable_product(title="Mật ong"): 1}), user=minh).purchase
        theirs = place(basket_with({sellable_product(title="Gạo"): 1}), user=other).purchase

        page = sign_in(Client(), minh).get("/tai-khoan/don-hang/").content.decode()

        assert list(own_purchases(minh)) == [mine]  # the guest's e-mail is hers, but she has not proved it
        assert mine.get_absolute_url() in page
        assert theirs.get_absolute_url() not in page

    def test_what_was_bought_as_a_guest_joins_once_phone_or_mailbox_is_proved(self, purchase: Purchase) -> None:
        minh = minh_the_buyer()
        EmailAddress.objects.create(user=minh, email="MINH@example.test", verified=True)
        lan = UserFactory(phone=PHONE)
        assert list(own_purchases(lan)) == []

        lan.phone_verified = True

        assert list(own_purchases(minh)) == [purchase]
        assert list(own_purchases(lan)) == [purchase]

    def test_the_list_is_for_members_only(self, client: Client) -> None:
        assert client.get("/tai-khoan/don-hang/").status_code == 302

    def test_ten_purchases_cost_as_many_queries_as_two(self) -> None:
        minh = minh_the_buyer()
        client = sign_in(Client(), minh)
        counts = []
        for more in (2, 8):
            for _ in range(more):
                place(basket_with({sellable_product(): 1, sellable_product(): 1}), user=minh)
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/tai-khoan/don-hang/").status_code == 200
            counts.append(len(queries))

        assert counts[0] == counts[1] <= 14


class TestBuyAgain:
    def test_puts_in_what_there_is_and_names_what_is_gone(self) -> None:
        honey, rice, tea, salt = (
            sellable_product(title=title, in_stock=10) for title in ("Mật ong", "Gạo", "Chè", "Muối")
        )
        past = place(basket_with({honey: 2, rice: 3, tea: 1, salt: 1})).purchase
        StockRecord.objects.filter(product=rice).update(num_in_stock=5, num_allocated=3)  # two are left
        tea.is_public = False
        tea.save()
        StockRecord.objects.filter(product=salt).update(num_in_stock=1, num_allocated=1)
        basket = basket_with({})

        again = buy_again(basket=basket, purchase=past, commune=None)

        assert again == BoughtAgain(put_in=2, gone=("Chè", "Muối"), fewer=("Gạo",))
        rows = {row.product.title: row.quantity for row in read_basket(basket=basket, commune=None).rows}
        assert rows == {"Mật ong": 2, "Gạo": 2}

    def test_by_the_page_it_lands_in_ones_own_basket_and_says_what_is_missing(
        self, client: Client, purchase: Purchase
    ) -> None:
        answer = client.post(f"{purchase.get_absolute_url()}mua-lai/", follow=True)

        assert answer.redirect_chain == [("/gio-hang/", 302)]
        assert "Đã cho 1 món vào giỏ." in answer.content.decode()
        line = BasketLine.objects.get(basket__status="Open")
        assert line.quantity == 2

    def test_the_part_of_the_page_that_updates_itself_offers_it_once_nothing_is_left_to_pay(
        self, client: Client, purchase: Purchase
    ) -> None:
        state = f"{purchase.get_absolute_url()}trang-thai/"
        assert "mua-lai/" not in client.get(state).content.decode()

        purchase.orders.update(payment="paid")

        assert client.get(state).content.decode().count("mua-lai/") == 1
        assert client.get(purchase.get_absolute_url()).content.decode().count("mua-lai/") == 1

    def test_a_good_that_was_deleted_is_named(self, client: Client, purchase: Purchase) -> None:
        line = purchase.orders.get().lines.get()
        line.product = None
        line.save()

        answer = client.post(f"{purchase.get_absolute_url()}mua-lai/", follow=True)

        assert f"Không còn bán: {line.title}" in answer.content.decode()
        assert not BasketLine.objects.filter(basket__status="Open").exists()

    def test_asking_by_get_puts_nothing_in(self, client: Client, purchase: Purchase) -> None:
        assert client.get(f"{purchase.get_absolute_url()}mua-lai/").status_code == 405
        assert not BasketLine.objects.filter(basket__status="Open").exists()
