"""Publishing a policy numbers its wording; buyers accept what is in force."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from cms.models import PolicyPage
from cms.policy_versions import record_policy_version
from shop.purchase.models import PolicyVersion
from shop.purchase.policies import current_policies
from tests.factories.pages import home_page, policy_page, published

pytestmark = pytest.mark.django_db


def versions() -> list[tuple[str, int, str]]:
    return list(PolicyVersion.objects.values_list("kind", "number", "text_html"))


def test_publishing_a_policy_records_its_first_version():
    policy_page()

    assert versions() == [("terms", 1, "<p>Bản đầu.</p>")]


def test_publishing_changed_words_makes_the_next_version():
    page = policy_page()

    page.body = "<p>Bản hai.</p>"
    page.save_revision().publish()

    assert versions() == [("terms", 1, "<p>Bản đầu.</p>"), ("terms", 2, "<p>Bản hai.</p>")]
    assert [version.number for version in current_policies()] == [2]


def test_publishing_the_same_words_makes_no_version():
    page = policy_page()

    page.search_description = "Chỉ đổi lời giới thiệu."
    page.save_revision().publish()
    record_policy_version(page)

    assert len(versions()) == 1


def test_a_changed_title_is_a_changed_wording():
    page = policy_page()

    page.title = "Điều khoản mới"
    page.save_revision().publish()

    assert list(PolicyVersion.objects.values_list("number", "title")) == [(1, "Điều khoản"), (2, "Điều khoản mới")]


def test_a_draft_changes_no_version():
    page = policy_page()

    page.body = "<p>Nháp.</p>"
    page.save_revision()

    assert len(versions()) == 1


def test_a_translation_records_no_version():
    page = policy_page()

    english = PolicyPage(title="Terms", slug="terms", kind="terms", body="<p>First.</p>")
    published(english, home_page("en"), twin_of=page)

    assert versions() == [("terms", 1, "<p>Bản đầu.</p>")]


def test_a_second_page_of_the_same_kind_is_refused():
    policy_page()

    with pytest.raises(ValidationError) as refused:
        policy_page(title="Điều khoản khác", slug="dieu-khoan-khac")

    assert refused.value.message_dict["kind"] == ["Đã có trang “Điều khoản” thuộc loại này, hãy sửa trang đó."]
    assert PolicyPage.objects.live().count() == 1
    assert versions() == [("terms", 1, "<p>Bản đầu.</p>")]


def test_a_policy_page_shows_its_version_and_day(client: Client):
    page = policy_page()
    page.body = "<p>Bản hai.</p>"
    page.save_revision().publish()

    html = client.get("/dieu-khoan/").content.decode()

    day = PolicyVersion.objects.get(number=2).published_at.astimezone().strftime("%d/%m/%Y")
    assert f"Bản 2, có hiệu lực từ {day}" in html
    assert "<p>Bản hai.</p>" in html


def test_a_translated_policy_says_which_wording_binds(client: Client):
    page = policy_page()
    published(
        PolicyPage(title="Terms", slug="terms", kind="terms", body="<p>First.</p>"), home_page("en"), twin_of=page
    )

    html = client.get("/en/terms/").content.decode()

    assert "the Vietnamese wording is the one that binds" in html
    assert "<p>First.</p>" in html
