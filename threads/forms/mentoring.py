"""Forms of mentoring."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from reputation.rules.mentoring import LONGEST


class AskMentorForm(ActionForm):
    """What somebody wants to learn."""

    what = forms.CharField(
        label=_("What do you want to learn, and how could they help?"), max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}), help_text=_("Only the two of you read it."),
    )  # fmt: skip


class AnswerLearnerForm(ActionForm):
    """A word to whoever asked."""

    note = forms.CharField(
        label=_("A word to them"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you decline: say why, or who could."),
    )  # fmt: skip
