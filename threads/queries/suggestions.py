"""Suggested edits: seen by who made them and by those who may decide, as long as they see the practice."""

from community.models import Member
from threads.models import Practice, PracticeVersion, Suggestion
from threads.policies.practices import may_decide_suggestion
from threads.queries.archive import practices_visible_to

_PARTS = ("author__organization", "decided_by", "thread__space", "practice__space", "practice__product")


def suggestion_visible_to(viewer: Member, pk: int) -> Suggestion | None:
    """The suggestion, if the viewer may see it."""
    rows = Suggestion.objects.filter(pk=pk, practice__in=practices_visible_to(viewer).values("pk"))
    found = rows.select_related(*_PARTS).first()
    if found is None or (found.author_id != viewer.pk and not may_decide_suggestion(viewer, found)):
        return None
    return found


def suggestions_for(viewer: Member, practice: Practice) -> list[Suggestion]:
    """The suggestions that wait about a practice that the viewer sees: their own, and all when they decide."""
    rows = Suggestion.objects.filter(practice=practice, state=Suggestion.State.OPEN).select_related(*_PARTS)
    return [row for row in rows.order_by("id") if row.author_id == viewer.pk or may_decide_suggestion(viewer, row)]


def writers_between(practice: Practice, after: int, before: int) -> list[str]:
    """The names of those who wrote the versions of a practice between two numbers."""
    rows = PracticeVersion.objects.filter(practice=practice, number__gt=after, number__lt=before)
    return list(dict.fromkeys(rows.order_by("number").values_list("author__name", flat=True)))
