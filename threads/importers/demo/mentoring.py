"""The demo's verbs of teaching and learning."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from community.models import Member
from reputation.actions.mentoring import answer_learner, offer_mentoring, say_it_helped
from reputation.models import Mentoring
from threads.actions.mentoring import ask_to_be_mentored
from threads.importers.demo.script import Step

if TYPE_CHECKING:
    from threads.importers.demo.stage import Stage


def _mentor(_stage: "Stage", _step: Step, by: Member) -> None:
    """Say that one would mentor."""
    offer_mentoring(by=by, offers=True)


def _learn(stage: "Stage", step: Step, by: Member) -> None:
    """Ask somebody to mentor one in a subject."""
    mentor = stage.network.people[step.options["from"]]
    ask_to_be_mentored(by=by, mentor=mentor, scope=step.options["subject"], what=step.text)


def _teach(stage: "Stage", step: Step, by: Member) -> None:
    """Accept somebody who asked."""
    asked = Mentoring.objects.get(mentor=by, learner=stage.network.people[step.options["who"]])
    answer_learner(by=by, mentoring=asked, accept=True, note=step.text)


def _helped(stage: "Stage", step: Step, by: Member) -> None:
    """Say that it helped."""
    running = Mentoring.objects.get(learner=by, mentor=stage.network.people[step.options["by"]])
    say_it_helped(by=by, mentoring=running)


MENTORING_VERBS: dict[str, Callable[[Any, Step, Member], object]] = {
    "mentor": _mentor, "learn": _learn, "teach": _teach, "helped": _helped
}  # fmt: skip
