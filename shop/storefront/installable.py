"""What browsers ask for at the root of the site, beside its pages."""

from django.http import HttpRequest, HttpResponseRedirect
from django.templatetags.static import static
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(public=True, max_age=86_400)
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Feed readers, bank apps and old browsers look here without asking the page."""
    return HttpResponseRedirect(static("shop/img/favicon-32.png"))
