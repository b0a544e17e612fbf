"""All that a practice ever said, and was said of it: where a detail may still stand, and who reads it there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from community.models import Member
from community.policies.spaces import is_curator
from threads.models import (
    RECORD_FIELDS,
    Adoption,
    AudienceChange,
    Post,
    Practice,
    PracticeVersion,
    PublicReport,
    Review,
    ReviewComment,
    Sample,
    Suggestion,
    Verdict,
    WorkingRecord,
)
from threads.policies.desk import may_see_review
from threads.policies.practices import may_decide_suggestion, may_scrub
from threads.policies.public import may_handle_reports
from threads.queries.archive import sees_all_of, source_thread_of
from threads.queries.names import names_watched_for
from threads.rules.details import details

_MOST_POSTS = 300
Rows = Callable[[Sequence[Practice]], QuerySet[Any]]


@dataclass(frozen=True)
class Place:
    """Rows that say something of practices: in columns `texts`, some of them rendered (`html`, by the text's column),
    and in `several`, a column with texts by name. `is_read` says whether somebody who takes details out reads a row.
    """

    name: str
    rows: Rows
    texts: tuple[str, ...] = ()
    several: str = ""
    html: Mapping[str, str] = field(default_factory=dict)
    is_read: Callable[[Member, Any], bool] = lambda _viewer, _row: True

    def said(self, row: Any) -> dict[str, str]:
        """The texts of a row by where they stand in it."""
        texts = {name: getattr(row, name) for name in self.texts}
        more = getattr(row, self.several) if self.several else {}
        return texts | {f"{self.several}.{name}": text for name, text in more.items()}


def _of_practice(model: Any, of: str = "practice") -> Rows:
    return lambda practices: model.objects.filter(**{f"{of}__in": practices}).select_related(of)


def _reads_version(viewer: Member, row: PracticeVersion) -> bool:
    return row.number >= row.practice.history_from or sees_all_of(viewer, row.practice)


def _reads_verdict(viewer: Member, row: Verdict) -> bool:
    told = row.practice.widened_at is None or row.at >= row.practice.widened_at
    return told or viewer.organization_id == row.organization_id or sees_all_of(viewer, row.practice)


def _reads_suggestion(viewer: Member, row: Suggestion) -> bool:
    return row.author_id == viewer.pk or may_decide_suggestion(viewer, row)


PLACES = [
    Place("now", lambda found: Practice.objects.filter(pk__in=[each.pk for each in found]).order_by("merged_into"),
          texts=("title", *RECORD_FIELDS), html={name: f"{name}_html" for name in RECORD_FIELDS}),
    Place("public", lambda found: Practice.objects.filter(pk__in=[each.pk for each in found]), several="public_text"),
    Place("version", _of_practice(PracticeVersion), texts=("title", "reason"), several="fields",
          is_read=_reads_version),
    Place("suggestion", _of_practice(Suggestion), texts=("title", "reason", "reply"), several="fields",
          is_read=_reads_suggestion),
    Place("review", _of_practice(Review), texts=("reason",), is_read=may_see_review),
    Place("comment", _of_practice(ReviewComment, "review__practice"), texts=("quote", "body"), html={"body": "html"},
          is_read=lambda viewer, row: may_see_review(viewer, row.review)),
    Place("verdict", _of_practice(Verdict), texts=("environment", "note"), is_read=_reads_verdict),
    Place("audience", _of_practice(AudienceChange), texts=("reason",)),
    Place("sample", _of_practice(Sample), texts=("comment",),
          is_read=lambda viewer, row: is_curator(viewer, row.round.space)),
    Place(
        "adoption",
        _of_practice(Adoption),
        texts=("variant", "reason"),
        html={"variant": "variant_html"},
        is_read=lambda viewer, row: viewer.organization_id == row.organization_id,
    ),
    Place(
        "report",
        _of_practice(PublicReport),
        texts=("environment", "text"),
        is_read=lambda viewer, row: may_handle_reports(viewer, row.practice),
    ),
]  # fmt: skip


def merged_for(viewer: Member, practice: Practice) -> list[Practice]:
    """The practices that were merged into this one, out of which the viewer may take details too."""
    return [row for row in Practice.objects.filter(merged_into=practice).order_by("pk") if may_scrub(viewer, row)]


def texts_ever(practices: Sequence[Practice], viewer: Member | None = None) -> dict[str, str]:
    """Every text of some practices by its place; with `viewer`, those that they may read."""
    return {
        f"{place.name}:{row.pk}:{name}": text
        for place in PLACES
        for row in place.rows(practices)
        if viewer is None or place.is_read(viewer, row)
        for name, text in place.said(row).items()
    }


@dataclass(frozen=True)
class InThread:
    """Where the thread that a practice comes from tells of somebody: in these posts, and in its record."""

    posts: list[Post]
    record: WorkingRecord | None


def said_in_thread(viewer: Member, practice: Practice) -> InThread:
    """What taking details out of a practice does not reach, as far as the viewer sees that thread; its first posts."""
    thread = source_thread_of(viewer, practice)
    if thread is None:
        return InThread([], None)
    names = names_watched_for(viewer)
    posts = Post.objects.filter(thread=thread, deleted_at__isnull=True).order_by("number")[:_MOST_POSTS]
    record = WorkingRecord.objects.filter(pk=thread.pk).first()
    told = record is not None and any(details(text, names) for text in record.fields.values())
    return InThread([post for post in posts if details(post.body, names)], record if told else None)
