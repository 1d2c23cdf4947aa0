"""Checking a list of businesses before anything of it is written: every fault by row, column and remedy.

Works on the whole list at once: what the register holds already is read in a handful of queries, however long the
list. A fault keeps the whole list out; a note only tells. Never guesses: the one thing that is restored is the leading
zero that Excel took from a number, where nothing else is possible.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from merchants.folding import fold_holder_name, fold_text
from merchants.models import BankAccount, Commune, FormerCommune, Merchant, Village
from merchants.models.merchant import VIETNAMESE_PHONE
from merchants.phone_numbers import shown_phone, to_e164
from merchants.positions import LATITUDES, LONGITUDES
from merchants.register_columns import HEADINGS, LEGAL_FORMS, STATUSES
from merchants.sealed_text import keyed_hash
from merchants.spreadsheets import ROUNDED, Fault, SheetRow, Table
from merchants.tax_codes import TaxCodeRefused, read_tax_code
from merchants.vietqr.account_numbers import looks_like_card_number
from merchants.vietqr.banks import find_banks
from merchants.vsic import find_section

LONGEST = {"name": 120, "trade": 80, "owner_name": 120, "address": 200, "status_reason": 200, "email": 254}
SHORT_ACCOUNT = 6
PROGRESS_EVERY = 500

NewVillage = tuple[str, int | None]  # name, former commune


@dataclass
class ReadyRow:
    """What one row will write. `village` is a village of the commune or one that is to be added."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    tax_code: str = ""
    tax_hash: str = ""
    village: Village | NewVillage | None = None
    account: tuple[str, str, str, str] | None = None  # bank code, BIN, number, holder


@dataclass
class CheckedList:
    """The outcome: with no faults, `rows` can be written as they are."""

    rows: list[ReadyRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    new_villages: list[NewVillage] = field(default_factory=list)


def check_list(
    *, commune: Commune, table: Table, on_progress: Callable[[int], None] = lambda _rows: None
) -> CheckedList:
    """Check every row by itself, against the others, and against the register. Reads, never writes."""
    checked = CheckedList()
    reader = _RowReader(commune, checked)
    for place, row in enumerate(table.rows, 1):
        if row.number in table.merged:
            words = _("The cells %(range)s are merged. Please unmerge them and fill in each row.")
            checked.faults.append(Fault(row.number, "", "", words % {"range": table.merged[row.number]}))
        else:
            checked.rows.append(reader.read(row))
        if place % PROGRESS_EVERY == 0:
            on_progress(place)
    checked.new_villages = reader.new_villages
    _compare_rows(checked)
    compare_with_register(commune=commune, checked=checked)
    checked.faults.sort(key=lambda fault: fault.row)
    checked.notes.sort(key=lambda note: note.row)
    return checked


def _by_fold(words: Mapping[Any, Iterable[str]]) -> dict[str, Any]:
    return {fold_text(text): value for value, texts in words.items() for text in texts}


_FORMS = _by_fold(LEGAL_FORMS) | {fold_text(str(label)): value for value, label in Merchant.LegalForm.choices}
_STATUSES = _by_fold(STATUSES)
_COUNTED_OUT = {Merchant.Status.CLOSED, Merchant.Status.NOT_FOUND, Merchant.Status.REFUSED}
_FORM_PREFIXES = (
    ("htx", Merchant.LegalForm.COOPERATIVE),
    ("hop tac xa", Merchant.LegalForm.COOPERATIVE),
    ("to hop tac", Merchant.LegalForm.COOPERATIVE_GROUP),
    ("cong ty", Merchant.LegalForm.COMPANY),
    ("cty", Merchant.LegalForm.COMPANY),
)
_EMAIL = EmailValidator()
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)\Z")
_COORDINATE = re.compile(r"-?[0-9]{1,3}(?:[.,][0-9]{1,15})?\Z")
_VILLAGE_KIND = re.compile(r"^(?:thon|xom|ap|to dan pho|tdp|to|khoi|ban|lang)\s+(?=\S)")
_CUTS = re.compile(r"\s*[,;·(/]\s*|\s+[-–]\s+")


class _RowReader:
    """Reads single rows of one commune's list; what is looked up is read once."""

    def __init__(self, commune: Commune, checked: CheckedList) -> None:
        self.checked = checked
        self.commune_name = commune.name
        self.row = SheetRow(0, {})
        self.formers = {fold_text(one.name): one for one in FormerCommune.objects.filter(commune=commune)}
        self.villages: dict[str, list[Village]] = defaultdict(list)
        for village in Village.objects.filter(commune=commune).select_related("former_commune"):
            for key in {village.folded_name, _bare_village(village.folded_name)}:
                self.villages[key].append(village)
        self.new_villages: list[NewVillage] = []
        self._found_villages: dict[tuple[str, str], Village | NewVillage | str | None] = {}

    def read(self, row: SheetRow) -> ReadyRow:
        self.row = row
        if broken := [key for key, text in row.texts.items() if _ERROR.match(text)]:
            for key in broken:
                self._fault(key, _("The cell holds an error of Excel. Please correct its formula or type the value."))
            self.row = SheetRow(row.number, {**row.texts, **dict.fromkeys(broken, "")}, row.numbers)
        ready = ReadyRow(row.number)
        values = ready.values
        for key in ("name", "trade", "owner_name", "address", "status_reason", "email"):
            values[key] = self._line(key)
        if not values["name"] and not _ERROR.match(row.texts["name"]):
            self._fault("name", _("Every row needs the name of the business. Please fill it in or delete the row."))
        if values["email"]:
            self._email(values)
        values["legal_form"] = self._legal_form(values["name"])
        values["vsic_section"] = self._section()
        values["phone"] = self._phone()
        values["latitude"], values["longitude"] = self._position()
        self._status(values)
        ready.village = self._village()
        ready.tax_code = self._tax_code()
        ready.tax_hash = keyed_hash(ready.tax_code, purpose="tax_code") if ready.tax_code else ""
        ready.account = self._account(values["owner_name"])
        return ready

    def _text(self, key: str) -> str:
        return self.row.texts.get(key, "")

    def _fault(self, key: str, words: str, *, value: str | None = None) -> None:
        shown = self._text(key) if value is None else value
        self.checked.faults.append(Fault(self.row.number, HEADINGS[key], shown[:80], words))

    def _note(self, key: str, words: str) -> None:
        self.checked.notes.append(Fault(self.row.number, HEADINGS[key], self._text(key)[:80], words))

    def _line(self, key: str) -> str:
        text = self._text(key)
        if len(text) > LONGEST[key]:
            words = _("At most %(number)s characters; these are %(length)s. Please shorten it.")
            self._fault(key, words % {"number": LONGEST[key], "length": len(text)})
        return text

    def _email(self, values: dict[str, Any]) -> None:
        try:
            _EMAIL(values["email"])
        except ValidationError:
            self._fault("email", _("This is no e-mail address. Please correct it or leave the cell empty."))

    def _legal_form(self, name: str) -> str:
        text = fold_text(self._text("legal_form"))
        if not text:
            folded = fold_text(name)
            return next((form for start, form in _FORM_PREFIXES if folded.startswith(start)), "household")
        found = _FORMS.get(text) or next((form for start, form in _FORM_PREFIXES if text.startswith(start)), None)
        if found is None:
            known = ", ".join(words[0] for words in LEGAL_FORMS.values())
            self._fault("legal_form", _("Not known. Please write one of: %(known)s.") % {"known": known})
        return str(found or "")

    def _section(self) -> str:
        text = self._text("vsic")
        found = find_section(text) if text else ""
        if found is None:
            words = _(
                "Please write a letter from A to U, or the code of the activity in digits, for example G or 4711."
            )
            self._fault("vsic", words)
        return found or ""

    def _phone(self) -> str:
        text = self._text("phone")
        if not text:
            return ""
        if re.search(r"[/;,]|\d\s+-\s+\d", text):
            self._fault("phone", _("One number only, please; write the others nowhere or in another list."))
            return ""
        if "phone" in self.row.numbers and len(text) in {9, 10} and not text.startswith("0"):
            text = f"0{text}"
        try:
            number = to_e164(text)
            VIETNAMESE_PHONE(number)
        except ValidationError:
            self._fault("phone", _("This is not a Vietnamese phone number. Please write it like 0912 345 678."))
            return ""
        return number

    def _position(self) -> tuple[Decimal | None, Decimal | None]:
        found = [
            self._coordinate("latitude", LATITUDES, LONGITUDES),
            self._coordinate("longitude", LONGITUDES, LATITUDES),
        ]
        if self._text("latitude") and not self._text("longitude"):
            self._fault("longitude", _("A position needs both numbers. Please fill in the other one or empty both."))
        if self._text("longitude") and not self._text("latitude"):
            self._fault("latitude", _("A position needs both numbers. Please fill in the other one or empty both."))
        return found[0], found[1]

    def _coordinate(self, key: str, bounds: tuple[Decimal, Decimal], others: tuple[Decimal, Decimal]) -> Decimal | None:
        text = self._text(key)
        if not text:
            return None
        if not _COORDINATE.match(text):
            self._fault(key, _("Please write degrees as one number with a decimal point, for example 18.98765."))
            return None
        degrees = Decimal(text.replace(",", ".")).quantize(Decimal("0.000001"))
        if bounds[0] <= degrees <= bounds[1]:
            return degrees
        if others[0] <= degrees <= others[1]:
            self._fault(key, _("Latitude and longitude stand in each other's column. Please swap them."))
        else:
            self._fault(key, _("This lies outside of Vietnam. Is the decimal point in its place?"))
        return None

    def _status(self, values: dict[str, Any]) -> None:
        text = fold_text(self._text("status"))
        found = _STATUSES.get(text) if text else Merchant.Status.ACTIVE
        if found is None:
            known = ", ".join(words[0] for words in STATUSES.values())
            self._fault("status", _("Not known. Please write one of: %(known)s.") % {"known": known})
        elif found in _COUNTED_OUT and not values["status_reason"]:
            self._fault("status_reason", _("Please say why it leaves the count."))
        values["status"] = found or Merchant.Status.ACTIVE
        if found == Merchant.Status.ACTIVE:
            values["status_reason"] = ""

    def _tax_code(self) -> str:
        text = self._text("tax_code")
        digits = "".join(char for char in text if char not in " -.")
        if "tax_code" in self.row.numbers and len(digits) in {9, 11, 12} and digits.isdecimal():
            # Excel took the zero in front; 9 and 11 digits can be nothing else, 12 may also be 13 without it
            if len(digits) in {9, 11}:
                digits = f"0{digits}"
        try:
            return read_tax_code(digits)
        except TaxCodeRefused as refusal:
            words = str(refusal)
            if "tax_code" in self.row.numbers:
                words += " " + _("Perhaps Excel took a 0 from its beginning: please format the column as text.")
            self._fault("tax_code", words, value=masked(digits))
            return ""

    def _account(self, owner_name: str) -> tuple[str, str, str, str] | None:
        bank_text, number, holder = self._text("bank"), self._text("account"), self._text("holder")
        if not number and not bank_text:
            if holder:
                self._fault("account", _("The holder is named but no number. Please fill it in or empty the name."))
            return None
        for key in ("bank", "account", "holder"):
            if not self._text(key):
                words = _("An account needs bank, number and holder. Please fill this in or empty all three.")
                self._fault(key, words)
                return None
        banks = [bank for bank in find_banks(bank_text) if bank.successor is None]
        if len(banks) != 1:
            words = _("No such bank. Please write its usual name, for example Agribank or Vietcombank.")
            if banks:
                words = _("This may be %(names)s. Please write which one.") % {
                    "names": ", ".join(bank.short_name for bank in banks)
                }
            self._fault("bank", words)
        bare = number.replace(" ", "").replace(".", "").replace("-", "")
        if "account" in self.row.numbers and bare.isdecimal() and int(bare) >= ROUNDED:
            words = _("Excel has rounded this number. Please format the column as text and type it again.")
            self._fault("account", words)
        elif not re.fullmatch(r"[A-Za-z0-9]{1,19}", bare):
            self._fault("account", _("Letters and digits only, at most 19."))
        elif looks_like_card_number(bare):
            self._fault(
                "account", _("This is the number on a card. Please take the account number from the bank's app.")
            )
        elif len(bare) < SHORT_ACCOUNT:
            self._fault("account", _("This number is very short. If it is right, add the account by hand afterwards."))
        elif "account" in self.row.numbers:
            self._note(
                "account", _("Stored as a number: if it begins with 0, Excel has taken that away. Please compare.")
            )
        folded = fold_holder_name(holder)
        if not folded:
            self._fault("holder", _("Please write the name in letters, as the bank shows it."))
        elif len(folded) > 120:
            words = _("At most %(number)s characters; these are %(length)s. Please shorten it.")
            self._fault("holder", words % {"number": 120, "length": len(folded)})
        elif owner_name and folded != fold_holder_name(owner_name):
            self._note("holder", _("The account is held by another name than the owner's. Please make sure."))
        return (banks[0].code, banks[0].bin, bare, folded) if len(banks) == 1 else None

    # --- villages

    def _village(self) -> Village | NewVillage | None:
        text, former = self._text("village"), self._text("former_commune")
        if not text:
            return None
        known = self._found_villages.get((text, former))
        if known is None:
            known = self._find_village(text, former)
            self._found_villages[(text, former)] = known
        if isinstance(known, str):
            self._fault("village", known)
            return None
        if isinstance(known, Village) and known.folded_name not in fold_text(text):
            self._note("village", _("Understood as “%(name)s”.") % {"name": known.name})
        return known

    def _find_village(self, text: str, former_text: str) -> Village | NewVillage | str:
        """The village, one to be added, or the words of a fault."""
        former = self.formers.get(_bare_commune(former_text)) if former_text else None
        if former is None and former_text and _bare_commune(former_text) != _bare_commune(self.commune_name):
            names = ", ".join(one.name for one in self.formers.values())
            return _("“%(name)s” is no former commune here. Known are: %(names)s.") % {
                "name": former_text[:60],
                "names": names or "–",
            }
        parts = [part for part in _CUTS.split(text.rstrip(")")) if part]
        if former is None and len(parts) > 1:
            former = next(
                (self.formers[_bare_commune(one)] for one in parts[1:] if _bare_commune(one) in self.formers), None
            )
        name = parts[0] if former is not None and parts else text
        folded = fold_text(name)
        found = self.villages.get(folded) or self.villages.get(_bare_village(folded)) or []
        fitting = [one for one in found if former is None or one.former_commune_id == former.pk]
        if len({one.pk for one in fitting}) > 1:
            names = ", ".join(str(one.former_commune) for one in fitting if one.former_commune)
            return _("Several villages have this name. Please say in “Xã cũ” which: %(names)s.") % {"names": names}
        if fitting:
            return fitting[0]
        if len(name) > 80:
            return _("At most %(number)s characters; these are %(length)s. Please shorten it.") % {
                "number": 80,
                "length": len(name),
            }
        tidy = re.sub(r"\b0+(?=[1-9])", "", name)
        new = (tidy[:1].upper() + tidy[1:], former.pk if former is not None else None)
        for one in self.new_villages:
            if fold_text(one[0]) == fold_text(new[0]) and one[1] == new[1]:
                return one
        self.new_villages.append(new)
        return new


def _bare_village(folded: str) -> str:
    """ "xom 01" → "1", "xom dong" → "dong": by this a village is found whatever its kind is called."""
    bare = _VILLAGE_KIND.sub("", folded)
    return bare.lstrip("0") or bare


def _bare_commune(text: str) -> str:
    return re.sub(r"^(?:xa|phuong|thi tran)\s+", "", re.sub(r"\s+cu$", "", fold_text(text)))


def masked(digits: str) -> str:
    """A number that may be a personal one, as it may be shown: its last four."""
    return f"••••{digits[-4:]}" if len(digits) > 4 else digits


# --- rows among themselves and against the register -----------------------------------------------------------------


def _same_place(ready: ReadyRow) -> tuple[str, Any]:
    village = ready.village.pk if isinstance(ready.village, Village) else ready.village
    return fold_text(ready.values["name"]), village


def _compare_rows(checked: CheckedList) -> None:
    """Two rows for one shop: the second is named with the first."""
    seen: dict[tuple[str, Any], int] = {}
    phones: dict[str, int] = {}
    for ready in checked.rows:
        keys: list[tuple[str, str, Any]] = []
        if ready.values["name"]:
            keys.append(("name", "name", (*_same_place(ready), fold_text(ready.values["owner_name"]))))
        if ready.tax_hash:
            keys.append(("tax_code", "tax", ready.tax_hash))
        if ready.account:
            keys.append(("account", "account", ready.account[1:3]))
        for column, kind, key in keys:
            first = seen.setdefault((kind, key), ready.number)
            if first != ready.number:
                words = _("The same stands in row %(row)s: one shop, two rows? Please keep one.") % {"row": first}
                checked.faults.append(Fault(ready.number, HEADINGS[column], _shown(ready, column), words))
        if phone := ready.values["phone"]:
            first = phones.setdefault(phone, ready.number)
            if first != ready.number:
                words = _("Row %(row)s has the same phone. Two shops of one owner?") % {"row": first}
                checked.notes.append(Fault(ready.number, HEADINGS["phone"], shown_phone(phone), words))


def _shown(ready: ReadyRow, column: str) -> str:
    if column == "tax_code":
        return masked(ready.tax_code)
    if column == "account" and ready.account:
        return f"••••{ready.account[2][-4:]}"
    return str(ready.values.get(column, ""))[:80]


def compare_with_register(*, commune: Commune, checked: CheckedList) -> None:
    """Add a fault for each row whose business the register has already; three queries."""
    names: dict[tuple[str, Any], list[tuple[str, str]]] = defaultdict(list)
    taxes: dict[str, str] = {}
    phones: dict[str, str] = {}
    there = Merchant.objects.filter(commune=commune)
    for name, folded, village, owner, phone, tax_hash in there.values_list(
        "name", "folded_name", "village_id", "owner_name", "phone", "tax_code_hash"
    ).iterator(chunk_size=2_000):
        names[folded, village].append((name, fold_text(owner)))
        if tax_hash:
            taxes[tax_hash] = name
        if phone:
            phones[phone] = name
    accounts = {
        (bank_bin, number): name
        for bank_bin, number, name in BankAccount.objects.filter(
            merchant__commune=commune, status=BankAccount.Status.ACTIVE
        ).values_list("bank_bin", "number", "merchant__name")
    }
    for ready in checked.rows:
        owner = fold_text(ready.values["owner_name"])
        same = names.get(_same_place(ready), ()) if ready.values["name"] else ()
        found = (
            ("name", next((name for name, other in same if not owner or not other or owner == other), None)),
            ("tax_code", taxes.get(ready.tax_hash) if ready.tax_hash else None),
            ("account", accounts.get(ready.account[1:3]) if ready.account else None),
        )
        for column, there_already in found:
            if there_already is not None:
                words = _("“%(name)s” is on the register with the same. Please delete the row, or correct it there.")
                checked.faults.append(
                    Fault(ready.number, HEADINGS[column], _shown(ready, column), words % {"name": there_already})
                )
                break
        else:
            if (phone := ready.values["phone"]) and phone in phones:
                words = _("“%(name)s” on the register has the same phone. Another shop of the same owner?")
                checked.notes.append(
                    Fault(ready.number, HEADINGS["phone"], shown_phone(phone), words % {"name": phones[phone]})
                )


def first_rows(rows: Sequence[ReadyRow], number: int) -> list[dict[str, str]]:
    """The beginning of the list as it was understood, for the preview."""
    return [
        {
            "row": str(ready.number),
            "name": ready.values["name"],
            "legal_form": str(Merchant.LegalForm(ready.values["legal_form"] or "other").label),
            "village": ready.village.name if isinstance(ready.village, Village) else (ready.village or ("",))[0],
            "owner_name": ready.values["owner_name"],
            "phone": shown_phone(ready.values["phone"]),
            "account": f"{ready.account[0]} ••••{ready.account[2][-4:]}" if ready.account else "",
        }
        for ready in rows[:number]
    ]
