"""What a page asks while somebody types her address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from merchants.typed_text import clean_line
from shop.address.find_commune import LONGEST, find_communes


@csrf_exempt
@require_POST
def found_communes(request: HttpRequest) -> HttpResponse:
    """Communes that fit `place`, those of `province` first: a fragment for js/find_place.js.

    Posted, though it changes nothing: somebody's address belongs in no log of addresses asked for. It reads neither
    session nor database, so that it needs no token.
    """
    typed = clean_line(request.POST.get("place", ""), longest=LONGEST)
    found = find_communes(typed, near_province=request.POST.get("province", "")[:2])
    response = render(request, "address/found_communes.html", {"found": found, "typed": typed})
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
