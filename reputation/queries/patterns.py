"""Looking for patterns in what members gave each other lately: over everybody, by the system and for nobody's eyes.

The gifts of the window are read once, by their own index, however long the ledger is, into a temporary table of this
connection; what comes back from there is at most those few pairs who gave each other often.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from community.rules import clock
from reputation.models import Flag
from reputation.rules.patterns import (
    MOST_NAMED,
    NEW_DAYS,
    NEW_FIRST,
    RECIPROCAL_EACH,
    RECIPROCAL_SHARE,
    RING_MOST,
    RING_TIES,
    SERIAL,
    WIDE_TIES,
    WINDOW_DAYS,
)
from reputation.rules.rings import Ring, Tie, rings_in, wide_rings_in

# What was given again after a suspension or a withdrawal was given long before.
_GIFTS = """
    INSERT INTO pattern_gift (id, giver_id, member_id, giver_organization_id, receiver_organization_id, at)
    SELECT gift.id, gift.giver_id, gift.member_id, gift.giver_organization_id, gift.receiver_organization_id, gift.at
    FROM reputation_award AS gift
    WHERE gift.giver_id IS NOT NULL AND gift.reverses_id IS NULL AND gift.at > %s
        AND NOT EXISTS (SELECT 1 FROM reputation_award AS back WHERE back.reverses_id = gift.id)
        AND (gift.cause LIKE '%%#1' OR NOT EXISTS (
            SELECT 1 FROM reputation_award AS earlier JOIN reputation_award AS back ON back.reverses_id = earlier.id
            WHERE earlier.subject = gift.subject AND earlier.member_id = gift.member_id
                AND earlier.giver_id = gift.giver_id AND back.why IN ('suspended', 'gamed')
        ))
"""
_TABLE = """
    CREATE TEMPORARY TABLE pattern_gift (
        id bigint, giver_id bigint, member_id bigint, giver_organization_id bigint, receiver_organization_id bigint,
        at {moment}
    )
"""
_DROP = "DROP TABLE IF EXISTS pattern_gift"
_INDEX = "CREATE INDEX pattern_gift_of_pair ON pattern_gift (giver_id, member_id, at, id)"
_MOMENT = {"sqlite": "text", "postgresql": "timestamptz"}
_PAIRS = """
    SELECT giver_id, member_id, count(*),
        min(CASE WHEN giver_organization_id = receiver_organization_id THEN giver_organization_id ELSE 0 END)
    FROM pattern_gift GROUP BY giver_id, member_id HAVING count(*) >= {least}
"""
_RECEIVED = "SELECT member_id, count(*) FROM pattern_gift GROUP BY member_id"
_QUICK = """
    WITH often AS (
        SELECT giver_id, member_id FROM pattern_gift GROUP BY giver_id, member_id HAVING count(*) >= {least}
    ),
    runs AS (
        SELECT gifts.giver_id, gifts.member_id, gifts.at, {lags}
        FROM pattern_gift AS gifts JOIN often ON often.giver_id = gifts.giver_id AND often.member_id = gifts.member_id
        WINDOW each_pair AS (PARTITION BY gifts.giver_id, gifts.member_id ORDER BY gifts.at, gifts.id)
    )
    SELECT giver_id, member_id, {starts}, at FROM runs WHERE {quick} ORDER BY giver_id, member_id, at
"""
_NEW = """
    WITH first_gifts AS (
        SELECT gifts.giver_id, gifts.member_id,
            row_number() OVER (PARTITION BY gifts.giver_id ORDER BY gifts.at, gifts.id) AS place
        FROM pattern_gift AS gifts JOIN community_member AS giver ON giver.id = gifts.giver_id
        WHERE giver.joined_at > %s AND giver.source_site = '' AND {age} < {seconds}
    )
    SELECT giver_id, min(member_id) FROM first_gifts WHERE place <= {first}
    GROUP BY giver_id HAVING count(*) = {first} AND min(member_id) = max(member_id)
"""
_BETWEEN = """
    SELECT id, giver_id, member_id, at FROM pattern_gift
    WHERE giver_id IN ({givers}) AND member_id IN ({receivers}) ORDER BY id DESC
"""
# How many seconds one time is after another.
_APART = {
    "sqlite": "(julianday({later}) - julianday({earlier})) * 86400",
    "postgresql": "extract(epoch FROM {later} - {earlier})",
}


class Gift(NamedTuple):
    """An award that somebody gave."""

    id: int
    giver: int
    receiver: int
    at: datetime


@dataclass
class Pattern:
    """What was found, with the awards that show it, the newest first: `gifts` of them, of which some are named."""

    kind: Flag.Kind
    key: str
    members: frozenset[int]
    gifts: int
    awards: list[int]
    newest_at: datetime
    numbers: dict[str, Any] = field(default_factory=dict)


class _Run(NamedTuple):
    """Gifts of one pair in quick succession, from when to when, and by which of the rules."""

    start: datetime
    end: datetime


def patterns_found() -> list[Pattern]:
    """All patterns of the last weeks, those of most gifts first."""
    since = clock.now() - timedelta(days=WINDOW_DAYS)
    with _gifts_at_hand(since):
        pairs = _rows(_PAIRS.format(least=min(RECIPROCAL_EACH, *RING_TIES, *WIDE_TIES)))
        received = dict(_rows(_RECEIVED))
        found = [*_reciprocal(pairs, received), *_rings(pairs, received), *_serial(received), *_new(received, since)]
    return sorted(found, key=lambda each: (-each.gifts, each.key))


def _reciprocal(pairs: Iterable[tuple[Any, ...]], received: dict[int, int]) -> Iterator[Pattern]:
    given = {(giver, receiver): gifts for giver, receiver, gifts, _inside in pairs}
    for (one, other), gifts in given.items():
        back = given.get((other, one), 0)
        if one > other or min(gifts, back) < RECIPROCAL_EACH:
            continue
        if max(back / received[one], gifts / received[other]) >= RECIPROCAL_SHARE:
            both = frozenset((one, other))
            yield _pattern(Flag.Kind.RECIPROCAL, f"{one},{other}", both, _between(both, both), received)


def _rings(pairs: Iterable[tuple[Any, ...]], received: dict[int, int]) -> Iterator[Pattern]:
    """Groups across organizations and large ones; small ones of each organization that are not part of these."""
    inside: dict[int, list[Tie]] = defaultdict(list)
    everywhere: list[Tie] = []
    for giver, receiver, gifts, organization in pairs:
        tie = Tie(giver, receiver, gifts, bool(organization))
        everywhere.append(tie)
        if organization:
            inside[organization].append(tie)
    wide = wide_rings_in(everywhere, received)
    small = [ring for ties in inside.values() for ring in rings_in(ties, received)]
    for ring in [*wide, *(each for each in small if not any(each.members <= other.members for other in wide))]:
        yield _of_ring(ring, received)


def _of_ring(ring: Ring, received: dict[int, int]) -> Pattern:
    key = ",".join(str(member) for member in sorted(ring.members))
    if len(ring.members) > RING_MOST:
        key = hashlib.sha256(key.encode()).hexdigest()
    return _pattern(Flag.Kind.RING, key, ring.members, _between(ring.members, ring.members), received)


def _serial(received: dict[int, int]) -> Iterator[Pattern]:
    for (giver, receiver), runs in _runs().items():
        gifts = _between({giver}, {receiver})
        quick = [gift for gift in gifts if any(run.start <= gift.at <= run.end for run in runs)]
        fastest = min((run.end - run.start for run in runs), default=timedelta())
        numbers = {"seconds": int(fastest.total_seconds())}
        both = frozenset((giver, receiver))
        yield _pattern(Flag.Kind.SERIAL, f"{giver}>{receiver}", both, quick, received, **numbers)


def _runs() -> dict[tuple[int, int], list[_Run]]:
    """The quick runs of each pair that has any."""
    apart = _APART[connection.vendor]
    lags = ", ".join(f"lag(gifts.at, {least - 1}) OVER each_pair AS start_{least}" for least, _seconds in SERIAL)
    starts = ", ".join(f"start_{least}" for least, _seconds in SERIAL)
    quick = {least: f"{apart.format(later='at', earlier=f'start_{least}')} <= {most}" for least, most in SERIAL}
    text = _QUICK.format(lags=lags, starts=starts, quick=" OR ".join(quick.values()), least=min(quick))
    found: dict[tuple[int, int], list[_Run]] = defaultdict(list)
    for giver, receiver, *begun, end in _rows(text):
        for start, (_least, seconds) in zip(map(_time, begun), SERIAL, strict=True):
            if start is not None and (at := _time(end)) and (at - start).total_seconds() <= seconds:
                found[giver, receiver].append(_Run(start, at))
    return found


def _new(received: dict[int, int], since: datetime) -> Iterator[Pattern]:
    age = _APART[connection.vendor].format(later="gifts.at", earlier="giver.joined_at")
    text = _NEW.format(age=age, seconds=NEW_DAYS * 86_400, first=NEW_FIRST)
    givers: dict[int, set[int]] = defaultdict(set)
    for giver, receiver in _rows(text, [since]):
        givers[receiver].add(giver)
    for receiver, new in givers.items():
        gifts = _between(new, {receiver})
        yield _pattern(Flag.Kind.NEW, f">{receiver}", frozenset(new | {receiver}), gifts, received, new=sorted(new))


def _pattern(
    kind: Flag.Kind, key: str, members: frozenset[int], gifts: list[Gift], received: dict[int, int], **more: Any
) -> Pattern:
    gave, got = Counter(gift.giver for gift in gifts), Counter(gift.receiver for gift in gifts)
    counted = {
        str(member): {"gave": gave[member], "got": got[member], "received": received.get(member, 0)}
        for member in sorted(members)
    }
    named = [gift.id for gift in gifts[:MOST_NAMED]]
    newest = max((gift.at for gift in gifts), default=clock.now())
    return Pattern(kind, f"{kind}:{key}", members, len(gifts), named, newest, {"members": counted, **more})


def _between(givers: Collection[int], receivers: Collection[int]) -> list[Gift]:
    """What some gave to some, the newest first."""
    places = [", ".join(["%s"] * len(people)) for people in (givers, receivers)]
    text = _BETWEEN.format(givers=places[0], receivers=places[1])
    rows = _rows(text, [*sorted(givers), *sorted(receivers)])
    return [Gift(pk, giver, receiver, at) for pk, giver, receiver, told in rows if (at := _time(told))]


@contextmanager
def _gifts_at_hand(since: datetime) -> Iterator[None]:
    """Outside a transaction of its own, which would keep writers waiting on SQLite."""
    with connection.cursor() as cursor:
        cursor.execute(_DROP)
        cursor.execute(_TABLE.format(moment=_MOMENT[connection.vendor]))
        cursor.execute(_GIFTS, [connection.ops.adapt_datetimefield_value(since)])
        cursor.execute(_INDEX)
        cursor.execute("ANALYZE pattern_gift")
        yield
        cursor.execute(_DROP)


def _rows(text: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    adapted = [
        connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value for value in values
    ]
    with connection.cursor() as cursor:
        cursor.execute(text, adapted)
        return list(cursor.fetchall())


def _time(told: Any) -> datetime | None:
    """A time as the database gave it: SQLite keeps it as text, in UTC."""
    found = datetime.fromisoformat(told) if isinstance(told, str) else told
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found
