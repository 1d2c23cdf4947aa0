"""The first page at work: each role sees its own parts."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from merchants.permissions import request_grants


@login_required
@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Whoever has no role at work is shown her own account."""
    if not request_grants(request).is_producer:
        return redirect("users:home")
    return redirect("users:home")
