"""Officers and the platform's staff handle what visitors report."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from catalogue.listing_reports import ReportRefused, close, look_at, report_listing
from catalogue.models import ListingReport
from merchants.models import AuditEntry
from shop.users.models import User
from tests.factories import listed_product
from tests.people import hoa_the_officer, quang_of_the_platform
from tests.sign_in import sign_in

pytestmark = pytest.mark.django_db
LIST = "/quan-ly/phan-anh/"


@pytest.fixture
def report() -> ListingReport:
    product = listed_product(title="Mật ong")
    return report_listing(product=product, reason="unsafe", text="Mốc\n<b>xanh</b>", contact="chi@example.test")


@pytest.fixture
def hoa(report: ListingReport) -> User:
    return hoa_the_officer(report.merchant.commune)


@pytest.fixture
def officer(hoa: User) -> Client:
    return sign_in(Client(), hoa, second_factor=True)


def test_a_new_report_waits_on_the_start_page_and_in_the_list(officer: Client, report: ListingReport) -> None:
    assert "Phản ánh về hàng" in officer.get("/quan-ly/").content.decode()

    text = officer.get(LIST).content.decode()

    assert "Mốc<br>&lt;b&gt;xanh&lt;/b&gt;" in text
    assert "chi@example.test" in text
    assert report.product is not None
    assert f'href="{report.product.get_absolute_url()}"' in text


def test_looking_and_closing_are_noted_and_the_reporter_is_forgotten(
    officer: Client, hoa: User, report: ListingReport
) -> None:
    officer.post(reverse("workspace:listing_report_seen", args=[report.pk]))
    report.refresh_from_db()
    assert (report.state, report.handled_by, report.contact) == ("seen", hoa, "chi@example.test")
    seen_at = report.seen_at

    officer.post(reverse("workspace:listing_report_close", args=[report.pk]), {"note": "Đã gọi, thu hồi lô hàng"})

    report.refresh_from_db()
    assert (report.state, report.closing_note, report.sealed_contact) == ("closed", "Đã gọi, thu hồi lô hàng", "")
    assert report.seen_at == seen_at
    entries = AuditEntry.objects.filter(object_type="catalogue.listingreport").order_by("pk")
    assert [(entry.action, entry.before, entry.after) for entry in entries][1:] == [
        ("listing_report.seen", {"state": "new"}, {"state": "seen"}),
        ("listing_report.closed", {"state": "seen"}, {"state": "closed", "note": "Đã gọi, thu hồi lô hàng"}),
    ]
    assert "chi@example.test" not in str(list(AuditEntry.objects.values()))
    assert "thu hồi lô hàng" in officer.get(f"{LIST}?loc=closed").content.decode()


@pytest.mark.parametrize("note", ["", "   ", "x" * 401])
def test_closing_needs_a_word_about_what_was_done(officer: Client, report: ListingReport, note: str) -> None:
    officer.post(reverse("workspace:listing_report_close", args=[report.pk]), {"note": note})

    report.refresh_from_db()
    assert (report.state, report.contact) == ("new", "chi@example.test")


def test_what_is_closed_stays_as_it_was_closed(hoa: User, report: ListingReport) -> None:
    stale = ListingReport.objects.get(pk=report.pk)
    close(report=report, by=hoa, note="Xong")

    with pytest.raises(ReportRefused) as refused:
        close(report=stale, by=hoa, note="Lần hai")
    look_at(report=stale, by=hoa)

    report.refresh_from_db()
    assert refused.value.code == "closed"
    assert (report.state, report.closing_note) == ("closed", "Xong")
    assert AuditEntry.objects.filter(object_type="catalogue.listingreport").count() == 2


def test_the_database_keeps_no_way_to_the_reporter_of_a_closed_report(report: ListingReport) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ListingReport.objects.filter(pk=report.pk).update(state="closed")


def test_staff_see_every_commune_officers_their_own(officer: Client, report: ListingReport) -> None:
    elsewhere = report_listing(product=listed_product(title="Gạo xã khác"), reason="other", text="x", contact="")
    staff = sign_in(Client(), quang_of_the_platform(), second_factor=True)

    assert "Gạo xã khác" in staff.get(LIST).content.decode()
    assert "Gạo xã khác" not in officer.get(LIST).content.decode()
    assert officer.post(reverse("workspace:listing_report_seen", args=[elsewhere.pk])).status_code == 404
    elsewhere.refresh_from_db()
    assert elsewhere.state == "new"


def test_without_the_second_factor_nobody_reads_reports(hoa: User) -> None:
    for person in (hoa, quang_of_the_platform()):
        response = sign_in(Client(), person).get(LIST)
        assert response.status_code == 302
        assert "/tai-khoan/" in response["Location"]


def test_a_report_outlives_its_product(officer: Client, report: ListingReport) -> None:
    assert report.product is not None
    report.product.delete()

    text = officer.get(LIST).content.decode()

    assert "Mật ong" in text
    assert "không còn bán" in text
