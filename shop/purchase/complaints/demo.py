"""The demo's complaints, one for each place a case can stand, made through the very functions people use."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from merchants import vietqr
from merchants.demo.plan import DemoPlan
from merchants.models import Membership
from shop.payments.refunds import mark_refund_sent
from shop.purchase.complaints import by_buyer, by_seller
from shop.purchase.complaints.filing import file_complaint
from shop.purchase.complaints.models import Complaint
from shop.purchase.complaints.photos import take_in
from shop.purchase.complaints.states import THE_BUYER, By, Who
from shop.purchase.complaints.writing import write
from shop.purchase.demo import STORIES, Story, Telling, tell_all

_MARK = "(khiếu nại mẫu)"
_FONT = Path(vietqr.__file__).parent / "fonts" / "BeVietnamPro-Bold.ttf"
Then = Callable[[Telling], None]


def _file(told: Telling, topic: str, wish: str, text: str, *, hours: float, with_photo: bool = False) -> Complaint:
    """Pay, send, deliver, and complain so many hours after the order."""
    told.pays()
    told.goes("confirmed", "packed", "sent", "delivered")
    photos = take_in([_photo()]) if with_photo else []
    now = told.hours_later(hours)
    return file_complaint(order=told.order, topic=topic, wish=wish, text=f"{text} {_MARK}", photos=photos, now=now)


def _seller(told: Telling) -> Who:
    return Who(By.SELLER, told.owner())


def _waits_for_the_seller(told: Telling) -> None:
    _file(
        told,
        "damaged",
        "replacement",
        "Bao gạo rách một góc, mất chừng nửa cân và bị ẩm. Cô xem ảnh giúp cháu.",
        hours=60,
        with_photo=True,
    )


def _waits_for_the_buyer(told: Telling) -> None:
    case = _file(told, "missing", "part_refund", "Đặt hai lọ mà mở hộp chỉ thấy một lọ.", hours=50, with_photo=True)
    by_seller.offer(
        complaint=case,
        who=_seller(told),
        kind="part_refund",
        amount_vnd=Decimal(95_000),
        text="Xin lỗi bạn, nhà mình đóng sót. Mình hoàn tiền lọ thiếu nhé.",
        now=told.hours_later(58),
    )


def _before_the_commune(told: Telling) -> None:
    case = _file(told, "quality", "full_refund", "Cam chua và khô, không như giới thiệu.", hours=40, with_photo=True)
    write(
        complaint=case,
        who=_seller(told),
        text="Cam đầu mùa nên còn chua, trên trang có ghi. Bạn ăn thử mấy quả rồi?",
        now=told.hours_later(46),
    )
    write(complaint=case, who=THE_BUYER, text="Tôi bổ sáu quả, năm quả khô nước.", now=told.hours_later(48))
    by_seller.refuse(
        complaint=case,
        who=_seller(told),
        text="Hàng tươi đã giao đúng loại đã giới thiệu nên nhà tôi không hoàn.",
        now=told.hours_later(52),
    )
    by_buyer.escalate(complaint=case, text="Nhờ xã xem giúp, tôi có ảnh lúc bổ cam.", now=told.hours_later(56))


def _settled(told: Telling) -> None:
    case = _file(told, "wrong", "part_refund", "Đặt loại nhỏ mà nhận loại to hơn nhưng vỡ nắp.", hours=50)
    offer = by_seller.offer(
        complaint=case, who=_seller(told), kind="part_refund", amount_vnd=Decimal(20_000), now=told.hours_later(55)
    )
    by_buyer.accept_offer(complaint=case, offer_id=offer.pk, now=told.hours_later(60))
    case.refresh_from_db()
    if case.refund is not None:
        mark_refund_sent(refund=case.refund, actor=told.owner())
    by_buyer.confirm_carried_out(complaint=case, now=told.now)


def _photo() -> SimpleUploadedFile:
    """A drawn box with a hole, with the word that it is a sample."""
    image = Image.new("RGB", (900, 700), "#d8c39a")
    draw = ImageDraw.Draw(image)
    draw.rectangle((140, 160, 760, 600), fill="#b98d4f", outline="#7b5a2c", width=8)
    draw.line((140, 300, 760, 300), fill="#7b5a2c", width=6)
    draw.polygon([(520, 380), (640, 350), (690, 470), (600, 540), (500, 480)], fill="#3c2b14")
    draw.text((160, 40), "ẢNH MẪU", fill="#5f230b", font=ImageFont.truetype(str(_FONT), 72))
    buffer = BytesIO()
    image.save(buffer, "JPEG")
    return SimpleUploadedFile("mau.jpg", buffer.getvalue(), content_type="image/jpeg")


def _story(key: str, buyer: str, phone: str, goods: dict[str, int], hours_ago: float, then: Then) -> Story:
    return Story(key=key, buyer=buyer, phone=phone, goods=goods, hours_ago=hours_ago, then=then)


COMPLAINTS: tuple[Story, ...] = (
    _story("kn-cho-ban", "Ông Mẫu Bách", "+84740000521", {"gao-thom-1": 1}, 96, _waits_for_the_seller),
    _story("kn-cho-khach", "Đinh Mẫu Ly", "+84740000522", {"mat-ong-1": 2}, 90, _waits_for_the_buyer),
    _story("kn-len-xa", "Thái Mẫu Sơn", "+84740000523", {"cam": 3}, 80, _before_the_commune),
    _story("kn-xong", "Tạ Mẫu Vân", "+84740000524", {"tuong-nep": 2}, 120, _settled),
)


def seed(plan: DemoPlan) -> None:
    """Tell them after the demo's other purchases; a demo without officers or goods gets none."""
    if not Membership.objects.exists():
        return
    told = tell_all(plan, COMPLAINTS, first_position=len(STORIES))
    plan.say(f"complaints: {told} told, {Complaint.objects.count()} in all")
