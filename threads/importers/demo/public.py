"""The demo's verbs of self-service: what is shown to strangers, and what they say of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from community.models import Member
from threads.actions.practice_audience import change_audience
from threads.actions.public import report_publicly, vote_publicly
from threads.actions.publishing import consent_to_publish
from threads.importers.demo.script import Step
from threads.models import Practice, PracticeAudience
from threads.queries.practice_audience import reach_of

if TYPE_CHECKING:
    from threads.importers.demo.stage import Stage

_HELPED = 9


def _consent(stage: "Stage", step: Step, by: Member) -> None:
    """Agree, for the practice's organization, that strangers may read it."""
    consent_to_publish(by=by, practice=_practice(stage, step))


def _publish(stage: "Stage", step: Step, by: Member) -> None:
    """Show the practice to strangers."""
    practice, audience = _practice(stage, step), PracticeAudience.PUBLIC
    preview = reach_of(practice, audience, []).digest
    change_audience(
        by=by, practice=practice, audience=audience, organizations=[], preview=preview, reason=step.options["reason"]
    )


def _strangers(stage: "Stage", step: Step, _by: Member) -> None:
    """Have strangers say that it helped them, and one that it did otherwise."""
    practice = _practice(stage, step)
    for number in range(1, _HELPED + 1):
        vote_publicly(practice=practice, helpful=number > 1, address=f"192.0.2.{number}")
    report_publicly(
        practice=practice, outcome="changes", environment=step.options["environment"], text=step.text,
        address="192.0.2.1",
    )  # fmt: skip


def _practice(stage: "Stage", step: Step) -> Practice:
    return Practice.objects.get(pk=stage.practices[step.thread].pk)


PUBLIC_VERBS: dict[str, Callable[..., Any]] = {"consent": _consent, "publish": _publish, "strangers": _strangers}
