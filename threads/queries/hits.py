"""From ranked entries to what a page or the API shows."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString

from community.models import Member
from community.queries.members import members_visible_to
from community.rendering.markdown import plain_text
from threads.models import Post, Practice, Resolution, SearchEntry, Thread
from threads.queries.archive import practices_visible_to, with_card_parts
from threads.queries.candidates import Ranked
from threads.queries.findable import POSTS
from threads.queries.threads import threads_visible_to, with_row_parts
from threads.rendering.highlights import highlighted, highlighted_excerpt

Subject = Thread | Practice | Member


@dataclass(frozen=True)
class Hit:
    """One thing found. `highlight` and `heading` (the title) are safe HTML with the words found in `<mark>`.

    `url` opens a thread at its best post. `subject` is the thread, practice or member itself, with what a row shows.
    """

    kind: str
    id: int
    title: str
    url: str
    score: float
    highlight: SafeString
    heading: SafeString
    source: dict[str, str] | None
    subject: Subject


def hits(viewer: Member, ranked: list[Ranked], terms: Collection[str]) -> list[Hit]:
    """Hits in the same order, loaded through the viewer; what they may not see (any more) is left out."""
    subjects = _subjects(viewer, [row.candidate.subject for row in ranked])
    fixes = _fixes(pk for kind, pk in subjects if kind == "thread")
    posts = _posts(row for row in ranked if row.candidate.subject in subjects)
    return [
        _hit(row, subjects[row.candidate.subject], posts.get(row.candidate.object_id), fixes, terms)
        for row in ranked
        if row.candidate.subject in subjects
    ]


def _subjects(viewer: Member, keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Subject]:
    ids: dict[str, list[int]] = {}
    for kind, pk in keys:
        ids.setdefault(kind, []).append(pk)
    found: dict[tuple[str, int], Subject] = {}
    if "thread" in ids:
        threads = with_row_parts(threads_visible_to(viewer).filter(pk__in=ids["thread"]))
        found |= {("thread", thread.pk): thread for thread in threads}
    if "practice" in ids:
        practices = with_card_parts(practices_visible_to(viewer).filter(pk__in=ids["practice"]))
        found |= {("practice", practice.pk): practice for practice in practices}
    if "member" in ids:
        found |= {("member", member.pk): member for member in members_visible_to(viewer).filter(pk__in=ids["member"])}
    return found


def _posts(ranked: Iterable[Ranked]) -> Mapping[int, Post]:
    """The best posts of threads that the viewer may see."""
    ids = [row.candidate.object_id for row in ranked if row.candidate.kind in POSTS]
    return Post.objects.filter(deleted_at__isnull=True).in_bulk(ids) if ids else {}


def _fixes(thread_ids: Iterable[int]) -> dict[int, str]:
    """What is said to have fixed the threads."""
    standing = Resolution.objects.filter(thread_id__in=list(thread_ids), reopened_at__isnull=True)
    return dict(standing.values_list("thread_id", "summary"))


def _hit(row: Ranked, subject: Subject, post: Post | None, fixes: Mapping[int, str], terms: Collection[str]) -> Hit:
    kind, pk = row.candidate.subject
    title = str(subject)
    shown = post if row.candidate.kind == SearchEntry.Kind.POST and post else subject
    return Hit(
        kind=kind,
        id=pk,
        title=title,
        url=shown.get_absolute_url(),
        score=round(row.score, 4),
        highlight=highlighted_excerpt(_text(subject, post, fixes), terms),
        heading=highlighted(title, terms),
        source=subject.source,
        subject=subject,
    )


def _text(subject: Subject, post: Post | None, fixes: Mapping[int, str]) -> str:
    """What the entry was made of, except the title."""
    if isinstance(subject, Thread):
        text = plain_text(post.html) if post else ""
        more = [subject.environment, fixes.get(subject.pk, "")] if post and post.is_problem else []
        return " · ".join(part for part in (text, *more) if part)
    if isinstance(subject, Practice):
        return plain_text(f"{subject.problem_html}<br>{subject.cause_html}<br>{subject.resolution_html}")
    return " · ".join(part for part in (f"@{subject.handle}", subject.organization.name, subject.about) if part)
