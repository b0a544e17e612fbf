"""What becomes of problems that somebody describes: likely answers shown, opened, taken instead of posting.

A sitting is one form; whatever is told of it is one row. Nobody but its member adds to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from community.errors import NotThere
from community.events import action
from community.events.duties import every
from community.models import Member, Space
from community.rules import clock
from community.rules.numbers import whole
from threads.models import Deflection, LikelyAnswer, Thread
from threads.queries.archive import practices_visible_to
from threads.queries.playbooks import playbooks_visible_to
from threads.queries.threads import threads_visible_to
from threads.rules.deflecting import MOST_ANSWERS, MOST_TEXT, TEXT_KEPT, is_sitting, new_sitting

_VISIBLE = {"thread": threads_visible_to, "practice": practices_visible_to, "playbook": playbooks_visible_to}
_BLANKED_AT_ONCE = 500
_RISING = list(Deflection.Outcome)


@dataclass(frozen=True)
class Sitting:
    """One form: its `name`, the `space` it posts into, and the `text` in it. Without a good name it is a new one."""

    name: str = ""
    space: Space | None = None
    text: str = ""


@action
def note_shown(*, by: Member, sitting: Sitting, shown: Iterable[str]) -> None:
    """Remember which likely answers (`thread:12`) the member was shown in a sitting that has a name.

    What they may not see is left out, as what is not there. Where nothing is new, nothing is written.
    """
    if not is_sitting(sitting.name):
        return
    things = _visible(by, list(dict.fromkeys(shown))[:MOST_ANSWERS])
    if not things or _knows(by, sitting, things):
        return
    row = _locked(by, sitting)
    if row.outcome == Deflection.Outcome.POSTED:
        return
    known = set(row.answers.values_list("thing", flat=True))
    new = [thing for thing in things if thing not in known][: max(0, MOST_ANSWERS - len(known))]
    LikelyAnswer.objects.bulk_create([LikelyAnswer(deflection=row, thing=thing) for thing in new])


@action
def note_opened(*, by: Member, sitting: Sitting, thing: str) -> None:
    """Remember that the member opened a likely answer. Raises NotThere for what they may not see."""
    _note(by, sitting, thing, Deflection.Outcome.OPENED)


@action
def note_solved(*, by: Member, sitting: Sitting, thing: str) -> Deflection:
    """Remember that a likely answer solved what the member was typing, so that they posted nothing.

    Raises NotThere for what they may not see.
    """
    return _note(by, sitting, thing, Deflection.Outcome.SOLVED)


def end_sitting(by: Member, name: str, thread: Thread) -> None:
    """What was typed has been posted after all."""
    if is_sitting(name):
        going_on = Deflection.objects.filter(member=by, sitting=name).exclude(outcome=Deflection.Outcome.POSTED)
        going_on.update(outcome=Deflection.Outcome.POSTED, thread=thread, ended_at=clock.now())


def blank_typed() -> int:
    """Forget what was typed, some time after it was."""
    old = Deflection.objects.exclude(text="").filter(at__lt=clock.now() - TEXT_KEPT).order_by("at")
    return Deflection.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:_BLANKED_AT_ONCE])).update(text="")


def register() -> None:
    """Have the worker do it; called once at start-up."""
    every(600, "forget what was typed while asking", blank_typed)


def _note(by: Member, sitting: Sitting, thing: str, outcome: Deflection.Outcome) -> Deflection:
    if not _visible(by, [thing]):
        raise NotThere("no_such_answer")
    row = _locked(by, sitting)
    solved = outcome == Deflection.Outcome.SOLVED
    answer = row.answers.filter(thing=thing).first() or LikelyAnswer(deflection=row, thing=thing)
    answer.opened, answer.solved = True, answer.solved or solved
    if answer.pk or solved or row.answers.count() < MOST_ANSWERS:
        answer.save()
    if _RISING.index(outcome) >= _RISING.index(Deflection.Outcome(row.outcome)):
        row.outcome = outcome
        if solved:
            row.chosen, row.ended_at = thing, clock.now()
        row.save(update_fields=["outcome", "chosen", "ended_at"])
    return row


def _knows(by: Member, sitting: Sitting, things: list[str]) -> bool:
    """Whether all of these were shown there before."""
    known = LikelyAnswer.objects.filter(deflection__member=by, deflection__sitting=sitting.name, thing__in=things)
    return known.count() == len(things)


def _locked(by: Member, sitting: Sitting) -> Deflection:
    """The row of the sitting, made if need be, with what is typed there now."""
    name = sitting.name if is_sitting(sitting.name) else new_sitting()
    row = Deflection(member=by, sitting=name, space=sitting.space, at=clock.now())
    Deflection.objects.bulk_create([row], ignore_conflicts=True)
    row = Deflection.objects.select_for_update().get(member=by, sitting=name)
    text = sitting.text.replace("\0", "")[:MOST_TEXT]
    if row.outcome != Deflection.Outcome.POSTED and text and text != row.text:
        row.text = text
        row.save(update_fields=["text"])
    return row


def _visible(by: Member, things: list[str]) -> list[str]:
    """Those that there are for the member, in the same order."""
    asked: dict[str, dict[int, str]] = {}
    for thing in things:
        noun, _colon, number = thing.partition(":")
        pk = whole(number)
        if noun in _VISIBLE and pk is not None and thing == f"{noun}:{pk}":
            asked.setdefault(noun, {})[pk] = thing
    seen: set[str] = set()
    for noun, by_pk in asked.items():
        found = _VISIBLE[noun](by).filter(pk__in=list(by_pk)).values_list("pk", flat=True)
        seen |= {by_pk[pk] for pk in found}
    return [thing for thing in things if thing in seen]
