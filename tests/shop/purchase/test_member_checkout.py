"""A member neither writes her address twice nor accepts the same terms twice."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.address.models import UserAddress
from shop.address.saved_addresses import SavedPlace, addresses_of, make_first, note_chosen, save_address
from shop.delivery.models import DeliveryOption
from shop.purchase.models import PolicyVersion, Purchase
from shop.users.models import User
from tests.factories import ProductFactory, UserFactory
from tests.people import Producer, lan_the_producer, minh_the_buyer
from tests.shop.purchase.test_buying_pages import bought, checkout_form, put
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db

AT_HOME = SavedPlace("Lê Quang Minh", "+84912345678", "Xóm 4", "17605")
AT_MOTHERS = SavedPlace("Nguyễn Thị Sáu", "+84987654321", "Xóm 4", "17605", former="Long Thành, Yên Thành")


@pytest.fixture
def lan() -> Producer:
    DeliveryOption.objects.create(kind="collect")
    DeliveryOption.objects.create(kind="flat_rate", price_vnd=30_000)
    return lan_the_producer()


@pytest.fixture
def minh(client: Client, lan: Producer) -> User:
    minh = minh_the_buyer()
    sign_in(client, minh)
    put(client, ProductFactory(merchant=lan.merchant))
    return minh


@pytest.fixture
def terms() -> PolicyVersion:
    return publish(1)


def publish(number: int) -> PolicyVersion:
    return PolicyVersion.objects.create(
        kind="terms", number=number, title="Điều khoản", text_html="<p>x</p>", sha256="0" * 64,
        published_at=timezone.now(),
    )  # fmt: skip


class TestAddressAtTheCheckout:
    def test_the_address_is_saved_where_she_asks_for_it_and_comes_first_the_next_time(
        self, client: Client, minh: User, lan: Producer
    ) -> None:
        bought(client, save_address="on", former_address="Long Thành")

        saved = UserAddress.objects.get()
        assert (saved.user, saved.first_name, saved.phone) == (minh, "Lê Quang Minh", "+84912345678")
        assert (saved.line1, saved.commune_code, saved.former_address) == ("Xóm 4", "17605", "Long Thành")
        assert saved.chosen_at is not None
        put(client, ProductFactory(merchant=lan.merchant))
        page = client.get("/thanh-toan/").content.decode()
        assert re.search(rf'name="saved" value="{saved.pk}" checked', page)
        assert 'name="street"' not in page

    def test_without_the_tick_nothing_is_kept(self, client: Client, minh: User) -> None:
        bought(client)

        assert not UserAddress.objects.exists()

    def test_a_guest_is_not_asked_and_nothing_is_kept(self, client: Client, lan: Producer) -> None:
        put(client, ProductFactory(merchant=lan.merchant))
        assert 'name="save_address"' not in client.get("/thanh-toan/").content.decode()

        bought(client, save_address="on", saved="1")

        assert not UserAddress.objects.exists()

    def test_the_order_goes_to_the_chosen_address_and_its_recipient(self, client: Client, minh: User) -> None:
        save_address(user=minh, place=AT_HOME)
        mothers = save_address(user=minh, place=AT_MOTHERS)

        purchase = bought(client, saved=str(mothers.pk), street="", commune="")

        address = purchase.shipping_address
        assert (purchase.buyer_name, purchase.recipient_name) == ("Lê Quang Minh", "Nguyễn Thị Sáu")
        assert (purchase.recipient_phone, str(address.phone_number)) == ("+84987654321", "+84987654321")
        assert (address.first_name, address.line1, address.line4) == ("Nguyễn Thị Sáu", "Xóm 4", "Xã Hợp Minh")
        assert (address.commune_code, address.state) == ("17605", "Nghệ An")
        assert address.former_address == "Long Thành, Yên Thành"

    def test_her_own_address_names_no_other_recipient(self, client: Client, minh: User) -> None:
        home = save_address(user=minh, place=AT_HOME)

        purchase = bought(client, saved=str(home.pk), street="", commune="")

        assert (purchase.recipient_name, purchase.recipient_phone) == ("", "")

    def test_the_one_that_was_used_last_is_chosen_already(self, client: Client, minh: User) -> None:
        home, mothers = save_address(user=minh, place=AT_HOME), save_address(user=minh, place=AT_MOTHERS)
        note_chosen(mothers)
        UserAddress.objects.filter(pk=mothers.pk).update(chosen_at=timezone.now() - timedelta(days=1))
        note_chosen(home)

        page = client.get("/thanh-toan/").content.decode()

        assert f'name="saved" value="{home.pk}" checked' in page
        assert f'name="saved" value="{mothers.pk}" checked' not in page
        assert f'name="saved" value="{mothers.pk}"' in page

    def test_without_scripts_the_button_opens_the_fields_of_another_address(self, client: Client, minh: User) -> None:
        save_address(user=minh, place=AT_HOME)

        form = {**checkout_form(client, name=""), "saved": "new", "refresh": "1"}
        del form["province"], form["commune"], form["street"]  # they were not on the page

        page = client.post("/thanh-toan/", form).content.decode()

        assert 'name="street"' in page
        assert 'name="save_address"' in page
        assert '<option value="40" selected>' in page
        assert "autofocus" not in page
        assert not Purchase.objects.exists()

    def test_another_members_address_is_never_used(self, client: Client, minh: User) -> None:
        save_address(user=minh, place=AT_HOME)
        theirs = save_address(user=UserFactory(), place=AT_MOTHERS)

        response = client.post(
            "/thanh-toan/", {**checkout_form(client), "saved": str(theirs.pk), "street": "", "commune": ""}
        )

        assert response.status_code == 422
        assert "Nguyễn Thị Sáu" not in response.content.decode()
        assert not Purchase.objects.exists()

    def test_a_member_pays_two_queries_for_it_however_many_addresses_she_has(self, client: Client, minh: User) -> None:
        def looking() -> int:
            with CaptureQueriesContext(connection) as queries:
                client.get("/thanh-toan/")
            return len(queries)

        publish(1)
        client.get("/thanh-toan/")
        without = looking()
        for number in range(10):
            save_address(user=minh, place=SavedPlace("Minh", "+84912345678", f"Xóm {number}", "17605"))

        assert looking() == without


class TestTerms:
    def test_a_member_who_accepted_the_same_wording_need_not_tick_again(
        self, client: Client, minh: User, lan: Producer, terms: PolicyVersion
    ) -> None:
        bought(client)
        put(client, ProductFactory(merchant=lan.merchant))
        page = client.get("/thanh-toan/").content.decode()
        assert 'name="accept_terms"' not in page
        assert f'href="/chinh-sach/{terms.kind}/{terms.number}/"' in page

        purchase = bought(client, accept_terms="")

        assert list(purchase.accepted_policies.all()) == [terms]

    def test_a_new_wording_is_asked_about(
        self, client: Client, minh: User, lan: Producer, terms: PolicyVersion
    ) -> None:
        bought(client)
        publish(2)
        put(client, ProductFactory(merchant=lan.merchant))

        response = client.post("/thanh-toan/", checkout_form(client, accept_terms=""))

        assert response.status_code == 422
        assert 'name="accept_terms"' in response.content.decode()
        assert Purchase.objects.count() == 1

    def test_what_another_member_accepted_counts_for_her_alone(
        self, client: Client, minh: User, lan: Producer, terms: PolicyVersion
    ) -> None:
        bought(client)
        other = Client()
        sign_in(other, UserFactory())
        put(other, ProductFactory(merchant=lan.merchant))

        assert other.post("/thanh-toan/", checkout_form(other, accept_terms="")).status_code == 422


class TestAddressBook:
    @pytest.fixture
    def home(self, minh: User) -> UserAddress:
        return save_address(user=minh, place=AT_HOME)

    def form(self, **changes: str) -> dict[str, str]:
        return {
            "name": "Minh",
            "phone": "0912 345 678",
            "province": "40",
            "commune": "17605",
            "street": "Xóm 1",
        } | changes

    def test_an_address_is_added_by_its_old_name(self, client: Client, minh: User) -> None:
        old = {"commune": "", "place": "Long Thành, Yên Thành", "found": "17605"}

        response = client.post("/tai-khoan/dia-chi/them/", self.form(**old))

        assert response.headers["Location"] == "/tai-khoan/dia-chi/"
        saved = UserAddress.objects.get(user=minh)
        assert (saved.line4, saved.former_address) == ("Xã Hợp Minh", "Xã Long Thành, Huyện Yên Thành, Nghệ An")
        assert "Xóm 1" in client.get("/tai-khoan/dia-chi/").content.decode()

    def test_an_address_is_changed(self, client: Client, home: UserAddress) -> None:
        page = client.get(f"/tai-khoan/dia-chi/{home.pk}/").content.decode()
        assert 'value="Xóm 4"' in page
        assert '<option value="17605" selected>' in page

        client.post(f"/tai-khoan/dia-chi/{home.pk}/", self.form(street="Xóm 9"))

        home.refresh_from_db()
        assert home.line1 == "Xóm 9"
        assert UserAddress.objects.count() == 1

    @pytest.mark.parametrize(
        ("field", "value"), [("name", ""), ("phone", "12"), ("street", ""), ("commune", ""), ("commune", "00001")]
    )
    def test_a_wrong_field_is_said_and_nothing_changes(
        self, client: Client, home: UserAddress, field: str, value: str
    ) -> None:
        response = client.post(f"/tai-khoan/dia-chi/{home.pk}/", self.form(street="Xóm 9") | {field: value})

        assert response.status_code == 422
        home.refresh_from_db()
        assert home.line1 == "Xóm 4"

    def test_a_removed_address_is_gone_and_comes_back_once(self, client: Client, minh: User, home: UserAddress) -> None:
        client.post(f"/tai-khoan/dia-chi/{home.pk}/bo/")
        assert not UserAddress.objects.exists()
        assert "/tai-khoan/dia-chi/hoan-tac/" in client.get("/tai-khoan/dia-chi/").content.decode()

        client.post("/tai-khoan/dia-chi/hoan-tac/")
        client.post("/tai-khoan/dia-chi/hoan-tac/")

        back = UserAddress.objects.get()
        assert (back.user, back.line1, back.phone) == (minh, "Xóm 4", "+84912345678")
        assert "/tai-khoan/dia-chi/hoan-tac/" not in client.get("/tai-khoan/dia-chi/").content.decode()

    def test_the_first_one_is_chosen_by_her(self, client: Client, minh: User, home: UserAddress) -> None:
        mothers = save_address(user=minh, place=AT_MOTHERS)
        make_first(mothers)

        client.post(f"/tai-khoan/dia-chi/{home.pk}/dung-truoc/")

        assert list(addresses_of(minh)) == [home, mothers]
        assert [row.is_default_for_shipping for row in addresses_of(minh)] == [True, False]

    def test_the_same_address_is_kept_once_and_two_people_of_one_hamlet_are_two(
        self, minh: User, home: UserAddress
    ) -> None:
        save_address(user=minh, place=AT_HOME)
        save_address(user=minh, place=AT_MOTHERS)

        assert UserAddress.objects.filter(user=minh).count() == 2

    def test_no_more_than_twenty_are_kept(self, minh: User) -> None:
        for number in range(25):
            save_address(user=minh, place=SavedPlace("Minh", "+84912345678", f"Xóm {number}", "17605"))

        lines = [row.line1 for row in addresses_of(minh)]
        assert len(lines) == 20
        assert lines[0] == "Xóm 24"

    @pytest.mark.parametrize("way", ["", "bo/", "dung-truoc/"])
    def test_another_members_address_is_404_and_stays_as_it_was(
        self, client: Client, minh: User, home: UserAddress, way: str
    ) -> None:
        other = Client()
        sign_in(other, UserFactory())
        path = f"/tai-khoan/dia-chi/{home.pk}/{way}"

        assert other.post(path, self.form(street="Xóm 9")).status_code == 404
        if not way:
            assert other.get(path).status_code == 404
        before = (home.line1, home.chosen_at)
        home.refresh_from_db()
        assert (home.line1, home.chosen_at) == before

    def test_nobody_signed_in_is_led_to_sign_in(self, home: UserAddress) -> None:
        for path in ("", "them/", f"{home.pk}/"):
            response: Any = Client().get(f"/tai-khoan/dia-chi/{path}")
            assert response.headers["Location"].startswith("/tai-khoan/login/")
