"""What is known of who could help with a thread: who did what in threads like it, whose practices others found to
work, and what people say of themselves.

Nothing is counted ahead. What is read is bounded: the threads most alike, the newest of each subject, the best of each
scope; and threads and practices only as far as the viewer may see them, so that nothing hidden from them raises
anybody.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import connection
from django.db.models import Count

from community.models import Member
from community.rendering.markdown import plain_text
from reputation.queries.skills import certificates_in, skills_in
from threads.models import Post, Thread
from threads.queries.candidates import corpus
from threads.queries.details import threads_seen_among
from threads.queries.proven import proven_in
from threads.queries.similar import nearest
from threads.rules.matching import NOTED, REPLIED, SOLVED, Alike, Certified, Declared, Proven, Topic

MOST_ALIKE = 30
WINDOW = 200
BEST_OF_SCOPE = 200
_MOST_SUBJECTS = 12
_REMEMBERED = 600
_HERE_LATELY = ""

_NEWEST_TAGGED = """
    SELECT * FROM (
        SELECT %s AS scope, thread_id FROM threads_thread_tags WHERE tag_id = %s ORDER BY thread_id DESC LIMIT %s
    ) AS newest"""
_NEWEST_OF_PRODUCT = """
    SELECT * FROM (
        SELECT %s AS scope, id FROM threads_thread WHERE product_id = %s ORDER BY id DESC LIMIT %s
    ) AS newest"""
_LATEST_IN_SPACE = """
    SELECT * FROM (
        SELECT %s AS scope, id FROM threads_thread WHERE space_id = %s
        ORDER BY last_activity_at DESC, id DESC LIMIT %s
    ) AS newest"""
_BEST_OF_SCOPE = """
    SELECT * FROM (
        SELECT member_id, scope, points FROM reputation_standing WHERE scope = %s AND points > 0
        ORDER BY points DESC LIMIT %s
    ) AS best"""
# Somebody's own problem is no help to others, unless they solved it themselves.
_DEEDS = """
    SELECT post.thread_id, post.author_id,
        MAX(CASE WHEN solving.post_id IS NOT NULL THEN 2 WHEN post.parent_id IS NULL THEN 1 ELSE 0 END)
    FROM threads_post AS post
    JOIN threads_thread AS thread ON thread.id = post.thread_id
    LEFT JOIN threads_resolution AS resolution
        ON resolution.thread_id = post.thread_id AND resolution.reopened_at IS NULL
    LEFT JOIN threads_resolution_posts AS solving
        ON solving.resolution_id = resolution.id AND solving.post_id = post.id
    WHERE post.thread_id IN ({}) AND post.number > 1 AND post.deleted_at IS NULL
        AND (post.author_id <> thread.author_id OR solving.post_id IS NOT NULL)
    GROUP BY post.thread_id, post.author_id"""
_DEED = {2: SOLVED, 1: REPLIED, 0: NOTED}


@dataclass
class Evidence:
    """What is known of one member for one thread, apart from their own last posts."""

    alike: list[Alike] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    proven: list[Proven] = field(default_factory=list)
    standing: list[tuple[str, int]] = field(default_factory=list)
    declared: list[Declared] = field(default_factory=list)
    certified: list[Certified] = field(default_factory=list)

    def knows(self, scope: str) -> bool:
        """Whether anything of it is about this scope."""
        return (
            any(topic.scope == scope for topic in self.topics)
            or any(each.scope == scope for each in self.proven)
            or any(each == scope for each, _points in self.standing)
            or any(skill.scope == scope for skill in self.declared)
            or any(paper.scope == scope for paper in self.certified)
        )


NOTHING = Evidence()


class Gathered(NamedTuple):
    """Evidence by member, and how many subjects the thread has."""

    people: Mapping[int, Evidence]
    subjects: int


def evidence_for(viewer: Member, thread: Thread, *, scope: str = "") -> Gathered | None:
    """What is known of who could help; None when the viewer may not see the thread. With `scope` also about that."""
    tags = dict(thread.tags.order_by("slug").values_list("slug", "pk")[:_MOST_SUBJECTS])
    scopes = [f"tag:{slug}" for slug in tags] + ([f"product:{thread.product.slug}"] if thread.product else [])
    if scope and scope not in scopes:
        scopes.append(scope)
    alike = nearest(viewer, text_of(thread), exclude=thread, limit=MOST_ALIKE)
    windows = _windows(thread, tags)
    ids = {pk for pk, _share in alike} | {pk for window in windows.values() for pk in window}
    seen = threads_seen_among(viewer, ids | {thread.pk})
    if thread.pk not in seen:
        return None
    deeds = _deeds(seen - {thread.pk})
    found: defaultdict[int, Evidence] = defaultdict(Evidence)
    for pk, share in alike:
        for member, deed in deeds.get(pk, ()):
            found[member].alike.append(Alike(pk, share, deed))
    shares = _shares(thread, tags)
    _add_topics(found, windows, deeds, seen, shares)
    product = (thread.product.slug, thread.product.pk) if thread.product else None
    for each in proven_in(viewer, tags, product):
        found[each.member].proven.append(Proven(each.scope, shares[each.scope], each.practices, each.voices))
    _add_declared(found, scopes)
    return Gathered(found, len(scopes))


def text_of(thread: Thread) -> str:
    """What a thread is about: title, problem, and what the working record says that was found out."""
    problem = Post.objects.filter(thread=thread, number=1)
    record = ("thread__record__problem", "thread__record__environment", "thread__record__cause")
    html, *noted = problem.values_list("html", *record).first() or ("",)
    return "\n".join([thread.title, plain_text(html), *(text for text in noted if text)])


def _windows(thread: Thread, tags: Mapping[str, int]) -> dict[str, list[int]]:
    """The newest threads of each subject, and under _HERE_LATELY those where something happened last in its space."""
    parts = [(_NEWEST_TAGGED, f"tag:{slug}", pk) for slug, pk in tags.items()]
    if thread.product:
        parts.append((_NEWEST_OF_PRODUCT, f"product:{thread.product.slug}", thread.product.pk))
    parts.append((_LATEST_IN_SPACE, _HERE_LATELY, thread.space_id))
    values = [value for _sql, scope, pk in parts for value in (scope, pk, WINDOW + 1)]
    windows: dict[str, list[int]] = {scope: [] for _sql, scope, _pk in parts}
    for scope, pk in _rows("\nUNION ALL".join(sql for sql, _scope, _pk in parts), values):
        if pk != thread.pk:
            windows[scope].append(pk)
    return windows


def _deeds(ids: Collection[int]) -> dict[int, list[tuple[int, float]]]:
    """By thread, who took part, and what that counts."""
    found: dict[int, list[tuple[int, float]]] = {}
    if ids:
        for thread, member, deed in _rows(_DEEDS.format(", ".join(["%s"] * len(ids))), sorted(ids)):
            found.setdefault(thread, []).append((member, _DEED[deed]))
    return found


def _add_topics(
    found: defaultdict[int, Evidence],
    windows: Mapping[str, Collection[int]],
    deeds: Mapping[int, Iterable[tuple[int, float]]],
    seen: Collection[int],
    shares: Mapping[str, float],
) -> None:
    for scope, window in windows.items():
        done: dict[int, list[float]] = {}
        there = [pk for pk in window if pk in seen]
        for pk in there:
            for member, deed in deeds.get(pk, ()):
                done.setdefault(member, []).append(deed)
        for member, each in done.items():
            evidence = found[member]  # whoever helps here lately may be asked, too
            if scope != _HERE_LATELY:
                evidence.topics.append(Topic(scope, shares[scope], sum(each), len(each), len(there)))


def _shares(thread: Thread, tags: Mapping[str, int]) -> dict[str, float]:
    """How much each subject says about the thread: the rarer the more; together 1."""
    whole = corpus(["thread"]).count
    counts = {f"tag:{slug}": count for slug, count in _tagged(tags).items()}
    if thread.product:
        counts[f"product:{thread.product.slug}"] = _with_product(thread.product.pk)
    rarities = {scope: math.log(1 + max(whole, 1) / (1 + count)) for scope, count in counts.items()}
    total = sum(rarities.values()) or 1.0
    return {scope: rarity / total for scope, rarity in rarities.items()}


def _tagged(tags: Mapping[str, int]) -> dict[str, int]:
    """In how many threads each tag is. Counting takes long where it is many, so it is remembered."""
    keys = {f"matching.tag.{pk}": slug for slug, pk in tags.items()}
    known = {keys[key]: count for key, count in cache.get_many(keys).items()}
    missing = {pk: slug for slug, pk in tags.items() if slug not in known}
    if missing:
        counted = Thread.tags.through.objects.filter(tag_id__in=missing).values_list("tag_id").annotate(Count("id"))
        known |= {missing[pk]: count for pk, count in counted.order_by()}
        cache.set_many({f"matching.tag.{pk}": known.get(slug, 0) for pk, slug in missing.items()}, _REMEMBERED)
    return {slug: known.get(slug, 0) for slug in tags}


def _with_product(pk: int) -> int:
    key = f"matching.product.{pk}"
    count: int | None = cache.get(key)
    if count is None:
        count = Thread.objects.filter(product=pk).count()
        cache.set(key, count, _REMEMBERED)
    return count


def _add_declared(found: defaultdict[int, Evidence], scopes: Collection[str]) -> None:
    """Standing, skills and certificates: they are as public as the profiles that show them."""
    if not scopes:
        return
    values = [value for scope in scopes for value in (scope, BEST_OF_SCOPE)]
    for member, scope, points in _rows("\nUNION ALL".join([_BEST_OF_SCOPE] * len(scopes)), values):
        found[member].standing.append((scope, points))
    for skill in skills_in(scopes):
        found[skill.member].declared.append(Declared(skill.scope, skill.level, skill.wants_to_learn))
    for paper in certificates_in(scopes):
        found[paper.member].certified.append(Certified(paper.scope, paper.name, paper.confirmed))


def _rows(sql: str, values: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        yield from cursor.fetchall()
