"""Words that mean the same to whoever searches: kept by staff, read at query time on both engines.

A text's index holds only what the text says; changing a group of synonyms therefore holds at once and for all goods.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.words import Phrase, search_words

MOST_GROUPS = 1_000
MOST_PHRASES = 12  # of one group; each makes the engine's question longer
LONGEST_PHRASE = 4  # words


class SynonymGroup(models.Model):
    """One line of words with the same meaning, as “lạc, đậu phộng”."""

    words = models.CharField(
        gettext_lazy("words with the same meaning"),
        max_length=300,
        help_text=gettext_lazy(
            "With commas between: “lạc, đậu phộng”. Whoever searches for one finds the others, too."
        ),
    )

    class Meta:
        verbose_name = gettext_lazy("words with the same meaning")
        verbose_name_plural = gettext_lazy("words with the same meaning")
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        """At least two phrases that differ without tone marks, none too long."""
        phrases = split_phrases(self.words)
        if len(phrases) < 2:
            raise ValidationError(
                {"words": _("Please write at least two different words with a comma between: “lạc, đậu phộng”.")}
            )
        if len(phrases) > MOST_PHRASES:
            raise ValidationError({"words": _("At most %(number)s in one line.") % {"number": MOST_PHRASES}})
        for phrase, spelled in phrases.items():
            if len(phrase) > LONGEST_PHRASE:
                raise ValidationError(
                    {
                        "words": _("“%(words)s” is too long: at most %(number)s words between two commas.")
                        % {"words": spelled, "number": LONGEST_PHRASE}
                    }
                )
        self.words = ", ".join(phrases.values())


@dataclass(frozen=True)
class Synonyms:
    """`others[phrase]` are the other phrases of its groups, as spelled."""

    others: Mapping[Phrase, tuple[str, ...]]


NO_SYNONYMS = Synonyms({})


def split_phrases(text: str) -> dict[Phrase, str]:
    """Return what stands between the commas or lines, as spelled, by its folded words; the same ones once."""
    found: dict[Phrase, str] = {}
    for part in re.split(r"[,;\n]", text):
        phrase = tuple(search_words(part).split())
        if phrase:
            found.setdefault(phrase, " ".join(part.split()))
    return found


def gather(groups: Iterable[str]) -> Synonyms:
    """Read the groups' texts; a phrase of two groups has the others of both."""
    others: dict[Phrase, dict[Phrase, str]] = {}
    for text in groups:
        phrases = split_phrases(text)
        for phrase in phrases:
            others.setdefault(phrase, {}).update({other: text for other, text in phrases.items() if other != phrase})
    return Synonyms({phrase: tuple(found.values())[:MOST_PHRASES] for phrase, found in others.items() if found})


def load_synonyms() -> Synonyms:
    """Read the table; one query."""
    return gather(SynonymGroup.objects.order_by("pk").values_list("words", flat=True)[:MOST_GROUPS])
