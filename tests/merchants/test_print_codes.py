"""`manage.py print_codes`: one PDF for a commune or a village."""

from io import StringIO
from pathlib import Path

import pypdfium2
import pytest
from django.core.management import CommandError, call_command

from merchants.models import Commune, PaymentCode
from merchants.payment_codes import issue_code
from tests.factories import BankAccountFactory, CommuneFactory, MerchantFactory, UserFactory, VillageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune() -> Commune:
    return CommuneFactory(code="17605", name="xã Hợp Minh")


def coded(commune: Commune, village: str, name: str, **fields: object) -> PaymentCode:
    found = commune.villages.filter(name=village).first() or VillageFactory(commune=commune, name=village)
    account = BankAccountFactory(merchant=MerchantFactory(village=found, name=name))
    return issue_code(account=account, actor=UserFactory())


def texts(path: Path) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path)]


def test_prints_valid_codes_in_the_order_of_villages(commune: Commune, tmp_path: Path) -> None:
    coded(commune, "Xóm 3", "Ba")
    coded(commune, "Xóm 2", "Hai")
    PaymentCode.objects.filter(pk=coded(commune, "Xóm 2", "Đã thu hồi").pk).update(status="withdrawn")
    PaymentCode.objects.filter(pk=coded(commune, "Xóm 2", "Trên tường").pk).update(origin="adopted")
    coded(CommuneFactory(code="17606"), "Xóm 2", "Xã khác")
    out, said = tmp_path / "ma.pdf", StringIO()

    call_command("print_codes", "--commune", "17605", "--layout", "a6", "--out", str(out), stdout=said)

    first, second = texts(out)
    assert "Hai" in first and "Ba" in second
    assert "2 codes on 2 pages" in said.getvalue()


def test_prints_one_village_without_minding_marks(commune: Commune, tmp_path: Path) -> None:
    coded(commune, "Xóm 3", "Ba")
    coded(commune, "Xóm 2", "Hai")
    out = tmp_path / "ma.pdf"

    call_command("print_codes", "--commune", "17605", "--village", "xom 2", "--layout", "a6", "--out", str(out))

    assert len(texts(out)) == 1


@pytest.mark.parametrize(
    "arguments", [["--commune", "99999"], ["--commune", "17605"], ["--commune", "17605", "--village", "Xóm 99"]]
)
def test_nothing_to_print_says_so_and_writes_nothing(commune: Commune, tmp_path: Path, arguments: list[str]) -> None:
    out = tmp_path / "ma.pdf"

    with pytest.raises(CommandError):
        call_command("print_codes", *arguments, "--out", str(out))

    assert not out.exists()
