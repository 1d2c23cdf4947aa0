"""News from the stock, for the packages above (lists, feeds, marketplaces)."""

from django.dispatch import Signal

# Sent in the same transaction after every change of counters, once per operation.
# sender: shop.partner.models.StockRecord; kwargs: `changes: list[shop.partner.stock.StockChange]`.
# A receiver that raises rolls the change back; slow work belongs in the outbox or in transaction.on_commit.
stock_changed = Signal()
