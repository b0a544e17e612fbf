"""The form with which somebody says how a practice did for them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from threads.models import Verdict
from threads.rules.limits import NOTE_LENGTH


class VerdictForm(ActionForm):
    """How it did, where, and what was different. `version` is the one that they read."""

    kind = forms.ChoiceField(label=_("How it did for you"), choices=Verdict.Kind.choices, widget=forms.RadioSelect)
    environment = forms.CharField(
        label=_("Where you tried it"), required=False, max_length=400,
        help_text=_("Product, version, platform: whatever others compare with their own."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("What was different"), required=False, max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed unless it simply worked. No names of customers, no passwords: others read it."),
    )  # fmt: skip
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
