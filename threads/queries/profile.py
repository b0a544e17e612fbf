"""A contribution profile in figures, for page and API alike: as far as it is shown, and as subjects are met."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from community.models import Member
from community.rules import clock
from reputation.models import Tally
from reputation.policies.profile import CONTRIBUTIONS, PEERS, Shown
from reputation.queries.evaluations import peers_of
from reputation.queries.profile import AxisSum, subjects_of, sums_of
from reputation.rules.profile import ALL, AXES, LATELY, Period, months_until
from threads.queries.catalog import product_names
from threads.queries.met import tags_met


class Total(NamedTuple):
    """What was earned: points, and by how many awards that stand."""

    points: int = 0
    awards: int = 0


class Month(NamedTuple):
    """What was earned in a month (yyyymm), by axis."""

    month: int
    totals: dict[str, Total]


class Subject(NamedTuple):
    """What was earned on a tag or product."""

    scope: str
    label: str
    points: int
    awards: int


class Peers(NamedTuple):
    """What peers say, 1 to 5: the mean of the numbers of the qualities, and each of these."""

    mean: float
    qualities: dict[str, float]
    made_at: datetime


@dataclass(frozen=True)
class Figures:
    """What a profile says to one viewer. None is what is not shown to them, and for peers also that there is none."""

    axes: dict[str, Total] | None
    months: list[Month] | None
    subjects: list[Subject] | None
    peers: Peers | None


def figures_of(viewer: Member, shown: Shown, period: Period, *, scope: str, months: int) -> Figures:
    """The profile of a period and a subject (all of them without a `scope`), and of the last months one by one."""
    peers = _peers(shown, period, scope) if PEERS in shown.parts else None
    if CONTRIBUTIONS not in shown.parts:
        return Figures(None, None, None, peers)
    last = months_until(clock.now().date(), months)
    sums = sums_of(shown, period, Period("", last[0], last[-1]), scope=scope)
    totals = _totals(row for row in sums if period.first <= row.month <= period.last)
    by_month: dict[int, list[AxisSum]] = defaultdict(list)
    for row in sums:
        by_month[row.month].append(row)
    return Figures(
        totals, [Month(month, _totals(by_month[month])) for month in last], _subjects(viewer, shown, period), peers
    )


def _totals(rows: Iterable[AxisSum]) -> dict[str, Total]:
    totals = dict.fromkeys(AXES, Total())
    for row in rows:
        before = totals[row.axis]
        totals[row.axis] = Total(before.points + row.points, before.awards + row.awards)
    return totals


def _subjects(viewer: Member, shown: Shown, period: Period) -> list[Subject]:
    rows = subjects_of(shown, period)
    names = subjects_named(viewer, [row.scope for row in rows])
    return [Subject(row.scope, names[row.scope], row.points, row.awards) for row in rows if row.scope in names]


def _peers(shown: Shown, period: Period, scope: str) -> Peers | None:
    """There are numbers of all the time by subject, and of the last twelve months on all subjects."""
    windows = {ALL: Tally.Window.ALL, LATELY: Tally.Window.YEAR}
    if period.name not in windows or (scope and period.name != ALL):
        return None
    numbers = peers_of(shown, scope=scope, window=windows[period.name])
    if not numbers:
        return None
    values = {name: number.value for name, number in numbers.items()}
    newest = max(number.at for number in numbers.values())
    return Peers(round(sum(values.values()) / len(values), 1), values, newest)


def subjects_named(viewer: Member, scopes: Iterable[str]) -> dict[str, str]:
    """What those of the subjects are called that the viewer may be told of: products, and tags they meet themselves.

    In the order given.
    """
    asked = [scope for scope in scopes if "\0" not in scope]
    parts = [scope.partition(":") for scope in asked]
    products = product_names(slug for noun, _colon, slug in parts if noun == "product")
    names = {f"product:{slug}": name for slug, name in products.items()}
    met = tags_met(viewer, [slug for noun, _colon, slug in parts if noun == "tag"])
    names |= {f"tag:{slug}": f"#{slug}" for slug in met}
    return {scope: names[scope] for scope in asked if scope in names}
