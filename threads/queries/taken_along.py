"""What belongs to many practices that somebody takes along, as far as they may read it: a few queries for them all."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from community.models import Member
from threads.models import Practice, PracticeVersion, Verdict
from threads.policies.governance import governance_of
from threads.policies.practices import may_curate, may_edit
from threads.policies.rights import Rights, rights_in
from threads.queries.verdicts import is_told


@dataclass(frozen=True)
class Along:
    """Versions and verdicts by the ids of their practices, oldest first."""

    versions: dict[int, list[PracticeVersion]]
    verdicts: dict[int, list[Verdict]]


def along(viewer: Member | None, practices: Sequence[Practice]) -> Along:
    """Of practices that the viewer sees; without a viewer everything, for those who run the site.

    The same as `versions_shown` and `verdicts_shown` of each.
    """
    versions, verdicts = _versions(practices), _verdicts(practices, standing=viewer is not None)
    if viewer is not None:
        rights: dict[int, Rights] = {}
        widened = [each for each in practices if each.history_from > 1 or each.widened_at is not None]
        for practice in widened:
            if not _sees_all(viewer, practice, rights):
                _keep_back(viewer, practice, versions, verdicts)
    return Along(versions, verdicts)


def _versions(practices: Sequence[Practice]) -> dict[int, list[PracticeVersion]]:
    found: dict[int, list[PracticeVersion]] = defaultdict(list)
    rows = PracticeVersion.objects.filter(practice__in=[each.pk for each in practices])
    related = ("author__organization", "suggested_by__organization", "product")
    for row in rows.select_related(*related).order_by("practice", "number"):
        found[row.practice_id].append(row)
    return found


def _verdicts(practices: Sequence[Practice], *, standing: bool) -> dict[int, list[Verdict]]:
    found: dict[int, list[Verdict]] = defaultdict(list)
    rows = Verdict.objects.filter(practice__in=[each.pk for each in practices])
    if standing:
        rows = rows.filter(superseded_at__isnull=True)
    for row in rows.select_related("member__organization", "organization").order_by("practice", "pk"):
        found[row.practice_id].append(row)
    return found


def _sees_all(viewer: Member, practice: Practice, rights: dict[int, Rights]) -> bool:
    if viewer.organization_id == practice.organization_id:
        return True
    if practice.space_id not in rights:
        rights[practice.space_id] = rights_in(viewer, practice)
    own = rights[practice.space_id]
    if own.curates:
        return True
    governing = governance_of(practice)
    return may_curate(viewer, practice, own, governing) or may_edit(viewer, practice, own, governing)


def _keep_back(
    viewer: Member,
    practice: Practice,
    versions: dict[int, list[PracticeVersion]],
    verdicts: dict[int, list[Verdict]],
) -> None:
    versions[practice.pk] = [row for row in versions[practice.pk] if row.number >= practice.history_from]
    for row in verdicts[practice.pk]:
        if practice.widened_at is not None and not is_told(viewer, row, practice.widened_at):
            row.environment, row.note = "", ""
