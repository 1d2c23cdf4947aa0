"""Parts of the frame that are the same on every page of a site: drawn once per generation, not once per page.

`{% kept_part "partials/footer.html" %}` stands where `{% include %}` would. What the part shows may depend on the site,
its area, the language and `section`, which is the second argument where it matters; on nothing else of the page.
"""

from typing import cast

from django import template
from django.conf import settings
from django.template.base import Template
from django.template.context import Context
from django.utils.safestring import SafeString
from wagtail.models import Site

from shop.storefront.generation import KeptByGeneration, generation_of

register = template.Library()
_parts: KeptByGeneration[SafeString] = KeptByGeneration(most=500)


@register.simple_tag(takes_context=True)
def kept_part(context: Context, template_name: str, section: str = "") -> SafeString:
    """The part, as kept or drawn; always drawn where there is no request, and while templates are being edited."""
    request = context.get("request")

    def draw() -> SafeString:
        engine = cast(Template, context.template).engine
        return cast(SafeString, engine.get_template(template_name).render(context))

    if request is None or settings.DEBUG:
        return draw()
    site = Site.find_for_request(request)
    key = (template_name, section, context.get("LANGUAGE_CODE"), context.get("area_name"), site.pk if site else None)
    return _parts.get_or_make(key, generation=generation_of(request), make=draw)
