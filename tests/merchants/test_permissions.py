"""Who may do what where: the whole table of roles by acts, the place of objects, time, and the one 404."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone

from merchants.memberships import GrantRefused, grant_role, revoke_role
from merchants.models import Membership, Merchant
from merchants.permissions import (
    MAY,
    Act,
    account_number_for,
    find_permitted,
    grants_of,
    may,
    memberships_of,
    merchants_visible_to,
    merchants_with,
    place_of,
)
from tests.factories import BankAccountFactory, CommuneFactory, MembershipFactory, MerchantFactory, UserFactory
from tests.people import hoa_the_officer, lan_the_producer, tam_the_producer

pytestmark = pytest.mark.django_db
Role = Membership.Role

# act → the roles that may do it, written out here a second time and by hand
EXPECTED = {
    Act.ORDER_VIEW: "owner seller packer helper",
    Act.ORDER_CONFIRM: "owner seller packer helper",
    Act.ORDER_PACK: "owner seller packer helper",
    Act.ORDER_SEND: "owner seller packer helper",
    Act.ORDER_DELIVER: "owner seller packer helper",
    Act.ORDER_CANCEL: "owner seller helper",
    Act.LOOK_UP_ISSUE: "owner seller",
    Act.LOOK_UP_SERVE: "officer head_officer",
    Act.MONEY_VIEW: "owner seller helper",
    Act.MONEY_CONFIRM: "owner seller",
    Act.RECEIPT_DECIDE: "owner seller",
    Act.REFUND_SEND: "owner seller",
    Act.COMPLAINT_VIEW: "owner seller helper",
    Act.COMPLAINT_ANSWER: "owner seller",
    Act.COMPLAINT_ADVISE: "officer head_officer",
    Act.GOODS_VIEW: "owner seller packer helper",
    Act.GOODS_EDIT: "owner seller helper",
    Act.STOCK_COUNT: "owner seller packer helper",
    Act.MERCHANT_VIEW: "owner seller helper officer head_officer",
    Act.MERCHANT_EDIT: "officer head_officer",
    Act.ACCOUNT_EDIT: "officer head_officer",
    Act.ACCOUNT_NUMBER_VIEW: "owner seller head_officer",
    Act.CODE_ISSUE: "officer head_officer",
    Act.CODE_WITHDRAW: "officer head_officer",
    Act.ACCOUNT_CHANGE_AGREE: "owner",
    Act.CODE_ALARM_VIEW: "owner",
    Act.CHECK_FILE: "officer head_officer",
    Act.COUNTING_SET: "head_officer",
    Act.PERSON_ADD: "officer head_officer",
    Act.PERSON_ACTIVATE: "officer head_officer",
    Act.PERSON_REVOKE: "owner officer head_officer",
    Act.REGISTER_VIEW: "officer head_officer province_viewer",
    Act.REGISTER_ADD: "officer head_officer",
    Act.REPORT_HANDLE: "officer head_officer",
    Act.PAGES_EDIT: "editor",
}
MERCHANT_ROLES = {"owner", "seller", "packer", "helper"}


def test_every_act_and_every_role_is_in_the_table() -> None:
    assert set(EXPECTED) == set(Act)
    assert set(MAY) == set(Role.values)


def person_with(role: str, merchant: Merchant) -> object:
    until = timezone.now() + timedelta(days=7) if role == "helper" else None
    place = {"merchant": None}
    if role in MERCHANT_ROLES:
        place = {"merchant": merchant}
    elif role != "province_viewer":
        place = {"merchant": None, "commune": merchant.commune}
    return MembershipFactory(role=role, until=until, **place).user


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("act", list(Act))
def test_role_may_exactly_what_the_table_says_and_only_at_its_own_place(role: str, act: Act) -> None:
    own, foreign = MerchantFactory(), MerchantFactory()
    person = person_with(role, own)
    is_allowed = role in EXPECTED[act].split()

    assert may(person, act, own) is is_allowed
    assert may(person, act, BankAccountFactory(merchant=own)) is is_allowed
    # a province viewer looks at every commune's register; nobody else crosses a border
    assert may(person, act, foreign) is (is_allowed and role == "province_viewer")


def test_neighbour_in_the_same_commune_is_as_foreign_as_any_other() -> None:
    lan = lan_the_producer()
    neighbour = MerchantFactory(village=lan.merchant.village)

    assert may(lan.user, Act.ORDER_VIEW, lan.merchant) is True
    assert may(lan.user, Act.ORDER_VIEW, neighbour) is False


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_at": timezone.now() + timedelta(hours=1)},
        {"until": timezone.now() - timedelta(seconds=1)},
        {"revoked_at": timezone.now() - timedelta(days=1)},
    ],
    ids=["not begun", "run out", "revoked"],
)
def test_role_outside_its_time_grants_nothing(fields: dict) -> None:
    membership = MembershipFactory(**fields)

    assert may(membership.user, Act.ORDER_VIEW, membership.merchant) is False
    assert memberships_of(membership.user).count() == 0
    assert list(merchants_visible_to(membership.user)) == []


def test_help_ends_by_itself() -> None:
    merchant = MerchantFactory()
    person = person_with("helper", merchant)

    assert may(person, Act.GOODS_EDIT, merchant) is True
    assert may(person, Act.GOODS_EDIT, merchant, at=timezone.now() + timedelta(days=8)) is False


def test_staff_and_superusers_have_no_role_by_that_alone() -> None:
    merchant = MerchantFactory()
    boss = UserFactory(is_staff=True, is_superuser=True)

    assert [act for act in Act if may(boss, act, merchant)] == []


def test_closed_account_has_no_role_left() -> None:
    membership = MembershipFactory()
    membership.user.is_active = False

    assert may(membership.user, Act.ORDER_VIEW, membership.merchant) is False


def test_object_that_hangs_on_nothing_belongs_to_nobody() -> None:
    person = hoa_the_officer()

    assert place_of(object()).merchant_id is None
    assert [act for act in Act if may(person, act, object())] == []


@pytest.mark.parametrize("pk", [0, -1, 10**30, "x", "1 OR 1=1"])
def test_missing_and_foreign_objects_are_the_same_404(rf: RequestFactory, pk: object) -> None:
    request = rf.get("/")
    request.user = lan_the_producer().user
    foreign = tam_the_producer().merchant

    for key in (pk, foreign.pk):
        with pytest.raises(Http404) as refusal:
            find_permitted(request, Act.ORDER_VIEW, Merchant.objects.all(), pk=key)
        assert str(refusal.value) == "no such object here"


def test_lists_hold_what_the_acts_allow() -> None:
    lan, tam = lan_the_producer(), tam_the_producer()
    officer = hoa_the_officer(lan.merchant.commune)

    assert list(merchants_visible_to(lan.user)) == [lan.merchant]
    assert list(merchants_visible_to(officer)) == [lan.merchant]
    assert list(merchants_with(grants_of(officer), Act.ORDER_VIEW)) == []
    viewer = MembershipFactory(role=Role.PROVINCE_VIEWER, merchant=None).user
    assert set(merchants_with(grants_of(viewer), Act.REGISTER_VIEW)) == {lan.merchant, tam.merchant}
    assert list(merchants_with(grants_of(viewer), Act.MERCHANT_EDIT)) == []


def test_account_number_is_whole_only_for_those_who_may_read_it() -> None:
    lan = lan_the_producer()

    assert account_number_for(grants_of(lan.user), lan.account) == lan.account.number
    assert account_number_for(grants_of(hoa_the_officer(lan.merchant.commune)), lan.account) == (
        f"•••• {lan.account.number[-4:]}"
    )


def test_role_is_given_once_and_taken_back_once() -> None:
    merchant, person, officer = MerchantFactory(), UserFactory(), UserFactory()
    membership = grant_role(user=person, role="seller", merchant=merchant, granted_by=officer)
    assert membership.granted_by == officer

    with pytest.raises(GrantRefused) as refusal:
        grant_role(user=person, role="seller", merchant=merchant)

    assert refusal.value.code == "already_given"
    assert revoke_role(membership=membership) is True
    assert revoke_role(membership=membership) is False
    assert may(person, Act.ORDER_VIEW, merchant) is False


@pytest.mark.parametrize(
    ("until", "code"),
    [(None, "helper_needs_an_end"), (timezone.now() - timedelta(seconds=1), "ends_in_the_past")],
)
def test_help_without_a_future_end_is_refused(until: object, code: str) -> None:
    with pytest.raises(GrantRefused) as refusal:
        grant_role(user=UserFactory(), role="helper", merchant=MerchantFactory(), until=until)

    assert refusal.value.code == code
    assert Membership.objects.count() == 0


def test_grants_are_read_in_one_query(django_assert_num_queries) -> None:
    person = UserFactory()
    for _one in range(20):
        MembershipFactory(user=person)
    MembershipFactory(user=person, role="officer", merchant=None, commune=CommuneFactory())

    with django_assert_num_queries(1):
        grants = grants_of(person)

    assert len(grants.merchant_ids(Act.ORDER_VIEW)) == 20
