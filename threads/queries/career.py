"""A record of a member's contributions as it would be signed: numbers alone, and only subjects that everybody sees."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from community.errors import Invalid
from community.models import Member, Space
from community.rules import clock
from reputation.models import CareerRecord, Certificate
from reputation.queries.career import Tally, confirmed_certificates, issued_to, tallies_of
from reputation.rules.career import (
    MOST_TOPICS,
    Choice,
    RecordCertificate,
    RecordCount,
    RecordDraft,
    RecordHolder,
    RecordNetwork,
    RecordOrganization,
    RecordPeriod,
    RecordTopic,
    RecordYear,
    plain,
)
from threads.models import Product, Tag, Thread
from threads.models.audience import Audience
from threads.queries.paging import page_of
from threads.queries.public import published_practices

Sums = Counter[tuple[Any, ...]]
Summed = list[tuple[tuple[Any, ...], tuple[int, int]]]


def open_scopes(scopes: Iterable[str]) -> set[str]:
    """Those of the subjects that everybody in the network sees: products, and tags of what is open to all."""
    slugs: dict[str, set[str]] = {"product": set(), "tag": set()}
    for scope in scopes:
        noun, _colon, slug = scope.partition(":")
        slugs.setdefault(noun, set()).add(slug)
    products = Product.objects.filter(slug__in=slugs["product"]).values_list("slug", flat=True)
    return {f"product:{slug}" for slug in products} | {f"tag:{slug}" for slug in _open_tags(slugs["tag"])}


def _open_tags(slugs: set[str]) -> Iterable[str]:
    shown = Thread.objects.filter(space__audience=Space.Audience.NETWORK, audience=Audience.SPACE, tags=OuterRef("pk"))
    published = published_practices().filter(tags=OuterRef("pk"))
    return Tag.objects.filter(Q(Exists(shown)) | Q(Exists(published)), slug__in=slugs).values_list("slug", flat=True)


def issued_page(member: Member, *, after: str = "", limit: int = 20) -> tuple[list[CareerRecord], str | None]:
    """The records that the member took, the newest first. Raises ValueError for a broken cursor."""
    return page_of(issued_to(member), "issued_at", descending=True, after=after, limit=limit)


def subjects_to_choose(member: Member) -> list[str]:
    """The subjects of the member's contributions that can stand in a record, those that earned most first."""
    return _best(tallies_of(member, first=None, last=clock.now().date()))


def _best(tallies: list[Tally]) -> list[str]:
    points: Counter[str] = Counter()
    for tally in tallies:
        for scope in tally.scopes():
            points[scope] += tally.points
    shown = open_scopes(points)
    best = sorted((scope for scope in points if scope in shown), key=lambda scope: (-points[scope], scope))
    return best[:MOST_TOPICS]


def draft_of(member: Member, choice: Choice) -> RecordDraft:
    """All that a record of this choice says today, but for its number and the moment of signing.

    Raises Invalid for days that do not follow each other, and for subjects that not everybody sees.
    """
    chosen = _checked(choice)
    tallies = tallies_of(member, first=choice.first, last=choice.last)
    if chosen:
        tallies = [tally for tally in tallies if not chosen.isdisjoint(tally.scopes())]
    topics = chosen or set(_best(tallies))
    by_kind, by_year, by_topic = _summed(tallies, topics)
    return RecordDraft(
        network=RecordNetwork(name=plain(settings.NETWORK_NAME), address=settings.SITE_URL),
        member=RecordHolder(name=plain(member.name), handle=member.handle),
        period=RecordPeriod(first=choice.first.isoformat() if choice.first else None, last=choice.last.isoformat()),
        subjects=sorted(chosen) or None,
        organizations=_organizations(tallies),
        contributions=[RecordCount(kind=kind, **_told(sums)) for (kind,), sums in by_kind],
        years=[RecordYear(year=year, kind=kind, **_told(sums)) for (year, kind), sums in by_year],
        topics=[RecordTopic(subject=scope, kind=kind, **_told(sums)) for (scope, kind), sums in by_topic],
        standing=sum(tally.points for tally in tallies),
        certificates=_certificates(member, choice) if choice.certificates else None,
    )


def _checked(choice: Choice) -> set[str]:
    if choice.last > clock.now().date():
        raise Invalid({"last": _("This day is still to come. Choose today or an earlier one.")})
    if choice.first is not None and choice.first > choice.last:
        raise Invalid({"first": _("This is after the last day. Choose an earlier one.")})
    chosen = set(choice.subjects)
    if chosen - open_scopes(chosen):
        raise Invalid({"subjects": _("Choose products and tags that everybody in the network sees.")})
    return chosen


def _summed(tallies: list[Tally], topics: set[str]) -> tuple[Summed, Summed, Summed]:
    counts: tuple[Sums, Sums, Sums] = (Counter(), Counter(), Counter())
    points: tuple[Sums, Sums, Sums] = (Counter(), Counter(), Counter())
    for tally in tallies:
        places = [(0, (tally.rule,)), (1, (tally.year, tally.rule))]
        places += [(2, (scope, tally.rule)) for scope in tally.scopes() if scope in topics]
        for table, place in places:
            counts[table][place] += tally.awards
            points[table][place] += tally.points
    by_kind, by_year, by_topic = (
        [(place, (counts[table][place], points[table][place])) for place in sorted(counts[table])] for table in range(3)
    )
    return by_kind, by_year, by_topic


def _told(sums: tuple[int, int]) -> dict[str, int]:
    return {"count": sums[0], "points": sums[1]}


def _organizations(tallies: list[Tally]) -> list[RecordOrganization]:
    days: dict[str, tuple[datetime, datetime]] = {}
    for tally in tallies:
        first, last = days.get(tally.organization, (tally.first, tally.last))
        days[tally.organization] = min(first, tally.first), max(last, tally.last)
    found = [
        RecordOrganization(name=plain(name), first=_day(first), last=_day(last)) for name, (first, last) in days.items()
    ]
    return sorted(found, key=lambda each: (each.first, each.last, each.name))


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def _certificates(member: Member, choice: Choice) -> list[RecordCertificate]:
    rows = confirmed_certificates(member)
    shown = open_scopes(row.scope for row in rows)
    return [
        _certificate(row, row.scope in shown) for row in rows if not choice.subjects or row.scope in choice.subjects
    ]


def _certificate(row: Certificate, shown: bool) -> RecordCertificate:
    confirmed = _day(row.confirmed_at) if row.confirmed_at else ""
    return RecordCertificate(
        name=plain(row.name), issuer=plain(row.issuer), subject=row.scope if shown else "",
        issued_on=row.issued_on.isoformat(), expires_on=row.expires_on.isoformat() if row.expires_on else None,
        confirmed_on=confirmed,
    )  # fmt: skip
