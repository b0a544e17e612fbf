"""The second pass: staged rows become what the actions store, slice by slice, one kind of thing after the other."""

from collections.abc import Iterator
from sqlite3 import Row

from community.actions.importing import known_members
from threads.actions import importing
from threads.actions.importing.lookups import known_posts, known_practices
from threads.actions.importing.uses import known_pairs, pairs_of
from threads.actions.importing.votes import counted
from threads.importers.mozilla.mapping import Mapping, article_id
from threads.importers.run import Counted, Import, Phase, number_of, taken
from threads.importers.staging import Staging

Run = Import[Mapping]


def _store_people(run: Run, rows: list[Row]) -> Counted:
    _keys, made = importing.import_people(archive=run.target, people=[run.mapping.person(row) for row in rows])
    return {"People": made}


def _people_there(run: Run, rows: list[Row]) -> Counted:
    return {"People": len(known_members(run.site, (run.mapping.person(row).id for row in rows)))}


def _store_articles(run: Run, rows: list[Row]) -> Counted:
    return {
        "Articles": importing.import_articles(archive=run.target, articles=[run.mapping.article(row) for row in rows])
    }


def _articles_there(run: Run, rows: list[Row]) -> Counted:
    return {"Articles": len(known_practices(run.site, map(article_id, rows)))}


_POSTS = """
SELECT i.key, 0 AS is_answer, q.Id, q.Id AS question, q.created, NULL AS updated, q.creator, q.content, NULL AS score,
    q.title, q.locale, q.product, q.topic, q.tags
FROM item i JOIN Questions q ON q.Id = i.Id WHERE NOT i.is_answer AND i.key BETWEEN ?1 AND ?2
UNION ALL
SELECT i.key, 1, a.Id, a.question_id, a.created, a.updated, a.creator, a.content,
    COALESCE(a.num_helpful, 0) - COALESCE(a.num_unhelpful, 0), NULL, NULL, NULL, NULL, NULL
FROM item i JOIN Answers a ON a.Id = i.Id WHERE i.is_answer AND i.key BETWEEN ?1 AND ?2 ORDER BY 1
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
    keys = {run.mapping.key_of(row): row["is_answer"] for row in rows}
    there = known_posts(run.site, keys)
    answers = sum(keys[key] for key in there)
    return {"Questions": len(there) - answers, "Answers": answers}


def _questions_and_answers(rows: list[Row]) -> Counted:
    answers = sum(row["is_answer"] for row in rows)
    return {"Questions": len(rows) - answers, "Answers": answers}


def _store_votes(run: Run, rows: list[Row]) -> Counted:
    return {"Helpful": importing.import_votes(archive=run.target, votes=[run.mapping.vote(row) for row in rows])}


def _votes_there(run: Run, rows: list[Row]) -> Counted:
    return {"Helpful": len(counted(run.site, [run.mapping.vote(row) for row in rows]))}


_LINKS = """
SELECT l.Id AS key, l.question, a.slug, a.locale, w.created, w.creator
FROM Links l JOIN Articles a ON a.Id = l.article JOIN Answers w ON w.Id = l.answer
WHERE l.reason IS NULL AND l.Id > ? ORDER BY l.Id LIMIT ?
"""


def _link_slices(staging: Staging, size: int) -> Iterator[list[Row]]:
    return staging.slices(_LINKS, size)


def _store_links(run: Run, rows: list[Row]) -> Counted:
    return {"Links": importing.import_uses(archive=run.target, uses=[run.mapping.use(row) for row in rows])}


def _links_there(run: Run, rows: list[Row]) -> Counted:
    pairs = [pair for _use, pair in pairs_of(run.site, [run.mapping.use(row) for row in rows])]
    known = known_pairs(pairs)
    return {"Links": sum(pair in known for pair in pairs)}


PHASES: tuple[Phase[Mapping], ...] = (
    Phase(taken("People"), _store_people, _people_there, number_of("People")),
    Phase(taken("Articles"), _store_articles, _articles_there, number_of("Articles")),
    Phase(_post_slices, _store_posts, _posts_there, _questions_and_answers),
    Phase(taken("Helpful"), _store_votes, _votes_there, number_of("Helpful")),
    Phase(_link_slices, _store_links, _links_there, number_of("Links")),
)
