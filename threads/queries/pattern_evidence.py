"""The evidence of a flag, for who looked: who gave what to whom and when; titles only where the viewer sees them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from community.models import Member
from reputation.models import Flag, FlagAward
from reputation.queries.flags import awards_named, people_in
from reputation.rules.patterns import WINDOW_DAYS
from threads.queries.contributions import titles_of_subjects


@dataclass(frozen=True)
class Share:
    """One of those concerned: what they gave and got within the pattern, and what part that is of all they got."""

    member: Member
    gave: int
    got: int
    received: int
    is_new: bool

    @property
    def percent(self) -> int:
        """The part in percent; 0 for who got nothing."""
        return round(100 * self.got / self.received) if self.received else 0


@dataclass(frozen=True)
class NamedAward:
    """An award that the flag names, with what it was given for where the viewer sees that."""

    row: FlagAward
    title: str
    url: str


@dataclass(frozen=True)
class Evidence:
    """All of it; `days` has how many of the named awards were given on each day, without gaps."""

    people: list[Share]
    awards: list[NamedAward]
    days: list[tuple[date, int]]
    minutes: int | None


def evidence_of(viewer: Member, flag: Flag) -> Evidence:
    """What a flag rests on. The caller has noted that the viewer looks."""
    rows = awards_named(flag)
    titles = titles_of_subjects(viewer, {row.award.subject for row in rows})
    named = [NamedAward(row, **titles.get(row.award.subject, {"title": "", "url": ""})) for row in rows]
    counted, new = flag.numbers.get("members", {}), set(flag.numbers.get("new", ()))
    people = [
        Share(member, **counted.get(str(member.pk), {"gave": 0, "got": 0, "received": 0}), is_new=member.pk in new)
        for member in people_in(flag)
    ]
    seconds = flag.numbers.get("seconds")
    return Evidence(people, named, _days(flag, rows), None if seconds is None else max(1, round(seconds / 60)))


def _days(flag: Flag, rows: list[FlagAward]) -> list[tuple[date, int]]:
    given = Counter(row.award.at.date() for row in rows)
    last = flag.newest_at.date()
    first = min([*given, last - timedelta(days=WINDOW_DAYS - 1)])
    return [(day, given[day]) for day in (first + timedelta(days=n) for n in range((last - first).days + 1))]
