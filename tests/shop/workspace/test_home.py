"""The front page at work: each role its own parts, and for whoever has none the reason and the way on."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from merchants.models import Membership
from shop.users.models import User
from tests.factories import (
    BankAccountFactory,
    CommuneFactory,
    MembershipFactory,
    MerchantFactory,
    UserFactory,
    VillageFactory,
)
from tests.people import hoa_the_officer, mai_the_editor, minh_the_buyer, quang_of_the_platform
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db

HOME = reverse("workspace:home")


def tasks(person: User) -> list[tuple[str, str, int | None]]:
    page = sign_in(Client(), person).get(HOME)
    return [(task.title, task.url, task.number) for task in page.context["tasks"]]


def test_a_buyer_reads_why_there_is_nothing_here_and_what_to_do() -> None:
    page = sign_in(Client(), minh_the_buyer()).get(HOME)

    text = page.content.decode()
    assert page.status_code == 200
    assert "Tài khoản chưa có vai trò" in text
    assert "minh@example.test" in text
    assert "Hãy nhờ cán bộ xã thêm bạn vào cơ sở" in text
    assert f'href="{reverse("users:home")}"' in text


def test_a_helper_whose_help_has_ended_reads_when_and_where() -> None:
    now = timezone.now()
    membership = MembershipFactory(
        role=Membership.Role.HELPER,
        merchant__name="Mật ong Lan (mẫu)",
        starts_at=now - timedelta(days=30),
        until=now - timedelta(days=1),
    )

    text = sign_in(Client(), membership.user).get(HOME).content.decode()

    assert "Mật ong Lan (mẫu)" in text
    assert f"đã kết thúc ngày {timezone.localtime(membership.until):%d/%m/%Y}" in text


def test_a_role_that_begins_tomorrow_is_named_with_its_day() -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    membership = MembershipFactory(starts_at=tomorrow)

    text = sign_in(Client(), membership.user).get(HOME).content.decode()

    assert f"bắt đầu từ {timezone.localtime(tomorrow):%d/%m/%Y}" in text


def test_an_officer_meets_the_businesses_without_a_code_as_a_task_of_its_own() -> None:
    commune = CommuneFactory(code="17605", name="xã Hợp Minh")
    for _number in range(3):
        MerchantFactory(village=VillageFactory(commune=commune))
    address = f"{reverse('merchants:businesses')}?xa=17605"

    assert tasks(hoa_the_officer(commune))[:2] == [
        ("Cơ sở chưa có mã thanh toán", f"{address}&ma=chua", 3),
        ("Cơ sở tại xã Hợp Minh", address, None),
    ]


def test_a_province_viewer_who_issues_no_codes_is_not_told_to() -> None:
    MerchantFactory()
    viewer = MembershipFactory(role=Membership.Role.PROVINCE_VIEWER, merchant=None, commune=None).user

    titles = [title for title, _url, _number in tasks(viewer)]
    assert "Tất cả các xã" in titles
    assert "Cơ sở chưa có mã thanh toán" not in titles


def test_an_editor_and_the_platforms_staff_find_their_rooms() -> None:
    pages = ("Trang và bài viết", reverse("wagtailadmin_home"), None)
    dashboard = ("Bảng quản trị của sàn", reverse("dashboard:index"), None)

    assert tasks(mai_the_editor()) == [pages]
    assert {pages, dashboard} <= set(tasks(quang_of_the_platform()))


@pytest.mark.parametrize("person", [mai_the_editor, quang_of_the_platform])
def test_whoever_works_here_lands_at_work_after_signing_in(person) -> None:
    somebody = person()
    somebody.set_password("mot-mat-khau-dai")
    somebody.save()
    client = Client()

    me = sign_in(client, somebody).get(reverse("storefront:me")).content.decode()

    assert HOME in me


class TestHowPeopleOfABusinessSignIn:
    """The officer is offered a code where one helps, and told why not where none does."""

    @staticmethod
    def page(person: User, *, merchant_name: str = "Cơ sở Thử") -> str:
        membership = MembershipFactory(user=person, merchant__name=merchant_name)
        BankAccountFactory(merchant=membership.merchant)
        officer = sign_in(Client(), hoa_the_officer(membership.merchant.commune), second_factor=True)
        return officer.get(reverse("merchants:business", args=[membership.merchant_id])).content.decode()

    def test_who_has_never_been_in_gets_an_activation_code(self) -> None:
        newcomer = UserFactory(password=None)
        newcomer.set_unusable_password()
        newcomer.save()

        text = self.page(newcomer)

        assert "Mã kích hoạt" in text
        assert "Cấp lại mã đăng nhập" not in text

    def test_who_was_let_in_by_a_code_before_gets_another_one_with_a_warning(self) -> None:
        person = UserFactory()
        person.set_password("mot-mat-khau-dai")
        person.save()
        person.activation_codes.create(
            code_hash="x" * 64,
            issued_by=UserFactory(),
            expires_at=timezone.now(),
            used_at=timezone.now(),
        )

        text = self.page(person)

        assert "Mã kích hoạt" not in text
        assert "Cấp lại mã đăng nhập" in text
        assert "ai quét mã là vào được tài khoản" in text

    def test_who_signed_up_by_herself_is_offered_none(self) -> None:
        person = UserFactory()
        person.set_password("mot-mat-khau-dai")
        person.save()

        text = self.page(person)

        assert "Mã kích hoạt" not in text
        assert "Cấp lại mã đăng nhập" not in text
        assert "Tự đăng nhập bằng mật khẩu riêng" in text
