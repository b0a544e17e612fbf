"""A member's inbox, without anything they may no longer see."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from django.db.models import CharField, F, QuerySet, Subquery

from community.events.reactors import Label, describe, seen_among, seen_by_marks
from community.facts.inbox import NoticeKind, notice_kind, notice_kinds
from community.models import InboxItem, InboxSetting, Member
from community.queries.prepared import Prepared
from community.rules.memo import Memo

MOST_COUNTED = 100
_MOST_TOLD = 5_000
_MOST_COUNTS = 20_000

_counts: Memo[int | None] = Memo(most=_MOST_COUNTS, size=lambda _count: 1, weigh=lambda _facts: 0)


@dataclass(frozen=True)
class Notice:
    """One line of the inbox: who did what, and where it leads; `note` are words that the member themselves chose."""

    item: InboxItem
    kind: NoticeKind
    url: str
    note: str = ""
    words: str = ""

    @property
    def sentence(self) -> str:
        """What happened."""
        return self.words or str(self.kind.sentence)


@dataclass(frozen=True)
class NoticeGroup:
    """The lines about one thread, or other subject, newest first."""

    subject: str
    label: Label
    notices: list[Notice]

    @property
    def unread(self) -> int:
        """How many lines have not been read."""
        return sum(notice.item.read_at is None for notice in self.notices)


@dataclass(frozen=True)
class InboxPage:
    """A page of the inbox, and the id to go on from; None at the end."""

    groups: list[NoticeGroup]
    next: int | None


def inbox_of(
    member: Member,
    *,
    before: int | None = None,
    unread_only: bool = False,
    limit: int = 50,
    kinds: tuple[str, ...] = (),
) -> InboxPage:
    """The member's notices, newest subject first; those about things they may no longer see are left out.

    With `kinds` only those.
    """
    asked = _items(unread_only, limit + 1, kinds)
    rows = (asked(member, before=before) if before else asked(member)).things()
    more, rows = len(rows) > limit, rows[:limit]
    return InboxPage(_grouped(member, rows), rows[-1].pk if more else None)


@cache
def _items(unread_only: bool, limit: int, kinds: tuple[str, ...]) -> Prepared[InboxItem]:
    def build(viewer: Member, before: int | None = None) -> QuerySet[InboxItem]:
        items = unread_items(viewer) if unread_only else InboxItem.objects.filter(member=viewer)
        items = items.filter(kind__in=kinds) if kinds else items
        found = items if before is None else items.filter(pk__lt=before)
        return found.select_related("actor__organization")[:limit]

    return Prepared(build)


def _grouped(member: Member, rows: list[InboxItem]) -> list[NoticeGroup]:
    labels = describe(member, {row.subject for row in rows} | {row.target for row in rows})
    newest = {row.subject: row.pk for row in reversed(rows)}
    rows = [row for row in rows if row.subject in labels]
    rows.sort(key=lambda row: (-newest[row.subject], row.subject, -row.pk))
    return [
        NoticeGroup(subject, labels[subject], [_notice(row, labels) for row in group])
        for subject, group in groupby(rows, key=lambda row: row.subject)
    ]


def _notice(row: InboxItem, labels: dict[str, Label]) -> Notice:
    label = labels.get(row.target, labels[row.subject])
    return Notice(row, notice_kind(row.kind), label.url, label.note, label.words)


def unread_items(member: Member) -> QuerySet[InboxItem]:
    """What the member has not read, seen or unseen."""
    return InboxItem.objects.filter(member=member, read_at__isnull=True)


class _Joined(Subquery):
    """What a query finds in its column `told` as one text, with spaces between; None when it finds nothing."""

    template = "(SELECT GROUP_CONCAT(told, ' ') FROM (%(subquery)s) AS found)"

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """As PostgreSQL calls it."""
        return self.as_sql(
            compiler, connection, self.template.replace("GROUP_CONCAT(told", "STRING_AGG(told::text"), **more
        )


def unread_subjects(member: Member) -> Subquery:
    """What the member's unread notices are about, as one text, as far as they are counted; for a query's column."""
    return _joined(member, "subject")


def unread_ids(member: Member) -> Subquery:
    """Which unread notices of the member are counted, which takes the database less."""
    return _joined(member, "pk")


def _joined(member: Member, column: str) -> Subquery:
    return _Joined(unread_items(member).values(told=F(column))[:MOST_COUNTED], output_field=CharField())


def _subjects(viewer: Member) -> "QuerySet[Any, Any]":
    return Member.objects.filter(pk=viewer.pk).annotate(told=unread_subjects(viewer)).values_list("told")


_unread_subjects: Prepared[Any] = Prepared(_subjects)


def _named(viewer: Member, ids: list[int]) -> "QuerySet[Any, Any]":
    return InboxItem.objects.filter(member=viewer, pk__in=ids).values_list("subject")


_subjects_of: Prepared[Any] = Prepared(_named)


def unread_count(member: Member) -> int:
    """How many unread notices are about things the member may see; counted up to MOST_COUNTED."""
    rows = _unread_subjects(member).rows
    return count_seen(member, rows[0][0] if rows else None)


def count_seen(member: Member, subjects: str | None) -> int:
    """How many of the `unread_subjects` the member may see."""
    if not subjects:
        return 0
    times = _times(subjects)
    return sum(times[subject] for subject in seen_among(member, times))


def count_by_marks(member: Member, ids: str | None, marks: Hashable) -> int:
    """How many of the `unread_ids` are about things the member may see.

    Found out once while the marks of the member and of who sees what are these, where they are all it takes.
    """
    if not ids:
        return 0
    found = _counts.get((member.pk, ids, marks), lambda: _counted(member, ids))
    return unread_count(member) if found is None else found


def _counted(member: Member, ids: str) -> int | None:
    """How many of these, whatever came since; None when that is to be found out each time."""
    found = _subjects_of(member, ids=[int(each) for each in ids.split()])
    subjects = " ".join(row[0] for row in found.rows)
    return count_seen(member, subjects) if seen_by_marks(_times(subjects)) else None


@lru_cache(maxsize=_MOST_TOLD)
def _times(subjects: str) -> Counter[str]:
    return Counter(subjects.split())


def settings_of(member: Member) -> list[tuple[NoticeKind, bool]]:
    """Every kind of notice, and whether the member wants it."""
    chosen = dict(InboxSetting.objects.filter(member=member).values_list("kind", "wanted"))
    return [(kind, chosen.get(kind.name, True)) for kind in notice_kinds()]
