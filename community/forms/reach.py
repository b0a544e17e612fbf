"""Forms about being asked: one's own page with hours and languages, and one's state."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from community.actions.reach import MOST_A_DAY, MOST_LANGUAGES, Said
from community.forms.base import ActionForm
from community.forms.people import ProfileForm
from community.models import Reach
from community.rules import clock
from community.rules.hours import Hours, closing, next_opening
from community.rules.languages import LANGUAGES

_PROFILE = ("name", "about", "time_zone", "present_without_name")
_SAID = ("opens_at", "closes_at", "outside", "most_a_day", "contact")
_PLACES = (_("First"), _("Second"), _("Third"), _("Fourth"), _("Fifth"))
_TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class OwnPageForm(ProfileForm):
    """What a member says of themselves, and when and how they may be asked."""

    working_days = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        coerce=int,
        required=False,
        choices=[(number + 1, name) for number, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    opens_at = forms.TimeField(label=_("From"), required=False, widget=_TIME)
    closes_at = forms.TimeField(
        label=_("To"), required=False, widget=_TIME, help_text=_("Earlier than “From” is on the next day.")
    )
    outside = forms.ChoiceField(
        label=_("May you be asked at other times?"),
        choices=Reach.Outside.choices,
        widget=forms.RadioSelect,
        help_text=_("What is critical is asked at any time, but never while you are away."),
    )
    most_a_day = forms.IntegerField(
        label=_("Requests a day at most"),
        required=False,
        min_value=1,
        max_value=MOST_A_DAY,
        help_text=_("Empty for as many as there are."),
    )
    contact = forms.CharField(
        label=_("How to reach you when it is urgent"),
        required=False,
        max_length=200,
        help_text=_("Seen by your organization and by those who solve a thread with you."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted(LANGUAGES.items(), key=lambda item: item[1].casefold())
        for place in range(1, MOST_LANGUAGES + 1):
            self.fields[f"language_{place}"] = forms.ChoiceField(
                label=_PLACES[place - 1], required=False, choices=[("", "–"), *names]
            )

    @property
    def groups(self) -> list[tuple[Any, Any, list[forms.BoundField], list[forms.BoundField]]]:
        """The fields in the parts of the page, each with its heading and a sentence, and those that stand in a row."""
        languages = [f"language_{place}" for place in range(1, MOST_LANGUAGES + 1)]
        parts: tuple[tuple[Any, Any, Sequence[str], Sequence[str]], ...] = (
            (_("Who you are"), "", _PROFILE, ()),
            (
                _("When you work"),
                _("In your time zone. Leave all of it empty to keep your center's hours."),
                ("working_days",),
                ("opens_at", "closes_at"),
            ),
            (_("Being asked for help"), "", ("outside", "most_a_day", "contact"), ()),
            (_("Languages"), _("In which you can help, best first."), (), languages),
        )
        return [
            (heading, about, [self[name] for name in names], [self[name] for name in row])
            for heading, about, names, row in parts
        ]

    def profile(self) -> dict[str, Any]:
        """What is said of oneself."""
        return {name: self.cleaned_data[name] for name in _PROFILE}

    def said(self) -> Said:
        """What is said about being asked."""
        given = self.cleaned_data
        languages = [given[f"language_{place}"] for place in range(1, MOST_LANGUAGES + 1)]
        return Said(
            opens_at=given["opens_at"],
            closes_at=given["closes_at"],
            working_days=given["working_days"] or None,
            outside=given["outside"],
            most_a_day=given["most_a_day"],
            contact=given["contact"],
            languages=[code for code in languages if code],
        )


def said_before(row: Reach) -> dict[str, Any]:
    """What the form shows at first."""
    languages = {f"language_{place}": code for place, code in enumerate(row.languages, start=1)}
    return {name: getattr(row, name) for name in (*_SAID, "working_days")} | languages


_LENGTHS = {"1h": timedelta(hours=1), "4h": timedelta(hours=4), "week": timedelta(days=7)}
_UNTILS = (
    ("1h", _("for an hour")),
    ("4h", _("for four hours")),
    ("day", _("until the end of my day")),
    ("tomorrow", _("until I work again")),
    ("week", _("for a week")),
    ("at", _("until a time of my own")),
)


class StateForm(ActionForm):
    """Whether one can be asked now, and until when that holds."""

    state = forms.ChoiceField(label=_("You are"), choices=Reach.State.choices, widget=forms.RadioSelect)
    until = forms.ChoiceField(label=_("How long"), required=False, choices=_UNTILS)
    at = forms.DateTimeField(
        label=_("Until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        help_text=_("For a time of your own, in your time zone."),
    )

    def __init__(self, *args: Any, hours: Hours, zone: tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._hours, self._zone = hours, zone

    def clean_at(self) -> datetime | None:
        """The time, in the zone of whoever typed it."""
        typed: datetime | None = self.cleaned_data["at"]
        return typed if typed is None else timezone.make_naive(typed).replace(tzinfo=self._zone)

    def chosen_until(self) -> datetime | None:
        """When the state ends, None when it has no end."""
        chosen = self.cleaned_data["until"]
        if chosen == "at" or (not chosen and self.cleaned_data["at"]):
            at: datetime | None = self.cleaned_data["at"]
            return at
        if chosen in _LENGTHS:
            return clock.now() + _LENGTHS[chosen]
        return until_named(chosen, self._hours, clock.now()) if chosen else None


def until_named(name: str, hours: Hours, moment: datetime) -> datetime:
    """The end of the shift (`day`), or when the next one begins (`tomorrow`); without hours in eight hours, a day."""
    end = closing(hours, moment)
    if name == "day":
        return end or moment + timedelta(hours=8)
    return next_opening(hours, end or moment + timedelta(minutes=1)) or moment + timedelta(days=1)
