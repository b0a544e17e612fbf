"""What the members' standing would be if other rules had held from the beginning."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from reputation.models import Award
from reputation.rules.books import Books, Gift, Rules
from reputation.rules.points import THRESHOLDS
from reputation.rules.ranks import rank_correlation

_GIVEN_RULES = {Award.Rule.HELPED, Award.Rule.SOLUTION}
_COLUMNS = (
    "member_id", "receiver_organization_id", "rule", "giver_id", "giver_organization_id", "at", "points",
    "product", "tags",
)  # fmt: skip


class Change(NamedTuple):
    """Something before and after."""

    before: int
    after: int


@dataclass
class Preview:
    """The ledger as it is beside the same awards by other rules. What was taken back counts in neither."""

    awards: int = 0
    by_rule: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    by_member: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    by_subject: dict[tuple[int, str], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    capped: Counter[str] = field(default_factory=Counter)

    def changed(self) -> list[tuple[int, Change]]:
        """Members whose standing would be another one, by how much it differs, most first."""
        found = [(who, Change(*points)) for who, points in self.by_member.items() if points[0] != points[1]]
        return sorted(found, key=lambda row: (-abs(row[1].after - row[1].before), row[0]))

    def order(self) -> float | None:
        """The rank correlation of the members' standings before and after."""
        rows = list(self.by_member.values())
        return rank_correlation([row[0] for row in rows], [row[1] for row in rows])

    def privileged(self, before: int, after: int) -> tuple[Change, int, int]:
        """How many (member, subject) reach a threshold, before and after, and how many of these gain or lose it."""
        had = {key for key, points in self.by_subject.items() if points[0] >= before}
        have = {key for key, points in self.by_subject.items() if points[1] >= after}
        return Change(len(had), len(have)), len(have - had), len(had - have)


def preview(rules: Rules) -> Preview:
    """Go through the ledger in the order of time. Imported awards, which no caps held down, stay so."""
    found, books = Preview(), Books(rules)
    rows = Award.objects.filter(reverses=None, reversal=None).order_by("at", "pk").values_list(*_COLUMNS)
    for member, organization, rule, giver, giver_organization, at, points, product, tags in rows.iterator(5_000):
        gift = Gift(member, organization, rule, giver, giver_organization, at)
        imported = giver is None and rule in _GIVEN_RULES
        after, capped = (rules.POINTS[rule], "") if imported else books.give(gift)
        found.awards += 1
        found.capped[capped] += bool(capped)
        scopes = [f"product:{product}"] * bool(product) + [f"tag:{tag}" for tag in sorted(set(tags))]
        for sums in (found.by_rule[rule], found.by_member[member], *(found.by_subject[member, one] for one in scopes)):
            sums[0] += points
            sums[1] += after
    return found


def thresholds(rules: Rules) -> dict[str, Change]:
    """Every privilege's threshold before and after."""
    return {name: Change(needed, rules.THRESHOLDS[name]) for name, needed in THRESHOLDS.items()}
