"""The demo's playbooks: writing one, going through it, marking its steps, ending it."""

import tomllib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from community.models import Member
from threads.actions.playbooks import make_playbook
from threads.actions.runs import end_run, mark_step, start_run
from threads.importers.demo.script import Step
from threads.models import Playbook, Run, RunStep

if TYPE_CHECKING:
    from threads.importers.demo.stage import Stage


def _write(stage: "Stage", step: Step, by: Member) -> None:
    """Write a playbook down in the thread's space; its text is TOML."""
    data = tomllib.loads(step.text)
    product = stage.network.products.get(data.pop("product", ""))
    space = stage.network.spaces[stage.scripts[step.thread].data["space"]]
    make_playbook(by=by, space=space, product=product, **data)


def _start(stage: "Stage", step: Step, by: Member) -> None:
    """Go through the playbook of this title."""
    start_run(by=by, thread=stage.threads[step.thread], playbook=Playbook.objects.get(title=step.name))


def _mark(stage: "Stage", step: Step, by: Member) -> None:
    """Mark a step (`s2`) as done, or as `state=` says, with the answer `choice=`; the text is the note."""
    run = _newest(stage, step)
    version = RunStep.objects.get(run=run, key=step.name).version
    state, choice = step.options.get("state", "done"), step.options.get("choice", "")
    mark_step(by=by, run=run, key=step.name, state=state, version=version, choice=choice, note=step.text)


def _end(stage: "Stage", step: Step, by: Member) -> None:
    """Say what came of it."""
    end_run(by=by, run=_newest(stage, step), outcome=step.name, note=step.text)


def _newest(stage: "Stage", step: Step) -> Run:
    return Run.objects.filter(thread=stage.threads[step.thread]).latest("pk")


PLAYBOOK_VERBS: dict[str, Callable[[Any, Step, Member], object]] = {
    "write-playbook": _write,
    "run": _start,
    "mark": _mark,
    "end-run": _end,
}
