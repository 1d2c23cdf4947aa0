"""How money is shown: whole dong, dots between thousands, `235.000 ₫` in every language."""

from decimal import Decimal

NO_BREAK_SPACE = "\u00a0"


def format_dong(amount: Decimal | int) -> str:
    """Return `235.000 ₫`; raises ValueError for anything that is not whole dong, so that no fraction is hidden."""
    whole = int(amount)
    if whole != amount:
        raise ValueError(f"not whole dong: {amount}")
    return f"{whole:,}".replace(",", ".") + NO_BREAK_SPACE + "₫"
