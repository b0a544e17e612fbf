"""What organizations said of a practice, as a viewer may read it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from community.models import Member, Organization, Space
from threads.models import AGAINST, BEYOND_THE_SPACE, Audience, Practice, PracticeVersion, Reuse, Verdict
from threads.queries.archive import sees_all_of
from threads.rules.confidence import FEW_ORGANIZATIONS, Said, counted, needed


@dataclass(frozen=True)
class Voice:
    """What an organization says: the verdict that counts for it, or no more; `others` of its members say something."""

    verdict: Verdict
    counts: bool
    others: int


def standing_verdicts(practice: Practice) -> QuerySet[Verdict]:
    """What members say of a practice now; those on versions before `judged_from` do not count."""
    return Verdict.objects.filter(practice=practice, superseded_at__isnull=True)


def counting(practice: Practice) -> list[Said]:
    """What counts when a practice is judged."""
    rows = standing_verdicts(practice).filter(version__gte=practice.judged_from)
    columns = rows.values_list("organization_id", "kind", "at", "pk", "answered_by_id")
    return [Said(organization, kind, at, pk, answered is not None) for organization, kind, at, pk, answered in columns]


def organizations_using(practice: Practice, said: Iterable[Said]) -> int:
    """How many organizations use what a practice says now and said nothing of it, its own left out.

    Only uses count in threads that everybody sees who sees the practice, strangers aside, so that its score tells
    nobody of what they may not see.
    """
    silent = Reuse.objects.filter(
        practice=practice, until__isnull=True, practice_version__gte=practice.judged_from, by__is_active=True,
        by__source_site="", thread__audience=Audience.SPACE,
    )  # fmt: skip
    seen = Q(thread__space__audience=Space.Audience.NETWORK)
    if practice.audience not in BEYOND_THE_SPACE:
        seen |= Q(thread__space=practice.space_id)
    heard = {practice.organization_id, *(each.organization for each in said)}
    users = silent.filter(seen).exclude(by__organization__in=heard).order_by()
    return users.values("by__organization").distinct().count()


def own_verdict(viewer: Member, practice: Practice) -> Verdict | None:
    """What the viewer says of a practice."""
    return standing_verdicts(practice).filter(member=viewer).first()


def verdicts_shown(viewer: Member, practice: Practice) -> list[Verdict]:
    """What members say of a practice that the viewer sees, the newest first, with words that may be shown to them.

    What was said before the practice was shown to more people keeps its words for those of the organization that said
    it, and who may read all of the practice: for others `environment` and `note` are empty.
    """
    rows = standing_verdicts(practice).select_related("organization", "member", "answered_by").order_by("-at", "-pk")
    found = list(rows)
    if practice.widened_at is None or sees_all_of(viewer, practice):
        return found
    for row in found:
        if not is_told(viewer, row, practice.widened_at):
            row.environment, row.note = "", ""
    return found


def is_told(viewer: Member, verdict: Verdict, widened_at: datetime) -> bool:
    """Whether the viewer may read the words of a verdict on a practice that was shown to more people at that time."""
    return verdict.at >= widened_at or verdict.organization_id == viewer.organization_id


def voices(viewer: Member, practice: Practice) -> list[Voice]:
    """One verdict for each organization, the one that counts; those that count no more come last."""
    shown = verdicts_shown(viewer, practice)
    said = {row: Said(row.organization_id, row.kind, row.at, row.pk, row.answered_by_id is not None) for row in shown}
    now = counted(each for row, each in said.items() if row.version >= practice.judged_from)
    before = counted(each for row, each in said.items() if row.version < practice.judged_from)
    heard = {each.id for each in (before | now).values()}
    members = Counter(row.organization_id for row in shown)
    found = [
        Voice(row, counts=row.version >= practice.judged_from, others=members[row.organization_id] - 1)
        for row in shown
        if row.pk in heard
    ]
    return sorted(found, key=lambda voice: not voice.counts)


def standing_against(viewer: Member, practice: Practice) -> list[Verdict]:
    """What stands against a practice unanswered, the most serious first, as the viewer may read it."""
    found = [row for row in verdicts_shown(viewer, practice) if row.kind in AGAINST and row.answered_by_id is None]
    return sorted(found, key=lambda row: (-AGAINST.index(Verdict.Kind(row.kind)), row.pk))


def newest_text(practice: Practice) -> int:
    """The number of the newest version in which the text is another than before."""
    texts = PracticeVersion.objects.filter(practice=practice).exclude(kind=PracticeVersion.Kind.STATE)
    return texts.order_by("-number").values_list("number", flat=True).first() or 1


def organizations_needed() -> int:
    """How many organizations have to say that a practice works: fewer where few take part in the network."""
    active = Member.objects.filter(organization=OuterRef("pk"), is_active=True, source_site="")
    taking_part = Organization.objects.exclude(kind=Organization.Kind.IMPORTED).filter(Exists(active))
    return needed(len(taking_part.values_list("pk")[:FEW_ORGANIZATIONS]))
