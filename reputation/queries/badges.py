"""Badges: who holds them by the ledger alone, and as pages show them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, QuerySet

from community.models import Member
from community.rules.statements import rows_of
from reputation.models import Award, Badge, EarnedBadge
from reputation.rules.badges import BADGES, BY_SLUG, MOST_FROM_ONE, BadgeRule, Counted, longest_run

Far = dict[int, dict[str, int]]

# The same as `_counting` says, of one row.
_COUNTS = """
    award.reverses_id IS NULL AND award.points > 0 AND award.giver_organization_id IS NOT NULL
    AND award.giver_organization_id <> award.receiver_organization_id
    AND NOT EXISTS (SELECT 1 FROM reputation_award AS back WHERE back.reverses_id = award.id)
"""
_LIKE_IT = f"""
    SELECT EXISTS (
        SELECT 1 FROM reputation_award AS award
        WHERE award.member_id = %s AND award.rule = %s AND award.giver_organization_id = %s AND award.id <> %s
            AND {_COUNTS}
    ), EXISTS (
        SELECT 1 FROM reputation_award AS award
        WHERE award.member_id = %s AND award.month = %s AND award.rule = %s AND award.id <> %s AND {_COUNTS}
    )
"""  # noqa: S608  (our own words)


def counts(award: Award) -> bool:
    """Whether an award, while it stands, counts for badges: it earned something, and came from elsewhere."""
    return award.points > 0 and award.giver_organization_id not in (None, award.receiver_organization_id)


def has_its_like(award: Award) -> bool:
    """Whether another award that counts is of the same rule and organization, and one of the same rule and month.

    Then this one makes no difference to how many organizations and which months there are. One statement that looks at
    no more rows the more there are.
    """
    of_it = (award.member_id, award.rule, award.giver_organization_id, award.pk)
    ((from_there, that_month),) = rows_of(_LIKE_IT, [*of_it, award.member_id, award.month, award.rule, award.pk])
    return bool(from_there and that_month)


def reached(members: Collection[int], badges: Iterable[BadgeRule] = BADGES) -> Far:
    """How far members (ids) are with these badges, by slug, from the ledger alone; what is 0 may be left out."""
    found: Far = defaultdict(dict)
    asked = list(badges)
    for counted, count in _COUNTERS.items():
        chosen = [badge for badge in asked if badge.counted is counted]
        if chosen:
            for (member, slug), number in count(members, chosen).items():
                found[member][slug] = number
    return found


def earned(far: Mapping[str, int], badges: Iterable[BadgeRule] = BADGES) -> set[str]:
    """Which of the badges whoever is so far holds."""
    return {badge.slug for badge in badges if far.get(badge.slug, 0) >= badge.needed}


def _counting(members: Collection[int], badges: Collection[BadgeRule]) -> QuerySet[Award]:
    """The awards that count for some of the badges."""
    standing = Award.objects.filter(member__in=list(members), reverses__isnull=True, reversal__isnull=True)
    earning = standing.filter(points__gt=0, rule__in={rule for badge in badges for rule in badge.rules})
    from_elsewhere = earning.filter(giver_organization__isnull=False)
    return from_elsewhere.exclude(giver_organization=F("receiver_organization")).order_by()


def _organizations(members: Collection[int], badges: Collection[BadgeRule]) -> dict[tuple[int, str], int]:
    return {key: len(found) for key, found in _different(members, badges, "giver_organization_id").items()}


def _months(members: Collection[int], badges: Collection[BadgeRule]) -> dict[tuple[int, str], int]:
    return {key: longest_run(found) for key, found in _different(members, badges, "month").items()}


def _different(members: Collection[int], badges: Collection[BadgeRule], column: str) -> dict[tuple[int, str], set[int]]:
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    for member, rule, value in _counting(members, badges).values_list("member_id", "rule", column).distinct():
        for badge in badges:
            if rule in badge.rules:
                found[member, badge.slug].add(value)
    return found


def _in_a_subject(members: Collection[int], badges: Collection[BadgeRule]) -> dict[tuple[int, str], int]:
    grouped = _counting(members, badges).values_list("member_id", "rule", "giver_organization_id", "product", "tags")
    given: Counter[tuple[int, str, str, int]] = Counter()
    for member, rule, organization, product, tags, times in grouped.annotate(times=Count("pk")):
        for scope in {f"product:{product}", *(f"tag:{tag}" for tag in tags)} - {"product:"}:
            for badge in badges:
                if rule in badge.rules:
                    given[member, badge.slug, scope, organization] += times
    sums: Counter[tuple[int, str, str]] = Counter()
    for (member, slug, scope, _organization), times in given.items():
        sums[member, slug, scope] += min(times, MOST_FROM_ONE)
    best: dict[tuple[int, str], int] = {}
    for (member, slug, _scope), number in sums.items():
        best[member, slug] = max(number, best.get((member, slug), 0))
    return best


_COUNTERS = {
    Counted.ORGANIZATIONS: _organizations,
    Counted.IN_A_SUBJECT: _in_a_subject,
    Counted.MONTHS: _months,
}


def held_by(members: Collection[int]) -> QuerySet[EarnedBadge]:
    """The badges that members (ids) hold."""
    return EarnedBadge.objects.filter(member__in=list(members), withdrawn_at__isnull=True)


def members_from(after: int, most: int) -> list[int]:
    """The next members, by id."""
    return list(Member.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:most])


def unsettled(members: Collection[int]) -> list[int]:
    """Those of the members (ids) who do not hold exactly what the ledger and the rules of today say."""
    far, holds = reached(members), defaultdict(set)
    for member, slug in held_by(members).values_list("member_id", "slug"):
        holds[member].add(slug)
    return sorted(pk for pk in members if earned(far.get(pk, {})) != holds[pk])


@dataclass(frozen=True)
class ShownBadge:
    """A badge as a member's page shows it. `slug` is empty for one that an import brought along."""

    name: str
    description: str
    at: datetime
    slug: str = ""


def badges_of(member: Member, *, limit: int = 20) -> list[ShownBadge]:
    """The badges that the member holds, and the newest of imported ones, each kind once with how often it was given."""
    counted: dict[str, ShownBadge] = {}
    times: dict[str, int] = {}
    for badge in Badge.objects.filter(member=member)[:500]:
        times[badge.name] = times.get(badge.name, 0) + 1
        counted.setdefault(badge.name, ShownBadge(badge.name, badge.source_site, badge.given_at))
    imported = [
        ShownBadge(f"{shown.name} × {times[name]}" if times[name] > 1 else shown.name, shown.description, shown.at)
        for name, shown in list(counted.items())[:limit]
    ]
    return earned_badges_of(member) + imported


def earned_badges_of(member: Member) -> list[ShownBadge]:
    """The badges of the network that the member holds, the newest first."""
    rows = [row for row in held_by([member.pk]) if row.slug in BY_SLUG]
    rules = [BY_SLUG[row.slug] for row in rows]
    return [
        ShownBadge(str(rule.name), str(rule.sentence), row.given_at, row.slug)
        for row, rule in zip(rows, rules, strict=True)
    ]


@dataclass(frozen=True)
class BadgeState:
    """One of all badges: how many people hold it, since when the viewer does, and how far they are."""

    rule: BadgeRule
    holders: int
    since: datetime | None
    reached: int

    @property
    def far(self) -> int:
        """How far, as far as it matters."""
        return min(self.reached, self.rule.needed)


def badge_states(viewer: Member) -> list[BadgeState]:
    """All badges, in the order of the rules."""
    here = EarnedBadge.objects.filter(withdrawn_at__isnull=True, member__is_active=True).order_by()
    holders = dict(here.values_list("slug").annotate(times=Count("pk")))
    since = dict(held_by([viewer.pk]).values_list("slug", "given_at"))
    far = reached([viewer.pk]).get(viewer.pk, {})
    return [BadgeState(rule, holders.get(rule.slug, 0), since.get(rule.slug), far.get(rule.slug, 0)) for rule in BADGES]
