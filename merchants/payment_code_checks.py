"""Does every code we vouch for say what its account says? `manage.py doctor` asks."""

from collections.abc import Iterator

from merchants.models import PaymentCode
from merchants.vietqr.payload import PayloadError, decode


def check_payment_codes() -> Iterator[str]:
    """Yield each valid payment code whose payload does not decode, or names another bank or account than its own."""
    codes = PaymentCode.objects.filter(status=PaymentCode.Status.VALID).select_related("account")
    for code in codes.iterator(chunk_size=500):
        try:
            decoded = decode(code.payload)
        except PayloadError as error:
            yield f"payment code {code.public_code}: the payload does not decode ({error.code})"
            continue
        if decoded.bin != code.account.bank_bin:
            yield f"payment code {code.public_code}: the payload names bank {decoded.bin}, not {code.account.bank_bin}"
        if decoded.account != code.account.number:
            yield f"payment code {code.public_code}: the payload names another account than the register"
