from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from merchants.models import PaymentCode
from merchants.payment_code_checks import check_payment_codes
from merchants.vietqr.payload import encode
from shop.outbox.checks import check_dotted_paths
from tests.factories import BankAccountFactory


def find_two() -> Iterator[str]:
    yield "the first thing is wrong"
    yield "the second thing is wrong"


def find_nothing() -> Iterator[str]:
    yield from ()


def break_down() -> Iterator[str]:
    yield "before it broke"
    raise ZeroDivisionError("a fault of ours")


def doctor(settings: Any, *, checks: list[str], notices: list[str] | None = None) -> tuple[int, str]:
    settings.DOCTOR_CHECKS = [f"{__name__}.{name}" for name in checks]
    settings.DOCTOR_NOTICES = [f"{__name__}.{name}" for name in notices or []]
    out = StringIO()
    try:
        call_command("doctor", stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def test_doctor_says_that_all_is_well(settings: Any) -> None:
    assert doctor(settings, checks=["find_nothing", "find_nothing"]) == (0, "all well (2 checks)\n")


def test_each_breach_is_printed_and_ends_with_1(settings: Any) -> None:
    assert doctor(settings, checks=["find_nothing", "find_two"]) == (
        1,
        "the first thing is wrong\nthe second thing is wrong\n2 found\n",
    )


def test_notices_are_printed_and_are_no_breach(settings: Any) -> None:
    assert doctor(settings, checks=["find_nothing"], notices=["find_two"]) == (
        0,
        "notice: the first thing is wrong\nnotice: the second thing is wrong\nall well (1 checks)\n",
    )


def test_check_that_breaks_down_is_a_breach_and_the_others_still_run(settings: Any) -> None:
    assert doctor(settings, checks=["break_down", "find_two"]) == (
        1,
        "before it broke\n"
        "tests.shop.test_doctor.break_down failed: ZeroDivisionError: a fault of ours\n"
        "the first thing is wrong\nthe second thing is wrong\n4 found\n",
    )


@pytest.mark.django_db
def test_freshly_migrated_installation_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("doctor")

    assert capsys.readouterr().out.splitlines()[-1].startswith("all well (")


@pytest.mark.django_db
def test_doctor_finds_codes_that_do_not_say_what_their_account_says() -> None:
    account, other, broken, withdrawn = BankAccountFactory.create_batch(4)

    def issue(public_code: str, account: Any, payload: str, **fields: Any) -> None:
        PaymentCode.objects.create(public_code=public_code, account=account, payload=payload, **fields)

    issue("right", account, encode(bin=account.bank_bin, account=account.number))
    issue("other", other, encode(bin="970415", account=account.number))
    issue("broken", broken, encode(bin=broken.bank_bin, account=broken.number)[:-1] + "!")
    issue("old", withdrawn, "broken too", status="withdrawn", withdrawn_reason="lost")

    assert list(check_payment_codes()) == [
        "payment code other: the payload names bank 970415, not 970436",
        "payment code other: the payload names another account than the register",
        "payment code broken: the payload does not decode (crc_mismatch)",
    ]


def test_settings_that_name_nothing_callable_stop_the_start(settings: Any) -> None:
    settings.OUTBOX_HANDLERS = {"a": "tests.shop.nowhere.send", "b": "tests.shop.test_doctor.StringIO"}
    settings.CLOCK_JOBS = {"c": ("tests.shop.test_doctor.find_two", 0), "d": ("tests.shop.test_doctor.__name__", 60)}
    settings.DOCTOR_CHECKS = ["tests.shop.test_doctor.find_three"]
    settings.DOCTOR_NOTICES = []

    assert [str(error.msg).split(":")[0] for error in check_dotted_paths()] == [
        "OUTBOX_HANDLERS['a']",
        "CLOCK_JOBS['d']",
        "DOCTOR_CHECKS['tests.shop.test_doctor.find_three']",
        "CLOCK_JOBS['c']",
    ]
