"""What changed in a thread since a member was there, in a fixed number of queries however much it is."""

from django.db.models import Q

from community.models import Member
from threads.models import RECORD_FIELDS, Post, ReadPosition, RecordVersion, Thread, TimelineEntry
from threads.queries.timeline import told_to, with_what_they_name
from threads.rendering.since import NewInRecord, NewPosts, Since

MOST_LINES = 8
_MOST_POSTS = 200
_MOST_ENTRIES = 100
_MOST_VERSIONS = 20


def since(viewer: Member, thread: Thread) -> Since:
    """What others changed in a thread that was loaded through the viewer; at most eight lines in all."""
    position = ReadPosition.objects.filter(member=viewer, thread=thread).first()
    if position is None:
        return Since()
    posts = _posts(viewer, thread, position) if thread.last_number > position.number else None
    record = _record(viewer, thread, position)
    entries = _entries(viewer, thread, position)
    room = MOST_LINES - (posts is not None) - (record is not None)
    return Since(position.at, position.number, posts, record, entries[:room][::-1], max(0, len(entries) - room))


def _posts(viewer: Member, thread: Thread, position: ReadPosition) -> NewPosts | None:
    new = Post.objects.filter(thread=thread, number__gt=position.number, deleted_at__isnull=True).exclude(author=viewer)
    shown = ("number", "created_at", "author__handle", "author__name")
    rows = list(new.select_related("author").only(*shown).order_by("-number")[: _MOST_POSTS + 1])
    if not rows:
        return None
    kept = rows[:_MOST_POSTS]
    wrote: dict[int, int] = {}
    for row in kept:
        wrote[row.author_id] = wrote.get(row.author_id, 0) + 1
    authors = {row.author_id: row.author for row in kept}
    most_first = sorted(authors.values(), key=lambda author: -wrote[author.pk])
    first = position.number + 1 if len(rows) > len(kept) else kept[-1].number
    return NewPosts(len(kept), len(rows) > len(kept), tuple(most_first), first, kept[0].created_at)


def _entries(viewer: Member, thread: Thread, position: ReadPosition) -> list[TimelineEntry]:
    new = told_to(viewer, TimelineEntry.objects.filter(thread=thread, pk__gt=position.entry))
    others = new.filter(Q(actor__isnull=True) | ~Q(actor=viewer))
    return list(with_what_they_name(others).order_by("-pk")[:_MOST_ENTRIES])


def _record(viewer: Member, thread: Thread, position: ReadPosition) -> NewInRecord | None:
    """What the versions since then changed, against the last one before."""
    rows = RecordVersion.objects.filter(record=thread.pk).select_related("author").order_by("-number")
    versions = list(rows[:_MOST_VERSIONS])
    new = [row for row in versions if row.seq > position.record_version and row.author_id != viewer.pk]
    if not new:
        return None
    before: dict[str, str] = next((row.fields for row in versions if row.seq <= position.record_version), {})
    now = versions[0].fields
    changed = tuple(name for name in RECORD_FIELDS if now.get(name, "") != before.get(name, ""))
    authors = {row.author.pk: row.author for row in new if row.author is not None}
    return NewInRecord(changed, tuple(authors.values()), new[0].at) if changed else None
