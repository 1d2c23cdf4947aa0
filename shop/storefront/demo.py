"""What visitors of the demo searched for in vain and reported, so that the staff's lists show something."""

from datetime import timedelta

from django.utils import timezone

from catalogue.listing_reports import close, look_at, report_listing
from catalogue.models import ListingReport, Product
from merchants.demo.plan import DemoPlan
from shop.storefront.models import VainSearch
from shop.users.demo import demo_user

# words → (days ago, times); a name that the goods carry otherwise, goods nobody makes, a slip of the finger
SEARCHED = {
    "keo lac hai tam": ((0, 3), (1, 5), (4, 2)),
    "ca thu nuong": ((1, 4), (2, 4)),
    "mang tre kho": ((2, 3), (6, 1)),
    "ruou nep cam": ((3, 2),),
    "nuoc mam ruoi": ((5, 1),),
}

# code of the good, reason, words, how the visitor may be reached, how far the officer has come
REPORTED = (
    (
        "mau-mat-ong", ListingReport.Reason.NOT_AS_SHOWN,
        "Trong ảnh là ba cỡ lọ, tôi nhận được lọ nhỏ nhất mà giá như lọ vừa.", "0900 000 001", ListingReport.State.NEW,
    ),
    (
        "mau-dau-lac", ListingReport.Reason.FALSE_STARS,
        "Nhãn dán trên chai vẫn in 3 sao, nhưng trang chứng nhận ghi đã hết hạn.", "", ListingReport.State.SEEN,
    ),
    (
        "mau-trung-ga", ListingReport.Reason.OTHER,
        "Số điện thoại của người bán gọi không được từ hôm qua.", "0900 000 002", ListingReport.State.CLOSED,
    ),
)  # fmt: skip
CLOSING_NOTE = "Đã gọi cho cơ sở: số cũ gõ thiếu một chữ số, đã sửa trong sổ."


def seed(plan: DemoPlan) -> None:
    """Make what is missing; a list that is there stays as it is."""
    _search_in_vain(plan)
    _report(plan)


def _report(plan: DemoPlan) -> None:
    """Through the same doors as a visitor and an officer."""
    if ListingReport.objects.exists():
        return
    goods = {product.code: product for product in Product.objects.select_related("merchant__commune").filter(
        code__in=[code for code, *_ in REPORTED]
    )}  # fmt: skip
    officer = demo_user("officer")
    for code, reason, words, contact, state in REPORTED:
        if code not in goods:  # a smaller demo
            continue
        report = report_listing(product=goods[code], reason=reason, text=words, contact=contact)
        if state != ListingReport.State.NEW:
            look_at(report=report, by=officer)
        if state == ListingReport.State.CLOSED:
            close(report=report, by=officer, note=CLOSING_NOTE)
    plan.say(f"reports: {ListingReport.objects.count()} about listings")


def _search_in_vain(plan: DemoPlan) -> None:
    if VainSearch.objects.exists():
        return
    today = timezone.localdate(plan.now)
    VainSearch.objects.bulk_create(
        VainSearch(words=words, day=today - timedelta(days=days_ago), times=times)
        for words, counts in SEARCHED.items()
        for days_ago, times in counts
    )
    plan.say(f"search: {len(SEARCHED)} words searched for in vain")
