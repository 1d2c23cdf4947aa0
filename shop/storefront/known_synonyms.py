"""The synonyms as every process knows them: read anew when staff change one (see shop.storefront.generation)."""

from django.http import HttpRequest

from catalogue.synonyms import Synonyms, load_synonyms
from shop.storefront.generation import KeptByGeneration, generation_of

_kept: KeptByGeneration[Synonyms] = KeptByGeneration(most=1)


def known_synonyms(request: HttpRequest) -> Synonyms:
    """One query where something changed since the last time, else none."""
    return _kept.get_or_make("synonyms", generation=generation_of(request), make=load_synonyms)
