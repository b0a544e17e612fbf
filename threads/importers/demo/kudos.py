"""The demo's verb of thanks in words."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from community.models import Member
from threads.actions.kudos import say_thanks
from threads.importers.demo.script import Step

if TYPE_CHECKING:
    from threads.importers.demo.stage import Stage


def _thank(stage: "Stage", step: Step, by: Member) -> None:
    """Thank whoever wrote a post, in words."""
    post = stage.posts[step.thread, step.name]
    say_thanks(by=by, to=post.author, reason=step.text, about=post)


KUDOS_VERBS: dict[str, Callable[[Any, Step, Member], object]] = {"thank": _thank}
