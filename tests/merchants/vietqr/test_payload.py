"""Writing and reading VietQR payloads: published examples, an independent encoder, round trips."""

import random
import string
import time
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from merchants.vietqr.payload import (
    DecodedCode,
    ErrorCode,
    OtherScheme,
    PayloadError,
    Service,
    crc16,
    decode,
    encode,
)
from tests.merchants.vietqr import emv_by_hand
from tests.merchants.vietqr.emv_by_hand import code, replaced, sealed

# Published examples; sources in merchants/vietqr/README.md.
STATIC_ACB = "00020101021138530010A0000007270123000697041601092576788590208QRIBFTTA53037045802VN6304AE9F"
DYNAMIC_ACB = (
    "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA53037045405100005802VN62150811Chuyen"
    " tien630453E6"
)
CARD_VCB = (
    "00020101021238630010A00000072701330006970436011997043686255816010180208QRIBFTTC5303704540720000005802VN6304A2DC"
)
BILL_NAPAS = (
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN62340107NPS68690819"
    "thanh toan don hang63042E2E"
)
STATIC_AGRIBANK = "00020101021138570010A00000072701270006970405011336012051234560208QRIBFTTA53037045802VN63049C10"
ORDER_AGRIBANK = (
    "00020101021238570010A00000072701270006970405011336012051234560208QRIBFTTA530370454062350005802VN62170813OCOP"
    " DH1000456304A905"
)
NAMED_AGRIBANK = (
    "00020101021138570010A00000072701270006970405011336012051234560208QRIBFTTA53037045802VN5914HTX LONG THANH6007"
    "NGHE AN6304B0DE"
)
MEMO_VCB = (
    "00020101021238540010A00000072701240006970436011010319334300208QRIBFTTA53037045802VN62220818Thanh toan hoa"
    " don6304E8A4"
)
VNPAY = (
    "00020101021126280010A0000007750110010531314453037045408210900005802VN5910CELLPHONES62600312CPSHN ONLINE0517"
    "021908061613127850705ONLHN0810CellphoneS63047685"
)


class TestEncode:
    @pytest.mark.parametrize(
        ("fields", "payload"),
        [
            (dict(bin="970416", account="257678859"), STATIC_ACB),
            (dict(bin="970416", account="257678859", amount=10000, memo="Chuyen tien"), DYNAMIC_ACB),
            (dict(bin="970436", account="9704368625581601018", amount=2000000, card=True), CARD_VCB),
            (dict(bin="970405", account="3601205123456"), STATIC_AGRIBANK),
            (dict(bin="970405", account="3601205123456", amount=235000, memo="OCOP DH100045"), ORDER_AGRIBANK),
            (dict(bin="970436", account="1031933430", memo="Thanh toan hoa don"), MEMO_VCB),
        ],
    )
    def test_published_examples_come_out_byte_for_byte(self, fields, payload):
        assert encode(**fields) == payload

    def test_four_hundred_random_transfers_equal_an_independent_encoder(self):
        rng = random.Random(20261123)
        letters = string.ascii_letters + string.digits
        for _ in range(400):
            memo = " ".join("".join(rng.choices(letters, k=rng.randint(1, 8))) for _ in range(rng.randint(0, 3)))[
                :25
            ].strip()
            fields = dict(
                bin=f"{rng.randint(0, 999999):06d}",
                account="".join(rng.choices(letters, k=rng.randint(1, 19))),
                amount=rng.choice([None, rng.randint(1, 10 ** rng.randint(1, 13) - 1)]),
                memo=rng.choice([None, memo]),
                card=rng.random() < 0.3,
                dynamic=rng.choice([None, True, False]),
            )

            assert encode(**fields) == emv_by_hand.vietqr(**fields), fields

    def test_amount_may_be_decimal_and_is_written_without_exponent(self):
        expected = encode(bin="970405", account="1", amount=1000000)

        assert encode(bin="970405", account="1", amount=Decimal("1E+6")) == expected
        assert encode(bin="970405", account="1", amount=Decimal("1000000.00")) == expected

    def test_dynamic_can_be_set_against_the_default(self):
        assert encode(bin="970405", account="1", amount=5, dynamic=False)[:12] == "000201010211"
        assert encode(bin="970405", account="1", dynamic=True)[:12] == "000201010212"

    @pytest.mark.parametrize(
        ("fields", "error"),
        [
            (dict(bin="97040"), ErrorCode.BAD_BIN),
            (dict(bin="9704055"), ErrorCode.BAD_BIN),
            (dict(bin="97040A"), ErrorCode.BAD_BIN),
            (dict(bin="٩٧٠٤٠٥"), ErrorCode.BAD_BIN),
            (dict(bin="970405\n"), ErrorCode.BAD_BIN),
            (dict(account=""), ErrorCode.BAD_ACCOUNT),
            (dict(account="1" * 20), ErrorCode.BAD_ACCOUNT),
            (dict(account="12 34"), ErrorCode.BAD_ACCOUNT),
            (dict(account="12-34"), ErrorCode.BAD_ACCOUNT),
            (dict(account="tài"), ErrorCode.BAD_ACCOUNT),
            (dict(account="123\n"), ErrorCode.BAD_ACCOUNT),
            (dict(amount=0), ErrorCode.BAD_AMOUNT),
            (dict(amount=-1), ErrorCode.BAD_AMOUNT),
            (dict(amount=10**13), ErrorCode.BAD_AMOUNT),
            (dict(amount=Decimal("0.5")), ErrorCode.BAD_AMOUNT),
            (dict(amount=Decimal("1E+999999")), ErrorCode.BAD_AMOUNT),
            (dict(amount=1000.0), ErrorCode.BAD_AMOUNT),
            (dict(amount=True), ErrorCode.BAD_AMOUNT),
            (dict(memo="a" * 26), ErrorCode.MEMO_TOO_LONG),
            (dict(memo="Tương nếp"), ErrorCode.BAD_MEMO),
            (dict(memo="a  b"), ErrorCode.BAD_MEMO),
            (dict(memo=" a"), ErrorCode.BAD_MEMO),
            (dict(memo="a\n"), ErrorCode.BAD_MEMO),
            (dict(memo="a-b"), ErrorCode.BAD_MEMO),
        ],
    )
    def test_what_cannot_be_written_is_refused_by_name(self, fields, error):
        with pytest.raises(PayloadError) as refusal:
            encode(**{"bin": "970405", "account": "3601205123456", **fields})

        assert refusal.value.code is error

    @pytest.mark.parametrize("amount", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("-Infinity")])
    def test_amounts_that_are_no_numbers_are_refused(self, amount):
        with pytest.raises(PayloadError) as refusal:
            encode(bin="970405", account="1", amount=amount)

        assert refusal.value.code is ErrorCode.BAD_AMOUNT

    def test_crc_matches_its_check_value(self):
        assert crc16("123456789") == "29B1" == emv_by_hand.crc_by_bits(b"123456789")


class TestDecode:
    def test_static_code_has_no_amount_and_no_memo(self):
        assert decode(STATIC_ACB) == DecodedCode(
            bin="970416", account="257678859", service=Service.ACCOUNT, amount=None, memo=None, dynamic=False
        )

    def test_order_code_gives_amount_memo_and_one_time_use(self):
        assert decode(ORDER_AGRIBANK) == DecodedCode(
            bin="970405",
            account="3601205123456",
            service=Service.ACCOUNT,
            amount=235000,
            memo="OCOP DH100045",
            dynamic=True,
        )

    def test_card_code_names_the_card_service(self):
        read = decode(CARD_VCB)

        assert (read.service, read.account, read.amount) == (Service.CARD, "9704368625581601018", 2000000)

    def test_bill_number_stands_beside_the_memo(self):
        read = decode(BILL_NAPAS)

        assert (read.additional.bill_number, read.memo, read.amount) == ("NPS6869", "thanh toan don hang", 180000)

    def test_name_and_city_are_read(self):
        read = decode(NAMED_AGRIBANK)

        assert (read.merchant_name, read.merchant_city) == ("HTX LONG THANH", "NGHE AN")

    # Codes as banks and wallets print them, from public repositories read on 2026-11-23; owners' names replaced.
    def test_lower_case_check_sum_of_techcombank_is_accepted(self):
        payload = code(
            ("00", "01"),
            ("01", "11"),
            ("38", [("00", "A000000727"), ("01", [("00", "970407"), ("01", "1413717111")]), ("02", "QRIBFTTA")]),
            ("52", "6011"),
            ("53", "704"),
            ("58", "VN"),
            ("59", "TCB"),
            ("60", "Hanoi"),
        )
        assert payload.endswith("BB7D")

        read = decode(payload[:-4] + "bb7d")

        assert (read.account, read.category, read.merchant_name) == ("1413717111", "6011", "TCB")

    def test_fields_out_of_order_and_other_networks_beside_are_accepted_as_tpbank_prints_them(self):
        payload = code(
            ("00", "01"),
            ("01", "11"),
            ("15", "3139700704005204460000678917720"),
            ("38", [("00", "A000000727"), ("01", [("00", "970423"), ("01", "67891772002")]), ("02", "QRIBFTTA")]),
            ("52", "5137"),
            ("53", "704"),
            ("58", "VN"),
            ("54", "20000"),
            ("59", "NGUYEN VAN A"),
            ("60", "Ha Noi"),
            ("87", "CLASSIC"),
        )

        read = decode(payload)

        assert (read.bin, read.account, read.amount, read.dynamic) == ("970423", "67891772002", 20000, False)

    def test_zalopay_code_is_a_transfer_with_the_wallet_named(self):
        read = decode(
            replaced(
                t26=[("00", "vn.zalopay"), ("01", "gMsimoNQIsViRgP"), ("02", "002")],
                t38=[
                    ("00", "A000000727"),
                    ("01", [("00", "970454"), ("01", "99ZP24284M45343719")]),
                    ("02", "QRIBFTTA"),
                ],
            )
        )

        assert (read.wallet, read.other_schemes) == ("ZaloPay", ("ZaloPay",))

    def test_template_of_another_scheme_that_cannot_be_read_does_not_spoil_the_transfer(self):
        assert decode(replaced(t26="~")).other_schemes == ()

    @pytest.mark.parametrize(
        ("bin", "account", "wallet"),
        [
            ("971025", "PSP123456789000000", "MoMo"),
            ("970454", "99MM24011M34875080", "MoMo"),
            ("970454", "99ZP24009M07248267", "ZaloPay"),
            ("970454", "0123456789", None),
            ("970405", "99MM24011M34875080", None),
        ],
    )
    def test_wallets_behind_accounts_are_named(self, bin, account, wallet):
        assert decode(encode(bin=bin, account=account)).wallet == wallet

    def test_momo_code_with_tag_80_is_accepted(self):
        payload = (
            "00020101021138620010A00000072701320006970454011899MM24011M348750800208QRIBFTTA53037045802VN62190515MOMOW2W"
            "3487508080030466304EBC8"
        )

        read = decode(payload)

        assert (read.wallet, read.additional.reference_label) == ("MoMo", "MOMOW2W34875080")

    def test_memo_longer_than_we_write_is_read_whole(self):
        memo = "m" * 90

        assert decode(replaced(t62=[("08", memo)])).memo == memo

    def test_empty_additional_data_is_read_as_none_as_ncb_prints_it(self):
        assert decode(replaced(t62="")).memo is None

    def test_code_without_initiation_method_is_reusable(self):
        assert decode(replaced(t01=None)).dynamic is False

    def test_tips_and_other_language_are_read_or_let_pass(self):
        read = decode(
            replaced(t55="03", t57="5.5", t61="43000", t64=[("00", "en"), ("01", "Long Thanh"), ("02", "Nghe An")])
        )

        assert (read.tip_indicator, read.fee_percent, read.postal_code) == ("03", "5.5", "43000")

    def test_diacritics_are_counted_as_characters(self):
        assert decode(replaced(t62=[("08", "Tương nếp Đô Lương")])).memo == "Tương nếp Đô Lương"

    def test_diacritics_counted_as_bytes_by_other_generators_are_read_too(self):
        memo = "Tương nếp"
        inner = f"08{len(memo.encode()):02d}{memo}"
        payload = sealed(
            emv_by_hand.tlv(
                ("00", "01"),
                ("38", [("00", "A000000727"), ("01", [("00", "970405"), ("01", "1")]), ("02", "QRIBFTTA")]),
                ("53", "704"),
                ("58", "VN"),
            )
            + f"62{len(inner.encode()):02d}{inner}"
        )

        assert decode(payload).memo == memo

    def test_code_that_reads_in_two_ways_is_refused(self):
        head = emv_by_hand.tlv(
            ("00", "01"),
            ("38", [("00", "A000000727"), ("01", [("00", "970405"), ("01", "1")]), ("02", "QRIBFTTA")]),
            ("53", "704"),
            ("58", "VN"),
        )
        # "ế" is 1 character and 3 bytes: counted in bytes, tag 80 ends before an amount of 9 dong.
        payload = sealed(head + "8015" + "ế" * 5 + "54019" + "8101x")

        with pytest.raises(PayloadError) as refusal:
            decode(payload)

        assert refusal.value.code is ErrorCode.AMBIGUOUS_LENGTH


ACCOUNTS = st.text(string.ascii_letters + string.digits, min_size=1, max_size=19)
MEMOS = st.from_regex(r"\A[A-Za-z0-9]{1,12}( [A-Za-z0-9]{1,12})?\Z")


@given(
    bin=st.from_regex(r"\A[0-9]{6}\Z"),
    account=ACCOUNTS,
    amount=st.none() | st.integers(1, 10**13 - 1),
    memo=st.none() | MEMOS,
    card=st.booleans(),
    dynamic=st.none() | st.booleans(),
)
def test_every_transfer_comes_back_as_it_was_written(bin, account, amount, memo, card, dynamic):
    payload = encode(bin=bin, account=account, amount=amount, memo=memo, card=card, dynamic=dynamic)

    assert payload == emv_by_hand.vietqr(bin, account, amount, memo, card, dynamic)
    assert decode(payload) == DecodedCode(
        bin=bin,
        account=account,
        service=Service.CARD if card else Service.ACCOUNT,
        amount=amount,
        memo=memo,
        dynamic=(amount is not None or memo is not None) if dynamic is None else dynamic,
    )


@given(st.text(max_size=600))
@example("00")
@example("000201")
@example("\ud800")
@example("0002016304" + "\x00" * 4)
def test_any_text_at_all_gives_a_named_refusal_or_a_code(text):
    try:
        decode(text)
    except PayloadError as error:
        assert error.code in ErrorCode
        assert str(error)


@given(position=st.integers(0, len(ORDER_AGRIBANK) - 1), character=st.characters(codec="utf-8"))
def test_one_changed_character_never_gives_another_transfer(position, character):
    changed = ORDER_AGRIBANK[:position] + character + ORDER_AGRIBANK[position + 1 :]

    try:
        read = decode(changed)
    except PayloadError:
        return

    assert read == decode(ORDER_AGRIBANK)


@given(st.integers(0, len(ORDER_AGRIBANK) - 1))
def test_a_code_cut_short_anywhere_is_refused(length):
    with pytest.raises(PayloadError):
        decode(ORDER_AGRIBANK[:length])


def test_refusing_ten_million_characters_takes_no_time():
    huge = "0002010102" + "9" * 10_000_000
    started = time.perf_counter()

    with pytest.raises(PayloadError) as refusal:
        decode(huge)

    assert refusal.value.code is ErrorCode.TOO_LONG
    assert time.perf_counter() - started < 0.05


def test_sound_code_of_another_scheme_carries_its_name():
    with pytest.raises(OtherScheme) as refusal:
        decode(VNPAY)

    assert (refusal.value.code, refusal.value.scheme) == (ErrorCode.OTHER_SCHEME, "VNPAY")
