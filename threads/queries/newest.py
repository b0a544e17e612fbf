"""What fits filters, whatever it says: the newest things that the viewer may see.

Asked of the things and not of the index, so that a filter is answered by an index of theirs, and what nothing fulfils
is not looked for among all entries.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery

from community.queries.members import members_visible_to
from threads.models import Post, SearchEntry
from threads.queries.among import among
from threads.queries.archive import current, practices_visible_to
from threads.queries.candidates import Candidate
from threads.queries.findable import POSTS, Findable
from threads.queries.narrowing import by_authors, of_members, of_playbooks, of_practices, of_threads
from threads.queries.playbooks import playbooks_visible_to
from threads.queries.threads import threads_visible_to

UNTITLED = (SearchEntry.Kind.POST, SearchEntry.Kind.EVENT)
FITTING = (1_000, 8_000)  # of what fits so many things are listed, and where too few of these have the words, so many


class _List(NamedTuple):
    """Things of one kind that fit, the newest first: their entries are of these kinds and name them in that column."""

    kinds: tuple[str, ...]
    column: str
    ids: list[int]
    is_whole: bool


class Narrowed:
    """What is found quicker where few things fit its filters: a common word has too many entries to look at each.

    The things that fit are listed once that is asked for, of each kind up to the first of FITTING. Places are
    `in_title` where only entries with a title are.
    """

    def __init__(self, findable: Findable) -> None:
        self.findable = findable

    @property
    def whole(self) -> Findable:
        """Where all that fits is: among listed things, of kinds that have no more."""
        return self.findable if self.findable.is_plain else self._place(self._first)

    def newest(self, *, in_title: bool) -> Iterator[Findable]:
        """Where the newest of much that fits is, then where more of it is; nothing where all is listed."""
        for lists in self._lists():
            if not _are_whole(lists):
                yield self._place(lists, in_title=in_title, newest=True)

    def last(self, *, in_title: bool) -> tuple[Findable, bool]:
        """Where all that fits is, after the newest, and whether all of it is listed."""
        *_before, lists = self._lists()
        return self._place(lists, in_title=in_title), _are_whole(lists)

    def _lists(self) -> Iterator[list[_List]]:
        yield self._first
        if not _are_whole(self._first):
            yield self._second

    @cached_property
    def _first(self) -> list[_List]:
        return _listed(self.findable, FITTING[0])

    @cached_property
    def _second(self) -> list[_List]:
        return _listed(self.findable, FITTING[1])

    def _place(self, lists: list[_List], *, in_title: bool = False, newest: bool = False) -> Findable:
        place = Q(pk__in=[])
        for each in lists:
            some = Q(kind__in=[kind for kind in each.kinds if kind not in UNTITLED or not in_title])
            place |= some & Q(among(each.column, each.ids)) if newest or each.is_whole else some
        return replace(self.findable, within=place)


def _listed(findable: Findable, most: int) -> list[_List]:
    lists = []
    for kinds, column, things in _things(findable):
        ids = list(things.order_by("-pk").values_list("pk", flat=True)[: most + 1])
        lists.append(_List(kinds, column, ids[:most], len(ids) <= most))
    return lists


def _are_whole(lists: list[_List]) -> bool:
    return all(each.is_whole for each in lists)


def newest(findable: Findable, most: int) -> list[Candidate]:
    """Up to `most` entries of what is findable, the newest first: of threads the problem, or all that an author wrote.

    Their texts are not read: without words there is nothing to rank.
    """
    fitting = Q(pk__in=[])
    for kinds, place, things in _things(findable):
        ids = list(things.order_by("-pk").values_list("pk", flat=True)[:most])
        # Of a thread the problem, of an author all that they wrote.
        fitting |= Q(kind__in=kinds[:1] if place == "subject_id" else kinds) & Q(among(place, ids))
    entries = SearchEntry.objects.filter(fitting).order_by("-pk")
    return [Candidate(*row) for row in entries.values_list("kind", "subject_id", "object_id")[:most]]


def _things(findable: Findable) -> Iterator[tuple[tuple[str, ...], str, "QuerySet[Any]"]]:
    """For each kind: that of its entries, which column names the thing, and the things that fit."""
    viewer, filters = findable.viewer, findable.filters
    if SearchEntry.Kind.THREAD in findable.kinds:
        threads = threads_visible_to(viewer).filter(of_threads(viewer, filters))
        written = by_authors(filters)
        if written:
            seen = threads.order_by().filter(pk=OuterRef("thread_id")).values("pk")
            posts = Post.objects.filter(written, deleted_at__isnull=True, thread_id=Subquery(seen))
            yield POSTS[:2], "object_id", posts
        else:
            yield POSTS, "subject_id", threads
    if SearchEntry.Kind.PRACTICE in findable.kinds:
        practices = current(practices_visible_to(viewer)).filter(of_practices(viewer, filters))
        yield (SearchEntry.Kind.PRACTICE,), "subject_id", practices
    if SearchEntry.Kind.PLAYBOOK in findable.kinds:
        playbooks = playbooks_visible_to(viewer).filter(retired_at__isnull=True)
        yield (SearchEntry.Kind.PLAYBOOK,), "subject_id", playbooks.filter(of_playbooks(viewer, filters))
    if SearchEntry.Kind.MEMBER in findable.kinds:
        members = members_visible_to(viewer).filter(is_active=True).filter(of_members(viewer, filters))
        yield (SearchEntry.Kind.MEMBER,), "subject_id", members
