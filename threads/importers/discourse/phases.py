"""The second pass: staged rows become what the actions store, slice by slice, one kind of thing after the other."""

from collections.abc import Iterator
from sqlite3 import Row

from community.actions.importing import known_members
from threads.actions import importing
from threads.actions.importing.lookups import known_posts
from threads.actions.importing.relations import known_links, links_of
from threads.actions.importing.resolutions import threads_resolved
from threads.actions.importing.votes import counted
from threads.importers.discourse.mapping import Mapping, key_of, thread_id
from threads.importers.run import Counted, Import, Phase, number_of, taken
from threads.importers.staging import Staging

Run = Import[Mapping]


def _store_people(run: Run, rows: list[Row]) -> Counted:
    _keys, made = importing.import_people(archive=run.target, people=[run.mapping.person(row) for row in rows])
    return {"People": made}


def _people_there(run: Run, rows: list[Row]) -> Counted:
    return {"People": len(known_members(run.site, (run.mapping.person(row).id for row in rows)))}


_POSTS = """
SELECT i.key, i.first, p.*, t.title, t.slug, t.tags, t.closed, t.category_id, c.name AS category,
    EXISTS (SELECT 1 FROM Solutions s WHERE s.Id = p.topic_id) AS solved
FROM item i JOIN Posts p ON p.Id = i.Id JOIN Topics t ON t.Id = p.topic_id
LEFT JOIN Categories c ON c.Id = t.category_id WHERE i.key BETWEEN ? AND ? ORDER BY i.key
"""


def _post_slices(staging: Staging, size: int) -> Iterator[list[Row]]:
    first = 1
    while rows := staging.rows(_POSTS, first, first + size - 1):
        yield rows
        first += size


def _store_posts(run: Run, rows: list[Row]) -> Counted:
    before = _posts_there(run, rows)
    importing.import_posts(archive=run.target, rows=[run.mapping.post(row) for row in rows])
    after = _posts_there(run, rows)
    return {name: after[name] - before[name] for name in after}


def _posts_there(run: Run, rows: list[Row]) -> Counted:
    posts = known_posts(run.site, map(key_of, rows))
    topics = {key_of(row) for row in rows if row["Id"] == row["first"]}
    return {"Posts": len(posts), "Topics": len(topics & posts.keys())}


def _posts_and_topics(rows: list[Row]) -> Counted:
    return {"Posts": len(rows), "Topics": sum(row["Id"] == row["first"] for row in rows)}


_LIKES = """
SELECT l.Id AS key, l.post, l.number, p.Id, p.topic_id, p.created_at, i.first
FROM Likes l JOIN Posts p ON p.Id = l.post JOIN item i ON i.Id = p.Id
WHERE l.reason IS NULL AND l.Id > ? ORDER BY l.Id LIMIT ?
"""


def _like_slices(staging: Staging, size: int) -> Iterator[list[Row]]:
    return staging.slices(_LIKES, size)


def _store_likes(run: Run, rows: list[Row]) -> Counted:
    return {"Likes": importing.import_votes(archive=run.target, votes=[run.mapping.like(row) for row in rows])}


def _likes_there(run: Run, rows: list[Row]) -> Counted:
    return {"Likes": len(counted(run.site, [run.mapping.like(row) for row in rows]))}


_SOLUTIONS = """
SELECT s.Id AS key, s.Id, s.at,
    (SELECT group_concat(a.post, ' ') FROM answer a WHERE a.topic = s.Id) AS posts,
    (
        SELECT group_concat(a.post, ' ') FROM answer a JOIN Posts p ON p.Id = a.post
        JOIN Posts f ON f.topic_id = s.Id AND f.post_number = 1 AND f.reason IS NULL WHERE a.topic = s.Id
        AND COALESCE('' || p.user_id, p.username, '') <> COALESCE('' || f.user_id, f.username, '')
    ) AS others
FROM Solutions s WHERE s.reason IS NULL AND s.Id > ? ORDER BY s.Id LIMIT ?
"""


def _solution_slices(staging: Staging, size: int) -> Iterator[list[Row]]:
    return staging.slices(_SOLUTIONS, size)


def _store_solutions(run: Run, rows: list[Row]) -> Counted:
    """Also rewards the authors, in a transaction of its own: a run that stops in between makes up for it later."""
    solutions = [run.mapping.solution(row) for row in rows]
    made = importing.import_solutions(archive=run.target, solutions=solutions)
    importing.import_votes(archive=run.target, votes=[vote for row in rows for vote in run.mapping.rewards(row)])
    return {"Solutions": made}


def _solutions_there(run: Run, rows: list[Row]) -> Counted:
    return {"Solutions": len(threads_resolved(run.site, (thread_id(row["Id"]) for row in rows)))}


_LINKS = """
SELECT l.Id AS key, l.topic, l.other, p.created_at AS at
FROM Links l JOIN Posts p ON p.topic_id = l.topic AND p.post_number = 1 AND p.reason IS NULL
WHERE l.reason IS NULL AND l.Id > ? ORDER BY l.Id LIMIT ?
"""


def _link_slices(staging: Staging, size: int) -> Iterator[list[Row]]:
    return staging.slices(_LINKS, size)


def _store_links(run: Run, rows: list[Row]) -> Counted:
    relations = [run.mapping.relation(row) for row in rows]
    return {"Links": importing.import_relations(archive=run.target, relations=relations)}


def _links_there(run: Run, rows: list[Row]) -> Counted:
    relations = [run.mapping.relation(row) for row in rows]
    return {"Links": len(known_links(link for _relation, link in links_of(run.site, relations)))}


PHASES: tuple[Phase[Mapping], ...] = (
    Phase(taken("People"), _store_people, _people_there, number_of("People")),
    Phase(_post_slices, _store_posts, _posts_there, _posts_and_topics),
    Phase(_like_slices, _store_likes, _likes_there, number_of("Likes")),
    Phase(_solution_slices, _store_solutions, _solutions_there, number_of("Solutions")),
    Phase(_link_slices, _store_links, _links_there, number_of("Links")),
)
