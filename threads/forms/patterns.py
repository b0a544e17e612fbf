"""What a moderator decides about a pattern."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from reputation.models import Flag
from reputation.rules.patterns import REASON_LENGTH


class PatternDecisionForm(ActionForm):
    """Dismiss it, or withdraw the awards it names. `version` is what was read."""

    state = forms.ChoiceField(
        label=_("What becomes of it"), widget=forms.RadioSelect,
        choices=[
            (Flag.State.DISMISSED, _("Dismiss it: there is nothing wrong with it")),
            (Flag.State.ACTED, _("Withdraw the awards listed here; those who gave and got them are told")),
        ],
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Other moderators read it; those concerned do not."),
    )  # fmt: skip
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
