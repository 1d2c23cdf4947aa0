"""Splitting loses nothing, doubles nothing and keeps every sum."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shop.purchase.split_by_merchant import Wanted, split_by_merchant

wanted = st.builds(
    Wanted,
    line_id=st.integers(1, 10_000),
    merchant_id=st.integers(1, 5),
    product_id=st.integers(1, 100),
    stockrecord_id=st.integers(1, 100),
    quantity=st.integers(1, 999),
    unit_price_vnd=st.integers(1, 50_000_000).map(Decimal),
)


@given(st.lists(wanted, max_size=60))
def test_splitting_keeps_every_line_once_in_its_order_and_every_sum(lines: list[Wanted]) -> None:
    parts = split_by_merchant(lines)

    assert sum(part.goods_vnd for part in parts) == sum(line.price_vnd for line in lines)
    assert len({part.merchant_id for part in parts}) == len(parts)
    for part in parts:
        assert part.lines == tuple(line for line in lines if line.merchant_id == part.merchant_id)
    assert sum(len(part.lines) for part in parts) == len(lines)
    assert [part.merchant_id for part in parts] == list(dict.fromkeys(line.merchant_id for line in lines))
