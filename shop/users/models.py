"""The person who signs in, and the code by which an officer activates her on the spot."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from merchants.models.merchant import VIETNAMESE_PHONE  # one rule for what a phone number is
from merchants.phone_numbers import shown_phone


class PeopleManager(UserManager["User"]):
    """Makes users by phone or e-mail; there is no user name."""

    def _create(self, *, phone: str | None, email: str | None, password: str | None, **fields: Any) -> "User":
        user = self.model(phone=phone or None, email=self.normalize_email(email) or None, **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_user(  # type: ignore[override]
        self, phone: str | None = None, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        """Make a person; phone in E.164 or e-mail must be given (ValidationError otherwise)."""
        return self._create(phone=phone, email=email, password=password, **fields)

    def create_superuser(  # type: ignore[override]
        self, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        """Make a member of the platform's staff with every right."""
        fields |= {"is_staff": True, "is_superuser": True}
        return self._create(phone=fields.pop("phone", None), email=email, password=password, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(models.Q(email__iexact=username) | models.Q(phone=username))


class User(AbstractUser):
    """A person; signs in by phone number (E.164) or e-mail, each unique, absent as NULL, at least one present.

    Roles are not here but in merchants.Membership; `is_staff` is for the platform's own staff only.
    `first_name` and `last_name` stay for Oscar's and Wagtail's lists; `full_name` is what we read and write,
    because a Vietnamese name is not to be parsed by spaces.
    """

    username = None  # type: ignore[assignment]
    full_name = models.CharField(_("full name"), max_length=120, blank=True)
    phone = models.CharField(
        _("phone"), max_length=16, unique=True, null=True, blank=True, default=None, validators=[VIETNAMESE_PHONE]
    )
    phone_verified = models.BooleanField(default=False)
    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True, default=None)  # type: ignore[assignment]

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = PeopleManager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(
                condition=models.Q(phone__isnull=False) | models.Q(email__isnull=False),
                name="user_has_phone_or_email",
                violation_error_message=_("Give a phone number or an e-mail address."),
            ),
            models.CheckConstraint(condition=~models.Q(phone=""), name="user_phone_absent_is_null"),
            models.CheckConstraint(condition=~models.Q(email=""), name="user_email_absent_is_null"),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def clean(self) -> None:
        # Django's own clean() writes get_username() into USERNAME_FIELD: a phone number would become an e-mail.
        self.email = User.objects.normalize_email(self.email) or None  # type: ignore[assignment]

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Forms of Django, Oscar and Wagtail write "" where we mean "absent".
        self.phone = self.phone or None
        self.email = self.email or None  # type: ignore[assignment]
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return (
            self.full_name
            or f"{self.first_name} {self.last_name}".strip()
            or self.email
            or shown_phone(self.phone or "")
        )

    def get_short_name(self) -> str:
        return self.get_full_name()

    def get_username(self) -> str:
        return self.email or self.phone or ""


class ActivationCode(models.Model):
    """A single-use code, ten minutes long, by which an officer lets a person sign in on the spot (shown as a QR).

    Only its hash is kept. Used or run out, it never works again.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="activation_codes")
    code_hash = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("activation code")
        verbose_name_plural = _("activation codes")

    def __str__(self) -> str:
        return f"{self.user_id} until {self.expires_at:%H:%M}"
