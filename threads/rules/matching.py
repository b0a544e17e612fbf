"""How well somebody fits a thread: a plain sum of parts, each of which can be said as a reason.

The weights of what was done are measured on imported sites (`tests/benchmarks/matching/`); nobody declared anything
there, or said how a practice did, so those of it are set: a confirmed expert without a single post stands beside
somebody with about ten good answers. Whether somebody can be asked now (their hours, in their zone, and what they say
of themselves) counts a little: who knows most comes first though they sleep.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# A change of any number is a new version.
WEIGHTS_VERSION = 2

SIMILAR, TOPIC, TRACK, ACTIVE, RECENT = 2.5, 0.5, 3.0, 0.8, 1.6
PROVEN = 0.8
STANDING, HERE, ASKABLE, LOAD, MOST_LOAD = 0.3, 0.5, 0.25, -0.25, -2.0
NO_COMMON_LANGUAGE = -4.0
LEVELS = {1: 0.2, 2: 0.8, 3: 1.5}
WISH, CONFIRMED, CERTIFIED = 0.2, 1.0, 0.4

# What taking part in a thread counts: a solution of it, a reply, only a note.
SOLVED, REPLIED, NOTED = 1.0, 0.6, 0.2

POINTS_HALF_WAY = 15
ACTIVE_HALF_LIFE = timedelta(days=30)
RECENT_HALF_LIFE = timedelta(days=3)
# What somebody with few replies is taken to have solved of further ones: one in four.
_TRACK_SOLVED, _TRACK_REPLIES = 1, 4
SHOWN = 4
# From here on a thread is called much like another; what is less like it counts, and is not said.
ALIKE = 0.23


@dataclass(frozen=True)
class Reason:
    """Why somebody is a candidate: `kind` decides how it is said (rendering.reasons).

    `about` is a scope (`tag:dns`, `product:mail`), a language, or the name of a certificate; `thread` the id of a
    thread that whoever asked for candidates may see. `points` is what it adds to the score.
    """

    kind: str
    about: str = ""
    count: int = 0
    at: datetime | None = None
    thread: int | None = None
    points: float = 0.0


@dataclass(frozen=True)
class Alike:
    """A similar thread in which somebody took part: how like it is (0 to 1), and what their part counts."""

    thread: int
    share: float
    deed: float


@dataclass(frozen=True)
class Topic:
    """What somebody did among the newest threads of one subject.

    `share` is the subject's part of all of the thread's subjects (the rarer the more), `deeds` what their parts in
    `threads` of the `window` newest ones count.
    """

    scope: str
    share: float
    deeds: float
    threads: int
    window: int


@dataclass(frozen=True)
class Proven:
    """Somebody's practices in one subject that were validated, or of which `voices` other people's organizations say
    that they work. `share` is the subject's part, as for topics.
    """

    scope: str
    share: float
    practices: int
    voices: int


@dataclass(frozen=True)
class Declared:
    """What somebody says of themselves in a subject."""

    scope: str
    level: int
    wishes: bool = False


@dataclass(frozen=True)
class Certified:
    """A certificate in force, in a subject."""

    scope: str
    name: str
    confirmed: bool


@dataclass(frozen=True)
class Written:
    """One of somebody's last posts."""

    at: datetime
    is_reply: bool
    solved: bool


@dataclass(frozen=True)
class Facts:
    """All that counts of somebody, for one thread at one moment.

    `subjects` is how many subjects the thread has. `language` is one that they share with whoever asks, "" when
    neither has said which they speak or nobody knows; `strangers` that both have, and have none in common. `askable`
    says that they can be asked at this moment.
    """

    now: datetime
    subjects: int = 0
    alike: Sequence[Alike] = ()
    topics: Sequence[Topic] = ()
    proven: Sequence[Proven] = ()
    standing: Sequence[tuple[str, int]] = ()
    declared: Sequence[Declared] = ()
    certified: Sequence[Certified] = ()
    written: Sequence[Written] = ()
    load: int = 0
    here: bool = False
    askable: bool = False
    language: str = ""
    strangers: bool = False


def scored(facts: Facts) -> tuple[float, list[Reason]]:
    """The score, and everything that adds to it, what weighs most first. Nobody has no reason at all."""
    reasons = [reason for part in _PARTS for reason in part(facts)]
    score = sum(reason.points for reason in reasons) + _held_back(facts)
    reasons = [reason for reason in reasons if reason.kind not in _UNSAID]
    reasons.sort(key=lambda reason: -reason.points)
    if facts.language:
        reasons.append(Reason("language", facts.language))
    return score, reasons or [Reason("member")]


def promise(facts: Facts) -> float:
    """The parts that are known before somebody's own posts are looked at: who is worth looking at."""
    return sum(reason.points for part in _FIRST for reason in part(facts))


def shown(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Those that are said: of each kind the one that weighs most, what is about the thread first."""
    best: dict[str, Reason] = {}
    for reason in reasons:
        best.setdefault(reason.kind, reason)
    return tuple(sorted(best.values(), key=lambda reason: reason.kind in _OF_PERSON)[:SHOWN])


def _held_back(facts: Facts) -> float:
    """What counts against somebody: what they have to do already, and no common language."""
    return max(MOST_LOAD, LOAD * facts.load) + (NO_COMMON_LANGUAGE if facts.strangers else 0.0)


def _similar(facts: Facts) -> Iterable[Reason]:
    alike = sorted(facts.alike, key=lambda each: -each.share * each.deed)
    whole = sum(each.share * each.deed for each in alike)
    if whole > 0:
        best = alike[0]
        kind = "solved" if best.deed >= SOLVED else "similar"
        if best.share < ALIKE:
            kind = "distant"
        yield Reason(kind, count=len(alike), thread=best.thread, points=SIMILAR * math.log1p(whole))


def _topic(facts: Facts) -> Iterable[Reason]:
    for topic in facts.topics:
        if topic.deeds > 0:
            points = TOPIC * topic.share * math.log1p(topic.deeds)
            yield Reason("topic", topic.scope, topic.threads, points=points)


def _proven(facts: Facts) -> Iterable[Reason]:
    for proven in facts.proven:
        points = PROVEN * proven.share * math.log1p(proven.voices)
        yield Reason("proven", proven.scope, proven.practices, points=points)


def _standing(facts: Facts) -> Iterable[Reason]:
    for scope, points in facts.standing:
        if points > 0:
            worth = STANDING * math.log1p(points / POINTS_HALF_WAY) / max(1, facts.subjects)
            yield Reason("standing", scope, points, points=worth)


def _declared(facts: Facts) -> Iterable[Reason]:
    best = max(facts.declared, key=lambda each: LEVELS.get(each.level, 0.0), default=None)
    if best is not None and best.level in LEVELS:
        yield Reason("declared", best.scope, best.level, points=LEVELS[best.level])
    wish = next((each for each in facts.declared if each.wishes), None)
    if wish is not None:
        yield Reason("wish", wish.scope, points=WISH)


def _certified(facts: Facts) -> Iterable[Reason]:
    best = max(facts.certified, key=lambda each: each.confirmed, default=None)
    if best is not None:
        kind, points = ("confirmed", CONFIRMED) if best.confirmed else ("certified", CERTIFIED)
        yield Reason(kind, best.name, points=points)


def _track(facts: Facts) -> Iterable[Reason]:
    replies = [post for post in facts.written if post.is_reply]
    solved = sum(post.solved for post in replies)
    points = TRACK * (solved + _TRACK_SOLVED) / (len(replies) + _TRACK_REPLIES)
    yield Reason("track" if solved else "untried", str(len(replies)), solved, points=points)


def _active(facts: Facts) -> Iterable[Reason]:
    fresh = sum(_fading(facts.now - post.at, ACTIVE_HALF_LIFE) for post in facts.written)
    month = sum(facts.now - post.at <= ACTIVE_HALF_LIFE for post in facts.written)
    if fresh > 0:
        yield Reason("active" if month else "earlier", count=month, points=ACTIVE * math.log1p(fresh))


def _recent(facts: Facts) -> Iterable[Reason]:
    last = max((post.at for post in facts.written), default=None)
    if last is not None:
        yield Reason("recent", at=last, points=RECENT * _fading(facts.now - last, RECENT_HALF_LIFE))


def _here(facts: Facts) -> Iterable[Reason]:
    if facts.here:
        yield Reason("here", points=HERE)


def _askable(facts: Facts) -> Iterable[Reason]:
    if facts.askable:
        yield Reason("askable", points=ASKABLE)


def _fading(age: timedelta, half_life: timedelta) -> float:
    return float(0.5 ** (max(age, timedelta()) / half_life))


_FIRST = (_similar, _topic, _proven, _standing, _declared, _certified)
_PARTS = (*_FIRST, _track, _active, _recent, _here, _askable)
_OF_PERSON = frozenset({"track", "active", "here", "language", "member"})
# What everybody has, or what says nothing that is not said already or beside the reasons.
_UNSAID = frozenset({"untried", "earlier", "recent", "distant", "askable"})
