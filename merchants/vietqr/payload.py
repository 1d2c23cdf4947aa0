"""The text inside a VietQR code: writing it, and reading it without trusting it. Pure.

Rules: NAPAS "QR Format T&C" v1.0 (09/2021) and v1.5.2 (10/2022), on EMVCo "QR Code Specification for
Payment Systems, Merchant-Presented Mode" 1.1 (2020-11). Pictures are drawn in `image`.
"""

import binascii
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NoReturn

from merchants.vietqr.schemes import name_foreign_scheme, name_non_emv_scheme

NAPAS_GUID = "A000000727"
"""Identifies NAPAS in tag 38.00."""

MAX_PAYLOAD_CHARACTERS = 512
"""EMVCo 1.1 §3.4: a payload should not exceed 512 characters. Longer input is refused unread."""

MAX_MEMO_CHARACTERS = 25
"""What we write in 62.08. When reading, what tag 62 can hold is accepted: some banks print up to 90."""

MAX_AMOUNT_DIGITS = 13


def gettext_noop(message: str) -> str:
    """Mark a message id for the translators; this package itself knows no Django."""
    return message


class ErrorCode(StrEnum):
    """Why a code or a request was refused. Part of the command contract: never rename one."""

    # the text as a whole
    EMPTY = "empty"
    TOO_LONG = "too_long"
    BAD_CHARACTER = "bad_character"
    NOT_EMV = "not_emv"
    # its structure
    MALFORMED_FIELD = "malformed_field"
    TRUNCATED = "truncated"
    TRAILING_DATA = "trailing_data"
    DUPLICATE_TAG = "duplicate_tag"
    EMPTY_FIELD = "empty_field"
    AMBIGUOUS_LENGTH = "ambiguous_length"
    CRC_MISSING = "crc_missing"
    CRC_MISMATCH = "crc_mismatch"
    # its contents
    UNSUPPORTED_VERSION = "unsupported_version"
    BAD_INITIATION_METHOD = "bad_initiation_method"
    MISSING_FIELD = "missing_field"
    FIELD_TOO_LONG = "field_too_long"
    WRONG_GUID = "wrong_guid"
    BAD_BIN = "bad_bin"
    BAD_ACCOUNT = "bad_account"
    UNSUPPORTED_SERVICE = "unsupported_service"
    BAD_CATEGORY = "bad_category"
    WRONG_CURRENCY = "wrong_currency"
    BAD_AMOUNT = "bad_amount"
    BAD_TIP = "bad_tip"
    WRONG_COUNTRY = "wrong_country"
    OTHER_SCHEME = "other_scheme"
    # what we are asked to write
    MEMO_TOO_LONG = "memo_too_long"
    BAD_MEMO = "bad_memo"


MESSAGES: Mapping[ErrorCode, str] = {
    ErrorCode.EMPTY: gettext_noop("There is no code to read."),
    ErrorCode.TOO_LONG: gettext_noop("The code is longer than %(limit)s characters."),
    ErrorCode.BAD_CHARACTER: gettext_noop("The code contains a character that no payment code may contain."),
    ErrorCode.NOT_EMV: gettext_noop("This is not a payment code: it does not begin as one."),
    ErrorCode.MALFORMED_FIELD: gettext_noop("In %(field)s a tag or a length is not made of two digits."),
    ErrorCode.TRUNCATED: gettext_noop("%(field)s ends too early: a length says more than there is."),
    ErrorCode.TRAILING_DATA: gettext_noop("There is more text after the check sum."),
    ErrorCode.DUPLICATE_TAG: gettext_noop("Field %(field)s occurs twice."),
    ErrorCode.EMPTY_FIELD: gettext_noop("Field %(field)s is empty."),
    ErrorCode.AMBIGUOUS_LENGTH: gettext_noop("The code reads in two ways; its lengths are not clear."),
    ErrorCode.CRC_MISSING: gettext_noop("The check sum at the end is missing."),
    ErrorCode.CRC_MISMATCH: gettext_noop("The check sum is wrong: the code is damaged or was changed."),
    ErrorCode.UNSUPPORTED_VERSION: gettext_noop("The payment code is of a version not known here."),
    ErrorCode.BAD_INITIATION_METHOD: gettext_noop("The code is marked neither reusable (11) nor for one use (12)."),
    ErrorCode.MISSING_FIELD: gettext_noop("Field %(field)s is missing."),
    ErrorCode.FIELD_TOO_LONG: gettext_noop("Field %(field)s is longer than %(limit)s characters."),
    ErrorCode.WRONG_GUID: gettext_noop("The account field does not belong to NAPAS VietQR."),
    ErrorCode.BAD_BIN: gettext_noop("The bank number (BIN) must be 6 digits."),
    ErrorCode.BAD_ACCOUNT: gettext_noop("The account number must be 1 to 19 letters without marks and digits."),
    ErrorCode.UNSUPPORTED_SERVICE: gettext_noop("The service is neither transfer to an account nor to a card."),
    ErrorCode.BAD_CATEGORY: gettext_noop("The merchant category must be 4 digits."),
    ErrorCode.WRONG_CURRENCY: gettext_noop("The currency is not Vietnamese dong (704)."),
    ErrorCode.BAD_AMOUNT: gettext_noop("The amount must be whole dong above zero, at most 13 digits and nothing else."),
    ErrorCode.BAD_TIP: gettext_noop("The tip or fee in field %(field)s is not valid."),
    ErrorCode.WRONG_COUNTRY: gettext_noop("The country is not Vietnam (VN)."),
    ErrorCode.OTHER_SCHEME: gettext_noop("This is a code of %(scheme)s, not a VietQR bank transfer."),
    ErrorCode.MEMO_TOO_LONG: gettext_noop("The memo is longer than %(limit)s characters."),
    ErrorCode.BAD_MEMO: gettext_noop("The memo may hold only letters without marks, digits and single spaces between."),
}


class PayloadError(ValueError):
    """A code that must not be used, or a request that cannot be written as one.

    `code` is stable; `message_id` with `parameters` (named) is what a person is told, so that the
    caller can translate it. Nothing of the hostile input is echoed.
    """

    def __init__(self, code: ErrorCode, **parameters: str | int) -> None:
        self.code = code
        self.message_id = MESSAGES[code]
        self.parameters = parameters
        super().__init__(self.message_id % parameters)


class OtherScheme(PayloadError):
    """A sound code, but of another payment scheme; `scheme` names it ("VNPAY", "PromptPay" …)."""

    def __init__(self, scheme: str) -> None:
        self.scheme = scheme
        super().__init__(ErrorCode.OTHER_SCHEME, scheme=scheme)


class Service(StrEnum):
    """Tag 38.02: where the money goes."""

    ACCOUNT = "QRIBFTTA"
    CARD = "QRIBFTTC"


_OTHER_NAPAS_SERVICES = {"QRPUSH": "NAPAS QRPUSH", "QRCASH": "NAPAS QRCASH"}
"""NAPAS payment at a till and cash withdrawal: sound codes, but no transfer to an account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdditionalData:
    """Tag 62 without the memo (62.08)."""

    bill_number: str | None = None
    mobile_number: str | None = None
    store_label: str | None = None
    loyalty_number: str | None = None
    reference_label: str | None = None
    customer_label: str | None = None
    terminal_label: str | None = None
    data_request: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedCode:
    """What a sound VietQR transfer code says. Texts are as printed, and only as true as who printed them."""

    bin: str
    account: str
    service: Service
    amount: int | None
    """Whole dong; None when the payer types the amount."""
    memo: str | None
    dynamic: bool
    """True for one-time codes (01 = 12); False for 11 and, as EMVCo lets 01 be absent, without it."""
    category: str | None = None
    tip_indicator: str | None = None
    fee_fixed: int | None = None
    fee_percent: str | None = None
    merchant_name: str | None = None
    merchant_city: str | None = None
    postal_code: str | None = None
    additional: AdditionalData = field(default_factory=AdditionalData)
    other_schemes: tuple[str, ...] = ()
    """Schemes that the same code also serves, such as ZaloPay in tag 26."""

    @property
    def wallet(self) -> str | None:
        """The wallet behind the account, or None for a bank.

        MoMo has its own BIN; older MoMo and all ZaloPay codes ride on BVBank with 99MM…/99ZP…
        (npm vietnam-qr-pay 1.5.1, read 2026-11-23).
        """
        if self.bin == "971025":
            return "MoMo"
        if self.bin == "970454" and self.account.upper().startswith("99MM"):
            return "MoMo"
        if self.bin == "970454" and self.account.upper().startswith("99ZP"):
            return "ZaloPay"
        return None


_BIN = re.compile(r"[0-9]{6}", re.ASCII)
_ACCOUNT = re.compile(r"[A-Za-z0-9]{1,19}", re.ASCII)
_MEMO = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*", re.ASCII)
_WHOLE_DONG = re.compile(r"[1-9][0-9]*", re.ASCII)
_FOUR_DIGITS = re.compile(r"[0-9]{4}", re.ASCII)
_CRC = re.compile(r"[0-9A-Fa-f]{4}", re.ASCII)
_PERCENT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,2})?", re.ASCII)


# Writing


def encode(
    *,
    bin: str,
    account: str,
    amount: int | Decimal | None = None,
    memo: str | None = None,
    card: bool = False,
    dynamic: bool | None = None,
) -> str:
    """Write a VietQR payload: tags 00 01 38 53 54 58 62 63, nothing else.

    `amount` is whole dong, None lets the payer type it. `memo` must already be clean, see
    `memo.fold_memo`; None or "" leaves it out. `dynamic` None means one-time (12) when there is an
    amount or a memo, else reusable (11). Raises PayloadError; nothing is cut or guessed.
    """
    if not _BIN.fullmatch(bin):
        raise PayloadError(ErrorCode.BAD_BIN)
    if not _ACCOUNT.fullmatch(account):
        raise PayloadError(ErrorCode.BAD_ACCOUNT)
    amount_text = "" if amount is None else _write_amount(amount)
    memo = memo or ""
    if len(memo) > MAX_MEMO_CHARACTERS:
        raise PayloadError(ErrorCode.MEMO_TOO_LONG, limit=MAX_MEMO_CHARACTERS)
    if memo and not _MEMO.fullmatch(memo):
        raise PayloadError(ErrorCode.BAD_MEMO)
    if dynamic is None:
        dynamic = bool(amount_text or memo)

    beneficiary = _write("00", bin) + _write("01", account)
    service = Service.CARD if card else Service.ACCOUNT
    text = (
        _write("00", "01")
        + _write("01", "12" if dynamic else "11")
        + _write("38", _write("00", NAPAS_GUID) + _write("01", beneficiary) + _write("02", service.value))
        + _write("53", "704")
        + (_write("54", amount_text) if amount_text else "")
        + _write("58", "VN")
        + (_write("62", _write("08", memo)) if memo else "")
        + "6304"
    )
    return text + crc16(text)


def crc16(text: str) -> str:
    """CRC-16/CCITT-FALSE over the UTF-8 bytes, as 4 upper-case hex digits ("123456789" gives 29B1)."""
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def _write(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _write_amount(amount: int | Decimal) -> str:
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        raise PayloadError(ErrorCode.BAD_AMOUNT)
    if isinstance(amount, Decimal) and not amount.is_finite():
        raise PayloadError(ErrorCode.BAD_AMOUNT)
    # Bounded before any conversion: a huge int or exponent would be slow to print.
    if not 0 < amount < 10**MAX_AMOUNT_DIGITS or amount != int(amount):
        raise PayloadError(ErrorCode.BAD_AMOUNT)
    return str(int(amount))


# Reading


def decode(payload: str) -> DecodedCode:
    """Read a VietQR transfer code, refusing all that a bank could read in another way.

    Raises OtherScheme for a sound code of another scheme and PayloadError for all else; never any
    other exception, and in time bounded by 512 characters. The order of checks is: text, structure,
    check sum, contents. A check sum in lower case is accepted: Techcombank prints such codes.

    Lengths count characters. Some generators count UTF-8 bytes instead; with letters beyond ASCII
    both readings are tried, and a code sound in both with different meaning is refused.
    """
    _refuse_bad_text(payload)
    if not payload.startswith("00"):
        scheme = name_non_emv_scheme(payload)
        if scheme:
            raise OtherScheme(scheme)
        raise PayloadError(ErrorCode.NOT_EMV)
    by_characters = _read_all(payload, _Units(payload))
    if payload.isascii():
        return _answer(by_characters)
    by_bytes = _read_all(payload, _Units(payload.encode().decode("latin-1"), _from_byte_units))
    if isinstance(by_characters, PayloadError) and not isinstance(by_characters, OtherScheme):
        sound_by_bytes = isinstance(by_bytes, DecodedCode | OtherScheme)
        return _answer(by_bytes if sound_by_bytes else by_characters)
    if isinstance(by_bytes, PayloadError) and not isinstance(by_bytes, OtherScheme):
        return _answer(by_characters)
    if by_bytes != by_characters and not (
        isinstance(by_bytes, OtherScheme)
        and isinstance(by_characters, OtherScheme)
        and by_bytes.scheme == by_characters.scheme
    ):
        raise PayloadError(ErrorCode.AMBIGUOUS_LENGTH)
    return _answer(by_characters)


@dataclass(frozen=True, slots=True)
class _Units:
    """A payload cut into units that lengths count: characters, or bytes shown as Latin-1 characters."""

    text: str
    restore: Callable[[str], str] = str


def _from_byte_units(value: str) -> str:
    try:
        return value.encode("latin-1").decode()
    except UnicodeDecodeError:  # a length cuts a letter in two
        raise PayloadError(ErrorCode.MALFORMED_FIELD, field="QR") from None


def _answer(outcome: "DecodedCode | PayloadError") -> DecodedCode:
    if isinstance(outcome, PayloadError):
        raise outcome
    return outcome


def _refuse_bad_text(payload: str) -> None:
    if not payload:
        raise PayloadError(ErrorCode.EMPTY)
    if len(payload) > MAX_PAYLOAD_CHARACTERS:
        raise PayloadError(ErrorCode.TOO_LONG, limit=MAX_PAYLOAD_CHARACTERS)
    if payload.isascii() and payload.isprintable():
        return
    # Control, format, unassigned, private and surrogate characters; line and paragraph separators.
    if any(unicodedata.category(character)[0] == "C" or character in "\u2028\u2029" for character in payload):
        raise PayloadError(ErrorCode.BAD_CHARACTER)


def _read_all(payload: str, units: _Units) -> DecodedCode | PayloadError:
    try:
        return _read_code(payload, units)
    except PayloadError as error:
        return error


def _read_code(payload: str, units: _Units) -> DecodedCode:
    root = _read_fields(units.text, where="")
    if root.get("00") != "01":
        raise PayloadError(ErrorCode.UNSUPPORTED_VERSION)
    if "63" not in root:
        raise PayloadError(ErrorCode.CRC_MISSING)
    crc = root["63"]
    if not _CRC.fullmatch(crc) or crc.upper() != crc16(payload[: -len(crc)]):
        raise PayloadError(ErrorCode.CRC_MISMATCH)

    in_vietnam = root.get("58") == "VN"
    if "38" not in root:
        _refuse_without_napas(root)
    account_fields = _read_fields(root["38"], where="38")
    guid = _required(account_fields, "00", where="38")
    if guid != NAPAS_GUID:
        # Abroad tag 38 belongs to others (Laos); in Vietnam it is NAPAS's, so this is no sound code.
        if not in_vietnam:
            _refuse_without_napas(root)
        _limit(guid, 32, "38.00")
        raise PayloadError(ErrorCode.WRONG_GUID)
    return _read_transfer(root, account_fields, units.restore)


_MAY_BE_EMPTY = frozenset({"62", "64"})
"""EMVCo knows no empty field, but NCB prints 6200 where there is nothing to add (sample read 2026-11-23)."""


def _read_fields(text: str, *, where: str) -> dict[str, str]:
    """Split tag-length-value text; `where` is the tag path of the template, "" for the root."""
    fields: dict[str, str] = {}
    position = 0
    while position < len(text):
        if "63" in fields and not where:
            raise PayloadError(ErrorCode.TRAILING_DATA)
        header = text[position : position + 4]
        if not (header.isascii() and header.isdigit()):
            raise PayloadError(ErrorCode.MALFORMED_FIELD, field=where or "QR")
        if len(header) < 4:
            raise PayloadError(ErrorCode.TRUNCATED, field=where or "QR")
        tag = header[:2]
        path = f"{where}.{tag}" if where else tag
        end = position + 4 + int(header[2:])
        if end > len(text):
            raise PayloadError(ErrorCode.TRUNCATED, field=path)
        if tag in fields:
            raise PayloadError(ErrorCode.DUPLICATE_TAG, field=path)
        if end == position + 4 and path not in _MAY_BE_EMPTY:
            raise PayloadError(ErrorCode.EMPTY_FIELD, field=path)
        fields[tag] = text[position + 4 : end]
        position = end
    return fields


def _refuse_without_napas(root: Mapping[str, str]) -> NoReturn:
    """Name the scheme of an EMVCo code without NAPAS's tag 38, or say that no account is in it."""
    guids: list[str] = []
    for tag, value in root.items():
        if "26" <= tag <= "51":
            guids.append(_required(_read_fields(value, where=tag), "00", where=tag))
    if NAPAS_GUID in guids:
        raise PayloadError(ErrorCode.MISSING_FIELD, field="38")
    has_card_network = any("02" <= tag <= "25" for tag in root)
    if not guids and not has_card_network:
        raise PayloadError(ErrorCode.MISSING_FIELD, field="38")
    raise OtherScheme(name_foreign_scheme(guids=guids, tags=list(root), country=root.get("58", "")))


def _read_transfer(
    root: Mapping[str, str], account_fields: Mapping[str, str], restore: Callable[[str], str]
) -> DecodedCode:
    beneficiary = _read_fields(_required(account_fields, "01", where="38"), where="38.01")
    bank = _required(beneficiary, "00", where="38.01")
    _limit(bank, 6, "38.01.00")
    if not _BIN.fullmatch(bank):
        raise PayloadError(ErrorCode.BAD_BIN)
    account = _required(beneficiary, "01", where="38.01")
    _limit(account, 19, "38.01.01")
    if not _ACCOUNT.fullmatch(account):
        raise PayloadError(ErrorCode.BAD_ACCOUNT)
    service = _required(account_fields, "02", where="38")
    _limit(service, 10, "38.02")
    if service in _OTHER_NAPAS_SERVICES:
        raise OtherScheme(_OTHER_NAPAS_SERVICES[service])
    if service not in (Service.ACCOUNT, Service.CARD):
        raise PayloadError(ErrorCode.UNSUPPORTED_SERVICE)

    method = root.get("01")
    if method not in (None, "11", "12"):
        raise PayloadError(ErrorCode.BAD_INITIATION_METHOD)
    category = root.get("52")
    if category is not None and not _FOUR_DIGITS.fullmatch(category):
        raise PayloadError(ErrorCode.BAD_CATEGORY)
    if _required(root, "53", where="") != "704":
        raise PayloadError(ErrorCode.WRONG_CURRENCY)
    if _required(root, "58", where="") != "VN":
        raise PayloadError(ErrorCode.WRONG_COUNTRY)
    amount = root.get("54")
    if amount is not None:
        _limit(amount, MAX_AMOUNT_DIGITS, "54")
        if not _WHOLE_DONG.fullmatch(amount):
            raise PayloadError(ErrorCode.BAD_AMOUNT)
    _check_tip(root)

    def text(fields: Mapping[str, str], tag: str, limit: int, path: str) -> str | None:
        value = fields.get(tag)
        if value is None:
            return None
        value = restore(value)
        _limit(value, limit, path)
        return value

    more = _read_fields(root["62"], where="62") if "62" in root else {}
    additional = AdditionalData(
        bill_number=text(more, "01", 25, "62.01"),
        mobile_number=text(more, "02", 25, "62.02"),
        store_label=text(more, "03", 25, "62.03"),
        loyalty_number=text(more, "04", 25, "62.04"),
        reference_label=text(more, "05", 25, "62.05"),
        customer_label=text(more, "06", 25, "62.06"),
        terminal_label=text(more, "07", 25, "62.07"),
        data_request=text(more, "09", 3, "62.09"),
    )
    if "64" in root:  # names in another language: checked, not used
        language = _read_fields(root["64"], where="64")
        text(language, "00", 2, "64.00")
        text(language, "01", 25, "64.01")
        text(language, "02", 15, "64.02")
    return DecodedCode(
        bin=bank,
        account=account,
        service=Service(service),
        amount=int(amount) if amount else None,
        memo=text(more, "08", 99, "62.08"),
        dynamic=method == "12",
        category=category,
        tip_indicator=root.get("55"),
        fee_fixed=int(root["56"]) if "56" in root else None,
        fee_percent=root.get("57"),
        merchant_name=text(root, "59", 25, "59"),
        merchant_city=text(root, "60", 15, "60"),
        postal_code=text(root, "61", 10, "61"),
        additional=additional,
        other_schemes=_schemes_beside(root),
    )


def _check_tip(root: Mapping[str, str]) -> None:
    if root.get("55", "01") not in ("01", "02", "03"):
        raise PayloadError(ErrorCode.BAD_TIP, field="55")
    if "56" in root:
        _limit(root["56"], MAX_AMOUNT_DIGITS, "56")
        if not _WHOLE_DONG.fullmatch(root["56"]):
            raise PayloadError(ErrorCode.BAD_TIP, field="56")
    if "57" in root:
        _limit(root["57"], 5, "57")
        if not _PERCENT.fullmatch(root["57"]):
            raise PayloadError(ErrorCode.BAD_TIP, field="57")


def _schemes_beside(root: Mapping[str, str]) -> tuple[str, ...]:
    """Name the other account templates of a VietQR code. They are not ours to judge: what cannot be
    read is left out rather than refused."""
    names: list[str] = []
    for tag, value in root.items():
        if not "26" <= tag <= "51" or tag == "38":
            continue
        try:
            guid = _read_fields(value, where=tag).get("00", "")
        except PayloadError:
            continue
        name = name_foreign_scheme(guids=[guid], tags=[tag], country=root.get("58", ""))
        if guid and name not in names:
            names.append(name)
    return tuple(names)


def _required(fields: Mapping[str, str], tag: str, *, where: str) -> str:
    if tag not in fields:
        raise PayloadError(ErrorCode.MISSING_FIELD, field=f"{where}.{tag}" if where else tag)
    return fields[tag]


def _limit(value: str, limit: int, path: str) -> None:
    if len(value) > limit:
        raise PayloadError(ErrorCode.FIELD_TOO_LONG, field=path, limit=limit)
