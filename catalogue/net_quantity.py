"""What a buyer must be told before goods go on sale: how much is in them.

Food and drink carry their net quantity on the label (NĐ 43/2017/NĐ-CP, as amended by NĐ 111/2021/NĐ-CP; read
2026-11-24); the unit price, by which goods are compared, is computed from it.
"""

from decimal import Decimal

from catalogue.models import Product
from catalogue.ocop.product_sets import SETS

# Groups whose goods are eaten or drunk, and the one set of the medicinal group that is food.
_FOOD_GROUPS = frozenset({"tuoi-song", "so-che", "che-bien", "gia-vi", "che", "ca-phe-ca-cao", "do-uong"})
_FOOD_SETS = frozenset({18})
_FRESH = "tuoi-song"


def is_food(ocop_set: int | None) -> bool:
    """Whether goods of that set are eaten or drunk; not known counts as no."""
    chosen = SETS.get(ocop_set or 0)
    return chosen is not None and (chosen.group in _FOOD_GROUPS or chosen.number in _FOOD_SETS)


def quantity_fault(*, ocop_set: int | None, unit: str, net_quantity: Decimal) -> str:
    """Why goods may not go on sale with this quantity: "" (they may), "no_measure" or "no_set". Pure.

    "no_measure": food as "1 piece" says nothing; ten eggs do, and one fresh jackfruit may be sold by the piece.
    "no_set": "1 piece" of nobody knows what, which may be food.
    """
    if unit != Product.Unit.PIECE or net_quantity != 1:
        return ""
    if ocop_set is None:
        return "no_set"
    return "no_measure" if is_food(ocop_set) and SETS[ocop_set].group != _FRESH else ""
