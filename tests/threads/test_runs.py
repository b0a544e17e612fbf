"""Runs of playbooks: starting, marking by several people, ending, and what is told of it."""

from typing import Any

import pytest

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import thread_stream
from community.events.reading import missed, newest_number
from community.models import InboxItem, Organization
from tests.cast import Cast
from tests.threads.playing import STEPS, ada_asks, mark, mo_writes
from threads.actions.guests import let_in, widen
from threads.actions.playbooks import edit_playbook, make_playbook, retire_playbook
from threads.actions.resolution import resolve
from threads.actions.runs import MarkedByAnother, StepChanged, end_run, mark_step, start_run
from threads.models import Run, RunStep, Thread, TimelineEntry
from threads.queries.guests import preview_for, preview_of_widening
from threads.queries.labels import describe_steps, seen_steps
from threads.queries.playbooks import marks_of, run_visible_to, said_of
from threads.rules.playbooks import left, on_path

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def started(cast: Cast, **more: Any) -> Run:
    return start_run(by=cast.ben, thread=ada_asks(cast, **more), playbook=mo_writes(cast))


def told(thread: Thread) -> list[str]:
    kinds = [event.kind for event in missed(thread_stream(thread.pk), 0).events]
    return [kind for kind in kinds if kind.startswith("playbook.")]


def test_starting_copies_the_steps_and_again_changes_nothing(cast: Cast) -> None:
    run = started(cast)
    assert start_run(by=cast.ada, thread=run.thread, playbook=run.playbook) == run
    edit_playbook(by=cast.mo, playbook=run.playbook, version=1, reason="x", title="Other", steps=[{"title": "y"}])
    retire_playbook(by=cast.mo, playbook=run.playbook)
    kept = Run.objects.get(pk=run.pk)
    assert (kept.title, [step["title"] for step in kept.steps]) == ("Long queues", [step["title"] for step in STEPS])
    assert kept.html["s1"] == "<p>Run <code>postqueue -p</code>.</p>\n"
    assert told(run.thread) == ["playbook.started"]
    assert TimelineEntry.objects.get(kind="playbook.started").data == {"run": run.pk, "title": "Long queues"}


def test_only_what_everybody_in_the_thread_sees_is_copied_there(cast: Cast) -> None:
    thread = ada_asks(cast)
    own = make_playbook(by=cast.olga, space=cast.spaces["lobby"], title="x", steps=STEPS, audience="organization")
    with pytest.raises(Conflict, match="not_for_everybody"):
        start_run(by=cast.ada, thread=thread, playbook=own)
    with pytest.raises(NotThere):
        start_run(by=cast.zoe, thread=thread, playbook=own)
    hidden = ada_asks(cast, audience="organization")
    assert start_run(by=cast.ada, thread=hidden, playbook=own).is_running
    with pytest.raises(NotThere):
        start_run(by=cast.zoe, thread=hidden, playbook=mo_writes(cast))
    assert not told(thread)


def test_with_a_guest_in_the_thread_only_what_the_network_sees_is_copied(cast: Cast) -> None:
    thread = ada_asks(cast, "workshop")
    inside = mo_writes(cast, "workshop")
    let_in(by=cast.ada, thread=thread, member=cast.zoe, preview=preview_for(thread, cast.zoe).digest)
    with pytest.raises(Conflict, match="not_for_everybody"):
        start_run(by=cast.ada, thread=thread, playbook=inside)
    assert start_run(by=cast.zoe, thread=thread, playbook=mo_writes(cast)).is_running


def test_who_may_not_help_goes_through_nothing(cast: Cast) -> None:
    thread, run = ada_asks(cast), started(cast)
    resolve(by=cast.ada, thread=thread, summary="Done.")
    with pytest.raises(Forbidden):
        start_run(by=cast.ben, thread=thread, playbook=run.playbook)
    resolve(by=cast.ada, thread=run.thread, summary="Done.")
    with pytest.raises(Forbidden):
        mark(cast.ben, run, "s1")


def test_few_playbooks_run_in_one_thread_at_once(cast: Cast) -> None:
    thread = ada_asks(cast)
    for _ in range(3):
        start_run(by=cast.ada, thread=thread, playbook=mo_writes(cast))
    with pytest.raises(Conflict, match="enough_running"):
        start_run(by=cast.ada, thread=thread, playbook=mo_writes(cast))


def test_two_people_go_through_it_together(cast: Cast) -> None:
    run = started(cast)
    assert mark(cast.ada, run, "s1").by == cast.ada
    with pytest.raises(Conflict, match="not_on_path"):
        mark(cast.ben, run, "s3")
    mark(cast.ben, run, "s2", choice="o1")
    mark(cast.ada, run, "s3", "skipped", note="No intake here")
    with pytest.raises(Conflict, match="steps_left"):
        end_run(by=cast.ben, run=run, outcome="helped")
    mark(cast.ben, run, "s4", note="Called at noon")
    ended = end_run(by=cast.ben, run=run, outcome="solved")
    assert (ended.state, ended.ended_by) == (Run.State.FINISHED, cast.ben)
    assert end_run(by=cast.ada, run=run, outcome="solved").ended_by == cast.ben
    with pytest.raises(Conflict, match="run_ended"):
        mark(cast.ada, run, "s4", "failed", note="x")
    with pytest.raises(Conflict, match="run_ended"):
        end_run(by=cast.ada, run=run, outcome="helped")
    assert told(run.thread) == ["playbook.started", *["playbook.step"] * 4, "playbook.ended"]


def test_who_comes_second_is_told_unless_they_said_the_same(cast: Cast) -> None:
    run = started(cast)
    mark_step(by=cast.ada, run=run, key="s1", state="done", version=0)
    assert mark_step(by=cast.ben, run=run, key="s1", state="done", version=0).by == cast.ada
    with pytest.raises(StepChanged, match="Ada Lindqvist marked this step") as refused:
        mark_step(by=cast.ben, run=run, key="s1", state="failed", version=0, note="It hangs")
    assert (refused.value.mark.state, refused.value.mark.version) == ("done", 1)
    assert told(run.thread).count("playbook.step") == 1
    assert RunStep.objects.get(run=run, key="s1").by == cast.ada


def test_the_one_who_marked_takes_it_back_and_the_owner(cast: Cast) -> None:
    run = started(cast)
    mark(cast.ben, run, "s1", note="Long")
    with pytest.raises(Forbidden, match="only_marker_or_owner"):
        mark(cast.zoe, run, "s1", "open")
    taken = mark(cast.ben, run, "s1", "open")
    assert (taken.state, taken.by, taken.at, taken.note, taken.version) == ("open", None, None, "", 2)
    mark(cast.ben, run, "s1")
    assert mark(cast.mo, run, "s1", "open").version == 4


@pytest.mark.parametrize("name", ["ada", "mo", "zoe"])
def test_what_somebody_marked_is_marked_by_others_only_after_it_was_taken_back(cast: Cast, name: str) -> None:
    run, other = started(cast), cast.people[name]
    mark(cast.ben, run, "s1")
    with pytest.raises(MarkedByAnother, match="Ben Okafor marked this step"):
        mark(other, run, "s1", "failed", note="It hangs")
    assert (RunStep.objects.get(run=run, key="s1").state, told(run.thread).count("playbook.step")) == ("done", 1)
    assert mark(other, run, "s1", "done").by == cast.ben, "who says the same says nothing new"
    mark(cast.ben, run, "s1", "failed", note="It hangs")
    mark(cast.mo if name == "mo" else cast.ben, run, "s1", "open")
    assert mark(other, run, "s1", "skipped", note="Known").by == other


def test_another_answer_leads_elsewhere_and_what_was_marked_stays(cast: Cast) -> None:
    run = started(cast)
    mark(cast.ben, run, "s2", choice="o1")
    mark(cast.ben, run, "s3")
    mark(cast.ben, run, "s2", choice="o2")
    assert on_path(run.steps, said_of(marks_of(run))) == ["s1", "s2"]
    assert RunStep.objects.get(run=run, key="s3").state == "done"
    mark(cast.ben, run, "s2", choice="o1")
    assert left(run.steps, said_of(marks_of(run))) == ["s1", "s4"]


@pytest.mark.parametrize(
    ("key", "state", "more"),
    [("s1", "failed", {}), ("s2", "done", {}), ("s2", "done", {"choice": "o9"}), ("s1", "gone", {})],
)
def test_what_cannot_be_said_of_a_step(cast: Cast, key: str, state: str, more: dict[str, str]) -> None:
    run = started(cast)
    with pytest.raises(Invalid):
        mark(cast.ben, run, key, state, **more)
    assert not told(run.thread)[1:]


def test_giving_up_needs_a_reason_and_ending_an_outcome(cast: Cast) -> None:
    run = started(cast)
    with pytest.raises(Invalid, match="Write something"):
        end_run(by=cast.ben, run=run, abandoned=True)
    with pytest.raises(Invalid, match="what came of it"):
        end_run(by=cast.ben, run=run, outcome="fun")
    assert end_run(by=cast.ben, run=run, abandoned=True, note="Wrong playbook").state == Run.State.ABANDONED


def test_a_failed_step_is_told_to_who_looks_after_the_playbook_if_they_see_the_thread(cast: Cast) -> None:
    run, hidden = started(cast), started(cast, audience="organization")
    for each in (run, hidden):
        mark(cast.ben, each, "s1", "failed", note="It hangs")
    item, step = InboxItem.objects.get(kind="playbook-failed"), RunStep.objects.get(run=run, key="s1")
    assert (item.member, item.subject, item.target) == (cast.mo, f"thread:{run.thread_id}", f"step:{step.pk}")
    label = describe_steps(cast.mo, {step.pk})[step.pk]
    assert (label.title, label.url) == (run.thread.title, f"/runs/{run.pk}/#step-s1"), "there the note says why"
    other = RunStep.objects.get(run=hidden, key="s1")
    assert describe_steps(cast.mo, {other.pk}) == {}
    assert seen_steps(cast.mo, [step.pk, other.pk]) == {step.pk}
    mark(cast.ben, run, "s1", "open")
    mark(cast.ben, run, "s1", "failed", note="Again")
    assert InboxItem.objects.filter(kind="playbook-failed").count() == 1


def test_a_run_is_seen_with_its_thread(cast: Cast) -> None:
    run = started(cast, audience="organization")
    assert run_visible_to(cast.ada, run.pk) == run
    for member in (cast.zoe, cast.finn, cast.mo, cast.sam):
        assert run_visible_to(member, run.pk) is None
    with pytest.raises(NotThere):
        mark(cast.zoe, run, "s1")
    with pytest.raises(NotThere):
        end_run(by=cast.zoe, run=run, abandoned=True, note="x")


def test_who_widens_a_thread_is_shown_that_its_runs_come_along(cast: Cast) -> None:
    run = started(cast, audience="organization")
    organizations: list[Organization] = []
    before = preview_of_widening(run.thread, "space", organizations)
    assert before.runs == 1
    start_run(by=cast.ada, thread=run.thread, playbook=mo_writes(cast))
    with pytest.raises(Conflict, match="preview_changed"):
        widen(by=cast.ada, thread=run.thread, audience="space", preview=before.digest)
    after = preview_of_widening(run.thread, "space", organizations)
    widen(by=cast.ada, thread=run.thread, audience="space", preview=after.digest)
    assert run_visible_to(cast.zoe, run.pk) == run


def test_state_plus_events_is_fresh_state(cast: Cast) -> None:
    """Whoever applies what is told of steps has what is there: at whatever point they began."""
    run = started(cast)
    kept: list[tuple[int, dict[str, Any]]] = []

    def state() -> dict[str, Any]:
        marks = marks_of(run)
        said = {
            key: (row.state, row.choice, row.note, row.by.handle if row.by else None, row.version)
            for key, row in marks.items()
        }
        return {
            "steps": said,
            "path": on_path(run.steps, said_of(marks)),
            "left": len(left(run.steps, said_of(marks))),
            "run": Run.objects.values_list("state", "outcome").get(pk=run.pk),
        }

    def now() -> None:
        kept.append((newest_number(thread_stream(run.thread_id)), state()))

    now()
    for key, state_, more in [
        ("s1", "failed", {"note": "It hangs"}), ("s2", "done", {"choice": "o1"}), ("s3", "done", {}),
        ("s2", "done", {"choice": "o2"}), ("s1", "open", {}), ("s1", "skipped", {"note": "Known"}),
    ]:  # fmt: skip
        mark(cast.ben, run, key, state_, **more)
        now()
    end_run(by=cast.ada, run=run, outcome="helped")
    for number, had in kept:
        has = {**had, "steps": dict(had["steps"])}
        for event in missed(thread_stream(run.thread_id), number).events:
            data = event.data
            if event.kind == "playbook.step":
                by = data["by"]["handle"] if data["by"] else None
                has["steps"][data["step"]] = (data["state"], data["choice"], data["note"], by, data["version"])
                has |= {"path": data["path"], "left": data["left"]}
            elif event.kind == "playbook.ended":
                has["run"] = (data["state"], data["outcome"])
        assert has == state()
