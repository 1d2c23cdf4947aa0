import threading

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from shop.outbox.enqueue import enqueue
from shop.outbox.models import OutboxMessage


@pytest.mark.django_db
def test_message_waits_for_the_worker() -> None:
    message = enqueue(kind="send", payload={"order": 7})

    message.refresh_from_db()
    assert (message.kind, message.payload, message.state, message.attempts) == ("send", {"order": 7}, "waiting", 0)


@pytest.mark.django_db
def test_second_enqueue_with_the_same_key_is_a_no_op() -> None:
    first = enqueue(kind="send", payload={"order": 7}, dedupe_key="order-7")

    second = enqueue(kind="send", payload={"order": 8}, dedupe_key="order-7")

    assert second.pk == first.pk
    assert OutboxMessage.objects.get().payload == {"order": 7}


@pytest.mark.django_db
def test_messages_without_a_key_are_all_kept() -> None:
    enqueue(kind="send", payload={})
    enqueue(kind="send", payload={})

    assert OutboxMessage.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"kind": ""}, {"kind": "k" * 61}, {"dedupe_key": ""}, {"dedupe_key": "k" * 121}])
def test_kind_or_key_of_wrong_length_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="characters"):
        enqueue(**{"kind": "send", "payload": {}, **wrong})  # type: ignore[arg-type]

    assert OutboxMessage.objects.count() == 0


@pytest.mark.django_db
def test_unknown_kind_is_refused_before_anything_is_written() -> None:
    with pytest.raises(LookupError, match="no handler for 'pigeon'"):
        enqueue(kind="pigeon", payload={})

    assert OutboxMessage.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_enqueue_outside_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionManagementError):
        enqueue(kind="send", payload={})

    assert OutboxMessage.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_message_of_a_rolled_back_change_was_never_there() -> None:
    with transaction.atomic():
        enqueue(kind="send", payload={})
        transaction.set_rollback(True)

    assert OutboxMessage.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_race_on_one_key_leaves_one_message_and_both_transactions_whole() -> None:
    both_ready = threading.Barrier(2, timeout=20)
    found: list[int] = []

    def place(number: int) -> None:
        try:
            both_ready.wait()
            with transaction.atomic():
                key_message = enqueue(kind="send", payload={"by": number}, dedupe_key="the-one")
                enqueue(kind="send", payload={"also by": number})
            found.append(key_message.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=place, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(found) == 2
    assert len(set(found)) == 1
    assert OutboxMessage.objects.count() == 3
