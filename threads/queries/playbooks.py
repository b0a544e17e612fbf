"""Playbooks, their versions and runs, and what came of them, always as somebody may see it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from community.models import Grant, Member, Space, WorkRole
from community.policies.members import is_organization_admin
from community.queries.spaces import spaces_visible_to
from threads.models import Playbook, PlaybookVersion, Practice, Run, RunStep, Thread
from threads.queries.archive import practices_visible_to
from threads.queries.audience import visible_to
from threads.queries.covering import seen_by_all_in, where_all_see
from threads.queries.paging import page_of
from threads.queries.threads import own_unresolved, threads_visible_to, titled
from threads.rules.playbooks import Mark, Step

MOST_SHOWN = 10
MOST_RUNS = 200
MOST_NOTES = 5
_A_PAGE = 30
_LATELY = 10
_OFTEN = 3


def playbooks_visible_to(viewer: Member) -> QuerySet[Playbook]:
    """Those that the viewer may see, retired ones too."""
    return visible_to(viewer, Playbook.objects.all())


def with_parts(playbooks: QuerySet[Playbook]) -> QuerySet[Playbook]:
    """With all that its page shows."""
    people = ("made_by__organization", "keeper__organization")
    return playbooks.select_related("space", "organization", "center", "product", *people).prefetch_related(
        "tags", "audience_organizations"
    )


def playbook_list(
    viewer: Member, *, product: str = "", kind: str = "", retired: bool = False, after: str = ""
) -> tuple[list[Playbook], str | None]:
    """A page of them, the last changed first, and the cursor to go on from. Raises ValueError for a broken cursor."""
    rows = with_parts(playbooks_visible_to(viewer)).filter(retired_at__isnull=not retired)
    if product:
        rows = rows.filter(product__slug=product)
    if kind:
        rows = rows.filter(kind=kind)
    return page_of(rows, "updated_at", descending=True, after=after, limit=_A_PAGE)


def versions_of(playbook: Playbook) -> list[PlaybookVersion]:
    """Its versions, the newest first; of a playbook that was loaded through its viewer."""
    rows = PlaybookVersion.objects.filter(playbook=playbook).select_related("author__organization", "product")
    return list(rows[:MOST_RUNS])


def keys_ever_used(playbook: Playbook) -> set[str]:
    """The keys of the steps of all its versions."""
    kept = PlaybookVersion.objects.filter(playbook=playbook).values_list("steps", flat=True)
    return {step["key"] for steps in [*kept, playbook.steps] for step in steps}


def role_names() -> dict[str, str]:
    """The kinds of work and the tiers in the network, by the names under which steps keep them."""
    rows = list(WorkRole.objects.order_by("tier", "name"))
    tiers = sorted({row.tier for row in rows if row.tier > 1})
    return {
        **{f"tier:{tier}+": _("Tier %(tier)d and above") % {"tier": tier} for tier in tiers},
        **{f"role:{row.pk}": row.name for row in rows},
    }


def spaces_to_write_in(member: Member) -> list[Space]:
    """Where the member writes playbooks, at least for their own organization."""
    spaces = spaces_visible_to(member)
    if not is_organization_admin(member, member.organization_id):
        roles = (Grant.Role.CURATOR, Grant.Role.MODERATOR)
        granted = Grant.objects.filter(member=member, role__in=roles, space__isnull=False)
        spaces = spaces.filter(pk__in=granted.values("space_id"))
    return list(spaces.order_by("name"))


@dataclass(frozen=True)
class Usable:
    """Playbooks that can be gone through in a thread, and whether there are `more` than are shown."""

    playbooks: list[Playbook]
    more: bool


def usable_playbooks(viewer: Member, thread: Thread, title: str = "") -> Usable:
    """Those that everybody sees who sees the thread: for its product or any; with words of a `title` for all.

    Those that share tags with it come first.
    """
    rows = playbooks_visible_to(viewer).filter(seen_by_all_in(thread, Playbook), retired_at__isnull=True)
    rows = titled(rows, title)
    if not title.strip():
        rows = rows.filter(Q(product__isnull=True) | Q(product_id=thread.product_id))
    shared = Count("tags", filter=Q(tags__in=thread.tags.all()), distinct=True)
    rows = rows.annotate(shared=shared).order_by("-shared", "-updated_at", "-id")
    found: list[Playbook] = list(rows[: MOST_SHOWN + 1])
    return Usable(found[:MOST_SHOWN], len(found) > MOST_SHOWN)


def threads_to_start_in(viewer: Member, playbook: Playbook) -> QuerySet[Thread]:
    """The viewer's own unresolved threads in which everybody sees the playbook and it does not run yet."""
    running = Run.objects.filter(playbook=playbook, state=Run.State.RUNNING).values("thread_id")
    return own_unresolved(viewer).filter(where_all_see(playbook)).exclude(pk__in=running)


def runs_visible_to(viewer: Member) -> QuerySet[Run]:
    """The runs in threads that the viewer may see."""
    return Run.objects.filter(thread__in=threads_visible_to(viewer))


def steps_visible_to(viewer: Member) -> QuerySet[RunStep]:
    """The steps of those runs."""
    return RunStep.objects.filter(run__in=runs_visible_to(viewer))


def run_visible_to(viewer: Member, pk: int) -> Run | None:
    """The run with its thread, when the viewer may see that."""
    parts = ("thread__space", "thread__organization", "thread__center", "thread__product", "started_by", "ended_by")
    return runs_visible_to(viewer).select_related(*parts).filter(pk=pk).first()


def runs_in(thread: Thread, *, limit: int = 20) -> list[Run]:
    """The runs in a thread that was loaded through its viewer, those that go on first, then the newest."""
    rows = Run.objects.filter(thread=thread).select_related("started_by", "ended_by").prefetch_related("marks")
    return sorted(rows[:limit], key=lambda run: not run.is_running)


def marks_of(run: Run) -> dict[str, RunStep]:
    """What was said of its steps, by key."""
    return {mark.key: mark for mark in RunStep.objects.filter(run=run).select_related("by__organization")}


def said_of(marks: dict[str, RunStep]) -> dict[str, Mark]:
    """The marks as the rules take them."""
    return {key: {"state": mark.state, "choice": mark.choice} for key, mark in marks.items()}


def practices_in(viewer: Member, steps: Sequence[Step]) -> dict[int, Practice]:
    """The practices named in steps that the viewer may see, by id."""
    ids = {step["practice"] for step in steps if step["practice"]}
    return {row.pk: row for row in practices_visible_to(viewer).filter(pk__in=ids)} if ids else {}


@dataclass
class StepRecord:
    """What came of one step: how often it was done, skipped and failed, why, and whether that happens often."""

    done: int = 0
    skipped: int = 0
    failed: int = 0
    often: bool = False
    notes: list[RunStep] = field(default_factory=list)


class StepOutcome(NamedTuple):
    """A step as a version has it, and what came of it in runs of that version."""

    number: int
    title: str
    record: StepRecord


@dataclass
class VersionRecord:
    """What came of one version: how often it was gone through, with what outcomes, and which steps were marked."""

    number: int
    runs: int
    outcomes: dict[str, int]
    steps: list[StepOutcome]

    @property
    def failed(self) -> list[StepOutcome]:
        """The steps that failed."""
        return [step for step in self.steps if step.record.failed]


@dataclass
class Record:
    """What came of a playbook, in threads that the viewer sees: runs, outcomes, by version and by step."""

    runs: int
    running: int
    abandoned: int
    outcomes: dict[str, int]
    versions: dict[int, VersionRecord]
    steps: dict[str, StepRecord]


def record_of(viewer: Member, playbook: Playbook) -> Record:
    """What came of the last runs of it that the viewer may see."""
    runs = list(runs_visible_to(viewer).filter(playbook=playbook).order_by("-pk")[:MOST_RUNS])
    states = Counter(run.state for run in runs)
    steps: dict[str, StepRecord] = {}
    by_version: dict[int, dict[str, StepRecord]] = {}
    marks = RunStep.objects.filter(run__in=[run.pk for run in runs]).exclude(state=RunStep.State.OPEN)
    failed_in: dict[str, set[int]] = {}
    for mark in marks.select_related("run__thread", "by").order_by("-at", "-pk"):
        _count(steps.setdefault(mark.key, StepRecord()), mark)
        _count(by_version.setdefault(mark.run.version, {}).setdefault(mark.key, StepRecord()), mark)
        if mark.state == RunStep.State.FAILED:
            failed_in.setdefault(mark.key, set()).add(mark.run_id)
    lately = {run.pk for run in runs[:_LATELY]}
    for key, failed in failed_in.items():
        steps[key].often = len(failed & lately) >= _OFTEN
    return Record(
        runs=len(runs),
        running=states[Run.State.RUNNING],
        abandoned=states[Run.State.ABANDONED],
        outcomes=dict(Counter(run.outcome for run in runs if run.outcome)),
        versions=_versions(runs, by_version),
        steps=steps,
    )


def _versions(runs: list[Run], marked: dict[int, dict[str, StepRecord]]) -> dict[int, VersionRecord]:
    """By version what came of it, the newest first; its steps are those that its runs copied."""
    found: dict[int, VersionRecord] = {}
    for number in sorted({run.version for run in runs}, reverse=True):
        its = [run for run in runs if run.version == number]
        records = marked.get(number, {})
        steps = [
            StepOutcome(place, step["title"], records[step["key"]])
            for place, step in enumerate(its[0].steps, 1)
            if step["key"] in records
        ]
        outcomes = Counter(run.outcome for run in its if run.outcome)
        found[number] = VersionRecord(number, len(its), dict(outcomes), steps)
    return found


def _count(record: StepRecord, mark: RunStep) -> None:
    if mark.state == RunStep.State.DONE:
        record.done += 1
    elif mark.state == RunStep.State.SKIPPED:
        record.skipped += 1
    else:
        record.failed += 1
    if mark.state != RunStep.State.DONE and len(record.notes) < MOST_NOTES:
        record.notes.append(mark)
