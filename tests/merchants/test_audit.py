import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory
from django.utils import timezone

from merchants.audit import audit_notices, check_audit_chain, record, seal_audit_log
from merchants.models import AuditEntry, Merchant
from merchants.models.audit import AuditIsAppendOnly
from tests.factories import CommuneFactory, MerchantFactory
from tests.people import lan_the_producer, minh_the_buyer

pytestmark = pytest.mark.django_db


@pytest.fixture
def merchant() -> Merchant:
    return MerchantFactory()


def write(merchant: Merchant, count: int) -> list[AuditEntry]:
    return [record(action="test.done", obj=merchant, actor_label="test", after={"n": n}) for n in range(count)]


def execute(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def without_triggers() -> None:
    """What somebody with the database's password might do."""
    if connection.vendor == "postgresql":
        execute("SET CONSTRAINTS ALL IMMEDIATE")  # no deferred check may be pending on a table that is altered
        execute("ALTER TABLE merchants_auditentry DISABLE TRIGGER USER")
    else:
        execute("DROP TRIGGER merchants_audit_no_update")
        execute("DROP TRIGGER merchants_audit_no_delete")


def found() -> list[str]:
    return [breach for breach in check_audit_chain() if "trigger" not in breach]


def test_entry_says_who_did_what_for_whom_when_and_from_where() -> None:
    lan = lan_the_producer()
    request = RequestFactory().post("/", REMOTE_ADDR="203.0.113.7")
    request.request_id = "abc-123-def"  # type: ignore[attr-defined]

    entry = record(
        action="merchant.paused", obj=lan.merchant, actor=lan.user, on_behalf_of=lan.merchant, request=request,
        before={"status": "active", "on": date(2026, 3, 2)}, after={"status": "paused", "fee": Decimal(5000)},
    )  # fmt: skip

    entry = AuditEntry.objects.get(pk=entry.pk)
    assert (entry.actor, entry.actor_label, entry.on_behalf_of) == (lan.user, "Nguyễn Thị Lan", lan.merchant)
    assert (entry.object_type, entry.object_id) == ("merchants.merchant", str(lan.merchant.pk))
    assert entry.commune == lan.merchant.commune
    assert entry.before == {"status": "active", "on": "2026-03-02"}
    assert entry.after == {"status": "paused", "fee": "5000"}
    assert (entry.address, entry.request_id, entry.seal) == ("203.0.113.7", "abc-123-def", "")


def test_entry_without_an_actor_is_refused(merchant: Merchant) -> None:
    with pytest.raises(ValueError, match="names its actor"):
        record(action="test.done", obj=merchant, actor=AnonymousUser())

    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("secret", ["password", "tax_code", "api_key", "webhook_secret", "token"])
def test_secrets_are_never_written(merchant: Merchant, secret: str) -> None:
    with pytest.raises(ValueError, match=secret):
        record(action="test.done", obj=merchant, actor_label="test", after={secret: "x"})

    assert AuditEntry.objects.count() == 0


def test_address_that_is_none_is_left_out(merchant: Merchant) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="")

    assert record(action="test.done", obj=merchant, actor_label="test", request=request).address is None


def test_model_refuses_to_change_or_remove_an_entry(merchant: Merchant) -> None:
    (entry,) = write(merchant, 1)
    entry.action = "test.undone"

    for attempt in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(action="test.undone"),
        lambda: AuditEntry.objects.bulk_update([entry], ["action"]),
    ):
        with pytest.raises(AuditIsAppendOnly), transaction.atomic():
            attempt()

    assert AuditEntry.objects.get().action == "test.done"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE merchants_auditentry SET action = 'test.undone'",
        "UPDATE merchants_auditentry SET seal = 'x', seal_number = 7, action = 'test.undone' WHERE seal = ''",
        "UPDATE merchants_auditentry SET seal = 'x'",
        "UPDATE merchants_auditentry SET seal = '', seal_number = NULL",
        "UPDATE merchants_auditentry SET actor_id = NULL, actor_label = ''",
        "DELETE FROM merchants_auditentry",
    ],
)
def test_database_refuses_to_change_or_remove_an_entry(merchant: Merchant, sql: str) -> None:
    write(merchant, 1)
    seal_audit_log()
    write(merchant, 1)
    before = list(AuditEntry.objects.values())

    with pytest.raises(DatabaseError, match="append-only"):
        execute(sql)

    assert list(AuditEntry.objects.values()) == before


def test_each_entry_is_sealed_once_in_an_unbroken_chain(merchant: Merchant) -> None:
    write(merchant, 3)
    assert seal_audit_log() == 3
    first = list(AuditEntry.objects.values_list("seal_number", "seal"))
    write(merchant, 2)

    assert seal_audit_log() == 2
    assert seal_audit_log() == 0

    everything = list(AuditEntry.objects.values_list("seal_number", "seal"))
    assert everything[:3] == first
    assert [number for number, _ in everything] == [1, 2, 3, 4, 5]
    assert len({seal for _, seal in everything}) == 5
    assert {len(seal) for _, seal in everything} == {64}
    assert list(check_audit_chain()) == []


def test_entry_committed_late_is_sealed_after_those_with_higher_ids(merchant: Merchant) -> None:
    late, early = write(merchant, 2)
    AuditEntry.objects.set_seal(entry=early, seal="x" * 64, seal_number=1)

    seal_audit_log()

    late.refresh_from_db()
    assert late.seal_number == 2


def test_many_entries_are_sealed_in_several_bites(merchant: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("merchants.audit._SEALED_AT_ONCE", 2)
    write(merchant, 5)

    assert seal_audit_log() == 5

    assert list(check_audit_chain()) == []


@pytest.mark.parametrize(
    "change",
    [
        "action = 'test.undone'",
        "actor_label = 'somebody else'",
        "after = '{\"n\": 70}'",
        "object_id = '999'",
        "address = '203.0.113.9'",
        "request_id = 'another'",
    ],
)
def test_changed_entry_is_found_and_named_once(merchant: Merchant, change: str) -> None:
    second = write(merchant, 4)[1]
    seal_audit_log()
    without_triggers()

    execute(f"UPDATE merchants_auditentry SET {change} WHERE id = {second.pk}")  # noqa: S608

    action = "test.undone" if change.startswith("action") else "test.done"
    assert found() == [f"audit log: entry {second.pk} ({action}) does not match its seal"]


def test_removed_entry_is_found(merchant: Merchant) -> None:
    _, second, third, _ = write(merchant, 4)
    seal_audit_log()
    without_triggers()

    execute(f"DELETE FROM merchants_auditentry WHERE id = {second.pk}")  # noqa: S608

    assert found() == [f"audit log: entry number 2 of the chain is missing before entry {third.pk}"]


def test_entry_slipped_in_with_a_made_up_seal_is_found(merchant: Merchant) -> None:
    write(merchant, 2)
    seal_audit_log()
    (forged,) = write(merchant, 1)
    AuditEntry.objects.set_seal(entry=forged, seal="f" * 64, seal_number=3)

    assert list(check_audit_chain()) == [f"audit log: entry {forged.pk} (test.done) does not match its seal"]


def test_missing_triggers_are_found(merchant: Merchant) -> None:
    without_triggers()

    assert list(check_audit_chain()) == [
        "audit log: the database's trigger merchants_audit_no_delete is gone, entries could be changed",
        "audit log: the database's trigger merchants_audit_no_update is gone, entries could be changed",
    ]


def test_entries_that_wait_long_for_their_seal_are_noticed(merchant: Merchant) -> None:
    write(merchant, 2)

    assert list(audit_notices()) == []
    assert list(audit_notices(timezone.now() + timedelta(minutes=11))) == [
        "audit log: 2 entries have waited more than 10 minutes for their seal; is the worker running?"
    ]


def test_person_in_the_log_cannot_be_deleted() -> None:
    minh = minh_the_buyer()
    record(action="test.done", obj=CommuneFactory(), actor=minh)

    with pytest.raises(DatabaseError):
        minh.delete()


@pytest.mark.django_db(transaction=True)
def test_three_sealers_at_the_same_time_make_one_chain(merchant: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("merchants.audit._SEALED_AT_ONCE", 5)
    write(merchant, 40)
    start = threading.Barrier(3, timeout=20)
    sealed: list[int] = []

    def work() -> None:
        try:
            start.wait()
            sealed.append(seal_audit_log())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sum(sealed) == 40
    assert list(check_audit_chain()) == []
