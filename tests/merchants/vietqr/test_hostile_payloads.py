"""A hundred payloads that must not be taken for a transfer: each is refused by its own code or named."""

import pytest

from merchants.vietqr.payload import ErrorCode, OtherScheme, PayloadError, decode
from tests.merchants.vietqr.emv_by_hand import code, replaced, sealed, tlv
from tests.merchants.vietqr.test_payload import ORDER_AGRIBANK, STATIC_AGRIBANK

E = ErrorCode
NAPAS = ("00", "A000000727")
TRANSFER = ("02", "QRIBFTTA")
BODY = ORDER_AGRIBANK[:-8]


def to(bin="970405", account="3601205123456"):
    return ("01", [("00", bin), ("01", account)])


REFUSED = {
    # text
    "nothing": ("", E.EMPTY),
    "513 characters": ("0" * 513, E.TOO_LONG),
    "a megabyte": (ORDER_AGRIBANK * 8000, E.TOO_LONG),
    "line end behind": (ORDER_AGRIBANK + "\n", E.BAD_CHARACTER),
    "NUL within": (BODY[:40] + "\x00" + BODY[41:] + "63040000", E.BAD_CHARACTER),
    "escape sequence": ("\x1b[31m" + ORDER_AGRIBANK, E.BAD_CHARACTER),
    "right-to-left override": (replaced(t59="HTX \u202eHTX"), E.BAD_CHARACTER),
    "zero-width space": (replaced(t62=[("08", "OC\u200b1")]), E.BAD_CHARACTER),
    "lone surrogate": (ORDER_AGRIBANK + "\udcff", E.BAD_CHARACTER),
    "line separator": (ORDER_AGRIBANK + "\u2028", E.BAD_CHARACTER),
    "byte order mark": ("\ufeff" + ORDER_AGRIBANK, E.BAD_CHARACTER),
    "plain words": ("xin chao", E.NOT_EMV),
    "a web address": ("https://example.com/pay", E.NOT_EMV),
    "a look-alike of a wallet's address": ("https://momo.vn.example.com/x", E.NOT_EMV),
    "a broken address": ("http://[::1", E.NOT_EMV),
    "a space before": (" " + ORDER_AGRIBANK, E.NOT_EMV),
    "JSON": ('{"bin": "970405"}', E.NOT_EMV),
    "full-width digits": ("０００２０１", E.NOT_EMV),
    "version after initiation method": (code(("01", "11"), ("00", "01")), E.NOT_EMV),
    "a Wi-Fi code": ("WIFI:T:WPA;S:shop;P:12345678;;", E.NOT_EMV),
    # structure
    "only a tag": ("00", E.TRUNCATED),
    "only tag and length": ("0002", E.TRUNCATED),
    "cut in the check sum": (ORDER_AGRIBANK[:-1], E.TRUNCATED),
    "cut in the memo": (ORDER_AGRIBANK[:-12], E.TRUNCATED),
    "cut in a length": (BODY[:5], E.TRUNCATED),
    "cut before the check sum": (BODY, E.CRC_MISSING),
    "no check sum field": (tlv(("00", "01"), ("01", "11"), ("53", "704"), ("58", "VN")), E.CRC_MISSING),
    "letters for a length": (sealed("000201" + "01XX11"), E.MALFORMED_FIELD),
    "letters for a tag": (sealed("000201" + "AB0211"), E.MALFORMED_FIELD),
    "negative length": (sealed("000201" + "01-111"), E.MALFORMED_FIELD),
    "signed length": (sealed("000201" + "01+211"), E.MALFORMED_FIELD),
    "space in a length": (sealed("000201" + "01 211"), E.MALFORMED_FIELD),
    "Arabic digits for a length": (sealed("000201" + "01٠٢11"), E.MALFORMED_FIELD),
    "superscript digits for a length": (sealed("000201" + "01⁰²11"), E.MALFORMED_FIELD),
    "text behind the check sum": (ORDER_AGRIBANK + "X", E.TRAILING_DATA),
    "a space behind the check sum": (ORDER_AGRIBANK + " ", E.TRAILING_DATA),
    "a field behind the check sum": (ORDER_AGRIBANK + "6504ABCD", E.TRAILING_DATA),
    "a second code behind the first": (ORDER_AGRIBANK + STATIC_AGRIBANK, E.TRAILING_DATA),
    "check sum in the middle": (sealed("000201" + "6304FFFF" + "5303704"), E.TRAILING_DATA),
    "two amounts": (sealed(BODY + "540519999"), E.DUPLICATE_TAG),
    "two accounts": (sealed(BODY + tlv(("38", [NAPAS, to(account="99"), TRANSFER]))), E.DUPLICATE_TAG),
    "the same currency twice": (sealed(BODY + "5303704"), E.DUPLICATE_TAG),
    "two GUIDs in 38": (replaced(t38=[NAPAS, NAPAS, to(), TRANSFER]), E.DUPLICATE_TAG),
    "two beneficiaries in 38": (replaced(t38=[NAPAS, to(), to(account="666"), TRANSFER]), E.DUPLICATE_TAG),
    "two BINs": (
        replaced(t38=[NAPAS, ("01", [("00", "970405"), ("00", "970436"), ("01", "1")]), TRANSFER]),
        E.DUPLICATE_TAG,
    ),
    "two account numbers": (
        replaced(t38=[NAPAS, ("01", [("00", "970405"), ("01", "1"), ("01", "2")]), TRANSFER]),
        E.DUPLICATE_TAG,
    ),
    "two memos": (replaced(t62=[("08", "OC1"), ("08", "OC2")]), E.DUPLICATE_TAG),
    "a name in another language twice": (replaced(t64=[("00", "en"), ("01", "A"), ("01", "B")]), E.DUPLICATE_TAG),
    "empty amount": (replaced(t54=""), E.EMPTY_FIELD),
    "empty memo": (replaced(t62=[("08", "")]), E.EMPTY_FIELD),
    "empty account": (replaced(t38=[NAPAS, to(account=""), TRANSFER]), E.EMPTY_FIELD),
    "empty template 38": (replaced(t38=""), E.EMPTY_FIELD),
    "38 says more than there is inside": (replaced(t38="0010A000000727019901"), E.TRUNCATED),
    "account says more than there is inside": (
        replaced(t38=[NAPAS, ("01", "000697040501993601205123456"), TRANSFER]),
        E.TRUNCATED,
    ),
    "NAPAS's own sample with a wrong inner length": (
        replaced(t38=[NAPAS, ("01", "0006970403011200110123456789"), TRANSFER]),
        E.TRUNCATED,
    ),
    "memo says more than there is inside": (replaced(t62="0825short"), E.TRUNCATED),
    "a stray character at the end of 62": (replaced(t62="0803abcX"), E.MALFORMED_FIELD),
    "a stray digit at the end of 62": (replaced(t62="0803abc1"), E.TRUNCATED),
    "words in 62": (replaced(t62="thanh toan"), E.MALFORMED_FIELD),
    "words in 38": (replaced(t38="khong phai TLV"), E.MALFORMED_FIELD),
    # check sum
    "wrong check sum": (ORDER_AGRIBANK[:-4] + "A906", E.CRC_MISMATCH),
    "check sum of zeros": (ORDER_AGRIBANK[:-4] + "0000", E.CRC_MISMATCH),
    "check sum without hex": (ORDER_AGRIBANK[:-4] + "ZZZZ", E.CRC_MISMATCH),
    "check sum of 5 characters": (BODY + "6305A9050", E.CRC_MISMATCH),
    "check sum of 3 characters": (BODY + "6303A90", E.CRC_MISMATCH),
    "amount changed": (ORDER_AGRIBANK.replace("235000", "935000"), E.CRC_MISMATCH),
    "account changed": (ORDER_AGRIBANK.replace("3601205", "3601206"), E.CRC_MISMATCH),
    "memo changed": (ORDER_AGRIBANK.replace("DH100045", "DH100046"), E.CRC_MISMATCH),
    "wrong check sum of a public README (vietqr-emvco 1.0.0)": (
        "00020101021238570010A00000072701270006970405011336012051234560208QRIBFTTA5204000053037045802VN6304E85C",
        E.CRC_MISMATCH,
    ),
    "another scheme with a wrong check sum": (
        "00020101021126280010A0000007750110010531314453037045802VN63040000",
        E.CRC_MISMATCH,
    ),
    # contents
    "version 02": (replaced(t00="02"), E.UNSUPPORTED_VERSION),
    "version 1": (replaced(t00="1"), E.UNSUPPORTED_VERSION),
    "initiation method 13": (replaced(t01="13"), E.BAD_INITIATION_METHOD),
    "initiation method 1": (replaced(t01="1"), E.BAD_INITIATION_METHOD),
    "no account at all": (replaced(t38=None), E.MISSING_FIELD),
    "no GUID": (replaced(t38=[to(), TRANSFER]), E.MISSING_FIELD),
    "no beneficiary": (replaced(t38=[NAPAS, TRANSFER]), E.MISSING_FIELD),
    "no service": (replaced(t38=[NAPAS, to()]), E.MISSING_FIELD),
    "no BIN": (replaced(t38=[NAPAS, ("01", [("01", "123")]), TRANSFER]), E.MISSING_FIELD),
    "no account number": (replaced(t38=[NAPAS, ("01", [("00", "970405")]), TRANSFER]), E.MISSING_FIELD),
    "no currency": (replaced(t53=None), E.MISSING_FIELD),
    "no country": (replaced(t58=None), E.MISSING_FIELD),
    "NAPAS's GUID in a wrong template": (replaced(t38=None, t26=[NAPAS, to(), TRANSFER]), E.MISSING_FIELD),
    "unknown GUID": (replaced(t38=[("00", "A000000728"), to(), TRANSFER]), E.WRONG_GUID),
    "GUID in lower case": (replaced(t38=[("00", "a000000727"), to(), TRANSFER]), E.WRONG_GUID),
    "GUID with a space": (replaced(t38=[("00", "A000000727 "), to(), TRANSFER]), E.WRONG_GUID),
    "VNPAY's GUID in NAPAS's template": (replaced(t38=[("00", "A000000775"), to(), TRANSFER]), E.WRONG_GUID),
    "GUID of 33 characters": (replaced(t38=[("00", "A" * 33), to(), TRANSFER]), E.FIELD_TOO_LONG),
    "BIN of 7 digits": (replaced(t38=[NAPAS, to(bin="9704055"), TRANSFER]), E.FIELD_TOO_LONG),
    "BIN of 5 digits": (replaced(t38=[NAPAS, to(bin="97040"), TRANSFER]), E.BAD_BIN),
    "BIN with a letter": (replaced(t38=[NAPAS, to(bin="97040O"), TRANSFER]), E.BAD_BIN),
    "account of 20 digits": (replaced(t38=[NAPAS, to(account="1" * 20), TRANSFER]), E.FIELD_TOO_LONG),
    "account with spaces": (replaced(t38=[NAPAS, to(account="3601 2051"), TRANSFER]), E.BAD_ACCOUNT),
    "account with a dash": (replaced(t38=[NAPAS, to(account="3601-2051"), TRANSFER]), E.BAD_ACCOUNT),
    "account with a look-alike letter": (replaced(t38=[NAPAS, to(account="36О12"), TRANSFER]), E.BAD_ACCOUNT),
    "account with markup": (replaced(t38=[NAPAS, to(account="<b>1</b>"), TRANSFER]), E.BAD_ACCOUNT),
    "unknown service": (replaced(t38=[NAPAS, to(), ("02", "QRIBFTTX")]), E.UNSUPPORTED_SERVICE),
    "service in lower case": (replaced(t38=[NAPAS, to(), ("02", "qribftta")]), E.UNSUPPORTED_SERVICE),
    "service of 11 characters": (replaced(t38=[NAPAS, to(), ("02", "QRIBFTTAAAA")]), E.FIELD_TOO_LONG),
    "category of letters": (replaced(t52="food"), E.BAD_CATEGORY),
    "category of 3 digits": (replaced(t52="541"), E.BAD_CATEGORY),
    "US dollars": (replaced(t53="840"), E.WRONG_CURRENCY),
    "currency by letters": (replaced(t53="VND"), E.WRONG_CURRENCY),
    "currency with a zero": (replaced(t53="0704"), E.WRONG_CURRENCY),
    "amount zero": (replaced(t54="0"), E.BAD_AMOUNT),
    "amount of zeros": (replaced(t54="000"), E.BAD_AMOUNT),
    "amount with leading zero": (replaced(t54="0235000"), E.BAD_AMOUNT),
    "negative amount": (replaced(t54="-5000"), E.BAD_AMOUNT),
    "amount with plus": (replaced(t54="+5000"), E.BAD_AMOUNT),
    "amount with decimals": (replaced(t54="235000.00"), E.BAD_AMOUNT),
    "amount with a bare point": (replaced(t54="235000."), E.BAD_AMOUNT),
    "amount with thousands": (replaced(t54="235.000"), E.BAD_AMOUNT),
    "amount with commas": (replaced(t54="235,000"), E.BAD_AMOUNT),
    "amount with a space": (replaced(t54="235 000"), E.BAD_AMOUNT),
    "amount with exponent": (replaced(t54="1e6"), E.BAD_AMOUNT),
    "amount in hexadecimal": (replaced(t54="0x10"), E.BAD_AMOUNT),
    "amount in Arabic digits": (replaced(t54="٢٣٥"), E.BAD_AMOUNT),
    "amount that is no number": (replaced(t54="NaN"), E.BAD_AMOUNT),
    "amount of 14 digits": (replaced(t54="9" * 14), E.FIELD_TOO_LONG),
    "tip of an unknown kind": (replaced(t55="04"), E.BAD_TIP),
    "fee of zero": (replaced(t55="02", t56="0"), E.BAD_TIP),
    "fee with decimals": (replaced(t55="02", t56="500.5"), E.BAD_TIP),
    "fee in words": (replaced(t55="03", t57="5%"), E.BAD_TIP),
    "fee of 6 characters": (replaced(t55="03", t57="05.500"), E.FIELD_TOO_LONG),
    "Thailand": (replaced(t58="TH"), E.WRONG_COUNTRY),
    "country in lower case": (replaced(t58="vn"), E.WRONG_COUNTRY),
    "name of 26 characters": (replaced(t59="N" * 26), E.FIELD_TOO_LONG),
    "city of 16 characters": (replaced(t60="C" * 16), E.FIELD_TOO_LONG),
    "postcode of 11 characters": (replaced(t61="1" * 11), E.FIELD_TOO_LONG),
    "bill number of 26 characters": (replaced(t62=[("01", "B" * 26)]), E.FIELD_TOO_LONG),
    "reference of 26 characters": (replaced(t62=[("05", "R" * 26)]), E.FIELD_TOO_LONG),
    "data request of 4 characters": (replaced(t62=[("09", "AMEX")]), E.FIELD_TOO_LONG),
    "language of 3 letters": (replaced(t64=[("00", "eng")]), E.FIELD_TOO_LONG),
}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_payload_is_refused_by_its_own_code(name):
    payload, expected = REFUSED[name]

    with pytest.raises(PayloadError) as refusal:
        decode(payload)

    assert refusal.value.code is expected


def test_the_table_holds_a_hundred_cases_and_every_decoding_code():
    assert len(REFUSED) >= 100
    only_elsewhere = {E.OTHER_SCHEME, E.AMBIGUOUS_LENGTH, E.MEMO_TOO_LONG, E.BAD_MEMO}
    assert {expected for _, expected in REFUSED.values()} == set(ErrorCode) - only_elsewhere


def foreign(tag, fields, *, country, currency, **more):
    """A sound EMVCo code of another scheme."""
    pairs = [("00", "01"), ("01", "11"), (tag, fields)]
    pairs += [("53", currency), ("58", country), *((name.removeprefix("t"), value) for name, value in more.items())]
    return code(*pairs)


OTHER_SCHEMES = {
    "VNPAY": foreign(
        "26", [("00", "A000000775"), ("01", "0105313144")], country="VN", currency="704", t54="21090000", t59="SHOP"
    ),
    "VNPAY before its AID": foreign("26", [("00", "908405"), ("01", "VNPAY001")], country="VN", currency="704"),
    "ZaloPay": foreign("26", [("00", "vn.zalopay"), ("01", "180005")], country="VN", currency="704"),
    "MoMo person": "2|99|0900000000|NGUYEN VAN A||0|0|50000|mua hang|transfer_myqr",
    "MoMo link": "https://me.momo.vn/abc",
    "ZaloPay link": "https://qr.zalopay.vn/123",
    "ShopeePay link": "https://sppay.shopee.vn/qr/00f4ccc13787251512b0",
    "PromptPay": foreign(
        "29", [("00", "A000000677010111"), ("01", "0066812345678")], country="TH", currency="764", t54="100.50"
    ),
    "PromptPay bill": foreign(
        "30", [("00", "A000000677010112"), ("01", "0105536000315")], country="TH", currency="764"
    ),
    "QRIS": code(
        ("00", "01"),
        ("01", "11"),
        ("26", [("00", "ID.DANA.WWW"), ("01", "936009150000000000")]),
        ("51", [("00", "ID.CO.QRIS.WWW"), ("02", "ID1020000000000")]),
        ("53", "360"),
        ("58", "ID"),
    ),
    "PayNow": foreign("26", [("00", "SG.PAYNOW"), ("01", "2")], country="SG", currency="702", t54="1.00"),
    "DuitNow": foreign("26", [("00", "A0000006150001"), ("01", "501664")], country="MY", currency="458"),
    "QR Ph": foreign("27", [("00", "com.p2pqrpay"), ("01", "UBPHPHMMXXX")], country="PH", currency="608"),
    "Lao QR": foreign("38", [("00", "A005266284662577"), ("01", "70800000")], country="LA", currency="418"),
    "KHQR": foreign("29", [("00", "shop@aclb")], country="KH", currency="116"),
    "Pix": foreign("26", [("00", "br.gov.bcb.pix"), ("01", "x")], country="BR", currency="986"),
    "UPI": foreign("26", [("00", "A000000524"), ("01", "shop@upi")], country="IN", currency="356"),
    "Visa": foreign("02", "4000000000000000", country="VN", currency="704"),
    "UnionPay": foreign("15", "3139700704005204", country="VN", currency="704"),
    "unknown in Vietnam": foreign("27", [("00", "vn.example.pay"), ("01", "1")], country="VN", currency="704"),
    "unknown anywhere": foreign("45", [("00", "x.example"), ("01", "1")], country="ZZ", currency="999"),
    "NAPAS payment at a till": replaced(t38=[NAPAS, to(), ("02", "QRPUSH")]),
    "NAPAS cash": replaced(t38=[NAPAS, to(), ("02", "QRCASH")]),
}
NAMES = {
    "VNPAY before its AID": "VNPAY",
    "MoMo person": "MoMo",
    "MoMo link": "MoMo",
    "ZaloPay link": "ZaloPay",
    "ShopeePay link": "ShopeePay",
    "PromptPay bill": "PromptPay",
    "unknown in Vietnam": "EMVCo (VN)",
    "unknown anywhere": "EMVCo (ZZ)",
    "NAPAS payment at a till": "NAPAS QRPUSH",
    "NAPAS cash": "NAPAS QRCASH",
}


@pytest.mark.parametrize("case", OTHER_SCHEMES)
def test_sound_code_of_another_scheme_is_named(case):
    with pytest.raises(OtherScheme) as refusal:
        decode(OTHER_SCHEMES[case])

    assert refusal.value.scheme == NAMES.get(case, case)


@pytest.mark.parametrize("case", [case for case in OTHER_SCHEMES if OTHER_SCHEMES[case].startswith("00")])
def test_damaged_code_of_another_scheme_is_malformed_not_named(case):
    sound = OTHER_SCHEMES[case]
    damaged = sound[:-4] + ("0000" if sound[-4:] != "0000" else "0001")

    with pytest.raises(PayloadError) as refusal:
        decode(damaged)

    assert refusal.value.code is ErrorCode.CRC_MISMATCH


def test_other_scheme_with_a_broken_template_is_malformed():
    with pytest.raises(PayloadError) as refusal:
        decode(foreign("26", "0010A0000007750199", country="VN", currency="704"))

    assert refusal.value.code is ErrorCode.TRUNCATED
