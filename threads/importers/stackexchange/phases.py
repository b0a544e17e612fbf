"""The second pass: staged rows become what the actions store, slice by slice, one kind of thing after the other."""

from collections.abc import Iterator, Sequence
from sqlite3 import Row

from django.utils.translation import gettext as _

from community.actions.importing import known_members
from reputation.actions.importing import known_badges
from threads.actions import importing
from threads.actions.importing.lookups import known_notes, known_posts, known_revisions, tag_keys
from threads.actions.importing.relations import known_links, links_of
from threads.actions.importing.votes import counted
from threads.importers.run import Counted, Import, Phase, number_of, taken
from threads.importers.stackexchange.mapping import Mapping
from threads.importers.staging import Staging
from threads.rules.imported import ImportedNote, ImportedRelation, ImportedReply, ImportedThread, tag_slug

Run = Import[Mapping]


def _remark_formers(run: Run, made: int) -> None:
    """Say that authors were made members whom no row of Users names."""
    run.report.remarks[_("member made for an author who is not in Users.xml")] += made


def _store_users(run: Run, rows: list[Row]) -> Counted:
    _keys, made = importing.import_people(archive=run.target, people=[run.mapping.user(row) for row in rows])
    return {"Users": made}


def _users_there(run: Run, rows: list[Row]) -> Counted:
    return {"Users": len(known_members(run.site, (str(row["Id"]) for row in rows)))}


def _store_tags(_run: Run, rows: list[Row]) -> Counted:
    return {"Tags": importing.import_tags(slugs=[tag_slug(row["TagName"]) for row in rows])}


def _tags_there(_run: Run, rows: list[Row]) -> Counted:
    return {"Tags": len(tag_keys(tag_slug(row["TagName"]) for row in rows))}


_NOTE = 2
_POSTS = """
SELECT i.key, i.kind, p.*,
    EXISTS (
        SELECT 1 FROM Posts a WHERE a.Id = p.AcceptedAnswerId AND a.ParentId = p.Id AND a.reason IS NULL
    ) AS answered,
    p.PostTypeId = 2 AND p.Id = (SELECT q.AcceptedAnswerId FROM Posts q WHERE q.Id = p.ParentId) AS accepted,
    (SELECT min(v.CreationDate) FROM Votes v WHERE v.PostId = p.Id AND v.VoteTypeId = 1) AS accepted_on
FROM item i JOIN Posts p ON p.Id = i.Id WHERE i.kind < 2 AND i.key BETWEEN ? AND ?
"""
_NOTES = """
SELECT i.key, i.kind, c.*, CASE p.PostTypeId WHEN 1 THEN p.Id ELSE p.ParentId END AS question
FROM item i JOIN Comments c ON c.Id = i.Id JOIN Posts p ON p.Id = c.PostId WHERE i.kind = 2 AND i.key BETWEEN ? AND ?
"""


def _post_slices(staging: Staging, size: int) -> Iterator[list[Row]]:
    first = 1
    while rows := staging.rows(_POSTS, first, first + size - 1) + staging.rows(_NOTES, first, first + size - 1):
        yield sorted(rows, key=lambda row: int(row["key"]))
        first += size


def _posts(run: Run, rows: list[Row]) -> list[ImportedThread | ImportedReply | ImportedNote]:
    return [run.mapping.note(row) if row["kind"] == _NOTE else run.mapping.post(row) for row in rows]


def _store_posts(run: Run, rows: list[Row]) -> Counted:
    made = importing.import_posts(archive=run.target, rows=_posts(run, rows))
    _remark_formers(run, made.people)
    return {"Posts": made.posts, "Comments": made.notes}


def _posts_there(run: Run, rows: list[Row]) -> Counted:
    posts = _posts(run, rows)
    notes = [post.post.origin.id for post in posts if isinstance(post, ImportedNote)]
    others = [post.post.origin.id for post in posts if not isinstance(post, ImportedNote)]
    return {"Posts": len(known_posts(run.site, others)), "Comments": len(known_notes(run.site, notes))}


def _store_votes(run: Run, rows: list[Row]) -> Counted:
    return {"Votes": importing.import_votes(archive=run.target, votes=[run.mapping.vote(row) for row in rows])}


def _votes_there(run: Run, rows: list[Row]) -> Counted:
    return {"Votes": len(counted(run.site, [run.mapping.vote(row) for row in rows]))}


_REVISIONS = """
SELECT r.*, h.UserId, h.UserDisplayName, h.ContentLicense, h.Comment,
    (SELECT Text FROM PostHistory WHERE Id = r.body) AS body_text,
    (SELECT Text FROM PostHistory WHERE Id = r.title) AS title_text,
    (SELECT Text FROM PostHistory WHERE Id = r.tags) AS tags_text
FROM revision r JOIN PostHistory h ON h.Id = r.Id WHERE r.key > ? ORDER BY r.key LIMIT ?
"""


def _revision_slices(staging: Staging, size: int) -> Iterator[list[Row]]:
    return staging.slices(_REVISIONS, size)


def _store_revisions(run: Run, rows: list[Row]) -> Counted:
    made, people = importing.import_revisions(archive=run.target, revisions=[run.mapping.revision(row) for row in rows])
    _remark_formers(run, people)
    return {"PostHistory": sum(row["taken"] for row in rows if str(row["Id"]) in made)}


def _revisions_there(run: Run, rows: list[Row]) -> Counted:
    known = known_revisions(run.site, (str(row["Id"]) for row in rows))
    return {"PostHistory": sum(row["taken"] for row in rows if str(row["Id"]) in known)}


_LINKS = """
SELECT l.Id AS key, l.*, r.thread, r.other FROM PostLinks l JOIN relation r ON r.Id = l.Id
WHERE l.reason IS NULL AND l.Id > ? ORDER BY l.Id LIMIT ?
"""


def _link_slices(staging: Staging, size: int) -> Iterator[list[Row]]:
    return staging.slices(_LINKS, size)


def _store_links(run: Run, rows: list[Row]) -> Counted:
    relations = [run.mapping.relation(row) for row in rows]
    return {"PostLinks": importing.import_relations(archive=run.target, relations=relations)}


def _links_there(run: Run, rows: list[Row]) -> Counted:
    relations: Sequence[ImportedRelation] = [run.mapping.relation(row) for row in rows]
    return {"PostLinks": len(known_links(link for _relation, link in links_of(run.site, relations)))}


def _store_badges(run: Run, rows: list[Row]) -> Counted:
    return {"Badges": importing.import_badges(archive=run.target, badges=[run.mapping.badge(row) for row in rows])}


def _badges_there(run: Run, rows: list[Row]) -> Counted:
    return {"Badges": len(known_badges(run.site, (str(row["Id"]) for row in rows)))}


def _posts_and_comments(rows: list[Row]) -> Counted:
    notes = sum(row["kind"] == _NOTE for row in rows)
    return {"Posts": len(rows) - notes, "Comments": notes}


def _history(rows: list[Row]) -> Counted:
    return {"PostHistory": sum(row["taken"] for row in rows)}


PHASES: tuple[Phase[Mapping], ...] = (
    Phase(taken("Users"), _store_users, _users_there, number_of("Users")),
    Phase(taken("Tags"), _store_tags, _tags_there, number_of("Tags")),
    Phase(_post_slices, _store_posts, _posts_there, _posts_and_comments),
    Phase(taken("Votes"), _store_votes, _votes_there, number_of("Votes")),
    Phase(_revision_slices, _store_revisions, _revisions_there, _history),
    Phase(_link_slices, _store_links, _links_there, number_of("PostLinks")),
    Phase(taken("Badges"), _store_badges, _badges_there, number_of("Badges")),
)
