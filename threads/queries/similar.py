"""Threads, practices and playbooks most like a text: for likely answers while asking, and what is related to a thread.

Practices that were used in threads like the text come higher, as far as the viewer sees the thread and the use. Where
there is a sentence model it decides what is like the text, with the words; where it does not answer, the words alone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from django.utils.translation import ngettext

from community.models import Member
from threads.models import Practice, Thread
from threads.queries.alike import Alike, Read, Sight, Subject, alike, read
from threads.queries.candidates import Candidate, Ranked
from threads.queries.findable import known
from threads.queries.hits import Hit, hits
from threads.queries.meaning import Likes, Meaning, fused
from threads.queries.standing import in_order
from threads.queries.votes import Vote, votes
from threads.rules.likeness import MAX_TEXT

__all__ = ["MAX_TEXT", "much_like", "nearest", "similar"]

ANSWERS = ("thread", "practice", "playbook")
MUCH = 0.33  # of what a text would score against itself; less is about the same product, and says other things
_RESERVE = 50
_MOST_BY_VOTES = 2.0  # times the best without votes


def similar(
    viewer: Member,
    text: str,
    *,
    kinds: Collection[str] = ("thread", "practice"),
    limit: int = 5,
    exclude: Thread | Practice | None = None,
) -> list[Hit]:
    """What the viewer may see that is most like `text`, whose first line counts as its title, best first.

    Only the first MAX_TEXT characters count. `exclude` leaves out a thread with its practice and what was used in it, a
    practice with its thread.
    """
    besides = _own(exclude)
    asked, wanted = read(text, besides=besides), [kind for kind in known(kinds) if kind in ANSWERS]
    looked_at = {*wanted, "thread"} if "practice" in wanted else set(wanted)
    sights = {kind: Sight(viewer, kind) for kind in looked_at}
    with Meaning(text, {kind: sights[kind] for kind in wanted}) as meaning:
        found = {kind: _without(besides, alike(sight, asked.weights)) for kind, sight in sights.items()}
        helped = _votes(viewer, asked, found["thread"], besides) if "practice" in wanted else {}
        things, likes = meaning.of({kind: found[kind] for kind in wanted}, asked.weights, besides)
    ranked = _ranked(things, helped, likes)
    shown = hits(viewer, in_order(ranked[: limit + _RESERVE], gently=True)[:limit], set(asked.counts))
    return [replace(hit, because=_because(helped.get(hit.id))) if hit.kind == "practice" else hit for hit in shown]


def much_like(viewer: Member, text: str, *, exclude: Thread, limit: int = 5) -> list[Hit]:
    """The practices that the viewer may see that are so like a text that they may answer the same, best first."""
    own = _own(exclude)
    asked = read(text, besides=own)
    found = _without(own, alike(Sight(viewer, "practice"), asked.weights))
    ranked = _ranked([each for each in found[:limit] if asked.share(each.score) >= MUCH], {}, {})
    return hits(viewer, ranked, set(asked.counts))


def nearest(viewer: Member, text: str, *, exclude: Thread, limit: int) -> list[tuple[int, float]]:
    """The ids of those threads that the viewer may see that are most like `text`, and how like it they are.

    That is their score as a share of what the text would score against itself: 0 to 1.
    """
    own = _own(exclude)
    asked = read(text, besides=own)
    found = _without(own, alike(Sight(viewer, "thread"), asked.weights))
    return [(each.id, asked.share(each.score)) for each in found[:limit]]


def _own(exclude: Thread | Practice | None) -> set[Subject]:
    """A thread and its practice, or the other way round."""
    if exclude is None:
        return set()
    if isinstance(exclude, Practice):
        return {("practice", exclude.pk), ("thread", exclude.thread_id or 0)}
    recorded = Practice.objects.filter(thread=exclude).values_list("pk", flat=True)
    return {("thread", exclude.pk), *(("practice", pk) for pk in recorded)}


def _without(besides: Collection[Subject], found: Iterable[Alike]) -> list[Alike]:
    return [each for each in found if (each.kind, each.id) not in besides]


def _votes(viewer: Member, asked: Read, threads: Iterable[Alike], besides: Collection[Subject]) -> dict[int, Vote]:
    found = votes(viewer, [(each.id, asked.share(each.score)) for each in threads])
    return {practice: vote for practice, vote in found.items() if ("practice", practice) not in besides}


def _ranked(found: Collection[Alike], helped: Mapping[int, Vote], likes: Likes) -> list[Ranked]:
    """With their shares of the best score, what the model says of them, and what votes add to that; also what only
    votes know of. Best first."""
    best = max((each.score for each in found), default=0) or 1
    places = {(each.kind, each.id): Candidate(*each[:3]) for each in found}
    shares = fused({(each.kind, each.id): each.score / best for each in found}, likes)
    most = _MOST_BY_VOTES * max(shares.values(), default=1.0)
    for practice, vote in helped.items():
        places.setdefault(("practice", practice), Candidate("practice", practice, practice))
        share = shares.get(("practice", practice), 0.0) + vote.weight
        shares["practice", practice] = min(most, share)
    ranked = [Ranked(places[subject], share) for subject, share in shares.items()]
    return sorted(ranked, key=lambda row: -row.score)


def _because(vote: Vote | None) -> str:
    if vote is None:
        return ""
    words = ngettext("used in %(n)d thread like this", "used in %(n)d threads like this", vote.threads)
    return words % {"n": vote.threads}
