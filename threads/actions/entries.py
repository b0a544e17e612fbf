"""What the search index says of each thing: the words of what it says now."""

from collections.abc import Iterable

from django.db.models import Prefetch

from community.models import Member
from community.rendering.markdown import plain_text
from threads.models import Playbook, Post, Practice, Resolution, SearchEntry, Thread, TimelineEntry
from threads.rendering.event_texts import text_of_entry
from threads.rendering.playbook_texts import text_of_playbook
from threads.rules.ranking import size
from threads.rules.words import terms_of

MAX_TEXT = 40_000


def with_labels(thread_ids: Iterable[int]) -> dict[int, Thread]:
    """Threads with what their entries say of them."""
    threads = Thread.objects.filter(pk__in=list(thread_ids)).select_related("product", "product_version", "record")
    standing = Prefetch("resolutions", Resolution.objects.filter(reopened_at__isnull=True))
    return {thread.pk: thread for thread in threads.prefetch_related("tags", standing)}


def labels_in_replies(thread: Thread) -> str:
    """What a reply is found by besides its own text."""
    return words_of(thread.title, *_labels(thread))


def post_entry(post: Post, thread: Thread) -> SearchEntry:
    """Of a problem, with what its thread's record and resolution say, or of a reply."""
    text = plain_text(post.html)
    if post.is_problem:
        title, labels = words_of(thread.title), words_of(*_labels(thread))
        fixes = (resolution.summary for resolution in thread.resolutions.all())
        body = words_of(text, thread.environment, *fixes, _record(thread))
        return _entry(SearchEntry.Kind.THREAD, thread.pk, post.pk, title=title, labels=labels, body=body)
    labels = labels_in_replies(thread)
    return _entry(SearchEntry.Kind.POST, thread.pk, post.pk, title="", labels=labels, body=words_of(text))


def event_entry(entry: TimelineEntry) -> SearchEntry:
    """Of what somebody wrote into a timeline."""
    text = words_of(text_of_entry(entry.kind, entry.data))
    return _entry(SearchEntry.Kind.EVENT, entry.thread_id, entry.pk, title="", labels="", body=text)


def practice_entry(practice: Practice) -> SearchEntry:
    """Of a practice: its four fields."""
    texts = (practice.problem_html, practice.environment_html, practice.cause_html, practice.resolution_html)
    body = words_of(*(plain_text(text) for text in texts))
    title, labels = words_of(practice.title), words_of(*_labels(practice))
    return _entry(SearchEntry.Kind.PRACTICE, practice.pk, practice.pk, title=title, labels=labels, body=body)


def playbook_entry(playbook: Playbook) -> SearchEntry:
    """Of a playbook: what it is for, and its steps with their answers."""
    body = words_of(text_of_playbook(playbook))
    title, labels = words_of(playbook.title), words_of(*_labels(playbook))
    return _entry(SearchEntry.Kind.PLAYBOOK, playbook.pk, playbook.pk, title=title, labels=labels, body=body)


def member_entry(member: Member, declared: list[str]) -> SearchEntry:
    """Of a member: name, handle, where they work, what they say of themselves and what they declared."""
    labels = words_of(member.organization.name, member.center.name if member.center else "", *declared)
    title, about = words_of(member.name, member.handle), words_of(member.about)
    return _entry(SearchEntry.Kind.MEMBER, member.pk, member.pk, title=title, labels=labels, body=about)


def words_of(*texts: str) -> str:
    """The words of texts as the index keeps them."""
    return " ".join(term for text in texts for term in terms_of(text[:MAX_TEXT]))


def _record(thread: Thread) -> str:
    """What the working record says."""
    record = getattr(thread, "record", None)
    return "\n".join(record.fields.values()) if record else ""


def _labels(thing: Thread | Practice | Playbook) -> list[str]:
    """Product, version and tags."""
    version = thing.product_version if isinstance(thing, Thread) else None
    names = [thing.product.name] if thing.product else []
    names += [version.name] if version else []
    return names + [tag.slug for tag in thing.tags.all()]


def _entry(kind: str, subject_id: int, object_id: int, **texts: str) -> SearchEntry:
    return SearchEntry(kind=kind, subject_id=subject_id, object_id=object_id, size=size(**texts), **texts)
