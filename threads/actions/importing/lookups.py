"""What of an archive is here already, found by the ids it had there."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from threads.models import Post, PostRevision, Practice, Tag, Thread

_IMPORTED = ~Q(source_site="")


@dataclass(frozen=True, slots=True)
class Place:
    """A stored post and its thread."""

    post: int
    thread: int


def known_posts(site: str, ids: Iterable[str]) -> dict[str, Place]:
    """Problems and replies (not notes) from `site` by their ids there."""
    rows = Post.objects.filter(_IMPORTED, source_site=site, source_id__in=set(ids), parent__isnull=True)
    return {key: Place(pk, thread) for key, pk, thread in rows.order_by().values_list("source_id", "pk", "thread_id")}


def known_notes(site: str, ids: Iterable[str]) -> set[str]:
    """Those of the ids that are notes from `site`."""
    rows = Post.objects.filter(_IMPORTED, source_site=site, source_id__in=set(ids), parent__isnull=False)
    return set(rows.order_by().values_list("source_id", flat=True))


def known_threads(site: str, ids: Iterable[str]) -> dict[str, int]:
    """Keys of threads from `site` by their ids there."""
    rows = Thread.objects.filter(_IMPORTED, source_site=site, source_id__in=set(ids))
    return dict(rows.order_by().values_list("source_id", "pk"))


def known_revisions(site: str, ids: Iterable[str]) -> set[str]:
    """Those of the ids that are revisions from `site`."""
    rows = PostRevision.objects.filter(_IMPORTED, source_site=site, source_id__in=set(ids))
    return set(rows.order_by().values_list("source_id", flat=True))


def tag_keys(slugs: Iterable[str]) -> dict[str, int]:
    """Keys of the tags that are there."""
    return dict(Tag.objects.filter(slug__in=set(slugs)).order_by().values_list("slug", "pk"))


def known_practices(site: str, ids: Iterable[str]) -> dict[str, int]:
    """Keys of practices from `site` by their ids there; of one that was merged here, the key of the other."""
    rows = Practice.objects.filter(_IMPORTED, source_site=site, source_id__in=set(ids)).order_by()
    return {key: merged or pk for key, pk, merged in rows.values_list("source_id", "pk", "merged_into_id")}
