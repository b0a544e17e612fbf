"""Reviews and what is said in them, for those who may see them."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from community.events.reactors import Label
from community.models import Member
from threads.models import RECORD_FIELDS, Practice, PracticeVersion, Review, ReviewComment
from threads.policies.desk import may_see_review
from threads.queries.archive import practices_visible_to
from threads.rules.reviews import line_of

_PARTS = (
    "practice__space", "practice__product", "practice__organization", "practice__center", "practice__owner",
    "practice__claimed_by", "practice__recorded_by__organization", "opened_by", "decided_by__organization",
)  # fmt: skip


def review_visible_to(viewer: Member, pk: int) -> Review | None:
    """A review, when the viewer may see it."""
    seen = Review.objects.filter(practice__in=practices_visible_to(viewer).values("pk"))
    review = seen.select_related(*_PARTS).filter(pk=pk).first()
    return review if review is not None and may_see_review(viewer, review) else None


def open_review_of(practice: Practice) -> Review | None:
    """The review of a practice that is not decided, if there is one."""
    return Review.objects.filter(practice=practice).exclude(state=Review.State.CLOSED).first()


def reviews_of(practice: Practice, *, limit: int = 5) -> list[Review]:
    """What came of the reviews of a practice, the newest first."""
    closed = Review.objects.filter(practice=practice, state=Review.State.CLOSED)
    return list(closed.select_related("decided_by").order_by("-pk")[:limit])


def comments_of(review: Review) -> QuerySet[ReviewComment]:
    """What is said in a review, in order."""
    return review.comments.select_related("author__organization", "done_by").order_by("pk")


def comment_visible_to(viewer: Member, pk: int) -> ReviewComment | None:
    """A comment, when the viewer may see its review."""
    found = ReviewComment.objects.select_related("review__practice__space").filter(pk=pk)
    comment = found.filter(review__practice__in=practices_visible_to(viewer).values("pk")).first()
    return comment if comment is not None and may_see_review(viewer, comment.review) else None


def texts_at(practice: Practice, number: int) -> dict[str, str]:
    """Title and fields of a version; nothing for one that there is not."""
    if number == practice.version:
        return {"title": practice.title, **practice.fields}
    row = PracticeVersion.objects.filter(practice=practice, number=number).first()
    return {"title": row.title, **row.fields} if row is not None else {}


@dataclass
class Placed:
    """The comments of a review where they belong: at a line, at a field, at the whole, and at what is gone."""

    at_line: dict[tuple[str, int], list[ReviewComment]] = field(default_factory=dict)
    at_field: dict[str, list[ReviewComment]] = field(default_factory=dict)
    general: list[ReviewComment] = field(default_factory=list)
    earlier: list[ReviewComment] = field(default_factory=list)


def placed(review: Review, texts: dict[str, str]) -> Placed:
    """The comments of a review, found in the text as it is now by what they quote."""
    found = Placed()
    for comment in comments_of(review):
        if not comment.field:
            found.general.append(comment)
        elif comment.line is None:
            found.at_field.setdefault(comment.field, []).append(comment)
        else:
            line = line_of(comment.quote, comment.line, texts.get(comment.field, ""))
            if line is None:
                found.earlier.append(comment)
            else:
                found.at_line.setdefault((comment.field, line), []).append(comment)
    return found


def fields_under_review() -> tuple[str, ...]:
    """What of a practice is compared, in order."""
    return ("title", *RECORD_FIELDS)


def describe_reviews(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """What an inbox calls the reviews that the viewer may see: their practices."""
    found = Review.objects.filter(pk__in=ids, practice__in=practices_visible_to(viewer).values("pk"))
    rows = found.select_related("practice__space", "practice__product", "practice__organization")
    seen = [row for row in rows if may_see_review(viewer, row)]
    return {row.pk: Label(row.practice.title, row.get_absolute_url()) for row in seen}


def seen_reviews(viewer: Member, ids: list[int]) -> set[int]:
    """Those of the reviews that the viewer may see."""
    return set(describe_reviews(viewer, set(ids)))
