"""Forms of the curators' desk."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from community.errors import Invalid
from community.forms.base import ActionForm
from community.models import Member, Space
from community.rules import clock
from threads.forms.swarm import HandlesField
from threads.models import RECORD_FIELDS, Practice, Verdict
from threads.rendering.sampling import ANSWERS, QUESTIONS
from threads.rules import reviews as rules
from threads.rules.limits import NOTE_LENGTH, REASON_LENGTH
from threads.rules.sampling import MOST_DRAWN

_OUTCOMES = {
    rules.APPROVED: _("Approve: it can be trusted as it is"),
    rules.CHANGES_ASKED: _("Ask for changes"),
    rules.RETIRED: _("Retire it: it is not to be used any more"),
    rules.REVISED: _("It was revised: what was said is dealt with"),
    rules.KEPT: _("Keep it: true, but no reason to change it"),
    rules.REJECTED: _("Keep it: what was said does not hold"),
}


class DecisionForm(ActionForm):
    """What comes of a review; `version` is the one that was read, `answers` what was said that it deals with."""

    outcome = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed unless you approve. Those concerned read it, and it is kept."),
    )  # fmt: skip
    answers = forms.MultipleChoiceField(
        label=_("What was said that this answers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, outcomes: Sequence[str], against: list[Verdict], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("outcome", [(name, _OUTCOMES[name]) for name in outcomes])
        said = [(str(row.pk), f"{row.organization.name}: {row.get_kind_display()}") for row in against]
        self.offer("answers", said)
        self.fields["answers"].initial = [pk for pk, _label in said]
        if not said:
            del self.fields["answers"]

    def accepted(self) -> dict[str, Any]:
        """What was typed, by the names of the action's parameters."""
        data = dict(self.cleaned_data)
        answers = data.pop("answers", None)
        return data if answers is None else data | {"answers": [int(pk) for pk in answers]}


class CommentForm(ActionForm):
    """A comment on a line, a field, or all of what is under review."""

    body = forms.CharField(
        label=_("Comment"), max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    field = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput)
    line = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    quote = forms.CharField(required=False, max_length=REASON_LENGTH, widget=forms.HiddenInput)


class ReasonForm(ActionForm):
    """Why a practice is retired or brought back, or a merging taken back."""

    reason = forms.CharField(
        label=_("Why"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody who sees the practice can read it in its history."),
    )  # fmt: skip


class OwnerForm(ActionForm):
    """Who looks after a practice; nobody by name is oneself."""

    member = HandlesField(label=_("Who looks after it"), required=False, help_text=_("A handle, like ada."))

    def clean_member(self) -> Member | None:
        """One member, or nobody by name."""
        members: list[Member] = self.cleaned_data["member"]
        if len(members) > 1:
            raise forms.ValidationError(_("Name one member."))
        return members[0] if members else None


class MergeForm(ActionForm):
    """Merging one practice into another: what the one that stays says, field by field, and why."""

    carry_verdicts = forms.BooleanField(
        label=_("What was said of the one that goes counts for the one that stays"), required=False,
        help_text=_("Tick this only when they say the same. Both have to be for the same people."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Why"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Everybody who sees the practices can read it in their histories."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, source: Practice, target: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._texts = {name: (getattr(target, name), getattr(source, name)) for name in RECORD_FIELDS}
        for name, label in zip(RECORD_FIELDS, _FIELDS, strict=True):
            stays, goes = self._texts[name]
            if stays != goes:
                self.fields[f"take_{name}"] = forms.ChoiceField(
                    label=label, choices=_TAKEN, widget=forms.RadioSelect, initial="stays"
                )
        self.order_fields([name for name in self.fields if name.startswith("take_")])

    def accepted(self) -> dict[str, Any]:
        """What was chosen, by the names of the action's parameters."""
        data = self.cleaned_data
        fields = {
            name: _taken(data[f"take_{name}"], *texts)
            for name, texts in self._texts.items()
            if f"take_{name}" in self.fields
        }
        kept = {name: data[name] for name in ("carry_verdicts", "reason", "version")}
        return kept | {"fields": fields}


def _taken(choice: str, stays: str, goes: str) -> str:
    if choice == "both":
        return "\n\n".join(filter(None, (stays, goes)))
    return goes if choice == "goes" else stays


_FIELDS = (_("Problem"), _("Environment"), _("Cause"), _("Resolution"))
_TAKEN = (
    ("stays", _("As the one that stays says it")),
    ("goes", _("As the one that goes says it")),
    ("both", _("Both, one after the other")),
)


class TermForm(ActionForm):
    """From which day to which somebody curates a space; days begin and end at midnight UTC."""

    space = forms.ModelChoiceField(Space.objects.none(), label=_("Space"), to_field_name="slug")
    member = HandlesField(label=_("Who"), help_text=_("A handle, like ada."))
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(
        label=_("To"), widget=forms.DateInput(attrs={"type": "date"}), help_text=_("The last day, in UTC.")
    )

    def __init__(self, *args: Any, spaces: QuerySet[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("space", spaces)

    def clean_member(self) -> Member:
        """One member."""
        members: list[Member] = self.cleaned_data["member"]
        if len(members) != 1:
            raise forms.ValidationError(_("Name one member."))
        return members[0]

    def accepted(self) -> dict[str, Any]:
        """What was typed, by the names of the action's parameters."""
        data = self.cleaned_data
        after = data["ends_on"] + timedelta(days=1)
        return {
            "space": data["space"],
            "member": data["member"],
            "starts_at": datetime.combine(data["starts_on"], time.min, UTC),
            "ends_at": datetime.combine(after, time.min, UTC),
        }

    def take(self, error: Invalid) -> None:
        """Show an action's refusal beside the days."""
        named = {"starts_at": "starts_on", "ends_at": "ends_on"}
        super().take(Invalid({named.get(name, name): said for name, said in error.fields.items()}))


class DrawForm(ActionForm):
    """Drawing a sample: from which space, how much, since when."""

    space = forms.ModelChoiceField(Space.objects.none(), label=_("Space"), to_field_name="slug", empty_label=None)
    kind = forms.ChoiceField(
        label=_("Of what"),
        required=False,
        choices=(
            ("", _("Practices and resolved threads")),
            ("practices", _("Practices")),
            ("threads", _("Resolved threads")),
        ),
    )  # fmt: skip
    size = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST_DRAWN, initial=10)
    days = forms.IntegerField(label=_("Of the last days"), min_value=1, max_value=3_650, initial=30)

    def __init__(self, *args: Any, spaces: QuerySet[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("space", spaces)

    def accepted(self) -> dict[str, Any]:
        """What was typed, by the names of the action's parameters."""
        data = dict(self.cleaned_data)
        return data | {"since": clock.now() - timedelta(days=data.pop("days"))}


class ScoreForm(ActionForm):
    """A score: an answer for each question, and a word with it."""

    comment = forms.CharField(
        label=_("A word with it"), required=False, max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only who wrote it reads this, and the curators of the space."),
    )  # fmt: skip

    def __init__(self, *args: Any, asked: tuple[str, ...], likely: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in asked:
            self.fields[name] = forms.ChoiceField(
                label=QUESTIONS[name], choices=list(ANSWERS.items()), widget=forms.RadioSelect, initial=likely.get(name)
            )
        self.order_fields(asked)

    def accepted(self) -> dict[str, Any]:
        """What was chosen, by the names of the action's parameters."""
        data = dict(self.cleaned_data)
        return {"comment": data.pop("comment"), "scores": data}
