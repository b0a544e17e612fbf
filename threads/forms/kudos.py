"""Forms of thanks in words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from reputation.rules.kudos import LONGEST, REMOVAL_LENGTH
from threads.forms.swarm import SentOnceField, sent_as


class KudosForm(ActionForm):
    """Thanks, and the thread or post (`post:34`) that they are about."""

    reason = forms.CharField(
        label=_("What for"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody in the network can read it on their page, with your name."),
    )  # fmt: skip
    about = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    client_id = SentOnceField()

    def accepted(self) -> dict[str, Any]:
        """What was typed, by the names of the action's parameters."""
        data = self.cleaned_data
        name = sent_as(data["client_id"], data["reason"], data["about"])
        return {"reason": data["reason"], "client_id": name}


class RemovalForm(ActionForm):
    """Why somebody's thanks should not stand."""

    reason = forms.CharField(
        label=_("Why"), max_length=REMOVAL_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever wrote it reads that. It is kept with what was removed."),
    )  # fmt: skip
