"""One code after another: what is to be done now comes first."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from shop.purchase.web.in_app_browser import in_app_browser
from shop.purchase.web.pay_steps import paying_way


@dataclass
class AnOrder:
    payment_method: str


def card(name: str, *, state: str = "open", claimed: bool = False, method: str = "transfer", due: int = 100) -> Any:
    return {
        "order": AnOrder(method),
        "name": name,
        "fulfilment": "cancelled" if state == "cancelled" else "placed",
        "is_to_pay": state in {"open", "over"},
        "is_open": state == "open" and method == "transfer",
        "claimed_at": "now" if claimed else None,
        "amount_due": Decimal(due if state != "paid" else 0),
        "hold_until": None,
        "may_extend": False,
    }


@pytest.mark.parametrize(
    ("cards", "order", "steps", "shown"),
    [
        ([card("a")], "a", ["now"], "a"),
        ([card("a"), card("b"), card("c")], "abc", ["now", "later", "later"], "a"),
        ([card("a", state="paid"), card("b"), card("c")], "bca", ["now", "later", "paid"], "b"),
        ([card("a", claimed=True), card("b"), card("c", state="paid")], "bac", ["now", "told", "paid"], "b"),
        ([card("a", claimed=True), card("b", state="over")], "ab", ["told", "over"], None),
        (
            [card("a", method="cod"), card("b", state="cancelled"), card("c")],
            "cab",
            ["now", "cash", "cancelled"],
            "c",
        ),
        ([card("a", state="paid"), card("b", state="paid")], "ab", ["paid", "paid"], None),
    ],
)
def test_the_next_code_stands_first_and_what_is_settled_last(
    cards: list[Any], order: str, steps: list[str], shown: str | None
) -> None:
    way = paying_way(cards)

    assert "".join(found["name"] for found in way.cards) == order
    assert [found["step"] for found in way.cards] == steps
    assert (way.next["name"] if way.next else None) == shown


def test_only_standing_orders_by_transfer_are_steps_and_what_was_told_is_not_left_to_pay() -> None:
    way = paying_way(
        [
            card("a", state="paid"),
            card("b", claimed=True, due=50),
            card("c", due=20),
            card("d", due=3),
            card("e", method="cod"),
            card("f", state="cancelled"),
        ]
    )

    assert [step["name"] for step in way.steps] == ["a", "b", "c", "d"]
    assert (way.paid_count, way.pay_count, way.left_vnd) == (1, 4, Decimal(23))
    assert [told["name"] for told in way.told] == ["b"]


# Samples of how apps name themselves: WhichBrowser/Parser-PHP #268, f2etw/detect-inapp #1; read 2026-11.
@pytest.mark.parametrize(
    ("user_agent", "app"),
    [
        ("Mozilla/5.0 (Linux; Android 4.4.2;LG-F320S) AppleWebKit/537.36 (KHTML, like Gecko) Zalo/1.0 Safari/537.36",
         "Zalo"),
        ("Mozilla/5.0 (Linux; Android 6.0.1; SM-N9208; wv) Chrome/58.0.3029.83 Mobile Safari/537.36 "
         "[FB_IAB/MESSENGER;FBAV/118.0.0.19.82;]", "Messenger"),
        ("Mozilla/5.0 (Linux; Android 6.0.1; SM-N9208; wv) Chrome/58.0.3029.83 Mobile Safari/537.36 "
         "[FB_IAB/FB4A;FBAV/125.0.0.16.80;]", "Facebook"),
        ("Mozilla/5.0 (Linux; Android 6.0.1; SM-N9208 Build/MMB29K) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/58.0.3029.83 Mobile Safari/537.36", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_inside_a_chat_app_is_known_by_its_name(user_agent: str, app: str) -> None:
    assert in_app_browser(user_agent) == app
