"""What a buyer types to open a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.purchase.complaints.filing import SHORTEST_TEXT
from shop.purchase.complaints.models import LONGEST_TEXT, Complaint

Topic, Wish = Complaint.Topic, Complaint.Wish
_ONE_SENTENCE = _("Please write one sentence at least, so that it can be understood.")


class ComplaintForm(forms.Form):
    """What is wrong, what she wishes, in her words; photos come beside the form, as several files of one field.

    `is_on_its_way`: only what nobody has said to have arrived may not have come.
    """

    topic = forms.ChoiceField(
        label=_("What is wrong?"),
        widget=forms.RadioSelect({"data-missing": _("Please choose what is wrong.")}),
        error_messages={"required": _("Please choose what is wrong.")},
    )
    wish = forms.ChoiceField(
        label=_("What do you wish?"),
        choices=Wish.choices,
        widget=forms.RadioSelect({"data-missing": _("Please choose what you wish.")}),
        error_messages={"required": _("Please choose what you wish.")},
    )
    text = forms.CharField(
        label=_("Tell the producer what happened"),
        help_text=_("For example: which goods, how many, since when."),
        min_length=SHORTEST_TEXT,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(
            {"class": "input", "rows": 4, "data-missing": _ONE_SENTENCE, "data-wrong": _ONE_SENTENCE}
        ),
        error_messages={
            "required": _ONE_SENTENCE,
            "min_length": _ONE_SENTENCE,
        },
    )

    def __init__(self, *args: Any, is_on_its_way: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left_out = {Topic.REFUND_MISSING} | (set() if is_on_its_way else {Topic.NOT_ARRIVED})
        self.fields["topic"].choices = [  # type: ignore[attr-defined]
            (value, label) for value, label in Topic.choices if value not in left_out
        ]
        if is_on_its_way:
            self.initial.setdefault("topic", Topic.NOT_ARRIVED)


class RefundComplaintForm(forms.Form):
    """About money that is owed already only words are wanted."""

    text = forms.CharField(
        label=_("Tell the producer what you have seen"),
        help_text=_("For example: until when you have looked in your bank app."),
        min_length=SHORTEST_TEXT,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(
            {"class": "input", "rows": 4, "data-missing": _ONE_SENTENCE, "data-wrong": _ONE_SENTENCE}
        ),
        error_messages={
            "required": _ONE_SENTENCE,
            "min_length": _ONE_SENTENCE,
        },
    )

    @property
    def choices(self) -> dict[str, str]:
        """What a valid form of this kind always means."""
        return {"topic": Topic.REFUND_MISSING, "wish": Wish.FULL_REFUND}
