"""Changes of a practice that leave its text as it is: each is a version that says why, so that its history tells it."""

from community.models import Member
from community.rules import clock
from threads.models import Practice, PracticeVersion

_WRITTEN = (
    "version",
    "updated_at",
    "place",
    "confidence",
    "basis",
    "follows_record",
    "merged_into",
    "reviewed_version",
)


def keep_state(
    practice: Practice,
    *,
    by: Member,
    reason: str,
    kind: PracticeVersion.Kind = PracticeVersion.Kind.STATE,
    audience_before: str = "",
) -> PracticeVersion:
    """Keep a change of state under the next number. The practice is locked; a text that was reviewed stays reviewed."""
    reviewed = practice.reviewed_version == practice.version
    practice.version += 1
    practice.updated_at = clock.now()
    practice.place = practice.place_now()
    if reviewed:
        practice.reviewed_version = practice.version
    practice.save(update_fields=_WRITTEN)
    moved = {"audience": [audience_before, practice.audience]} if audience_before else {}
    return PracticeVersion.objects.create(
        practice=practice, number=practice.version, title=practice.title, fields=practice.fields,
        product=practice.product, tags=sorted(tag.slug for tag in practice.tags.all()), kind=kind,
        moved=moved, author=by, reason=reason, at=practice.updated_at,
    )  # fmt: skip


def keep_confidence(version: PracticeVersion, before: str, practice: Practice) -> None:
    """Keep with a version how far its practice could be trusted before and after it, where that is not the same."""
    if before != practice.confidence:
        version.moved = version.moved | {"confidence": [before, practice.confidence]}
        version.save(update_fields=["moved"])
