"""The activation code: shown by an officer, used once within ten minutes, only for people who are hers to take in."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from merchants.models import Membership
from merchants.permissions import grants_of
from shop.users.activation import (
    CODES_PER_PERSON_AND_HOUR,
    ActivationRefused,
    find_activation_code,
    issue_activation_code,
    use_activation_code,
)
from shop.users.models import ActivationCode, User
from shop.users.people import add_person
from tests.factories import MembershipFactory, MerchantFactory, UserFactory
from tests.people import hoa_the_officer
from tests.sign_in import sign_in


def new_owner(merchant=None, phone: str = "+84912345678") -> User:
    person = add_person(full_name="Nguyễn Thị Lan", phone=phone)
    MembershipFactory(user=person, merchant=merchant or MerchantFactory())
    return person


def commune_of(person: User):
    return Membership.objects.get(user=person).merchant.commune


def issue(person: User, officer: User | None = None) -> str:
    officer = officer or hoa_the_officer(commune_of(person))
    return issue_activation_code(user=person, officer=officer, grants=grants_of(officer))


@pytest.mark.django_db
def test_code_shows_who_it_is_for_signs_her_in_and_asks_for_a_password(client: Client) -> None:
    person = new_owner()
    address = reverse("users:activate", args=[issue(person)])

    page = client.get(address)
    assert "Nguyễn Thị Lan" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]
    assert "_auth_user_id" not in client.session

    answer = client.post(address)
    assert answer.url == reverse("users:first_password")
    assert client.session["_auth_user_id"] == str(person.pk)

    answer = client.post(answer.url, {"password": "mua-lua-chin-vang"})
    assert answer.url == reverse("workspace:home")
    person.refresh_from_db()
    assert person.check_password("mua-lua-chin-vang")
    assert person.phone_verified is True
    assert client.get(reverse("users:home")).status_code == 200  # still signed in


@pytest.mark.django_db
def test_mail_given_with_the_password_is_hers_only_after_the_code_from_the_mailbox(client: Client) -> None:
    person = new_owner()
    client.post(reverse("users:activate", args=[issue(person)]))

    answer = client.post(
        reverse("users:first_password"), {"password": "mua-lua-chin-vang", "email": "lan@example.test"}
    )

    assert answer.url == reverse("account_email_verification_sent")
    person.refresh_from_db()
    assert person.email is None
    assert client.get(answer.url).status_code == 200


@pytest.mark.django_db
def test_weak_password_is_refused_with_a_reason(client: Client) -> None:
    person = new_owner()
    client.post(reverse("users:activate", args=[issue(person)]))

    answer = client.post(reverse("users:first_password"), {"password": "12345678"})

    assert answer.status_code == 200
    assert answer.context["form"].errors["password"]
    person.refresh_from_db()
    assert not person.has_usable_password()


@pytest.mark.django_db
def test_used_code_is_a_clear_page_and_signs_nobody_in(client: Client) -> None:
    address = reverse("users:activate", args=[issue(new_owner())])
    client.post(address)

    other = Client()
    for answer in (other.get(address), other.post(address)):
        assert answer.status_code == 410
        assert "Mã này đã được dùng rồi" in answer.content.decode()
    assert "_auth_user_id" not in other.session


@pytest.mark.django_db
def test_code_runs_out_after_ten_minutes(client: Client) -> None:
    code = issue(new_owner())
    row = ActivationCode.objects.get()
    assert row.expires_at - row.issued_at < timedelta(minutes=10, seconds=1)
    ActivationCode.objects.update(expires_at=timezone.now())

    answer = client.post(reverse("users:activate", args=[code]))

    assert answer.status_code == 410
    assert "Mã này đã hết hạn" in answer.content.decode()
    assert ActivationCode.objects.get().used_at is None


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["x", "a" * 22, "%00", "Ω" * 30, "a" * 500])
def test_tampered_code_is_a_clear_page(client: Client, code: str) -> None:
    issue(new_owner())

    answer = client.post(reverse("users:activate", args=[code]))

    assert answer.status_code == 410
    assert "Mã này không dùng được" in answer.content.decode()
    assert ActivationCode.objects.get().used_at is None


@pytest.mark.django_db
def test_only_the_hash_is_kept() -> None:
    code = issue(new_owner())

    assert code not in str(ActivationCode.objects.values().get())


@pytest.mark.django_db
def test_new_code_ends_the_older_one() -> None:
    person = new_owner()
    officer = hoa_the_officer(commune_of(person))
    first = issue(person, officer)
    second = issue(person, officer)

    assert find_activation_code(code=first).state == "expired"
    assert find_activation_code(code=second).state == "valid"


@pytest.mark.django_db
def test_too_many_codes_for_one_person_are_refused() -> None:
    person = new_owner()
    officer = hoa_the_officer(commune_of(person))
    for _time in range(CODES_PER_PERSON_AND_HOUR):
        issue(person, officer)

    with pytest.raises(ActivationRefused) as refusal:
        issue(person, officer)

    assert refusal.value.code == "too_many"
    assert ActivationCode.objects.count() == CODES_PER_PERSON_AND_HOUR


def _of_another_commune() -> tuple[User, User]:
    return new_owner(), hoa_the_officer()


def _with_a_role_elsewhere_too() -> tuple[User, User]:
    person = new_owner()
    officer = hoa_the_officer(commune_of(person))
    MembershipFactory(user=person)
    return person, officer


def _without_any_role() -> tuple[User, User]:
    return add_person(full_name="Lạ", phone="+84911111111"), hoa_the_officer()


def _member_of_staff() -> tuple[User, User]:
    person = new_owner()
    User.objects.filter(pk=person.pk).update(is_staff=True)
    return person, hoa_the_officer(commune_of(person))


def _another_officer() -> tuple[User, User]:
    person = new_owner()
    MembershipFactory(user=person, role=Membership.Role.OFFICER, merchant=None, commune=commune_of(person))
    return person, hoa_the_officer(Membership.objects.get(user=person, role="owner").merchant.commune)


def _who_signed_up_herself() -> tuple[User, User]:
    person = UserFactory()
    MembershipFactory(user=person)
    return person, hoa_the_officer(commune_of(person))


def _closed_account() -> tuple[User, User]:
    person = new_owner()
    User.objects.filter(pk=person.pk).update(is_active=False)
    return person, hoa_the_officer(commune_of(person))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("case", "code"),
    [
        (_of_another_commune, "not_of_your_commune"),
        (_with_a_role_elsewhere_too, "not_of_your_commune"),
        (_without_any_role, "not_of_your_commune"),
        (_member_of_staff, "is_staff"),
        (_another_officer, "is_staff"),
        (_who_signed_up_herself, "has_own_account"),
        (_closed_account, "inactive"),
    ],
)
def test_nobody_but_the_communes_own_producers_can_be_activated(case, code: str) -> None:
    person, officer = case()

    with pytest.raises(ActivationRefused) as refusal:
        issue(person, officer)

    assert refusal.value.code == code
    assert ActivationCode.objects.count() == 0


@pytest.mark.django_db
def test_whoever_was_activated_before_can_be_helped_again_after_forgetting_the_password(client: Client) -> None:
    person = new_owner()
    officer = hoa_the_officer(commune_of(person))
    client.post(reverse("users:activate", args=[issue(person, officer)]))
    client.post(reverse("users:first_password"), {"password": "mua-lua-chin-vang"})

    assert use_activation_code(code=issue(person, officer)) == person


@pytest.mark.django_db
def test_first_password_page_is_not_a_way_around_the_old_password(client: Client) -> None:
    person = new_owner()
    person.set_password("mua-lua-chin-vang")
    person.save()
    sign_in(client, person)

    answer = client.post(reverse("users:first_password"), {"password": "mat-khau-cua-ke-trom"})

    assert answer.url == reverse("account_change_password")
    person.refresh_from_db()
    assert person.check_password("mua-lua-chin-vang")


@pytest.mark.django_db
def test_guessing_is_slowed_down() -> None:
    client = Client(REMOTE_ADDR="10.0.0.77")
    for number in range(30):
        assert client.get(reverse("users:activate", args=[f"doan-{number}"])).status_code == 410

    assert client.get(reverse("users:activate", args=["doan-31"])).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_two_phones_one_code_one_wins() -> None:
    code = issue(new_owner())
    together = Barrier(2)
    winners: list[User | None] = []

    def press() -> None:
        try:
            together.wait(10)
            winners.append(use_activation_code(code=code))
        finally:
            connection.close()

    phones = [Thread(target=press) for _phone in range(2)]
    for phone in phones:
        phone.start()
    for phone in phones:
        phone.join(20)

    assert len(winners) == 2
    assert sum(winner is not None for winner in winners) == 1
