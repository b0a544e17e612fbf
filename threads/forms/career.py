"""What a member chooses for a record of their contributions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from community.rules import clock
from reputation.rules.career import Choice
from threads.queries.met import labels_of

_DAY = {"type": "date"}


class CareerForm(ActionForm):
    """Days, subjects, and whether certificates stand in it. What is not said narrows nothing."""

    first = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
        help_text=_("Empty: from the beginning."),
    )  # fmt: skip
    last = forms.DateField(label=_("To"), widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    subjects = forms.MultipleChoiceField(
        label=_("Only these subjects"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: everything. A subject that not everybody in the network sees is never named."),
    )  # fmt: skip
    certificates = forms.BooleanField(label=_("With confirmed certificates"), required=False)

    def __init__(self, *args: Any, subjects: list[str], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"last": clock.now().date(), "certificates": True})
        super().__init__(*args, **kwargs)
        self.offer("subjects", list(labels_of(subjects).items()))

    def choice(self) -> Choice:
        """What was chosen."""
        given = self.cleaned_data
        return Choice(given["last"], given["first"], tuple(sorted(given["subjects"])), given["certificates"])
