"""Earlier texts of an archive's posts."""

from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef

from community.actions.importing import Archive, lock_archive
from community.events import action
from threads.actions.importing.lookups import known_posts, known_revisions
from threads.actions.importing.members import import_people
from threads.models import Post, PostRevision
from threads.rules.imported import ImportedRevision


@action
def import_revisions(*, archive: Archive, revisions: Sequence[ImportedRevision]) -> tuple[set[str], int]:
    """Append the revisions that are not there, in the order given: their ids, and how many editors became members.

    What a revision does not change, it takes on from the one before. A post's version is its newest revision's number.
    """
    lock_archive(archive)
    known = known_revisions(archive.site, (revision.origin.id for revision in revisions))
    new = [revision for revision in revisions if revision.origin.id not in known]
    places = known_posts(archive.site, (revision.post for revision in new))
    new = [revision for revision in new if revision.post in places]
    editors, people = import_people(
        archive=archive, people=[revision.editor for revision in new if revision.editor is not None]
    )
    newest = _newest({place.post for place in places.values()})
    rows = []
    for revision in new:
        post = places[revision.post].post
        rows.append(_row(archive, revision, post, editors, newest.get(post)))
        newest[post] = rows[-1]
    PostRevision.objects.bulk_create(rows)
    _set_versions(rows)
    return {revision.origin.id for revision in new}, people


def _newest(posts: set[int]) -> dict[int, PostRevision]:
    """The newest revision of each post that has one."""
    newer = PostRevision.objects.filter(post=OuterRef("post"), number__gt=OuterRef("number"))
    rows = PostRevision.objects.filter(~Exists(newer), post__in=posts)
    return {row.post_id: row for row in rows}


def _row(
    archive: Archive, revision: ImportedRevision, post: int, editors: dict[str, int], before: PostRevision | None
) -> PostRevision:
    earlier_body, earlier_title = (before.body, before.title) if before else ("", "")
    return PostRevision(
        post_id=post, number=before.number + 1 if before else 1,
        body=earlier_body if revision.body is None else revision.body,
        title=earlier_title if revision.title is None else revision.title,
        editor_id=editors[revision.editor.id] if revision.editor else None, at=revision.at, reason=revision.reason,
        source_site=archive.site, source_id=revision.origin.id, source_url=revision.origin.url,
        source_license=revision.origin.license,
    )  # fmt: skip


def _set_versions(rows: Iterable[PostRevision]) -> None:
    posts: dict[int, list[int]] = {}
    for post, number in {row.post_id: row.number for row in rows}.items():
        posts.setdefault(number, []).append(post)
    for number, keys in posts.items():
        Post.objects.filter(pk__in=keys).update(version=number)
