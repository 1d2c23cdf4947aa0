"""How large a demo is asked for; handed to every seeder in turn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

NAMED_MERCHANTS = 12
NAMED_PRODUCTS = 40


@dataclass(frozen=True, kw_only=True)
class DemoPlan:
    """One run of `seed_demo`. Seeders are idempotent: what is there already is kept as it is.

    `merchants`, `products`, `communes`: how many there shall be at least, the named ones counted in.
    `seed`: chooses the generated rest; the same plan gives the same demo. `now`: aware; every date is counted
    from it. `say`: reports progress to the person at the keyboard.
    """

    now: datetime
    merchants: int = NAMED_MERCHANTS
    products: int = NAMED_PRODUCTS
    communes: int = 1
    seed: int = 1
    say: Callable[[str], None] = lambda text: None
