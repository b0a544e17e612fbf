"""Playbooks, and going through them in threads."""

from collections.abc import Container
from dataclasses import replace
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from community.api.auth import ApiRequest
from community.api.paging import broken_cursor
from community.api.people import person
from community.errors import Invalid, NotThere
from community.models import Member
from community.queries.members import members_by_handle
from community.queries.spaces import space_visible_to
from threads.actions.playbooks import (
    edit_playbook,
    keep_playbook,
    make_playbook,
    restore_playbook,
    retire_playbook,
    revert_playbook,
)
from threads.actions.runs import end_run, mark_step, start_run
from threads.api.names import MOST, organizations_or_invalid, product_named, thread_or_404
from threads.api.playbook_schemas import (
    Ending,
    KeeperIn,
    MarkIn,
    NewPlaybook,
    NewRun,
    PlaybookChange,
    PlaybookOut,
    PlaybookPage,
    PlaybookQuery,
    PlaybookText,
    Reverting,
    RunOut,
    VersionOut,
)
from threads.models import Playbook, Run, RunStep, Thread
from threads.policies.playbooks import may_edit, may_end, may_mark
from threads.policies.rights import Rights, is_removed, rights_in
from threads.queries.playbooks import (
    playbook_list,
    playbooks_visible_to,
    practices_in,
    run_visible_to,
    runs_in,
    said_of,
    versions_of,
    with_parts,
)
from threads.rules.playbooks import Step, on_path

router = Router(tags=["playbooks"])


@router.get("/playbooks", response=PlaybookPage, operation_id="playbooks", summary="Playbooks that you see")
def get_playbooks(request: ApiRequest, query: Query[PlaybookQuery]) -> PlaybookPage:
    """The last changed first."""
    viewer = request.auth
    try:
        rows, following = playbook_list(
            viewer, product=query.product, kind=query.kind or "", retired=query.retired, after=query.after
        )
    except ValueError as error:
        raise broken_cursor() from error
    seen = practices_in(viewer, [step for row in rows for step in row.steps])
    roles: dict[int, Rights] = {}
    for row in rows:
        if row.space_id not in roles:
            roles[row.space_id] = rights_in(viewer, row)
    items = [_playbook_out(viewer, row, seen, roles[row.space_id]) for row in rows]
    return PlaybookPage(items=items, next=following)


@router.post("/playbooks", response={201: PlaybookOut}, operation_id="make_playbook", summary="Write a playbook down")
def post_playbook(request: ApiRequest, response: HttpResponse, data: NewPlaybook) -> PlaybookOut:
    """For curators and moderators of the space; for their own organization its administrators too."""
    viewer = request.auth
    space = space_visible_to(viewer, data.space)
    if space is None:
        raise Invalid({"space": _("There is no such space. Use the slug of one that you see.")})
    organizations = organizations_or_invalid(data.organizations)
    made = make_playbook(by=viewer, space=space, audience=data.audience, organizations=organizations, **_text_of(data))
    response["Location"] = f"{request.path}/{made.pk}"
    return _playbook_out(viewer, _playbook_or_404(viewer, made.pk))


@router.get("/playbooks/{id}", response=PlaybookOut, operation_id="playbook", summary="Read a playbook")
def get_playbook(request: ApiRequest, id: int) -> PlaybookOut:
    """Its steps as they are now."""
    return _playbook_out(request.auth, _playbook_or_404(request.auth, id))


@router.patch("/playbooks/{id}", response=PlaybookOut, operation_id="edit_playbook", summary="Change a playbook")
def patch_playbook(request: ApiRequest, id: int, data: PlaybookChange) -> PlaybookOut:
    """Every version is kept. Runs keep the steps that they have."""
    found = _playbook_or_404(request.auth, id)
    edit_playbook(by=request.auth, playbook=found, version=data.version, reason=data.reason, **_text_of(data))
    return _playbook_out(request.auth, _playbook_or_404(request.auth, id))


@router.get(
    "/playbooks/{id}/versions", response=list[VersionOut], operation_id="playbook_versions", summary="Its versions"
)
def get_versions(request: ApiRequest, id: int) -> list[VersionOut]:
    """The newest first; at most 200."""
    rows = versions_of(_playbook_or_404(request.auth, id))
    return [
        VersionOut(
            number=row.number, title=row.title, product=row.product.slug if row.product else None, tags=row.tags,
            author=person(row.author), reason=row.reason, at=row.at,
        )
        for row in rows
    ]  # fmt: skip


@router.post(
    "/playbooks/{id}/restore", response=PlaybookOut, operation_id="revert_playbook", summary="Bring a version back"
)
def post_restore(request: ApiRequest, id: int, data: Reverting) -> PlaybookOut:
    """It says again what that version says, as its newest one."""
    revert_playbook(by=request.auth, playbook=_playbook_or_404(request.auth, id), **data.model_dump())
    return _playbook_out(request.auth, _playbook_or_404(request.auth, id))


@router.put("/playbooks/{id}/keeper", response=PlaybookOut, operation_id="keep_playbook", summary="Who looks after it")
def put_keeper(request: ApiRequest, id: int, data: KeeperIn) -> PlaybookOut:
    """They may change it, and are told when a step fails. Null: only whoever wrote it."""
    keeper = next(iter(members_by_handle([data.member.lower()])), None) if data.member else None
    if data.member and keeper is None:
        raise Invalid({"member": _("Nobody of this handle sees the playbook. Look it up under People.")})
    keep_playbook(by=request.auth, playbook=_playbook_or_404(request.auth, id), keeper=keeper)
    return _playbook_out(request.auth, _playbook_or_404(request.auth, id))


@router.put("/playbooks/{id}/retired", response=PlaybookOut, operation_id="retire_playbook", summary="Retire it")
def put_retired(request: ApiRequest, id: int) -> PlaybookOut:
    """Nobody starts it any more; runs go on."""
    retire_playbook(by=request.auth, playbook=_playbook_or_404(request.auth, id))
    return _playbook_out(request.auth, _playbook_or_404(request.auth, id))


@router.delete(
    "/playbooks/{id}/retired", response=PlaybookOut, operation_id="restore_playbook", summary="Bring it back"
)
def delete_retired(request: ApiRequest, id: int) -> PlaybookOut:
    """It can be started again."""
    restore_playbook(by=request.auth, playbook=_playbook_or_404(request.auth, id))
    return _playbook_out(request.auth, _playbook_or_404(request.auth, id))


@router.get("/threads/{id}/runs", response=list[RunOut], operation_id="runs", summary="Playbooks in a thread")
def get_runs(request: ApiRequest, id: int) -> list[RunOut]:
    """Those that go on first, then the newest; at most 20."""
    thread = thread_or_404(request.auth, id)
    runs = runs_in(thread)
    for run in runs:
        run.thread = thread
    return _run_outs(request.auth, thread, runs)


@router.post("/threads/{id}/runs", response={201: RunOut}, operation_id="start_run", summary="Go through a playbook")
def post_run(request: ApiRequest, id: int, response: HttpResponse, data: NewRun) -> RunOut:
    """Everybody who sees the thread has to see the playbook: its steps become the thread's."""
    thread, playbook = thread_or_404(request.auth, id), _playbook_or_404(request.auth, data.playbook)
    run = start_run(by=request.auth, thread=thread, playbook=playbook)
    response["Location"] = f"{request.path.partition('/threads/')[0]}/runs/{run.pk}"
    return _run_out(request.auth, _run_or_404(request.auth, run.pk))


@router.get("/runs/{id}", response=RunOut, operation_id="run", summary="Read a checklist")
def get_run(request: ApiRequest, id: int) -> RunOut:
    """Its steps, what was said of them, and the way."""
    return _run_out(request.auth, _run_or_404(request.auth, id))


@router.put("/runs/{id}/steps/{key}", response=RunOut, operation_id="mark_step", summary="Mark a step")
def put_step(request: ApiRequest, id: int, key: str, data: MarkIn) -> RunOut:
    """Done, skipped or failed; `open` takes that back. Said again it changes nothing."""
    run = _run_or_404(request.auth, id)
    mark_step(by=request.auth, run=run, key=key, **data.model_dump())
    return _run_out(request.auth, _run_or_404(request.auth, id))


@router.post("/runs/{id}/end", response=RunOut, operation_id="end_run", summary="End a run")
def post_end(request: ApiRequest, id: int, data: Ending) -> RunOut:
    """When every step on the way is marked; or give it up at any time and say why."""
    run = _run_or_404(request.auth, id)
    end_run(by=request.auth, run=run, outcome=data.outcome or "", note=data.note, abandoned=data.abandoned)
    return _run_out(request.auth, _run_or_404(request.auth, id))


def _playbook_or_404(viewer: Member, playbook_id: int) -> Playbook:
    rows = with_parts(playbooks_visible_to(viewer)).filter(pk=playbook_id) if playbook_id < MOST else []
    for found in rows:
        return found
    raise NotThere("not_there")


def _run_or_404(viewer: Member, run_id: int) -> Run:
    found = run_visible_to(viewer, run_id) if run_id < MOST else None
    if found is None:
        raise NotThere("not_there")
    return found


def _text_of(data: PlaybookText) -> dict[str, Any]:
    return {
        "title": data.title, "purpose": data.purpose, "kind": data.kind, "product": product_named(data.product),
        "tags": data.tags, "steps": [step.model_dump() for step in data.steps],
    }  # fmt: skip


def _steps_out(viewer: Member, steps: list[Step], seen: Container[int] | None = None) -> list[dict[str, Any]]:
    if seen is None:
        seen = practices_in(viewer, steps)
    return [{**step, "practice": step["practice"] if step["practice"] in seen else None} for step in steps]


def _playbook_out(
    viewer: Member, row: Playbook, seen: Container[int] | None = None, rights: Rights | None = None
) -> PlaybookOut:
    return PlaybookOut.model_validate({
        "id": row.pk, "title": row.title, "purpose": row.purpose, "kind": row.kind, "space": row.space.slug,
        "audience": row.audience, "product": row.product.slug if row.product else None,
        "tags": sorted(tag.slug for tag in row.tags.all()), "version": row.version, "updated_at": row.updated_at,
        "retired": row.retired_at is not None,
        "keeper": person(row.keeper) if row.keeper else None, "steps": _steps_out(viewer, row.steps, seen),
        "can": ["edit"] if may_edit(viewer, row, rights) else [],
    })  # fmt: skip


def _run_out(viewer: Member, run: Run) -> RunOut:
    return _run_outs(viewer, run.thread, [run])[0]


def _run_outs(viewer: Member, thread: Thread, runs: list[Run]) -> list[RunOut]:
    """Runs in a thread, in as many queries as one."""
    prefetch_related_objects(runs, "marks__by__organization")
    rights = rights_in(viewer, thread)
    rights = replace(rights, removed=is_removed(viewer, thread))
    shown = set(
        playbooks_visible_to(viewer).filter(pk__in=[run.playbook_id for run in runs]).values_list("pk", flat=True)
    )
    practices = practices_in(viewer, [step for run in runs for step in run.steps])
    return [_run_shown(viewer, run, shown, practices, rights) for run in runs]


def _run_shown(viewer: Member, run: Run, shown: Container[int], practices: Container[int], rights: Rights) -> RunOut:
    marks = {mark.key: mark for mark in run.marks.all()}
    return RunOut.model_validate({
        "id": run.pk, "thread": run.thread_id, "playbook": run.playbook_id if run.playbook_id in shown else None,
        "version": run.version,
        "title": run.title, "state": run.state, "outcome": run.outcome, "note": run.note,
        "started_at": run.started_at, "ended_at": run.ended_at, "steps": _steps_out(viewer, run.steps, practices),
        "marks": [_mark_out(mark) for mark in marks.values()], "path": on_path(run.steps, said_of(marks)),
        "can": ["mark"] * may_mark(viewer, run, rights) + ["end"] * may_end(viewer, run, rights),
    })  # fmt: skip


def _mark_out(mark: RunStep) -> dict[str, Any]:
    return {
        "step": mark.key, "state": mark.state, "choice": mark.choice, "note": mark.note,
        "by": person(mark.by) if mark.by else None, "at": mark.at, "version": mark.version,
    }  # fmt: skip
