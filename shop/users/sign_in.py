"""How allauth finds, checks and reaches our people: by phone number or e-mail, by password or one-time code.

Codes go by e-mail. No SMS or ZNS sender is connected yet, so nothing is ever promised by phone: phone numbers sign
in with a password, and whoever has none asks a commune officer for an activation code (shop.users.activation).
"""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    RequestLoginCodeForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
    SignupForm,
)
from allauth.account.stages import EmailVerificationStage
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from merchants.permissions import grants_of
from merchants.phone_numbers import PhoneField, to_e164
from merchants.sealed_text import seal, unseal
from shop.users.models import User
from shop.users.signed_in import has_work, signed_in

log = logging.getLogger(__name__)


class SignInEmailStage(EmailVerificationStage):
    """Asks for the code from the mailbox where somebody signs in by e-mail; a phone number needs no e-mail address."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if self.login.user is not None and self.login.email is None and not self.login.signup:
            return None, True
        return super().handle()


class AccountAdapter(DefaultAccountAdapter):
    """Phone numbers live on the user; see allauth's phone contract."""

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone", "phone_verified"])

    def set_phone_verified(self, user: Any, phone: str) -> None:
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=phone).first()

    def clean_phone(self, phone: str) -> str:
        return to_e164(phone)

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        return PhoneField(**kwargs)

    def get_login_stages(self) -> list[str]:
        ours = "shop.users.sign_in.SignInEmailStage"
        return [
            ours if path == "allauth.account.stages.EmailVerificationStage" else path
            for path in super().get_login_stages()
        ]

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Whoever works here lands at work, a shopper at her account."""
        person = signed_in(request)
        return reverse("workspace:home" if has_work(person, grants_of(person)) else "users:home")

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("users:home")

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.full_name = form.cleaned_data.get("full_name", "")
        return super().save_user(request, user, form, commit)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send now: somebody waits for the code. A mail server that is down gives a page, not an error 500."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            log.error("mail not sent: %s", type(error).__name__, extra={"template": template_prefix})
            messages.error(
                self.request,
                _("Our mail server does not answer at the moment, so no e-mail was sent. Please try again later."),
            )
            raise ImmediateHttpResponse(redirect("account_login")) from error

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth counts failures by e-mail or user name only: all phone numbers together would share one counter,
        # and five wrong passwords anywhere would lock out everybody who signs in by phone.
        if credentials.get("phone"):
            credentials = {**credentials, "username": credentials["phone"]}
            credentials.pop("email", None)
        return super()._get_login_attempts_cache_key(request, **credentials)

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        raise NotImplementedError("no SMS or ZNS sender is connected; forms refuse before this is reached")


class SecondFactorAdapter(DefaultMFAAdapter):
    """Authenticator secrets are sealed at rest with FIELD_ENCRYPTION_KEY."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)


PASSWORD_HELP = _("At least 8 characters. A short sentence is easy to remember.")


class _PlainPasswords:
    """Fields without placeholders, and one sentence in the place of Django's list of four rules."""

    fields: dict[str, forms.Field]

    def make_plain(self) -> None:
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name == "password1":
                field.help_text = PASSWORD_HELP
            elif name == "oldpassword":
                field.help_text = ""


class NewPasswordForm(_PlainPasswords, SetPasswordForm):
    """The first password of whoever has none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.make_plain()


class OtherPasswordForm(_PlainPasswords, ChangePasswordForm):
    """Another password, the old one asked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.make_plain()


class ForgottenPasswordForm(_PlainPasswords, ResetPasswordKeyForm):
    """A new password after the code from the mailbox."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.make_plain()


class SignInForm(LoginForm):
    """Phone or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Phone or e-mail")
        self.fields["login"].max_length = 254
        self.fields["login"].widget.attrs = {"autocomplete": "username", "maxlength": "254", "autocapitalize": "none"}
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)

    def clean_login(self) -> str:
        """Give allauth an e-mail address or a phone number in E.164; anything else is told so."""
        login = super().clean_login()
        try:
            validate_email(login)
        except ValidationError:
            return to_e164(login)
        return login.lower()


class CodeRequestForm(RequestLoginCodeForm):
    """Asks for a one-time code by e-mail; says honestly that phones get none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("phone", None)
        self.fields["email"] = forms.CharField(
            label=_("E-mail"),
            max_length=254,
            widget=forms.TextInput(attrs={"autocomplete": "email", "inputmode": "email", "autocapitalize": "none"}),
        )

    def clean_email(self) -> str:
        text = self.cleaned_data["email"].strip().lower()
        try:
            validate_email(text)
        except ValidationError:
            to_e164(text)  # neither nor: "this is not a phone number"
            raise ValidationError(
                _(
                    "We cannot send codes to phones yet. Sign in with your password, or ask an officer of the "
                    "commune for an activation code."
                ),
                code="no_phone_sender",
            ) from None
        self.cleaned_data["email"] = text
        return super().clean_email()


class ShopperSignUpForm(_PlainPasswords, SignupForm):
    """Name, e-mail, password; by phone only officers can take somebody in."""

    full_name = forms.CharField(
        label=_("Full name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order = ["full_name", "email", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.make_plain()
