"""The form for a call or meeting."""

from datetime import datetime, tzinfo
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from threads.forms.swarm import HandlesField, SentOnceField, sent_as
from threads.models import Meeting
from threads.rules.limits import ATTENDEES_LENGTH, LONGEST_MEETING, OUTCOME_LENGTH


class MeetingForm(ActionForm):
    """A call or meeting; its time is in the zone of whoever writes it down."""

    kind = forms.ChoiceField(label=_("What it was"), choices=Meeting.Kind.choices, widget=forms.RadioSelect)
    held_at = forms.DateTimeField(
        label=_("When it began"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=LONGEST_MEETING)
    attendees = HandlesField(
        label=_("Members who were there"), required=False, help_text=_("Handles, like ada, with commas between them.")
    )
    others = forms.CharField(
        label=_("Others who were there"), required=False, max_length=ATTENDEES_LENGTH,
        help_text=_("Names of people who are no members, a customer for example."),
    )  # fmt: skip
    outcome = forms.CharField(
        label=_("What came of it"), max_length=OUTCOME_LENGTH, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Markdown. Seen by everybody who sees the thread, and found by the search."),
    )  # fmt: skip

    client_id = SentOnceField()

    def __init__(self, *args: Any, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = zone

    def clean_held_at(self) -> datetime:
        """The time, in the zone of whoever typed it."""
        typed: datetime = self.cleaned_data["held_at"]
        return timezone.make_naive(typed).replace(tzinfo=self._zone)

    def accepted(self) -> dict[str, Any]:
        """What was typed, by the names of the action's parameters."""
        data = super().accepted()
        return data | {"client_id": sent_as(data["client_id"], data["kind"], data["held_at"], data["outcome"])}
