"""The fixed words of cards in the language now active. The one module here that knows Django."""

from django.utils.translation import gettext

from merchants.vietqr.image import SheetLabels


def sheet_labels() -> SheetLabels:
    """Return the words for `image.draw_card`."""
    return SheetLabels(
        scan_to_pay=gettext("Scan to pay"),
        bank=gettext("Bank"),
        account=gettext("Account number"),
        holder=gettext("Account holder"),
        amount=gettext("Amount"),
        memo=gettext("Transfer reference"),
        any_bank_app=gettext("Works with the app of any bank in Vietnam."),
        check_name=gettext("Check the receiver's name before you confirm."),
    )
