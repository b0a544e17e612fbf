"""The steps of a playbook: what makes them a procedure, and which of them are on the way that a run has taken.

A way only leads forward, so that every run ends. Keys of steps are kept over versions: what came of a step adds up.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, TypedDict

from django.utils.translation import gettext as _

from community.errors import Invalid
from threads.rules.limits import (
    MOST_OPTIONS,
    MOST_STEPS,
    OPTION_LENGTH,
    STEP_TEXT_LENGTH,
    TITLE_LENGTH,
)
from threads.rules.texts import cleaned, one_line

DO, DECIDE = "do", "decide"
OPEN, DONE, SKIPPED, FAILED = "open", "done", "skipped", "failed"
END = "end"
ANYONE = "anyone"
WHO = (ANYONE, "owner", "asker", "helper")
_KEY = re.compile(r"s[1-9][0-9]{0,3}")
_ROLE = re.compile(r"role:[1-9][0-9]{0,17}|tier:[1-9][0-9]{0,4}\+")
_LEAST_OPTIONS = 2


class Option(TypedDict):
    """One answer of a decision, and the key of the step that it leads to, or `end`."""

    key: str
    label: str
    go: str


class Step(TypedDict):
    """One step: something to do, or a question with answers. `who` is advice and locks nobody out."""

    key: str
    title: str
    text: str
    who: str
    kind: str
    options: list[Option]
    practice: int | None


class Mark(TypedDict):
    """What somebody said of a step in a run."""

    state: str
    choice: str


def checked(raw: Sequence[Mapping[str, Any]], *, used: Sequence[str] = ()) -> list[Step]:
    """The steps as they are kept. A step without a key gets one that is not among them and not `used` before.

    Raises Invalid with a message for each field, `steps.3.title`.
    """
    if not 1 <= len(raw) <= MOST_STEPS:
        raise Invalid({"steps": _("Give 1 to %(most)d steps.") % {"most": MOST_STEPS}})
    keys = _keys(raw, used)
    wrong: dict[str, str] = {}
    steps = [_step(place, each, keys, wrong) for place, each in enumerate(raw)]
    if wrong:
        raise Invalid(wrong)
    return steps


def _keys(raw: Sequence[Mapping[str, Any]], used: Sequence[str]) -> list[str]:
    given = [_text(each, "key") for each in raw]
    for place, key in enumerate(given):
        if key and (not _KEY.fullmatch(key) or key in given[:place]):
            raise Invalid({f"steps.{place}.key": _("Leave the key away, or send the one that the step had.")})
    taken = {*given, *used}
    free = (f"s{number}" for number in count(1) if f"s{number}" not in taken)
    return [key or next(free) for key in given]


def _step(place: int, raw: Mapping[str, Any], keys: Sequence[str], wrong: dict[str, str]) -> Step:
    kind, who, practice = _text(raw, "kind") or DO, _text(raw, "who") or ANYONE, raw.get("practice")
    name = f"steps.{place}"
    if kind not in (DO, DECIDE):
        wrong[f"{name}.kind"] = _("Choose something to do, or a question.")
    if who not in WHO and not _ROLE.fullmatch(who):
        wrong[f"{name}.who"] = _("Choose who does it from the list.")
    if practice is not None and (isinstance(practice, bool) or not isinstance(practice, int) or practice < 1):
        wrong[f"{name}.practice"] = _("Give the number of a practice that you see.")
        practice = None
    step: Step = {
        "key": keys[place], "title": "", "text": "", "who": who, "kind": kind, "options": [], "practice": practice,
    }  # fmt: skip
    try:
        step["title"] = one_line(f"{name}.title", _text(raw, "title"), most=TITLE_LENGTH, needed=True)
    except Invalid as error:
        wrong.update(error.fields)
    try:
        step["text"] = cleaned(f"{name}.text", _text(raw, "text"), most=STEP_TEXT_LENGTH)
    except Invalid as error:
        wrong.update(error.fields)
    if kind == DECIDE:
        step["options"] = _options(name, place, raw, keys, wrong)
    return step


def _options(name: str, place: int, raw: Mapping[str, Any], keys: Sequence[str], wrong: dict[str, str]) -> list[Option]:
    given = raw.get("options") or []
    if not isinstance(given, list) or not _LEAST_OPTIONS <= len(given) <= MOST_OPTIONS:
        wrong[f"{name}.options"] = _("Give %(least)d to %(most)d answers.") % {
            "least": _LEAST_OPTIONS, "most": MOST_OPTIONS,
        }  # fmt: skip
        return []
    later = keys[place + 1 :]
    made: list[Option] = []
    for number, answer in enumerate(given):
        each = answer if isinstance(answer, Mapping) else {}
        go = _text(each, "go") or next(iter(later), END)
        if go != END and go not in later:
            wrong[f"{name}.options"] = _("An answer leads to a later step, or to the end.")
        try:
            label = one_line(f"{name}.options", _text(each, "label"), most=OPTION_LENGTH, needed=True)
        except Invalid as error:
            wrong.update(error.fields)
            continue
        made.append({"key": f"o{number + 1}", "label": label, "go": go})
    if len({option["label"] for option in made}) < len(made):
        wrong[f"{name}.options"] = _("Two answers are the same.")
    return made


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) else ""


def on_path(steps: Sequence[Step], marks: Mapping[str, Mark]) -> list[str]:
    """The keys of the steps on the way, as far as it is decided: up to the first question without an answer.

    A question that was skipped or failed leads on to the step after it.
    """
    places = {step["key"]: place for place, step in enumerate(steps)}
    path, at = [], 0
    while at < len(steps):
        step = steps[at]
        path.append(step["key"])
        mark = marks.get(step["key"])
        if step["kind"] == DECIDE and (mark is None or mark["state"] == OPEN):
            break
        at = _after(step, at, mark, places, len(steps))
    return path


def _after(step: Step, at: int, mark: Mark | None, places: Mapping[str, int], end: int) -> int:
    if step["kind"] != DECIDE or mark is None or mark["state"] != DONE:
        return at + 1
    chosen = next((option["go"] for option in step["options"] if option["key"] == mark["choice"]), "")
    # Whatever is kept, the way leads forward.
    return end if chosen == END else max(at + 1, places.get(chosen, at + 1))


def left(steps: Sequence[Step], marks: Mapping[str, Mark]) -> list[str]:
    """The keys on the way of which nobody has said anything yet; a run with none of them is through."""
    return [key for key in on_path(steps, marks) if key not in marks or marks[key]["state"] == OPEN]


def check_mark(step: Step, state: str, choice: str, note: str) -> None:
    """Whether this can be said of a step. Raises Invalid with what to do."""
    if state not in (OPEN, DONE, SKIPPED, FAILED):
        raise Invalid({"state": _("Choose done, skipped or failed.")})
    if state in (SKIPPED, FAILED) and not note:
        raise Invalid({"note": _("Say why in a few words.")})
    answers = {option["key"] for option in step["options"]}
    if step["kind"] == DECIDE and state == DONE:
        if choice not in answers:
            raise Invalid({"choice": _("Choose one of the answers.")})
    elif choice:
        raise Invalid({"choice": _("Only a question that is done has an answer.")})
