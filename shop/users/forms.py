"""Forms of our own around sign-in; allauth's stand in shop.users.sign_in."""

from typing import Any

from allauth.account.forms import AddEmailForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shop.users.models import User


class FirstPasswordForm(forms.Form):
    """After the activation code: a password for next time, and an e-mail address if she has one."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=128,
        help_text=_("At least 8 characters. A short sentence is easy to remember."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        help_text=_("If you ever forget your password, we send a code there."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.email_form: AddEmailForm | None = None
        if user.email:
            del self.fields["email"]

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if email:
            self.email_form = AddEmailForm(user=self.user, data={"email": email})
            if not self.email_form.is_valid():
                raise ValidationError(self.email_form.errors.get("email", []))
        return email


class NameForm(forms.ModelForm):
    """The name under which orders and pages address the person."""

    class Meta:
        model = User
        fields = ["full_name"]
        widgets = {"full_name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_name"].required = True
