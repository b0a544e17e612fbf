"""Playbooks for tests, and runs of them."""

from typing import Any

from community.models import Member
from tests.cast import Cast
from threads.actions.playbooks import make_playbook
from threads.actions.runs import mark_step
from threads.actions.threads import open_thread
from threads.models import Playbook, Run, RunStep, Thread

STEPS: list[dict[str, Any]] = [
    {"title": "Look at the queue", "text": "Run `postqueue -p`."},
    {
        "title": "Is it longer than 1,000?", "kind": "decide", "who": "owner",
        "options": [{"label": "Yes", "go": ""}, {"label": "No", "go": "end"}],
    },
    {"title": "Stop the intake"},
    {"title": "Call the operators", "who": "helper"},
]  # fmt: skip


def mo_writes(cast: Cast, space: str = "lobby", **more: Any) -> Playbook:
    """A playbook of Mo's, who moderates."""
    given: dict[str, Any] = {"title": "Long queues", "purpose": "When mail waits.", "steps": STEPS}
    return make_playbook(**({"by": cast.mo, "space": cast.spaces[space]} | given | more))


def ada_asks(cast: Cast, space: str = "lobby", **more: Any) -> Thread:
    """A problem of Ada's."""
    return open_thread(by=cast.ada, space=cast.spaces[space], title="Mail waits", body="Since Sunday.", **more)


def mark(by: Member, run: Run, key: str, state: str = "done", **more: Any) -> RunStep:
    """Marks a step as one who has the newest page does."""
    version = RunStep.objects.get(run=run, key=key).version
    return mark_step(by=by, run=run, key=key, state=state, **({"version": version} | more))
