"""What payments refuses, each with a code that a view turns into words."""


class CannotAccept(Exception):
    """Raised by a receiver of `attempt_changed`: the order cannot take this money (the goods are gone, say).

    Rolls back everything the acceptance did; `code` tells the person why, as "out_of_stock".
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PaymentRefused(Exception):
    """What was asked cannot be done to this attempt, receipt or refund as it stands; nothing was changed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
