"""Going through a playbook in a thread: starting, marking steps, ending."""

from typing import Any

from django.utils.translation import gettext as _

from community.actions.inbox import notify
from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from community.rendering.people import named
from community.rules import clock
from threads.actions.locking import lock_thread
from threads.actions.telling import note_in_timeline, tell
from threads.audience import seen_by
from threads.facts.playbooks import PLAYBOOK_ENDED, PLAYBOOK_FAILED, PLAYBOOK_STARTED, PLAYBOOK_STEP
from threads.models import Playbook, Run, RunStep, Thread
from threads.policies.audience import everybody_sees
from threads.policies.playbooks import may_end, may_mark, may_run, may_unmark
from threads.policies.playbooks import may_see as may_see_playbook
from threads.policies.threads import may_see
from threads.queries.playbooks import marks_of, said_of
from threads.rules.limits import MOST_RUNNING, STEP_NOTE_LENGTH
from threads.rules.playbooks import FAILED, OPEN, check_mark, left, on_path
from threads.rules.texts import one_line


class StepChanged(Conflict):
    """Somebody else marked the step first; `mark` is what it says now."""

    def __init__(self, mark: RunStep) -> None:
        who = mark.by.name if mark.by else ""
        words = _("%(name)s marked this step meanwhile. Look at it again.") % {"name": who} if who else ""
        super().__init__("step_changed", words or _("Somebody took the mark of this step back. Look at it again."))
        self.mark = mark


class MarkedByAnother(Conflict):
    """Somebody else's mark stands at the step."""

    def __init__(self, mark: RunStep) -> None:
        words = _("%(name)s marked this step. It has to be taken back before somebody else marks it.")
        super().__init__("marked_by_another", words % {"name": mark.by.name if mark.by else ""})


@action
def start_run(*, by: Member, thread: Thread, playbook: Playbook) -> Run:
    """Go through a playbook in a thread. Its steps are copied: from now on they are the thread's own text.

    So everybody who sees the thread has to see the playbook. One that runs already is returned as it is.
    """
    thread = lock_thread(thread)
    if not may_see(by, thread):
        raise NotThere("no_thread")
    found = Playbook.objects.select_related("space").filter(pk=playbook.pk).first()
    if found is None or not may_see_playbook(by, found):
        raise NotThere("no_playbook")
    if not may_run(by, thread):
        raise Forbidden("may_not_run")
    if not everybody_sees(found, thread):
        raise Conflict("not_for_everybody")
    running = {run.playbook_id: run for run in Run.objects.filter(thread=thread, state=Run.State.RUNNING)}
    if found.pk in running:
        return running[found.pk]
    if found.retired_at is not None:
        raise Conflict("playbook_retired")
    if len(running) >= MOST_RUNNING:
        raise Conflict("enough_running")
    return _started(by, thread, found)


def _started(by: Member, thread: Thread, playbook: Playbook) -> Run:
    run = Run.objects.create(
        thread=thread, playbook=playbook, version=playbook.version, title=playbook.title, kind=playbook.kind,
        steps=playbook.steps, html=playbook.html, started_by=by, started_at=clock.now(),
    )  # fmt: skip
    RunStep.objects.bulk_create([RunStep(run=run, key=step["key"]) for step in playbook.steps])
    note_in_timeline(thread, PLAYBOOK_STARTED, by=by, data={"run": run.pk, "title": run.title})
    tell(thread, PLAYBOOK_STARTED, by=by, data={"run": run.pk})
    return run


@action
def mark_step(*, by: Member, run: Run, key: str, state: str, version: int, note: str = "", choice: str = "") -> RunStep:
    """Say that a step is done, skipped or failed, or (`open`) take that back.

    `version` is that of the step as it was seen. Raises StepChanged when somebody said something else meanwhile;
    when they said the same it is well. What somebody marked, others mark only after it was taken back: by whoever
    marked it, the thread's owner or a moderator. Else raises MarkedByAnother.
    """
    run = _locked(by, run)
    marks = marks_of(run)
    step = next((each for each in run.steps if each["key"] == key), None)
    if step is None:
        raise NotThere("no_step")
    _check_may_mark(by, run)
    note = one_line("note", note, most=STEP_NOTE_LENGTH)
    check_mark(step, state, choice, note)
    mark = marks[key]
    if (mark.state, mark.choice, mark.note) == (state, choice, note):
        return mark
    if mark.version != version:
        raise StepChanged(mark)
    if key not in on_path(run.steps, said_of(marks)):
        raise Conflict("not_on_path")
    _check_own(by, run, mark, state)
    _mark(mark, by=by, state=state, choice=choice, note=note)
    _tell_step(run, marks, mark, by=by)
    if state == FAILED:
        _tell_keeper(run, mark, by=by)
    return mark


def _check_own(by: Member, run: Run, mark: RunStep, state: str) -> None:
    if state == OPEN and not may_unmark(by, run.thread, mark.by_id):
        raise Forbidden("only_marker_or_owner")
    if state != OPEN and mark.by_id not in (None, by.pk):
        raise MarkedByAnother(mark)


def _mark(mark: RunStep, *, by: Member, state: str, choice: str, note: str) -> None:
    opened = state == OPEN
    mark.state, mark.choice, mark.note, mark.version = state, choice, "" if opened else note, mark.version + 1
    mark.by, mark.at = (None, None) if opened else (by, clock.now())
    mark.save(update_fields=["state", "choice", "note", "version", "by", "at"])


def _tell_step(run: Run, marks: dict[str, RunStep], mark: RunStep, *, by: Member) -> None:
    said = said_of(marks)
    data: dict[str, Any] = {
        "run": run.pk, "step": mark.key, "state": mark.state, "choice": mark.choice, "note": mark.note,
        "by": named(mark.by) if mark.by else None, "at": mark.at.isoformat() if mark.at else None,
        "version": mark.version, "path": on_path(run.steps, said), "left": len(left(run.steps, said)),
    }  # fmt: skip
    tell(run.thread, PLAYBOOK_STEP, by=by, data=data)


def _tell_keeper(run: Run, mark: RunStep, *, by: Member) -> None:
    """The notice leads to the step, where its note says why."""
    keeper = run.playbook.keeper
    hears = keeper.pk if keeper is not None and keeper.is_active else run.playbook.made_by_id
    subject = f"thread:{run.thread_id}"
    notify(
        recipients=seen_by(run.thread_id, [hears]), kind=PLAYBOOK_FAILED, subject=subject, target=f"step:{mark.pk}",
        actor=by, key=f"playbook-failed:{run.pk}:{mark.key}",
    )  # fmt: skip


@action
def end_run(*, by: Member, run: Run, outcome: str = "", note: str = "", abandoned: bool = False) -> Run:
    """Say what came of it when every step on the way was marked, or give it up and say why."""
    run = _locked(by, run)
    wanted = Run.State.ABANDONED if abandoned else Run.State.FINISHED
    note = one_line("note", note, most=STEP_NOTE_LENGTH, needed=abandoned)
    if not run.is_running and (run.state, run.outcome, run.note) == (wanted, outcome, note):
        return run
    _check_running(run)
    if not may_end(by, run):
        raise Forbidden("may_not_run")
    if (outcome not in Run.Outcome.values) and not (abandoned and not outcome):
        raise Invalid({"outcome": _("Choose what came of it.")})
    if not abandoned and left(run.steps, said_of(marks_of(run))):
        raise Conflict("steps_left")
    run.state, run.outcome, run.note, run.ended_by, run.ended_at = wanted, outcome, note, by, clock.now()
    run.save(update_fields=["state", "outcome", "note", "ended_by", "ended_at"])
    told = {"run": run.pk, "state": run.state, "outcome": run.outcome}
    note_in_timeline(run.thread, PLAYBOOK_ENDED, by=by, data={**told, "title": run.title, "note": note})
    tell(run.thread, PLAYBOOK_ENDED, by=by, data=told)
    return run


def _locked(by: Member, run: Run) -> Run:
    """The run as it is now, its thread and it locked. Every mark of it waits for that."""
    thread = lock_thread(run.thread_id)
    rows = Run.objects.select_for_update(of=("self",), no_key=True).select_related("playbook__keeper")
    locked = rows.filter(pk=run.pk, thread=thread).first()
    if locked is None or not may_see(by, thread):
        raise NotThere("no_run")
    locked.thread = thread
    return locked


def _check_running(run: Run) -> None:
    if not run.is_running:
        raise Conflict("run_ended")


def _check_may_mark(by: Member, run: Run) -> None:
    _check_running(run)
    if not may_mark(by, run):
        raise Forbidden("may_not_run")
