"""What people decide and say about money: accept, set aside, undo; the seller's word; cash; refunds."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from PIL import Image

from merchants.models import AuditEntry
from merchants.photos import PhotoRefused
from shop.payments import attempts
from shop.payments.by_word import (
    buyer_says_sent,
    buyer_takes_back,
    cash_collected,
    seller_not_seen,
    sellers_word,
    undo_cash_collected,
    undo_not_seen,
    undo_sellers_word,
)
from shop.payments.decisions import accept_receipt, receipts_to_decide, set_aside, undo
from shop.payments.errors import CannotAccept, PaymentRefused
from shop.payments.ledger import check_ledger
from shop.payments.models import Allocation, NoticeConnection, PaymentAttempt, Receipt, Refund
from shop.payments.refunds import mark_refund_sent, refund_due, refundable_vnd, undo_refund_sent, withdraw_refund
from shop.payments.signals import attempt_changed
from tests.people import Producer, lan_the_producer, tam_the_producer
from tests.shop.payments.sale import ask_cash, ask_transfer, connect, locked, only_receipt, post, sepay_notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan() -> Producer:
    return lan_the_producer()


@pytest.fixture
def lans(lan: Producer) -> NoticeConnection:
    return connect(lan.merchant)


@pytest.fixture(autouse=True)
def ledger_is_right() -> Any:
    yield
    assert list(check_ledger()) == []


def money_tables() -> dict[str, list[dict[str, Any]]]:
    """Every row a refusal must leave as it was."""
    models: list[type[Model]] = [PaymentAttempt, Receipt, Allocation, Refund, AuditEntry]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def assert_refused(code: str, call: Callable[[], object]) -> None:
    before = money_tables()
    with pytest.raises(PaymentRefused) as refusal:
        call()
    assert refusal.value.code == code
    assert money_tables() == before


def fresh(attempt: PaymentAttempt) -> tuple[str, int]:
    attempt.refresh_from_db()
    return attempt.state, int(attempt.allocated_vnd)


def states() -> list[tuple[str, str, int]]:
    return [(r.state, r.reason, int(r.allocated_vnd)) for r in Receipt.objects.order_by("pk")]


def expire(attempt: PaymentAttempt) -> None:
    with locked(attempt) as row:
        attempts.expire_attempt(attempt=row)


class TestAcceptedReceipt:
    def test_money_without_reference_pays_the_order_a_person_names(self, lan: Producer, lans: NoticeConnection) -> None:
        attempt = ask_transfer(lan.account)
        post(lans, sepay_notice(attempt, content="chuyen tien mat ong"))
        receipt = only_receipt()

        accept_receipt(receipt=receipt, order=attempt.order, actor=lan.user)

        assert fresh(attempt) == ("settled", 100_000)
        assert states() == [("matched", "unknown_reference", 100_000)]
        entry = AuditEntry.objects.get(action="receipt.accepted")
        assert (entry.actor, entry.commune) == (lan.user, lan.merchant.commune)
        assert entry.before == {"state": "doubtful", "reason": "unknown_reference", "allocated_vnd": "0"}
        assert entry.after["order"] == attempt.reference
        assert entry.after["accepted_vnd"] == "100000"

    def test_money_for_two_orders_gives_each_what_it_asks_for(self, lan: Producer, lans: NoticeConnection) -> None:
        first, second = ask_transfer(lan.account), ask_transfer(lan.account, amount=50_000)
        post(lans, sepay_notice(first, content=f"{first.reference} {second.reference}", transferAmount=150_000))
        receipt = only_receipt()

        accept_receipt(receipt=receipt, order=first.order, actor=lan.user)
        assert states() == [("part_matched", "several_references", 100_000)]
        assert list(receipts_to_decide(lan.merchant)) == [receipt]
        accept_receipt(receipt=receipt, order=second.order, actor=lan.user)

        assert (fresh(first), fresh(second)) == (("settled", 100_000), ("settled", 50_000))
        assert states() == [("matched", "several_references", 150_000)]

    def test_late_money_settles_the_expired_attempt(self, lan: Producer, lans: NoticeConnection) -> None:
        attempt = ask_transfer(lan.account)
        expire(attempt)
        post(lans, sepay_notice(attempt))

        accept_receipt(receipt=only_receipt(), order=attempt.order, actor=lan.user)

        assert fresh(attempt) == ("settled", 100_000)
        assert states() == [("matched", "after_expiry", 100_000)]

    def test_part_of_the_money_late_opens_the_attempt_again_without_an_end(
        self, lan: Producer, lans: NoticeConnection
    ) -> None:
        attempt = ask_transfer(lan.account)
        expire(attempt)
        post(lans, sepay_notice(attempt, transferAmount=60_000))

        accept_receipt(receipt=only_receipt(), order=attempt.order, actor=lan.user)
        assert fresh(attempt) == ("open", 60_000)
        assert (attempt.expires_at, attempt.closed_at) == (None, None)
        post(lans, sepay_notice(attempt, transferAmount=40_000))

        assert fresh(attempt) == ("settled", 100_000)

    def test_order_that_cannot_come_back_changes_nothing(self, lan: Producer, lans: NoticeConnection) -> None:
        def refuse(**_news: Any) -> None:
            raise CannotAccept("out_of_stock")

        attempt = ask_transfer(lan.account)
        expire(attempt)
        post(lans, sepay_notice(attempt))
        before = money_tables()
        attempt_changed.connect(refuse)

        try:
            with pytest.raises(CannotAccept, match="out_of_stock"):
                accept_receipt(receipt=only_receipt(), order=attempt.order, actor=lan.user)
        finally:
            attempt_changed.disconnect(refuse)

        assert money_tables() == before

    def test_repeated_money_accepted_becomes_the_orders_excess(self, lan: Producer, lans: NoticeConnection) -> None:
        attempt = ask_transfer(lan.account)
        post(lans, sepay_notice(attempt))
        post(lans, sepay_notice(attempt))

        accept_receipt(receipt=Receipt.objects.last(), order=attempt.order, actor=lan.user)  # type: ignore[arg-type]

        assert fresh(attempt) == ("settled", 200_000)

    def test_an_amount_may_be_given(self, lan: Producer, lans: NoticeConnection) -> None:
        attempt = ask_transfer(lan.account)
        post(lans, sepay_notice(attempt, content="", transferAmount=130_000))
        receipt = only_receipt()

        accept_receipt(receipt=receipt, order=attempt.order, actor=lan.user, amount_vnd=Decimal(100_000))

        assert fresh(attempt) == ("settled", 100_000)
        assert states() == [("part_matched", "unknown_reference", 100_000)]
        assert_refused(
            "too_much",
            lambda: accept_receipt(receipt=receipt, order=attempt.order, actor=lan.user, amount_vnd=Decimal(30_001)),
        )
        accept_receipt(receipt=receipt, order=attempt.order, actor=lan.user)
        assert fresh(attempt) == ("settled", 130_000)
        assert states() == [("matched", "unknown_reference", 130_000)]
        assert Allocation.objects.count() == 1

    def test_pressed_twice_counts_once(self, lan: Producer, lans: NoticeConnection) -> None:
        attempt = ask_transfer(lan.account)
        post(lans, sepay_notice(attempt, content=""))
        receipt = only_receipt()
        accept_receipt(receipt=receipt, order=attempt.order, actor=lan.user)

        assert_refused("not_doubtful", lambda: accept_receipt(receipt=receipt, order=attempt.order, actor=lan.user))

    def test_another_merchants_order_is_refused(self, lan: Producer, lans: NoticeConnection) -> None:
        attempt, foreign = ask_transfer(lan.account), ask_transfer(tam_the_producer().account)
        post(lans, sepay_notice(attempt, content=""))

        assert_refused(
            "foreign_order", lambda: accept_receipt(receipt=only_receipt(), order=foreign.order, actor=lan.user)
        )

    def test_undo_makes_it_doubtful_again_for_its_old_reason(self, lan: Producer, lans: NoticeConnection) -> None:
        attempt = ask_transfer(lan.account)
        post(lans, sepay_notice(attempt, content=""))
        receipt = accept_receipt(receipt=only_receipt(), order=attempt.order, actor=lan.user)

        undo(receipt=receipt, actor=lan.user)

        assert fresh(attempt) == ("open", 0)
        assert states() == [("doubtful", "unknown_reference", 0)]
        assert AuditEntry.objects.filter(action="receipt.undone").count() == 1
        accept_receipt(receipt=receipt, order=attempt.order, actor=lan.user)
        assert fresh(attempt) == ("settled", 100_000)

    def test_undo_does_not_touch_what_the_bank_matched(self, lan: Producer, lans: NoticeConnection) -> None:
        attempt = ask_transfer(lan.account)
        post(lans, sepay_notice(attempt))

        assert_refused("nothing_to_undo", lambda: undo(receipt=only_receipt(), actor=lan.user))

    def test_undo_is_refused_while_that_money_goes_back(self, lan: Producer, lans: NoticeConnection) -> None:
        attempt = ask_transfer(lan.account)
        post(lans, sepay_notice(attempt, content=""))
        receipt = accept_receipt(receipt=only_receipt(), order=attempt.order, actor=lan.user)
        attempt.refresh_from_db()
        refund_due(attempt=attempt, amount_vnd=Decimal(10_000), reason="thiếu một hũ")

        assert_refused("refund_stands", lambda: undo(receipt=receipt, actor=lan.user))


class TestSetAside:
    def test_private_money_is_set_aside_and_brought_back(self, lan: Producer, lans: NoticeConnection) -> None:
        attempt = ask_transfer(lan.account)
        post(lans, sepay_notice(attempt, content="tien com"))
        receipt = only_receipt()

        set_aside(receipt=receipt, actor=lan.user)
        assert states() == [("set_aside", "unknown_reference", 0)]
        assert not receipts_to_decide(lan.merchant).exists()
        undo(receipt=receipt, actor=lan.user)

        assert states() == [("doubtful", "unknown_reference", 0)]
        assert fresh(attempt) == ("open", 0)

    def test_matched_money_cannot_be_set_aside(self, lan: Producer, lans: NoticeConnection) -> None:
        post(lans, sepay_notice(ask_transfer(lan.account)))

        assert_refused("not_doubtful", lambda: set_aside(receipt=only_receipt(), actor=lan.user))


class TestSellersWord:
    def test_word_pays_the_order_as_the_sellers_word(self, lan: Producer) -> None:
        attempt = ask_transfer(lan.account)

        receipt = sellers_word(attempt=attempt, amount_vnd=Decimal(100_000), actor=lan.user)

        assert fresh(attempt) == ("settled", 100_000)
        assert (receipt.evidence, receipt.recorded_by, receipt.merchant) == ("sellers_word", lan.user, lan.merchant)
        assert AuditEntry.objects.get(action="payment.sellers_word").after["amount_vnd"] == "100000"

    def test_later_notice_takes_the_words_place_and_adds_nothing(self, lan: Producer, lans: NoticeConnection) -> None:
        attempt = ask_transfer(lan.account)
        word = sellers_word(attempt=attempt, amount_vnd=Decimal(100_000), actor=lan.user)

        post(lans, sepay_notice(attempt))

        assert fresh(attempt) == ("settled", 100_000)
        assert states() == [("superseded", "", 0), ("matched", "", 100_000)]
        word.refresh_from_db()
        assert word.superseded_by == Receipt.objects.last()
        assert_refused("superseded", lambda: undo_sellers_word(receipt=word, actor=lan.user))

    def test_later_notice_of_less_shows_what_is_missing(self, lan: Producer, lans: NoticeConnection) -> None:
        attempt = ask_transfer(lan.account)
        sellers_word(attempt=attempt, amount_vnd=Decimal(100_000), actor=lan.user)

        post(lans, sepay_notice(attempt, transferAmount=60_000))
        assert fresh(attempt) == ("open", 60_000)
        post(lans, sepay_notice(attempt, transferAmount=40_000))

        assert fresh(attempt) == ("settled", 100_000)
        assert states() == [("superseded", "", 0), ("matched", "", 60_000), ("matched", "", 40_000)]

    def test_notice_of_less_than_already_goes_back_is_left_for_a_person(
        self, lan: Producer, lans: NoticeConnection
    ) -> None:
        attempt = ask_transfer(lan.account)
        sellers_word(attempt=attempt, amount_vnd=Decimal(100_000), actor=lan.user)
        attempt.refresh_from_db()
        mark_refund_sent(refund=refund_due(attempt=attempt, amount_vnd=Decimal(100_000), reason="hủy"), actor=lan.user)

        post(lans, sepay_notice(attempt, transferAmount=60_000))

        assert fresh(attempt) == ("settled", 100_000)
        assert states() == [("matched", "", 100_000), ("doubtful", "order_refused", 0)]

    def test_word_after_expiry_settles_and_its_notice_joins(self, lan: Producer, lans: NoticeConnection) -> None:
        attempt = ask_transfer(lan.account)
        expire(attempt)

        sellers_word(attempt=attempt, amount_vnd=Decimal(100_000), actor=lan.user)
        assert fresh(attempt) == ("settled", 100_000)
        post(lans, sepay_notice(attempt))

        assert fresh(attempt) == ("settled", 100_000)
        assert states() == [("superseded", "", 0), ("matched", "", 100_000)]

    def test_accepting_a_notice_by_hand_also_takes_the_words_place(self, lan: Producer, lans: NoticeConnection) -> None:
        attempt = ask_transfer(lan.account)
        sellers_word(attempt=attempt, amount_vnd=Decimal(100_000), actor=lan.user)
        post(lans, sepay_notice(attempt, content="mua mat ong"))
        receipt = Receipt.objects.get(evidence="bank_notice")

        accept_receipt(receipt=receipt, order=attempt.order, actor=lan.user)
        assert fresh(attempt) == ("settled", 100_000)
        assert [s[0] for s in states()] == ["superseded", "matched"]
        undo(receipt=receipt, actor=lan.user)

        assert fresh(attempt) == ("settled", 100_000)
        assert [s[0] for s in states()] == ["matched", "doubtful"]

    def test_word_pressed_twice_counts_once(self, lan: Producer) -> None:
        attempt = ask_transfer(lan.account)
        sellers_word(attempt=attempt, amount_vnd=Decimal(40_000), actor=lan.user)

        assert_refused("word_stands", lambda: sellers_word(attempt=attempt, amount_vnd=Decimal(40_000), actor=lan.user))
        assert_refused(
            "changed_meanwhile",
            lambda: sellers_word(
                attempt=attempt, amount_vnd=Decimal(40_000), actor=lan.user, seen_allocated_vnd=Decimal(0)
            ),
        )

    def test_second_part_may_be_said_by_one_who_saw_the_first(self, lan: Producer) -> None:
        attempt = ask_transfer(lan.account)
        sellers_word(attempt=attempt, amount_vnd=Decimal(40_000), actor=lan.user, seen_allocated_vnd=Decimal(0))

        sellers_word(attempt=attempt, amount_vnd=Decimal(60_000), actor=lan.user, seen_allocated_vnd=Decimal(40_000))

        assert fresh(attempt) == ("settled", 100_000)
        assert_refused("already_paid", lambda: sellers_word(attempt=attempt, amount_vnd=Decimal(1), actor=lan.user))

    @pytest.mark.parametrize("amount", ["0", "-1", "0.5", "NaN", "Infinity", "1e20"])
    def test_amount_that_is_no_money_is_refused(self, lan: Producer, amount: str) -> None:
        attempt = ask_transfer(lan.account)

        assert_refused(
            "not_whole_dong", lambda: sellers_word(attempt=attempt, amount_vnd=Decimal(amount), actor=lan.user)
        )

    def test_undone_word_is_withdrawn_and_the_attempt_open_again(self, lan: Producer) -> None:
        attempt = ask_transfer(lan.account)
        word = sellers_word(attempt=attempt, amount_vnd=Decimal(100_000), actor=lan.user)

        undo_sellers_word(receipt=word, actor=lan.user)

        assert fresh(attempt) == ("open", 0)
        assert states() == [("withdrawn", "", 0)]
        assert_refused("nothing_to_undo", lambda: undo_sellers_word(receipt=word, actor=lan.user))
        sellers_word(attempt=attempt, amount_vnd=Decimal(100_000), actor=lan.user)
        assert fresh(attempt) == ("settled", 100_000)


class TestBuyersWord:
    def test_buyer_says_sent_and_takes_it_back(self, lan: Producer) -> None:
        attempt = ask_transfer(lan.account)

        buyer_says_sent(attempt=attempt)
        attempt.refresh_from_db()
        first = attempt.buyer_says_sent_at
        buyer_says_sent(attempt=attempt)
        assert fresh(attempt) == ("open", 0)
        assert attempt.buyer_says_sent_at == first
        buyer_takes_back(attempt=attempt)

        attempt.refresh_from_db()
        assert attempt.buyer_says_sent_at is None

    def test_screenshot_is_redrawn_without_metadata(self, lan: Producer) -> None:
        attempt = ask_transfer(lan.account)
        picture = Image.new("RGB", (4_000, 2_000), "orange")
        exif = picture.getexif()
        exif[0x010E] = "where I live"
        drawn = BytesIO()
        picture.save(drawn, "JPEG", exif=exif)

        buyer_says_sent(attempt=attempt, screenshot=SimpleUploadedFile("me.jpg", drawn.getvalue()))

        attempt.refresh_from_db()
        assert "me" not in attempt.buyer_screenshot.name.split("/")[-1][:3]
        with Image.open(attempt.buyer_screenshot) as kept:
            assert (kept.format, kept.size, dict(kept.getexif())) == ("WEBP", (1_200, 600), {})

    @pytest.mark.parametrize("content", [b"<svg/>", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, b"GIF89a" + b"\0" * 99])
    def test_what_is_no_picture_is_refused(self, lan: Producer, content: bytes) -> None:
        attempt = ask_transfer(lan.account)
        before = money_tables()

        with pytest.raises(PhotoRefused):
            buyer_says_sent(attempt=attempt, screenshot=SimpleUploadedFile("a.png", content))

        assert money_tables() == before

    def test_seller_has_not_seen_it_and_looks_again(self, lan: Producer) -> None:
        attempt = ask_transfer(lan.account)
        buyer_says_sent(attempt=attempt)

        seller_not_seen(attempt=attempt, actor=lan.user)
        attempt.refresh_from_db()
        assert attempt.seller_says_not_seen_at is not None
        undo_not_seen(attempt=attempt, actor=lan.user)
        attempt.refresh_from_db()

        assert attempt.seller_says_not_seen_at is None
        assert fresh(attempt) == ("open", 0)


class TestCash:
    def test_collected_cash_pays_the_order(self, lan: Producer) -> None:
        attempt = ask_cash(lan.merchant, amount=70_000)

        receipt = cash_collected(order=attempt.order, actor=lan.user)

        assert fresh(attempt) == ("settled", 70_000)
        assert (receipt.evidence, receipt.amount_vnd) == ("cash", Decimal(70_000))
        assert_refused("already_paid", lambda: cash_collected(order=attempt.order, actor=lan.user))

    def test_cash_may_be_undone_for_a_day(self, lan: Producer) -> None:
        attempt = ask_cash(lan.merchant)
        receipt = cash_collected(order=attempt.order, actor=lan.user)

        undo_cash_collected(receipt=receipt, actor=lan.user)
        assert fresh(attempt) == ("open", 0)
        again = cash_collected(order=attempt.order, actor=lan.user)
        Receipt.objects.filter(pk=again.pk).update(received_at=again.received_at - timedelta(hours=24, seconds=1))
        again.refresh_from_db()

        assert_refused("too_late", lambda: undo_cash_collected(receipt=again, actor=lan.user))
        assert fresh(attempt) == ("settled", 100_000)

    def test_order_paid_by_transfer_collects_no_cash(self, lan: Producer) -> None:
        attempt = ask_transfer(lan.account)

        assert_refused("not_by_cash", lambda: cash_collected(order=attempt.order, actor=lan.user))


class TestRefunds:
    def test_refund_is_due_sent_undone_and_withdrawn(self, lan: Producer, lans: NoticeConnection) -> None:
        attempt = ask_transfer(lan.account)
        post(lans, sepay_notice(attempt))
        attempt.refresh_from_db()

        refund = refund_due(attempt=attempt, amount_vnd=Decimal(30_000), reason="thiếu một hũ")
        assert (refund.state, refundable_vnd(attempt)) == ("due", Decimal(70_000))
        refund = mark_refund_sent(refund=refund, actor=lan.user)
        assert (refund.state, refund.sent_by) == ("sent", lan.user)
        assert_refused("not_due", lambda: mark_refund_sent(refund=refund, actor=lan.user))
        refund = undo_refund_sent(refund=refund, actor=lan.user)
        assert (refund.state, refund.sent_at) == ("due", None)
        refund = withdraw_refund(refund=refund, actor=lan.user)

        assert (refund.state, refundable_vnd(attempt)) == ("withdrawn", Decimal(100_000))
        assert [e.action for e in AuditEntry.objects.order_by("pk")][-4:] == [
            "refund.due",
            "refund.sent",
            "refund.sent_undone",
            "refund.withdrawn",
        ]

    def test_no_more_goes_back_than_came(self, lan: Producer, lans: NoticeConnection) -> None:
        attempt = ask_transfer(lan.account)
        post(lans, sepay_notice(attempt))
        attempt.refresh_from_db()
        refund_due(attempt=attempt, amount_vnd=Decimal(60_000), reason="hủy")

        assert_refused(
            "more_than_came",
            lambda: refund_due(attempt=attempt, amount_vnd=Decimal(40_001), reason="hủy"),
        )
