"""Forms for rating a colleague's part, answering a note, and deciding about one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from community.models import Member
from community.queries.members import colleague_named
from reputation.actions.evaluations import Said
from reputation.models import Evaluation, NoteAnswer
from reputation.models.evaluations import Quality
from reputation.rules.evaluations import ANSWER_LENGTH, NOTE_LENGTH, QUALITIES

_SCORES = [
    ("", _("No answer")),
    (5, _("5 · Excellent")),
    (4, _("4 · Good")),
    (3, _("3 · Fair")),
    (2, _("2 · Weak")),
    (1, _("1 · Poor")),
]
_HELP = {
    Quality.ACCURACY: _("Was it right?"),
    Quality.COMPLETENESS: _("Was anything left open?"),
    Quality.CLARITY: _("Could it be followed?"),
    Quality.COURTESY: _("Was it said the way one likes to be spoken to?"),
    Quality.TIMELINESS: _("Did it come when it was needed?"),
}


class EvaluationForm(ActionForm):
    """Five qualities, any of which may be left out, and a note to one reader. `version` is what is being changed."""

    note = forms.CharField(
        label=_("A note"), required=False, max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown without your name, with those of others, on a Monday. Its words may tell who you are."),
    )  # fmt: skip
    note_to = forms.ChoiceField(
        label=_("Whom the note is for"), required=False, initial=Evaluation.NoteTo.PERSON,
        choices=[("person", _("To them")), ("coach", _("To their coach, if their organization named one"))],
    )  # fmt: skip
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scores = {
            quality.value: forms.TypedChoiceField(
                label=quality.label, choices=_SCORES, coerce=int, empty_value=None, required=False,
                help_text=_HELP[quality],
            )
            for quality in Quality
        }  # fmt: skip
        self.fields = scores | self.fields

    def said(self) -> Said:
        """What the form says."""
        given = self.cleaned_data
        scores = {name: given[name] for name in QUALITIES if given.get(name) is not None}
        return Said(scores, given["note"], given["note_to"] if given["note"] else "")


class AnswerForm(ActionForm):
    """An answer to a note."""

    answer = forms.ChoiceField(label=_("Your answer"), choices=NoteAnswer.Answer.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In your words"), required=False, max_length=ANSWER_LENGTH, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed unless you only say thanks. Whoever wrote the note reads it; it stays unknown who."),
    )  # fmt: skip


class OutcomeForm(ActionForm):
    """What a moderator decides about a note."""

    outcome = forms.ChoiceField(label=_("What becomes of it"), choices=NoteAnswer.Outcome.choices)
    words = forms.CharField(
        label=_("Why"), max_length=ANSWER_LENGTH, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Both of them read it. Do not say who wrote the note."),
    )  # fmt: skip


class CoachForm(ActionForm):
    """Who coaches whom, by handle."""

    coach = forms.CharField(label=_("Coach"), max_length=60, help_text=_("Their handle, such as ben."))
    member = forms.CharField(label=_("Whom they coach"), max_length=60, help_text=_("Their handle."))

    def __init__(self, *args: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_coach(self) -> Member:
        """The coach."""
        return self._named("coach")

    def clean_member(self) -> Member:
        """Whom they coach."""
        return self._named("member")

    def _named(self, name: str) -> Member:
        typed = str(self.cleaned_data[name]).strip().removeprefix("@")
        found = colleague_named(self.by, typed)
        if found is None:
            raise forms.ValidationError(_("Nobody of your organization has this handle."))
        return found
