"""The contract of `manage.py vietqr`: exact output, exit codes, and a batch that never stops."""

import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from django.core.management import execute_from_command_line

from merchants.vietqr.json_lines import MAX_LINE_BYTES, answer_line, answer_lines
from merchants.vietqr.payload import ErrorCode
from tests.merchants.vietqr.test_hostile_payloads import OTHER_SCHEMES, REFUSED
from tests.merchants.vietqr.test_payload import CARD_VCB, ORDER_AGRIBANK, STATIC_AGRIBANK, VNPAY

ROOT = Path(__file__).resolve().parents[3]


def run_process(*arguments: str, source: bytes = b"") -> tuple[int, str]:
    """Run the command as another program would; it must write nothing but the answer."""
    run = subprocess.run(
        [sys.executable, "manage.py", "vietqr", *arguments],
        cwd=ROOT,
        input=source,
        capture_output=True,
        timeout=120,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "shop.settings.test"},
        check=False,
    )
    assert run.stderr == b""
    return run.returncode, run.stdout.decode()


@pytest.fixture
def vietqr(capsys):
    """Run the command line within this process: exit code and standard output."""

    def run(*arguments: str) -> tuple[int, str]:
        code = 0
        try:
            execute_from_command_line(["manage.py", "vietqr", *arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        assert err == ""
        return code, out

    return run


FIELDS_OF_ORDER = {
    "bin": "970405",
    "account": "3601205123456",
    "service": "QRIBFTTA",
    "amount": 235000,
    "memo": "OCOP DH100045",
    "dynamic": True,
    "card": False,
    "bank": "Agribank",
    "wallet": None,
    "other_schemes": [],
    "category": None,
    "merchant_name": None,
    "merchant_city": None,
    "postal_code": None,
    "bill_number": None,
    "mobile_number": None,
    "store_label": None,
    "loyalty_number": None,
    "reference_label": None,
    "customer_label": None,
    "terminal_label": None,
}


class TestProcess:
    def test_encode_prints_the_payload_and_nothing_else(self):
        arguments = ["encode", "--bin", "970405", "--account", "3601205123456", "--amount", "235000"]

        assert run_process(*arguments, "--memo", "OCOP DH100045") == (0, ORDER_AGRIBANK + "\n")

    def test_decode_of_another_scheme_is_json_with_exit_code_1(self):
        code, out = run_process("decode", VNPAY)

        answer = json.loads(out)
        assert (code, answer["error"], answer["scheme"]) == (1, "other_scheme", "VNPAY")
        assert out.count("\n") == 1

    def test_batch_answers_each_line_in_order_and_ends_with_0(self):
        requests = [
            b'{"op":"encode","bin":"970405","account":"3601205123456","amount":235000,"memo":"OCOP DH100045"}',
            b"not json",
            b"\xff\xfe",
            b"",
            b'{"op":"decode","payload":"' + ORDER_AGRIBANK.encode() + b'"}',
            b"x" * (3 * MAX_LINE_BYTES),
            json.dumps({"op": "decode", "payload": VNPAY}).encode(),
        ]

        code, out = run_process("batch", source=b"\n".join(requests))

        answers = [json.loads(line) for line in out.splitlines()]
        assert code == 0
        assert answers[0] == {"payload": ORDER_AGRIBANK}
        assert [answer.get("error") for answer in answers[1:]] == [
            *["bad_json", "bad_encoding", "bad_json", None, "line_too_long", "other_scheme"]
        ]
        assert answers[4] == FIELDS_OF_ORDER


class TestCommandLine:
    def test_encode_for_a_card(self, vietqr):
        arguments = ["--bin", "970436", "--account", "9704368625581601018", "--amount", "2000000", "--card"]

        assert vietqr("encode", *arguments) == (0, CARD_VCB + "\n")

    def test_encode_without_amount_and_memo_is_reusable(self, vietqr):
        assert vietqr("encode", "--bin", "970405", "--account", "3601205123456") == (0, STATIC_AGRIBANK + "\n")

    @pytest.mark.parametrize(
        ("arguments", "error"),
        [
            (["--bin", "970405"], "missing_argument"),
            (["--bin", "970405", "--account", "3601205123456", "--amount", "-5"], "bad_amount"),
            (["--bin", "970405", "--account", "3601205123456", "--amount", "0"], "bad_amount"),
            (["--bin", "970405", "--account", "3601205123456", "--amount", "1e6"], "bad_amount"),
            (["--bin", "970405", "--account", "1" * 20], "bad_account"),
            (["--bin", "agribank", "--account", "1"], "bad_bin"),
            (["--bin", "970405", "--account", "1", "--memo", "x" * 1001], "memo_too_long"),
            (["--foo"], "bad_arguments"),
        ],
    )
    def test_refused_encode_is_one_line_of_json_with_exit_code_1(self, vietqr, arguments, error):
        code, out = vietqr("encode", *arguments)

        assert code == 1
        assert out.count("\n") == 1
        assert json.loads(out)["error"] == error
        assert json.loads(out).keys() == {"error", "message"}

    def test_decode_prints_the_fields_as_one_line_of_json(self, vietqr):
        assert vietqr("decode", ORDER_AGRIBANK) == (0, json.dumps(FIELDS_OF_ORDER) + "\n")

    @pytest.mark.parametrize("payload", ["", "-x", "--", "--help me", "khong phai ma", "\udcff"])
    def test_decode_of_anything_else_is_refused_in_json(self, vietqr, payload):
        code, out = vietqr("decode", payload)

        assert (code, json.loads(out).keys()) == (1, {"error", "message"})

    @pytest.mark.parametrize("arguments", [["decode"], ["decode", "a", "b"], ["batch", "x"], ["pay"], []])
    def test_unreadable_arguments_are_json_too(self, vietqr, arguments):
        code, out = vietqr(*arguments)

        assert (code, json.loads(out)["error"]) == (1, "bad_arguments")


def ask(**request):
    return answer_line(json.dumps(request).encode())


class TestEncodeLines:
    base = dict(op="encode", bin="970405", account="3601205123456")

    def test_all_fields_as_in_the_contract(self):
        answer = ask(**self.base, amount=235000, memo="OCOP DH100045", card=False, dynamic=None)

        assert answer == {"payload": ORDER_AGRIBANK}

    def test_nulls_mean_a_reusable_code(self):
        assert ask(**self.base, amount=None, memo=None, card=None, dynamic=None) == {"payload": STATIC_AGRIBANK}

    @pytest.mark.parametrize(("dynamic", "method"), [(None, "12"), (True, "12"), (False, "11")])
    def test_dynamic_decides_tag_01(self, dynamic, method):
        assert ask(**self.base, amount=5, dynamic=dynamic)["payload"][8:12] == "02" + method

    def test_amount_may_be_plain_digits(self):
        assert ask(**self.base, amount="235000", memo="OCOP DH100045") == {"payload": ORDER_AGRIBANK}

    def test_memo_loses_its_marks(self):
        assert ask(**self.base, amount=235000, memo=" OCOP, ĐH100045 ") == {"payload": ORDER_AGRIBANK}

    def test_empty_memo_is_no_memo(self):
        assert ask(**self.base, memo="  ") == {"payload": STATIC_AGRIBANK}

    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            (dict(bin=None), "missing_argument"),
            (dict(account=None), "missing_argument"),
            (dict(bin=970405), "wrong_type"),
            (dict(account=["1"]), "wrong_type"),
            (dict(bin="97040"), "bad_bin"),
            (dict(account="1" * 20), "bad_account"),
            (dict(account="a b"), "bad_account"),
            (dict(amount=0), "bad_amount"),
            (dict(amount=-1), "bad_amount"),
            (dict(amount=1.5), "bad_amount"),
            (dict(amount=1000.0), "bad_amount"),
            (dict(amount=float("nan")), "bad_amount"),
            (dict(amount=10**13), "bad_amount"),
            (dict(amount="0235000"), "bad_amount"),
            (dict(amount="235.000"), "bad_amount"),
            (dict(amount=" 5"), "bad_amount"),
            (dict(amount="٥"), "bad_amount"),
            (dict(amount=""), "bad_amount"),
            (dict(amount=True), "wrong_type"),
            (dict(amount={}), "wrong_type"),
            (dict(memo=5), "wrong_type"),
            (dict(memo="x" * 60000), "memo_too_long"),
            (dict(memo="謝謝"), "bad_memo"),
            (dict(card="yes"), "wrong_type"),
            (dict(card=1), "wrong_type"),
            (dict(dynamic="12"), "wrong_type"),
            (dict(amout=5), "unknown_field"),
            (dict(op="pay"), "unknown_op"),
            (dict(op=None), "unknown_op"),
            (dict(op=["encode"]), "unknown_op"),
        ],
    )
    def test_bad_request_is_refused_by_name_with_a_message(self, changed, error):
        answer = ask(**self.base | changed)

        assert answer["error"] == error
        assert answer.keys() == {"error", "message"} and answer["message"]


class TestLines:
    @pytest.mark.parametrize(
        ("line", "error"),
        [
            (b"", "bad_json"),
            (b"   ", "bad_json"),
            (b"null", "bad_json"),
            (b"[]", "bad_json"),
            (b'"encode"', "bad_json"),
            (b"{", "bad_json"),
            (b"{}{}", "bad_json"),
            (b"[" * 60000, "bad_json"),
            (b'{"a":' * 10000, "bad_json"),
            (b'{"op":"encode","amount":' + b"9" * 6000 + b"}", "bad_json"),
            (b'{"op":"encode","bin":"970405","account":"1","amount":1,"amount":2}', "bad_json"),
            (b"\x80", "bad_encoding"),
            (b"\xef\xbb\xbf{}", "bad_json"),
            (b'{"op":"decode"}', "missing_argument"),
            (b'{"op":"decode","payload":5}', "wrong_type"),
            (b'{"op":"decode","payload":"' + b"0" * 60000 + b'"}', "too_long"),
            (b'{"op":"decode","payload":"\\ud800"}', "bad_character"),
            (b'{"op":"decode","payload":"","bin":"x"}', "unknown_field"),
            (b"x" * (MAX_LINE_BYTES + 1), "line_too_long"),
        ],
    )
    def test_line_that_is_no_request_is_refused_by_name(self, line, error):
        assert answer_line(line)["error"] == error

    @pytest.mark.parametrize("name", [name for name in REFUSED if len(REFUSED[name][0]) < MAX_LINE_BYTES // 2])
    def test_hostile_payload_gets_its_code(self, name):
        payload, code = REFUSED[name]

        assert ask(op="decode", payload=payload)["error"] == code

    @pytest.mark.parametrize("case", OTHER_SCHEMES)
    def test_other_scheme_is_named(self, case):
        answer = ask(op="decode", payload=OTHER_SCHEMES[case])

        assert answer["error"] == ErrorCode.OTHER_SCHEME
        assert answer["scheme"] in answer["message"]

    def test_one_answer_for_each_line_whatever_its_end_or_length(self):
        good = json.dumps({"op": "decode", "payload": ORDER_AGRIBANK}).encode()
        exact = b"x" * MAX_LINE_BYTES
        source = b"\r\n".join([good, exact, exact + b"x", exact + b"xx", exact * 4, b"", good])

        answers = [answer.get("error") for answer in answer_lines(BytesIO(source))]

        assert answers == [None, "bad_json", "line_too_long", "line_too_long", "line_too_long", "bad_json", None]

    def test_messages_are_translated_before_they_are_filled_in(self):
        answer = answer_line(
            json.dumps({"op": "decode", "payload": VNPAY}).encode(), translate=lambda message_id: "Mã của %(scheme)s."
        )

        assert answer == {"error": "other_scheme", "scheme": "VNPAY", "message": "Mã của VNPAY."}
