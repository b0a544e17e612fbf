"""To whom a member shows their contribution profile."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from reputation.models.profile import Circle

_PART: dict[str, Any] = {"choices": Circle.choices, "widget": forms.RadioSelect}


class ShownForm(ActionForm):
    """Part by part. What is not ticked or chosen is the narrowest there is."""

    contributions = forms.ChoiceField(
        label=_("Sums: the radar, the months and the subjects"), **_PART,
        help_text=_("What you earned, by kind, month and subject. Others are told of a tag only where they meet it."),
    )  # fmt: skip
    ledger = forms.ChoiceField(
        label=_("Single lines: each award and when it was given"), **_PART,
        help_text=_("Also those on your page. Whoever does not see a thread or practice is not told its title."),
    )  # fmt: skip
    peers = forms.ChoiceField(
        label=_("How peers rate you"), **_PART,
        help_text=_("Numbers of five raters or more, without names. Notes, and what requesters say, are never shown."),
    )  # fmt: skip
    off_leaderboards = forms.BooleanField(
        label=_("Leave me out of my organization’s leaderboard"), required=False,
        help_text=_("A leaderboard is off unless an administrator of your organization switched it on."),
    )  # fmt: skip
