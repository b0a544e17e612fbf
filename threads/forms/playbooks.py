"""The form of a playbook. Its steps are blocks of fields: adding, moving and removing one comes back with the rest."""

import re
from collections.abc import Collection, Mapping
from itertools import count
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from community.forms.base import ActionForm
from community.models import Member, Organization, Space
from community.queries.organizations import organizations_in
from community.rules.numbers import whole
from threads.forms.threads import TagsField
from threads.models import Audience, Playbook, Run
from threads.policies.playbooks import may_make
from threads.queries.catalog import all_products
from threads.rules.limits import MOST_OPTIONS, MOST_STEPS, PURPOSE_LENGTH, REASON_LENGTH, STEP_NOTE_LENGTH, TITLE_LENGTH

_ACT = re.compile(r"(up|down|remove|more)-([0-9]{1,2})")
_MOVES = {"up": -1, "down": 1}
_LEAST_ROWS = 2
RawStep = dict[str, Any]


class PlaybookForm(ActionForm):
    """What a playbook says besides its steps."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    purpose = forms.CharField(
        label=_("When to use it"), required=False, max_length=PURPOSE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("What it is for"), choices=Playbook.Kind.choices)
    product = forms.ModelChoiceField(
        all_products(), label=_("Product"), required=False, to_field_name="slug", empty_label=_("Any product")
    )
    tags = TagsField(label=_("Tags"), required=False, help_text=_("Up to 8, separated by commas."))

    def find_nothing_wrong(self) -> None:
        """Show what was typed as it is, because nobody wants it kept yet."""
        self._errors = ErrorDict()
        self.cleaned_data = {}


class EditPlaybookForm(PlaybookForm):
    """Changing one, and why."""

    reason = forms.CharField(
        label=_("What changed, and why"), max_length=REASON_LENGTH, help_text=_("Kept with this version.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class NewPlaybookForm(PlaybookForm):
    """A new one in a space, for those chosen there."""

    audience = forms.ChoiceField(label=_("Who may see it"), widget=forms.RadioSelect)
    organizations = forms.ModelMultipleChoiceField(
        Organization.objects.none(), label=_("Organizations"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, by: Member, space: Space, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("organizations", organizations_in(space).exclude(pk=by.organization_id))
        rungs = [
            (Audience.SPACE, _("Everyone in %(space)s") % {"space": space.name}),
            (Audience.ORGANIZATIONS, _("My organization and those I name")),
            (Audience.ORGANIZATION, _("%(name)s only") % {"name": by.organization.name}),
        ]
        if by.center is not None:
            rungs.append((Audience.CENTER, _("%(name)s only") % {"name": by.center.name}))
        self.offer("audience", [(rung, label) for rung, label in rungs if may_make(by, space, rung)])


class EndRunForm(ActionForm):
    """What came of a run."""

    outcome = forms.ChoiceField(label=_("What came of it"), choices=[("", _("Choose")), *Run.Outcome.choices])
    note = forms.CharField(label=_("Note"), required=False, max_length=STEP_NOTE_LENGTH)


class GiveUpForm(ActionForm):
    """Why a run is given up."""

    why = forms.CharField(label=_("Why"), max_length=STEP_NOTE_LENGTH)

    def accepted(self) -> dict[str, Any]:
        """What was typed, by the names of the action's parameters."""
        return {"note": self.cleaned_data["why"]}


def steps_in(data: QueryDict) -> list[RawStep]:
    """The steps as they were typed, without answers that are empty."""
    size = min(whole(data.get("steps", ""), most_digits=2) or 0, MOST_STEPS)
    return [_step_in(data, f"step-{place}") for place in range(size)]


def _step_in(data: QueryDict, name: str) -> RawStep:
    options = [
        {"label": label, "go": data.get(f"{name}-option-{number}-go", "")}
        for number in range(MOST_OPTIONS)
        if (label := data.get(f"{name}-option-{number}-label", "").strip())
    ]
    practice = data.get(f"{name}-practice", "").strip()
    fields = {part: data.get(f"{name}-{part}", "") for part in ("key", "title", "text", "who", "kind")}
    return {**fields, "practice": (whole(practice) or 0) if practice else None, "options": options}


def rearranged(steps: list[RawStep], act: str, used: Collection[str]) -> list[RawStep]:
    """The steps after a press on "add a step", or on one that moves or removes one; as they are after any other."""
    steps = list(steps)
    if act == "add" and len(steps) < MOST_STEPS:
        return [*steps, {"key": _free(steps, used), "kind": "do", "who": "anyone", "options": [], "practice": None}]
    found = _ACT.fullmatch(act)
    if found is None or found[1] == "more" or int(found[2]) >= len(steps):
        return steps
    place = int(found[2])
    step = steps.pop(place)
    if found[1] in _MOVES:
        steps.insert(max(0, place + _MOVES[found[1]]), step)
    return steps


def place_after(act: str, size: int) -> int | None:
    """Which of the steps, as they are then, whoever pressed this goes on with."""
    found = _ACT.fullmatch(act)
    if found is None:
        return size - 1 if act == "add" else None
    return max(0, min(int(found[2]) + _MOVES.get(found[1], 0), size - 1))


def with_keys(steps: list[RawStep], used: Collection[str]) -> list[RawStep]:
    """The steps, each with a key, so that answers can lead to it."""
    named: list[RawStep] = []
    for step in steps:
        named.append(step if step.get("key") else {**step, "key": _free([*steps, *named], used)})
    return named


def _free(steps: list[RawStep], used: Collection[str]) -> str:
    taken = {*used, *(step.get("key") for step in steps)}
    return next(key for key in (f"s{number}" for number in count(1)) if key not in taken)


def blocks_of(steps: list[RawStep], errors: Mapping[str, str], act: str = "") -> list[dict[str, Any]]:
    """The steps as the form shows them: with room for one more answer, where answers lead, and what is wrong.

    One is in `focus`: whatever `act` did something to, or the first that is wrong.
    """
    wrong = sorted(int(name.split(".")[1]) for name in errors if name.startswith("steps."))
    focus = wrong[0] if wrong else place_after(act, len(steps))
    blocks = []
    for place, step in enumerate(steps):
        options = list(step.get("options") or [])
        rows = min(MOST_OPTIONS, max(_LEAST_ROWS, len(options) + 1))
        options += [{"label": "", "go": "", "free": number == 0} for number in range(rows - len(options))]
        later = [{"key": each["key"], "number": at + 1, "title": each.get("title", "")}
                 for at, each in enumerate(steps) if at > place]  # fmt: skip
        mine = f"steps.{place}."
        blocks.append({
            **step, "place": place, "number": place + 1, "rows": options, "more": rows < MOST_OPTIONS, "later": later,
            "first": place == 0, "last": place == len(steps) - 1,
            "focus": ("answer" if act.startswith("more") else "title") if place == focus else "",
            "errors": {name.removeprefix(mine): words for name, words in errors.items() if name.startswith(mine)},
        })  # fmt: skip
    return blocks
