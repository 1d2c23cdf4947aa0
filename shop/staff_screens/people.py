"""Oscar's lists of people and sellers for the platform's staff, found by names with or without tone marks."""

from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_tables2 import A, Column, LinkColumn
from oscar.apps.dashboard.partners.views import PartnerListView
from oscar.apps.dashboard.tables import DashboardTable
from oscar.apps.dashboard.users.views import IndexView, UserDetailView

from merchants.folding import fold_text
from merchants.phone_numbers import shown_phone
from shop.partner.models import Partner
from shop.users.models import User

SEARCHED_PEOPLE = 5_000  # the newest; names are compared folded, which no index of users knows


class PeopleTable(DashboardTable):
    full_name = LinkColumn(
        "dashboard:user-detail",
        args=[A("pk")],
        accessor="get_full_name",
        verbose_name=_("Name"),
        order_by=("full_name", "pk"),
    )
    phone = Column(verbose_name=_("Phone"), default="–")
    email = Column(verbose_name=_("E-mail"), default="–")
    is_active = Column(verbose_name=_("May sign in"))
    is_staff = Column(verbose_name=_("Platform's staff"))
    date_joined = Column(verbose_name=_("Since"))
    order_count = Column(verbose_name=_("Orders"))

    icon = "fas fa-users"

    class Meta(DashboardTable.Meta):
        order_by = "-date_joined"

    def render_phone(self, value: str) -> str:
        return shown_phone(value)

    def render_is_active(self, value: bool) -> Any:
        return _("yes") if value else _("no")

    def render_is_staff(self, value: bool) -> Any:
        return _("yes") if value else _("no")


class PeopleSearchForm(forms.Form):
    name = forms.CharField(required=False, max_length=80, label=_("Name, phone or e-mail"))


class PeopleListView(IndexView):
    """Everybody with an account; nothing to press."""

    table_class = PeopleTable
    form_class = PeopleSearchForm
    actions: tuple[str, ...] = ()

    def get_queryset(self) -> QuerySet[User]:
        return self.apply_search(User.objects.annotate(order_count=Count("orders")).order_by("-date_joined", "-pk"))

    def apply_search_filters(self, queryset: QuerySet[User], data: dict[str, Any]) -> QuerySet[User]:
        folded = fold_text(data["name"])
        if not folded:
            return queryset
        self.desc_ctx["main_filter"] = _("People found")
        matches = Q(email__icontains=data["name"].strip())
        digits = "".join(char for char in folded if char.isascii() and char.isdigit()).lstrip("0")
        if len(digits) >= 4:
            matches |= Q(phone__contains=digits)
        names = queryset.values_list("pk", "full_name")[:SEARCHED_PEOPLE]
        by_name = [pk for pk, name in names if folded in fold_text(name)]
        return queryset.filter(matches | Q(pk__in=by_name[:1_000]))


class PersonPage(UserDetailView):
    """One person with roles and orders."""

    def get_queryset(self) -> QuerySet[User]:
        return User.objects.prefetch_related("memberships__merchant", "memberships__commune", "orders__merchant")


class SellerListView(PartnerListView):
    """The merchants that sell online, each with its commune."""

    def get_queryset(self) -> QuerySet[Partner]:
        found = super().get_queryset()
        words = self.form.cleaned_data["name"] if self.form.is_valid() else ""
        if words:
            matches = Q(name__icontains=words) | Q(merchant__folded_name__contains=fold_text(words))
            found = Partner.objects.filter(matches).order_by("merchant__sort_name", "pk")
        return found.select_related("merchant__commune", "merchant__village")
