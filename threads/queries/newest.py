"""What fits filters, whatever it says: the newest things that the viewer may see.

Asked of the things and not of the index, so that a filter is answered by an index of theirs, and what nothing fulfils
is not looked for among all entries.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from community.queries.members import members_visible_to
from threads.models import Post, SearchEntry
from threads.queries.archive import current, practices_visible_to
from threads.queries.candidates import Candidate
from threads.queries.findable import POSTS, Findable
from threads.queries.narrowing import by_authors, of_members, of_playbooks, of_practices, of_threads
from threads.queries.playbooks import playbooks_visible_to
from threads.queries.threads import threads_visible_to

MOST_FITTING = 1_000


@dataclass(frozen=True)
class Narrowed:
    """`whole` is where all that fits the filters is; `newest` where the newest of it are, where it is much."""

    whole: Findable
    newest: Findable | None = None


def narrowed(among: Findable) -> Narrowed:
    """The same, found quicker where few things fit the filters: a common word has too many entries to look at each."""
    if among.is_plain:
        return Narrowed(among)
    whole = latest = Q(pk__in=[])
    for kinds, place, things in _things(among):
        ids = list(things.order_by("-pk").values_list("pk", flat=True)[: MOST_FITTING + 1])
        some = Q(kind__in=kinds, **{f"{place}__in": ids[:MOST_FITTING]})
        latest |= some
        whole |= Q(kind__in=kinds) if len(ids) > MOST_FITTING else some
    return Narrowed(replace(among, within=whole), None if whole == latest else replace(among, within=latest))


def newest(among: Findable, most: int) -> list[Candidate]:
    """Up to `most` entries of what is findable, the newest first: of threads the problem, or all that an author wrote.

    Their texts are not read: without words there is nothing to rank.
    """
    fitting = Q(pk__in=[])
    for kinds, place, things in _things(among):
        ids = list(things.order_by("-pk").values_list("pk", flat=True)[:most])
        # Of a thread the problem, of an author all that they wrote.
        fitting |= Q(kind__in=kinds[:1] if place == "subject_id" else kinds, **{f"{place}__in": ids})
    entries = SearchEntry.objects.filter(fitting).order_by("-pk")
    return [Candidate(*row) for row in entries.values_list("kind", "subject_id", "object_id")[:most]]


def _things(among: Findable) -> Iterator[tuple[tuple[str, ...], str, "QuerySet[Any]"]]:
    """For each kind: that of its entries, which column names the thing, and the things that fit."""
    viewer, filters = among.viewer, among.filters
    if SearchEntry.Kind.THREAD in among.kinds:
        threads = threads_visible_to(viewer).filter(of_threads(viewer, filters))
        written = by_authors(filters)
        if written:
            seen = threads.order_by().filter(pk=OuterRef("thread_id")).values("pk")
            posts = Post.objects.filter(written, deleted_at__isnull=True, thread_id=Subquery(seen))
            yield POSTS[:2], "object_id", posts
        else:
            yield POSTS, "subject_id", threads
    if SearchEntry.Kind.PRACTICE in among.kinds:
        practices = current(practices_visible_to(viewer)).filter(of_practices(viewer, filters))
        yield (SearchEntry.Kind.PRACTICE,), "subject_id", practices
    if SearchEntry.Kind.PLAYBOOK in among.kinds:
        playbooks = playbooks_visible_to(viewer).filter(retired_at__isnull=True)
        yield (SearchEntry.Kind.PLAYBOOK,), "subject_id", playbooks.filter(of_playbooks(viewer, filters))
    if SearchEntry.Kind.MEMBER in among.kinds:
        members = members_visible_to(viewer).filter(is_active=True).filter(of_members(viewer, filters))
        yield (SearchEntry.Kind.MEMBER,), "subject_id", members
