"""Signing in by phone or e-mail, by password or code; and what the pages say when something cannot be done."""

import re
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse

from merchants.models import Membership
from shop.users.models import User
from shop.users.people import add_person
from tests.factories import MembershipFactory, UserFactory
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db
PASSWORD = "mua-lua-chin-vang"


def phone_person(phone: str = "+84912345678") -> User:
    return add_person(full_name="Nguyễn Thị Lan", phone=phone, password=PASSWORD)


def post_login(client: Client, login: str, password: str) -> Any:
    return client.post(reverse("account_login"), {"login": login, "password": password})


def test_checking_a_person_by_phone_leaves_her_mail_absent() -> None:
    person = phone_person()

    person.full_clean()
    person.save()

    person.refresh_from_db()
    assert (person.phone, person.email) == ("+84912345678", None)


@pytest.mark.parametrize("typed", ["+84912345678", "0912345678", "0912 345 678", "0912.345.678"])
def test_phone_number_signs_in_however_it_is_typed(client: Client, typed: str) -> None:
    person = phone_person()

    answer = post_login(client, typed, PASSWORD)

    assert answer.status_code == 302
    assert answer.url == reverse("users:home")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_owner_lands_in_the_workspace(client: Client) -> None:
    MembershipFactory(user=phone_person())

    assert post_login(client, "0912345678", PASSWORD).url == reverse("workspace:home")


def test_wrong_password_says_so_in_vietnamese_and_signs_nobody_in(client: Client) -> None:
    phone_person()

    answer = post_login(client, "0912345678", "sai mat khau")

    assert "Số điện thoại hoặc mật khẩu chưa đúng." in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_something_that_is_neither_phone_nor_mail_is_told_so(client: Client) -> None:
    answer = post_login(client, "lan", PASSWORD)

    assert "Đây không phải là số điện thoại." in answer.content.decode()


def test_five_wrong_passwords_lock_one_phone_number_and_no_other(client: Client) -> None:
    phone_person()
    other = phone_person("+84987654321")
    for _try in range(5):
        post_login(client, "0912345678", "sai")

    assert "thử sai quá nhiều lần" in post_login(client, "0912345678", PASSWORD).content.decode()
    assert post_login(Client(REMOTE_ADDR="10.0.0.9"), "0987654321", PASSWORD).status_code == 302
    assert User.objects.get(pk=other.pk).last_login is not None


def test_code_by_mail_signs_in(client: Client) -> None:
    add_person(full_name="Minh", email="minh@example.test", email_is_verified=True)

    client.post(reverse("account_request_login_code"), {"email": "minh@example.test"})
    code = re.search(r"^([A-Z0-9-]{4,})$", mail.outbox[0].body, re.MULTILINE).group(1)
    answer = client.post(reverse("account_confirm_login_code"), {"code": code})

    assert answer.status_code == 302
    assert "_auth_user_id" in client.session
    assert mail.outbox[0].subject == f"{code} là mã đăng nhập của bạn"


def test_code_to_a_phone_is_refused_with_the_way_out(client: Client) -> None:
    phone_person()

    answer = client.post(reverse("account_request_login_code"), {"email": "0912345678"})

    assert "Chưa gửi được mã đến điện thoại" in answer.content.decode()
    assert mail.outbox == []


def test_mail_server_down_is_a_page_and_not_an_error(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    add_person(full_name="Minh", email="minh@example.test", email_is_verified=True)

    def broken(*_args: Any, **_kwargs: Any) -> int:
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", broken)

    answer = client.post(reverse("account_request_login_code"), {"email": "minh@example.test"}, follow=True)

    assert answer.status_code == 200
    assert "Máy chủ thư hiện không trả lời" in answer.content.decode()


def test_shopper_signs_up_by_mail_and_confirms_with_a_code(client: Client) -> None:
    client.post(
        reverse("account_signup"),
        {"full_name": "Lê Minh", "email": "Minh@Example.test", "password1": PASSWORD},
    )
    assert "_auth_user_id" not in client.session
    code = re.search(r"^([A-Z0-9-]{4,})$", mail.outbox[0].body, re.MULTILINE).group(1)

    client.post(reverse("account_email_verification_sent"), {"code": code})

    person = User.objects.get()
    assert (person.full_name, person.email, person.phone) == ("Lê Minh", "minh@example.test", None)
    assert client.session["_auth_user_id"] == str(person.pk)


def test_sign_up_offers_no_phone_field(client: Client) -> None:
    page = client.get(reverse("account_signup")).content.decode()

    assert 'name="phone"' not in page
    assert 'name="email"' in page


def test_secret_of_the_authenticator_is_sealed_in_the_database() -> None:
    person = phone_person()
    secret = generate_totp_secret()

    TOTP.activate(person, secret)

    stored = Authenticator.objects.get(user=person).data["secret"]
    assert secret not in stored
    assert stored.startswith("gAAAA")


def test_next_to_another_host_is_not_followed(client: Client) -> None:
    phone_person()

    answer = client.post(
        reverse("account_login") + "?next=https://evil.example/",
        {"login": "0912345678", "password": PASSWORD, "next": "https://evil.example/"},
    )

    assert answer.url == reverse("users:home")


ANONYMOUS_PAGES = [
    "account_login",
    "account_signup",
    "account_request_login_code",
    "account_reset_password",
    "account_password_reset_completed",
    "account_inactive",
]
OWN_PAGES = [
    "users:home",
    "users:second_factor_needed",
    "account_logout",
    "account_email",
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
]
WITH_SECOND_FACTOR = [
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_deactivate_totp",
    "mfa_reauthenticate",
]


def assert_ours(answer: Any) -> None:
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "site.css" in page
    assert 'lang="vi"' in page
    # strict content policy: data blocks are allowed, scripts and styles inside the page are not
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    for english in ("Sign In", "Password", "Security", "Recovery", "Activate", "Email address"):
        assert english not in re.sub(r"<[^>]+>", " ", page), english


@pytest.mark.parametrize("name", ANONYMOUS_PAGES)
def test_every_entrance_page_is_ours_and_vietnamese(client: Client, name: str) -> None:
    assert_ours(client.get(reverse(name)))


@pytest.mark.parametrize("name", OWN_PAGES)
def test_every_page_of_the_account_is_ours_and_vietnamese(client: Client, name: str) -> None:
    sign_in(client, phone_person())

    assert_ours(client.get(reverse(name)))


@pytest.mark.parametrize("name", WITH_SECOND_FACTOR)
def test_every_page_of_the_second_lock_is_ours_and_vietnamese(client: Client, name: str) -> None:
    person = phone_person()
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    sign_in(client, person, second_factor=True)

    answer = client.get(reverse(name))

    if name.endswith("download_recovery_codes"):
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/plain")
    else:
        assert_ours(answer)


def test_password_can_be_chosen_by_code_from_the_mailbox(client: Client) -> None:
    person = add_person(full_name="Minh", email="minh@example.test", password="cu-cu-cu-cu-1", email_is_verified=True)

    client.post(reverse("account_reset_password"), {"email": "minh@example.test"})
    assert_ours(client.get(reverse("account_confirm_password_reset_code")))
    code = re.search(r"^([A-Z0-9-]{4,})$", mail.outbox[0].body, re.MULTILINE).group(1)
    client.post(reverse("account_confirm_password_reset_code"), {"code": code})
    assert_ours(client.get(reverse("account_complete_password_reset")))
    client.post(reverse("account_complete_password_reset"), {"password1": PASSWORD, "password2": PASSWORD})

    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_editor_is_put_into_the_wagtail_group_and_taken_out_again() -> None:
    from merchants.memberships import revoke_role

    person = UserFactory()
    editing = MembershipFactory(
        user=person, role=Membership.Role.EDITOR, merchant=None, commune=MembershipFactory().merchant.commune
    )
    assert [group.name for group in person.groups.all()] == ["Editors"]

    revoke_role(membership=editing)

    assert list(person.groups.all()) == []
