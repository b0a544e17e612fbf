"""The demo's verbs of how practices spread: adopting, wanting to hear of them, bulletins."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from community.models import Member
from community.rules import clock
from threads.actions.adoption import adopt
from threads.actions.bulletins import acknowledge, send_bulletin
from threads.actions.subscribing import subscribe
from threads.importers.demo.script import Step, span
from threads.models import Bulletin

if TYPE_CHECKING:
    from threads.importers.demo.stage import Stage


def _adopt(stage: "Stage", step: Step, by: Member) -> None:
    """Work by the thread's practice; with a text by that variant, which others may read."""
    how = {"state": "adapted", "variant": step.text, "shares": "variant"} if step.text else {"state": "adopted"}
    adopt(by=by, practice=stage.practices[step.thread], **how)


def _subscribe(_stage: "Stage", step: Step, by: Member) -> None:
    """Want to hear of a product or tag (`of=`)."""
    subscribe(by=by, scope=step.options["of"])


def _bulletin(stage: "Stage", step: Step, by: Member) -> None:
    """Send a bulletin to the thread's space, to be read within a time (`in=`); `{practice}` is its practice."""
    until = clock.now() + span(step.options["in"])
    space, practice = stage.threads[step.thread].space, stage.practices[step.thread]
    text = step.text.format(practice=practice.get_absolute_url())
    send_bulletin(by=by, space=space, audience="space", title=step.options["title"], text=text, acknowledge_until=until)


def _acknowledge(_stage: "Stage", _step: Step, by: Member) -> None:
    """Have read the latest bulletin."""
    acknowledge(by=by, bulletin=Bulletin.objects.latest("pk"))


SPREAD_VERBS: dict[str, Callable[[Any, Step, Member], object]] = {
    "adopt": _adopt,
    "subscribe": _subscribe,
    "bulletin": _bulletin,
    "acknowledge": _acknowledge,
}
