"""Two in one run at the same moment: one wins, the other is told, and nothing locks up."""

from functools import partial

import pytest

from tests.cast import Cast, make_cast
from tests.community.test_event_concurrency import assert_gap_free, at_once
from tests.threads.playing import ada_asks, mo_writes
from tests.threads.test_swarm_concurrency import tried
from threads.actions.resolution import resolve
from threads.actions.runs import end_run, mark_step, start_run
from threads.models import Run, RunStep

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def there() -> tuple[Cast, Run]:
    cast = make_cast()
    return cast, start_run(by=cast.ada, thread=ada_asks(cast), playbook=mo_writes(cast))


def test_two_say_different_things_of_one_step() -> None:
    cast, run = there()
    outcomes: list[str] = []
    said = partial(mark_step, run=run, key="s1", version=0)
    at_once(
        tried(outcomes, partial(said, by=cast.ada, state="done")),
        tried(outcomes, partial(said, by=cast.ben, state="failed", note="It hangs")),
    )
    assert sorted(outcomes) == ["done", "step_changed"]
    assert RunStep.objects.get(run=run, key="s1").version == 1
    assert_gap_free()


def test_two_say_the_same_of_one_step() -> None:
    cast, run = there()
    outcomes: list[str] = []
    said = partial(mark_step, run=run, key="s1", version=0, state="done")
    at_once(*(tried(outcomes, partial(said, by=member)) for member in (cast.ada, cast.ben, cast.zoe)))
    assert outcomes == ["done"] * 3
    assert RunStep.objects.get(run=run, key="s1").version == 1


def test_marking_while_it_is_given_up_or_resolved() -> None:
    cast, run = there()
    outcomes: list[str] = []
    at_once(
        tried(outcomes, partial(mark_step, by=cast.ben, run=run, key="s1", state="done", version=0)),
        tried(outcomes, partial(end_run, by=cast.ada, run=run, abandoned=True, note="Wrong one")),
        tried(outcomes, partial(resolve, by=cast.ada, thread=run.thread, summary="Done.")),
    )
    assert set(outcomes) <= {"done", "run_ended", "may_not_run"}
    run.refresh_from_db()
    assert run.thread.status == "resolved"
    assert RunStep.objects.get(run=run, key="s1").version <= outcomes.count("done") - 1
    assert_gap_free()


def test_three_start_the_same_playbook() -> None:
    cast = make_cast()
    thread, playbook = ada_asks(cast), mo_writes(cast)
    outcomes: list[str] = []
    members = (cast.ada, cast.ben, cast.zoe)
    at_once(*(tried(outcomes, partial(start_run, by=member, thread=thread, playbook=playbook)) for member in members))
    assert outcomes == ["done"] * 3
    assert Run.objects.count() == 1
