"""Showing a buyer's screenshot of her transfer: kept where no address serves it, so a view that asked hands it out.

It helps the seller to look and proves nothing (by_word.buyer_says_sent). Who may see it is asked by the view.
"""

from django.http import Http404, HttpResponse

from shop.payments.models import PaymentAttempt

CONTENT_TYPE = "image/webp"  # merchants.photos writes nothing else


def screenshot_answer(attempt: PaymentAttempt | None) -> HttpResponse:
    """The picture itself, kept by no cache; Http404 when there is none (any more)."""
    if attempt is None or not attempt.buyer_screenshot:
        raise Http404("no screenshot")
    try:
        with attempt.buyer_screenshot.open("rb") as kept:
            answer = HttpResponse(kept.read(), content_type=CONTENT_TYPE)
    except FileNotFoundError as error:  # taken back meanwhile
        raise Http404("no screenshot") from error
    answer.headers["Content-Disposition"] = f'inline; filename="{attempt.reference}.webp"'
    answer.headers["Cache-Control"] = "no-store, private"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
