"""Money that came, told by the bank: each case of reconciliation's table ends in its own state and reason."""

from decimal import Decimal
from typing import Any

import pytest

from shop.order.models import Order
from shop.payments import attempts
from shop.payments.connections import installation_connection
from shop.payments.models import Allocation, NoticeConnection, PaymentAttempt, Receipt, TransferNotice
from tests.factories import BankAccountFactory
from tests.people import Producer, lan_the_producer, tam_the_producer
from tests.shop.payments.sale import ask_cash, ask_transfer, connect, locked, only_receipt, post, sepay_notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan() -> Producer:
    return lan_the_producer()


@pytest.fixture
def lans(lan: Producer) -> NoticeConnection:
    return connect(lan.merchant)


def ends(receipt: Receipt) -> tuple[str, str, int]:
    receipt.refresh_from_db()
    return receipt.state, receipt.reason, int(receipt.allocated_vnd)


def test_exact_transfer_settles_the_attempt(lan: Producer, lans: NoticeConnection) -> None:
    attempt = ask_transfer(lan.account, amount=235_000)

    answer = post(lans, sepay_notice(attempt))

    assert (answer.status_code, answer.content) == (200, b'{"success": true}')
    attempt.refresh_from_db()
    assert (attempt.state, attempt.allocated_vnd) == ("settled", Decimal(235_000))
    assert attempt.closed_at is not None
    receipt = only_receipt()
    assert ends(receipt) == ("matched", "", 235_000)
    assert receipt.occurred_at.isoformat() == "2026-11-20T02:15:00+00:00"
    assert (receipt.merchant, receipt.account, receipt.evidence) == (lan.merchant, lan.account, "bank_notice")
    assert TransferNotice.objects.get().outcome == "recorded"


def test_underpaid_transfer_leaves_the_attempt_open_with_its_part(lan: Producer, lans: NoticeConnection) -> None:
    attempt = ask_transfer(lan.account)

    post(lans, sepay_notice(attempt, transferAmount=60_000))

    attempt.refresh_from_db()
    assert (attempt.state, attempt.allocated_vnd) == ("open", Decimal(60_000))
    assert ends(only_receipt()) == ("matched", "underpaid", 60_000)


def test_transfer_in_parts_settles_with_the_last_part(lan: Producer, lans: NoticeConnection) -> None:
    attempt = ask_transfer(lan.account)

    post(lans, sepay_notice(attempt, transferAmount=60_000))
    post(lans, sepay_notice(attempt, transferAmount=40_000))

    attempt.refresh_from_db()
    assert (attempt.state, attempt.allocated_vnd) == ("settled", Decimal(100_000))
    assert [ends(receipt) for receipt in Receipt.objects.all()] == [("matched", "", 60_000), ("matched", "", 40_000)]


def test_overpaid_transfer_settles_and_keeps_the_excess(lan: Producer, lans: NoticeConnection) -> None:
    attempt = ask_transfer(lan.account)

    post(lans, sepay_notice(attempt, transferAmount=120_000))

    attempt.refresh_from_db()
    assert (attempt.state, attempt.allocated_vnd) == ("settled", Decimal(120_000))
    assert ends(only_receipt()) == ("matched", "overpaid", 120_000)


def test_second_transfer_for_a_paid_order_is_doubtful_as_repeated(lan: Producer, lans: NoticeConnection) -> None:
    attempt = ask_transfer(lan.account)
    post(lans, sepay_notice(attempt))

    post(lans, sepay_notice(attempt, transactionDate="2026-11-20 09:30:00"))

    attempt.refresh_from_db()
    assert attempt.allocated_vnd == Decimal(100_000)
    assert [ends(r) for r in Receipt.objects.all()] == [("matched", "", 100_000), ("doubtful", "repeated", 0)]


def test_earlier_transfer_told_late_pays_and_the_later_one_is_the_repeated(
    lan: Producer, lans: NoticeConnection
) -> None:
    attempt = ask_transfer(lan.account)
    post(lans, sepay_notice(attempt, transactionDate="2026-11-20 09:30:00"))

    post(lans, sepay_notice(attempt, transactionDate="2026-11-20 09:15:00"))

    assert [ends(r) for r in Receipt.objects.all()] == [("doubtful", "repeated", 0), ("matched", "", 100_000)]
    attempt.refresh_from_db()
    assert (attempt.state, attempt.allocated_vnd) == ("settled", Decimal(100_000))
    assert Allocation.objects.filter(undone_at__isnull=True).count() == 1


def test_same_notice_twice_counts_once(lan: Producer, lans: NoticeConnection) -> None:
    attempt = ask_transfer(lan.account)
    told = sepay_notice(attempt, transferAmount=60_000)

    answers = [post(lans, told).content for _ in range(3)]

    assert answers == [b'{"success": true}'] * 3
    assert ends(only_receipt()) == ("matched", "underpaid", 60_000)
    assert [n.outcome for n in TransferNotice.objects.all()] == ["recorded", "repeated", "repeated"]


@pytest.mark.parametrize("content", ["chuyen tien", "", "OC0000000", "ung ho dong bao"])
def test_money_without_a_known_reference_is_doubtful(lan: Producer, lans: NoticeConnection, content: str) -> None:
    attempt = ask_transfer(lan.account)

    post(lans, sepay_notice(attempt, content=content))

    assert ends(only_receipt()) == ("doubtful", "unknown_reference", 0)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.allocated_vnd) == ("open", Decimal(0))


def test_transfer_naming_two_orders_is_left_for_a_person(lan: Producer, lans: NoticeConnection) -> None:
    first, second = ask_transfer(lan.account), ask_transfer(lan.account)

    post(lans, sepay_notice(first, content=f"{first.reference} {second.reference}", transferAmount=200_000))

    assert ends(only_receipt()) == ("doubtful", "several_references", 0)
    assert {a.allocated_vnd for a in PaymentAttempt.objects.all()} == {Decimal(0)}


def test_a_name_that_looks_like_a_reference_does_not_confuse(
    lan: Producer, lans: NoticeConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shop.order import reference

    attempt = ask_transfer(lan.account)
    likeness = next(
        word
        for word in (f"OC{n:06d}{c}" for n in range(50) for c in reference.ALPHABET)
        if reference.is_reference(word) and word != attempt.reference
    )

    post(lans, sepay_notice(attempt, content=f"NG {likeness} chuyen {attempt.reference}"))

    assert ends(only_receipt()) == ("matched", "", 100_000)


def test_bank_text_around_the_reference_is_looked_through(lan: Producer, lans: NoticeConnection) -> None:
    attempt = ask_transfer(lan.account)
    spaced = f"{attempt.reference[:4].lower()} {attempt.reference[4:].lower()}"

    post(lans, sepay_notice(attempt, content=f"MBVCB.4525077405.{spaced} CT tu 0351000646393 toi DEMO"))

    assert ends(only_receipt()) == ("matched", "", 100_000)


def test_reference_only_in_the_providers_code_is_found(lan: Producer, lans: NoticeConnection) -> None:
    attempt = ask_transfer(lan.account)

    post(lans, sepay_notice(attempt, content="IBFT chuyen tien", code=attempt.reference))

    assert ends(only_receipt()) == ("matched", "", 100_000)


def test_money_on_another_account_of_the_same_merchant_is_doubtful(lan: Producer, lans: NoticeConnection) -> None:
    other = BankAccountFactory(merchant=lan.merchant, is_receiving=False)
    attempt = ask_transfer(lan.account)

    post(lans, sepay_notice(attempt, accountNumber=other.number))

    assert ends(only_receipt()) == ("doubtful", "wrong_account", 0)
    assert only_receipt().account == other
    attempt.refresh_from_db()
    assert attempt.allocated_vnd == 0


def test_virtual_account_comes_before_the_account_behind_it(lan: Producer, lans: NoticeConnection) -> None:
    attempt = ask_transfer(lan.account)

    post(lans, sepay_notice(attempt, accountNumber="0071000999999", subAccount=lan.account.number))

    assert ends(only_receipt()) == ("matched", "", 100_000)


def test_same_number_at_two_banks_is_told_apart_by_the_banks_name(lan: Producer, lans: NoticeConnection) -> None:
    other = BankAccountFactory(
        merchant=lan.merchant, is_receiving=False, number=lan.account.number, bank_code="MB", bank_bin="970422"
    )
    attempt = ask_transfer(lan.account)

    post(lans, sepay_notice(attempt, gateway="MBBank"))
    post(lans, sepay_notice(attempt, gateway="Ngân hàng lạ"))
    post(lans, sepay_notice(attempt, gateway="Vietcombank"))

    assert [(ends(r)[:2], r.account) for r in Receipt.objects.all()] == [
        (("doubtful", "wrong_account"), other),
        (("doubtful", "unknown_account"), None),
        (("matched", ""), lan.account),
    ]


def test_account_the_connection_does_not_reach_is_doubtful(lan: Producer, lans: NoticeConnection) -> None:
    attempt = ask_transfer(lan.account)

    post(lans, sepay_notice(attempt, accountNumber="999999"))

    receipt = only_receipt()
    assert ends(receipt) == ("doubtful", "unknown_account", 0)
    assert (receipt.merchant, receipt.account, receipt.account_number) == (lan.merchant, None, "999999")


def test_money_that_went_out_is_kept_as_a_notice_only(lan: Producer, lans: NoticeConnection) -> None:
    attempt = ask_transfer(lan.account)

    answer = post(lans, sepay_notice(attempt, transferType="out"))

    assert answer.json() == {"success": True}
    assert not Receipt.objects.exists()
    assert TransferNotice.objects.get().outcome == "outgoing"


def test_money_after_the_time_ran_out_is_doubtful(lan: Producer, lans: NoticeConnection) -> None:
    attempt = ask_transfer(lan.account)
    with locked(attempt) as fresh:
        attempts.expire_attempt(attempt=fresh)

    post(lans, sepay_notice(attempt))

    assert ends(only_receipt()) == ("doubtful", "after_expiry", 0)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.allocated_vnd) == ("expired", Decimal(0))


def test_money_after_the_order_was_cancelled_is_doubtful(lan: Producer, lans: NoticeConnection) -> None:
    attempt = ask_transfer(lan.account)
    with locked(attempt) as fresh:
        attempts.cancel_attempt(attempt=fresh)

    post(lans, sepay_notice(attempt))

    assert ends(only_receipt()) == ("doubtful", "after_cancel", 0)


def test_money_for_a_paid_order_that_was_cancelled_is_doubtful(lan: Producer, lans: NoticeConnection) -> None:
    attempt = ask_transfer(lan.account)
    post(lans, sepay_notice(attempt))
    Order.objects.filter(pk=attempt.order_id).update(fulfilment="cancelled", cancel_reason="hết hàng")

    post(lans, sepay_notice(attempt))

    assert ends(Receipt.objects.last()) == ("doubtful", "after_cancel", 0)  # type: ignore[arg-type]


def test_transfer_for_a_cash_order_settles_it(lan: Producer, lans: NoticeConnection) -> None:
    attempt = ask_cash(lan.merchant)

    post(lans, sepay_notice(attempt, accountNumber=lan.account.number))

    attempt.refresh_from_db()
    assert (attempt.state, attempt.allocated_vnd) == ("settled", Decimal(100_000))


def test_order_that_says_no_leaves_the_money_doubtful(lan: Producer, lans: NoticeConnection) -> None:
    from shop.payments.errors import CannotAccept
    from shop.payments.signals import attempt_changed

    def refuse(**_news: Any) -> None:
        raise CannotAccept("out_of_stock")

    attempt = ask_transfer(lan.account)
    attempt_changed.connect(refuse)
    try:
        post(lans, sepay_notice(attempt))
    finally:
        attempt_changed.disconnect(refuse)

    assert ends(only_receipt()) == ("doubtful", "order_refused", 0)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.allocated_vnd) == ("open", Decimal(0))
    assert not Allocation.objects.exists()


class TestToldTwice:
    def test_own_and_installations_connection_count_once(
        self, lan: Producer, lans: NoticeConnection, settings: Any
    ) -> None:
        from shop.payments.notice_intake import take_notice
        from tests.shop.payments.sale import body

        installation = installation_connection(provider="sepay")
        installation.accounts.add(lan.account)
        attempt = ask_transfer(lan.account, amount=200_000)
        told = sepay_notice(attempt, transferAmount=100_000)

        post(lans, told)
        take_notice(connection=installation, raw_body=body(told | {"id": 77}))

        attempt.refresh_from_db()
        assert attempt.allocated_vnd == Decimal(100_000)
        first, second = Receipt.objects.all()
        assert ends(first) == ("matched", "underpaid", 100_000)
        assert (ends(second)[0], second.superseded_by) == ("superseded", first)

    def test_two_alike_without_bank_reference_pair_one_to_one(self, lan: Producer, lans: NoticeConnection) -> None:
        from shop.payments.notice_intake import take_notice
        from tests.shop.payments.sale import body

        installation = installation_connection(provider="sepay")
        installation.accounts.add(lan.account)
        attempt = ask_transfer(lan.account, amount=200_000)
        told = sepay_notice(attempt, transferAmount=100_000, referenceCode=None)

        post(lans, told)
        post(lans, told | {"id": 5})
        for number in (6, 7):
            take_notice(connection=installation, raw_body=body(told | {"id": number}))

        attempt.refresh_from_db()
        assert (attempt.state, attempt.allocated_vnd) == ("settled", Decimal(200_000))
        assert [r.state for r in Receipt.objects.all()] == ["matched", "matched", "superseded", "superseded"]


def test_signed_by_a_but_naming_b_changes_nothing_at_b(lan: Producer, lans: NoticeConnection) -> None:
    tam = tam_the_producer()
    connect(tam.merchant)
    tams = ask_transfer(tam.account)

    def rows_of_tam() -> list[dict[str, Any]]:
        return [
            *PaymentAttempt.objects.filter(account=tam.account).values(),
            *Order.objects.filter(merchant=tam.merchant).values(),
            *Receipt.objects.filter(merchant=tam.merchant).values(),
            *Allocation.objects.filter(attempt=tams).values(),
            *NoticeConnection.objects.filter(merchant=tam.merchant).values(),
        ]

    before = rows_of_tam()
    post(lans, sepay_notice(tams, accountNumber=lan.account.number))
    post(lans, sepay_notice(tams))

    assert rows_of_tam() == before
    assert [(ends(r), r.merchant, r.account, r.reference) for r in Receipt.objects.all()] == [
        (("doubtful", "other_merchant", 0), lan.merchant, lan.account, ""),
        (("doubtful", "unknown_account", 0), lan.merchant, None, ""),
    ]


def test_installation_may_speak_only_of_listed_accounts(lan: Producer) -> None:
    from shop.payments.notice_intake import take_notice
    from tests.shop.payments.sale import body

    tam = tam_the_producer()
    installation = installation_connection(provider="sepay")
    installation.accounts.add(lan.account)
    lans, tams = ask_transfer(lan.account), ask_transfer(tam.account)

    take_notice(connection=installation, raw_body=body(sepay_notice(lans)))
    take_notice(connection=installation, raw_body=body(sepay_notice(tams)))

    assert [(ends(r), r.merchant) for r in Receipt.objects.all()] == [
        (("matched", "", 100_000), lan.merchant),
        (("doubtful", "unknown_account", 0), None),
    ]
    tams.refresh_from_db()
    assert (tams.state, tams.allocated_vnd) == ("open", Decimal(0))
