import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from shop.outbox import deliver as delivery
from shop.outbox.deliver import MAX_ATTEMPTS, WAITS, backoff, claim_next, deliver, deliver_due, renew_claims
from shop.outbox.enqueue import enqueue
from shop.outbox.given_up import given_up_messages, remove_old_messages, try_again
from shop.outbox.invariants import check_outbox, outbox_notices
from shop.outbox.models import DeliveryAttempt, OutboxMessage
from tests.shop.outbox import handlers

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at noon and jitter is off."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    monkeypatch.setattr(delivery.random, "uniform", lambda low, high: (low + high) / 2)


def attempts_of(message: OutboxMessage) -> list[tuple[int, str]]:
    return list(message.delivery_attempts.values_list("number", "outcome"))


@pytest.mark.django_db
def test_sent_message_is_done_and_never_claimed_again() -> None:
    message = enqueue(kind="send", payload={"order": 7}, dedupe_key="order-7")

    assert deliver_due(worker="w") == 1

    message.refresh_from_db()
    assert (message.state, message.attempts, message.claimed_by) == ("sent", 1, "")
    assert handlers.sent == [({"order": 7}, "order-7")]
    assert attempts_of(message) == [(1, "sent")]
    assert claim_next(worker="w") is None
    assert list(check_outbox()) == []


@pytest.mark.django_db
def test_handler_gets_the_same_key_at_every_try() -> None:
    message = enqueue(kind="crash", payload={})
    deliver_due(worker="w")

    OutboxMessage.objects.update(kind="send", not_before=NOON)
    deliver_due(worker="w")

    assert handlers.sent == [({}, f"outbox-{message.pk}")]


@pytest.mark.django_db
def test_message_is_not_sent_before_its_time() -> None:
    enqueue(kind="send", payload={}, not_before=NOON)

    assert claim_next(worker="w", now=NOON - timedelta(seconds=1)) is None
    assert claim_next(worker="w", now=NOON) is not None


@pytest.mark.django_db
def test_refusal_gives_the_message_up_at_once(at_noon: None) -> None:
    message = enqueue(kind="refuse", payload={})

    deliver_due(worker="w")

    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == ("dead", 1, "no such mailbox")
    assert message.finished_at == NOON
    assert attempts_of(message) == [(1, "refused")]
    assert list(given_up_messages()) == [message]
    assert list(outbox_notices()) == ["outbox: 1 refuse given up; staff decide about them at /quan-ly/he-thong/thu-di/"]
    assert list(check_outbox()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["defer", "crash"])
def test_failing_message_waits_by_the_table_and_is_then_given_up(
    kind: str, monkeypatch: pytest.MonkeyPatch, at_noon: None
) -> None:
    message = enqueue(kind=kind, payload={})
    now = NOON
    waits = []

    for _ in range(MAX_ATTEMPTS - 1):
        assert deliver_due(worker="w") == 1
        message.refresh_from_db()
        assert message.state == "waiting"
        waits.append(message.not_before - now)
        assert deliver_due(worker="w") == 0
        now = message.not_before
        monkeypatch.setattr("django.utils.timezone.now", lambda now=now: now)
    deliver_due(worker="w")

    message.refresh_from_db()
    assert waits == list(WAITS)
    assert (message.state, message.attempts) == ("dead", 12)
    assert len(attempts_of(message)) == 12


def test_backoff_grows_to_twelve_hours_and_stays_within_its_jitter() -> None:
    for attempts, wait in enumerate((*WAITS, WAITS[-1]), start=1):
        drawn = {backoff(attempts) for _ in range(50)}
        assert len(drawn) > 1
        assert all(wait * 0.8 <= value <= wait * 1.2 for value in drawn)
    assert sum(WAITS, timedelta()) == timedelta(hours=27, minutes=48, seconds=30)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (NOON + timedelta(minutes=7), NOON + timedelta(minutes=7)),
        (NOON - timedelta(minutes=7), NOON),
        (NOON + timedelta(days=30), NOON + timedelta(days=3)),
    ],
)
def test_time_named_by_the_other_side_is_kept_within_reason(named: datetime, expected: datetime, at_noon: None) -> None:
    message = enqueue(kind="defer", payload={"at": named.isoformat()})

    claim = claim_next(worker="w")
    assert claim is not None
    assert deliver(claim) == "try_later"

    message.refresh_from_db()
    assert (message.state, message.not_before, message.last_error) == ("waiting", expected, "busy")


@pytest.mark.django_db
def test_without_keys_a_message_waits_six_hours_for_them(at_noon: None) -> None:
    message = enqueue(kind="lack_keys", payload={})

    deliver_due(worker="w")

    message.refresh_from_db()
    assert (message.state, message.not_before) == ("waiting", NOON + timedelta(hours=6))
    assert attempts_of(message) == [(1, "not_configured")]


@pytest.mark.django_db
def test_one_failing_message_does_not_hold_up_the_others() -> None:
    enqueue(kind="crash", payload={})
    enqueue(kind="send", payload={"order": 7})

    assert deliver_due(worker="w") == 2

    assert handlers.sent[0][0] == {"order": 7}


@pytest.mark.django_db
def test_claim_of_a_dead_worker_runs_out_and_counts_as_a_try() -> None:
    message = enqueue(kind="send", payload={}, not_before=NOON)
    assert claim_next(worker="died", now=NOON) is not None
    assert claim_next(worker="other", now=NOON + timedelta(seconds=119)) is None

    claim = claim_next(worker="other", now=NOON + timedelta(seconds=120))

    assert claim is not None
    assert claim.message.attempts == 2
    assert attempts_of(message) == [(1, "crashed"), (2, "")]
    assert message.delivery_attempts.first().detail == "died did not come back"


@pytest.mark.django_db
def test_message_that_kills_every_worker_is_given_up() -> None:
    message = enqueue(kind="send", payload={}, not_before=NOON)
    now = NOON
    while claim_next(worker="w", now=now):
        now += timedelta(minutes=2)

    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == ("dead", 12, "w did not come back")
    assert {outcome for _, outcome in attempts_of(message)} == {"crashed"}


@pytest.mark.django_db
def test_living_worker_keeps_its_lease() -> None:
    enqueue(kind="send", payload={}, not_before=NOON)
    claim_next(worker="slow", now=NOON)

    assert renew_claims(worker="slow", now=NOON + timedelta(minutes=1)) == 1
    assert renew_claims(worker="other", now=NOON + timedelta(minutes=1)) == 0

    assert claim_next(worker="other", now=NOON + timedelta(minutes=2)) is None
    assert claim_next(worker="other", now=NOON + timedelta(minutes=3)) is not None


@pytest.mark.django_db
def test_late_success_of_a_worker_taken_for_dead_ends_the_message() -> None:
    message = enqueue(kind="send", payload={}, not_before=NOON)
    late = claim_next(worker="late", now=NOON)
    other = claim_next(worker="other", now=NOON + timedelta(minutes=2))
    assert late is not None
    assert other is not None
    OutboxMessage.objects.update(kind="defer")
    other.message.refresh_from_db()

    deliver(late)
    deliver(other)

    message.refresh_from_db()
    assert message.state == "sent"
    assert attempts_of(message) == [(1, "sent"), (2, "try_later")]


@pytest.mark.django_db
def test_late_failure_of_a_worker_taken_for_dead_changes_nothing() -> None:
    message = enqueue(kind="refuse", payload={}, not_before=NOON)
    late = claim_next(worker="late", now=NOON)
    other = claim_next(worker="other", now=NOON + timedelta(minutes=2))
    assert late is not None
    assert other is not None

    deliver(late)

    message.refresh_from_db()
    assert (message.state, message.claimed_by) == ("claimed", "other")


@pytest.mark.django_db
def test_given_up_message_gets_a_full_new_set_of_tries() -> None:
    message = enqueue(kind="refuse", payload={})
    deliver_due(worker="w")

    assert try_again(message_id=message.pk)
    assert try_again(message_id=message.pk)  # twice is safe: it waits already
    OutboxMessage.objects.update(kind="send")
    deliver_due(worker="w")

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 1)
    assert attempts_of(message) == [(1, "refused"), (2, "sent")]


@pytest.mark.django_db
def test_only_messages_sent_long_ago_are_removed() -> None:
    old, refused, fresh = (enqueue(kind=kind, payload={}) for kind in ("send", "refuse", "send"))
    deliver_due(worker="w")
    OutboxMessage.objects.exclude(pk=fresh.pk).update(finished_at=NOON - timedelta(days=90, seconds=1))

    assert remove_old_messages(NOON) == 1

    assert set(OutboxMessage.objects.all()) == {refused, fresh}
    assert not DeliveryAttempt.objects.filter(message_id=old.pk).exists()


@pytest.mark.django_db
def test_doctor_finds_messages_that_contradict_their_attempts() -> None:
    unsent, resent, stuck = (enqueue(kind="send", payload={}, not_before=NOON) for _ in range(3))
    OutboxMessage.objects.filter(pk=unsent.pk).update(state="sent", finished_at=NOON)
    DeliveryAttempt.objects.create(message=resent, number=1, started_at=NOON, outcome="sent")
    OutboxMessage.objects.filter(pk=resent.pk).update(not_before=NOON + timedelta(days=1))
    claim_next(worker="hung", now=NOON)

    assert list(check_outbox(NOON + timedelta(minutes=31))) == [
        f"outbox: message {unsent.pk} (send) counts as sent, but no attempt sent it",
        f"outbox: message {resent.pk} (send) was sent, but its state is waiting",
        f"outbox: message {stuck.pk} (send) has been claimed by hung for too long",
    ]


@pytest.mark.django_db(transaction=True)
def test_workers_that_claim_at_the_same_time_never_share_a_message() -> None:
    with transaction.atomic():
        ids = {enqueue(kind="send", payload={}).pk for _ in range(30)}
    claimed: dict[str, list[int]] = {name: [] for name in ("a", "b", "c")}
    start = threading.Barrier(3, timeout=20)

    def work(name: str) -> None:
        try:
            start.wait()
            while claim := claim_next(worker=name):
                claimed[name].append(claim.message.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in claimed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    everything = [pk for pks in claimed.values() for pk in pks]
    assert sorted(everything) == sorted(ids)
    assert DeliveryAttempt.objects.count() == 30


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_worker_steps_over_a_message_that_another_is_just_claiming() -> None:
    with transaction.atomic():
        first = enqueue(kind="send", payload={}, not_before=NOON)
        second = enqueue(kind="send", payload={}, not_before=NOON)
    found: list[int] = []

    def work() -> None:
        try:
            while claim := claim_next(worker="b"):
                found.append(claim.message.pk)
        finally:
            connection.close()

    with transaction.atomic():
        OutboxMessage.objects.select_for_update().get(pk=first.pk)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(10)
        assert not thread.is_alive()

    assert found == [second.pk]
