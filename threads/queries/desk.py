"""The curators' desk: what waits for somebody's decision, in queues that are asked anew each time."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from community.models import Member
from community.rules import clock
from threads.models import UNRESOLVED, DuplicatePair, Practice, PracticeVersion, Reuse, Review, Suggestion
from threads.models.audience import Audience
from threads.queries.curated import curated_by
from threads.queries.paging import page_of
from threads.queries.uses import uses_seen_by

PAGE = 30
MOST_COUNTED = 100
_DONE = (Practice.Confidence.ARCHIVED, Practice.Confidence.WORK_IN_PROGRESS)
_PARTS = ("product", "space", "organization", "center", "owner", "claimed_by__organization", "recorded_by")
_UNSHOWN = (
    "environment", "environment_html", "cause", "cause_html", "resolution", "resolution_html", "problem_html",
    "public_text", "public_html",
)  # fmt: skip
# Beyond every id, so that what warns of danger comes before all else.
_LATER = 10**15


class Capped(Subquery):
    """How many rows a query gives, which says itself how many it gives at most."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


@dataclass(frozen=True)
class Narrowed:
    """What the desk is narrowed to; empty strings do not narrow. `mine` is what the viewer has claimed."""

    product: str = ""
    tag: str = ""
    space: str = ""
    mine: bool = False

    def of(self, practices: QuerySet[Practice], viewer: Member) -> QuerySet[Practice]:
        """Those of the practices."""
        if self.product:
            practices = practices.filter(product__slug=self.product)
        if self.space:
            practices = practices.filter(space__slug=self.space)
        if self.tag:
            tagged: QuerySet[Any] = Practice.tags.through.objects.filter(tag__slug=self.tag.lower())
            practices = practices.filter(pk__in=tagged.values("practice_id"))
        if self.mine:
            practices = practices.filter(claimed_by=viewer, claimed_until__gt=clock.now())
        return practices


EVERYTHING = Narrowed()


@dataclass(frozen=True)
class DeskRow:
    """A practice that waits; `other` and `pair` when it may be the same as another one.

    `held` is what somebody works on, where that keeps others from it: the practice, the pair or its other practice.
    `before` says how often it was challenged before, `uses` in how many threads that the viewer sees it is used,
    MOST_COUNTED at most.
    """

    practice: Practice
    claimed: bool
    others_decide: bool
    review: int | None = None
    before: int = 0
    uses: int = 0
    other: Practice | None = None
    pair: DuplicatePair | None = None
    held: Practice | DuplicatePair | None = None


@dataclass(frozen=True)
class DeskPage:
    """Some rows of a queue, and the cursor to go on from; None at the end."""

    rows: list[DeskRow] = field(default_factory=list)
    next: str | None = None


@dataclass(frozen=True)
class _Queue:
    """Which of the curated practices are in it, and by which column they come, the smallest first or the largest.

    With `used` only those that are used in a thread which the viewer sees.
    """

    of: Callable[[QuerySet[Practice]], QuerySet[Practice]]
    column: str
    descending: bool = False
    used: bool = False

    def found(self, practices: QuerySet[Practice], viewer: Member) -> QuerySet[Practice]:
        """Those of the practices that are in it."""
        found = self.of(practices)
        return found.filter(Exists(_uses(viewer))) if self.used else found


def _uses(viewer: Member) -> QuerySet[Reuse]:
    return uses_seen_by(viewer).filter(practice=OuterRef("pk")).order_by()


def _counted_uses(viewer: Member) -> Case:
    """In how many threads that the viewer sees it is used; not looked for where it is used nowhere."""
    seen = Capped(_uses(viewer).values("pk")[:MOST_COUNTED])
    return Case(When(reuse_count__gt=0, then=seen), default=Value(0), output_field=IntegerField())


def _challenged(practices: QuerySet[Practice]) -> QuerySet[Practice]:
    """Those with an open review of what was said against them; what is said to be dangerous first."""
    turn = Case(When(warned_at__isnull=False, then=F("review")), default=F("review") + _LATER)
    again = Review.objects.filter(practice=OuterRef("pk"), kind=Review.Kind.CHALLENGED, state=Review.State.CLOSED)
    found = _in_review(practices, Q(state=Review.State.OPEN, kind=Review.Kind.CHALLENGED))
    return found.annotate(turn=turn, before=Capped(again.order_by().values("pk")[:MOST_COUNTED]))


def _asked_back(practices: QuerySet[Practice]) -> QuerySet[Practice]:
    return _in_review(practices, Q(state=Review.State.CHANGES_ASKED)).annotate(turn=F("review"))


def _in_review(practices: QuerySet[Practice], which: Q) -> QuerySet[Practice]:
    reviews = Review.objects.filter(which)
    own = reviews.filter(practice=OuterRef("pk")).values("pk")[:1]
    return practices.filter(pk__in=reviews.values("practice_id")).annotate(review=Subquery(own))


def _suggested(practices: QuerySet[Practice]) -> QuerySet[Practice]:
    waiting = Suggestion.objects.filter(state=Suggestion.State.OPEN)
    oldest = waiting.filter(practice=OuterRef("pk")).order_by("pk").values("pk")[:1]
    return practices.filter(pk__in=waiting.values("practice_id")).annotate(turn=Subquery(oldest))


def _conditions() -> dict[str, Q]:
    """What makes a practice wait by itself, by queue.

    New is what nobody has looked at, nor what was brought along from elsewhere; or what was begun in a thread that has
    ended without its text. Nobody looks after what has no owner, or one who left, or one who is not of the only
    organization that sees it.
    """
    in_use = ~Q(confidence__in=_DONE)
    recorded = Q(reviewed_version=0, source_site="") & in_use
    unfinished = Q(follows_record=True) & ~Q(thread__status__in=UNRESOLVED)
    inside = Q(audience__in=(Audience.CENTER, Audience.ORGANIZATION), owner__is_superuser=False)
    elsewhere = inside & ~Q(owner__organization=F("organization"))
    return {
        "new": recorded | unfinished,
        "changed": Q(reviewed_version__gt=0, reviewed_version__lt=F("version")) & in_use,
        "due": Q(due_at__lte=clock.now()) & in_use,
        "unowned": (Q(owner__isnull=True) | Q(owner__is_active=False) | elsewhere) & in_use,
    }


def _waiting(name: str) -> Callable[[QuerySet[Practice]], QuerySet[Practice]]:
    return lambda practices: practices.filter(_conditions()[name])


def _reused(practices: QuerySet[Practice]) -> QuerySet[Practice]:
    return practices.filter(confidence=Practice.Confidence.NOT_VALIDATED, reuse_count__gt=0)


DUPLICATES = "duplicates"
_QUEUES = {
    "challenged": _Queue(_challenged, "turn"),
    "suggested": _Queue(_suggested, "turn"),
    "new": _Queue(_waiting("new"), "recorded_at"),
    "changed": _Queue(_waiting("changed"), "uses", descending=True),
    "due": _Queue(_waiting("due"), "due_at"),
    "unowned": _Queue(_waiting("unowned"), "uses", descending=True),
    "reused": _Queue(_reused, "uses", descending=True, used=True),
    "asked": _Queue(_asked_back, "turn"),
}
QUEUES = ("challenged", "suggested", "new", "changed", "due", "unowned", DUPLICATES, "reused", "asked")


def desk_counts(viewer: Member) -> dict[str, int]:
    """How many wait in each queue, MOST_COUNTED at most.

    What waits by itself is counted in one look at all practices, the rest from the few rows that there are.
    """
    curated, conditions = curated_by(viewer), _conditions()
    scanned = curated.aggregate(**{name: Count("pk", filter=which) for name, which in conditions.items()})
    few: dict[str, QuerySet[Any, Any]] = {
        name: queue.found(curated, viewer) for name, queue in _QUEUES.items() if name not in conditions
    }
    few[DUPLICATES] = _pairs(viewer, EVERYTHING)
    columns = [Capped(rows.order_by().values("pk")[:MOST_COUNTED]) for rows in few.values()]
    (numbers,) = Member.objects.filter(pk=viewer.pk).values_list(*columns)
    counts = scanned | dict(zip(few, numbers, strict=True))
    return {name: min(counts[name] or 0, MOST_COUNTED) for name in QUEUES}


def desk_page(
    viewer: Member, name: str, wanted: Narrowed = EVERYTHING, *, after: str = "", limit: int = PAGE
) -> DeskPage:
    """A page of a queue. Raises KeyError for a queue that there is not, ValueError for a broken cursor."""
    if name == DUPLICATES:
        return _pairs_page(viewer, wanted, after, limit)
    queue = _QUEUES[name]
    found = queue.found(wanted.of(curated_by(viewer), viewer), viewer)
    found = found.annotate(uses=_counted_uses(viewer)).only("recorded_at", "due_at")
    places, following = page_of(found, queue.column, descending=queue.descending, after=after, limit=limit)
    practices = _shown(viewer, [place.pk for place in places])
    return DeskPage([_row(viewer, place, practices[place.pk]) for place in places if place.pk in practices], following)


def _shown(viewer: Member, pks: Collection[int]) -> dict[int, Practice]:
    """What is shown of practices that a page found: read by itself, else it is put together for all that wait."""
    shown = curated_by(viewer).annotate(wrote=Exists(_written_since(viewer))).select_related(*_PARTS)
    return {practice.pk: practice for practice in shown.defer(*_UNSHOWN).filter(pk__in=pks)}


def _written_since(viewer: Member) -> QuerySet[PracticeVersion]:
    written = PracticeVersion.objects.exclude(kind=PracticeVersion.Kind.STATE).filter(practice=OuterRef("pk"))
    own = Q(author=viewer) | Q(suggested_by=viewer)
    return written.filter(own, number__gt=OuterRef("reviewed_version"))


def _row(viewer: Member, place: Practice, practice: Practice) -> DeskRow:
    wrote = getattr(practice, "wrote", False) and not viewer.is_superuser
    held = practice if _claimed(practice) else None
    return DeskRow(
        practice, held is not None, bool(wrote), getattr(place, "review", None), getattr(place, "before", 0),
        getattr(place, "uses", 0), held=held,
    )  # fmt: skip


def _claimed(thing: Practice | DuplicatePair) -> bool:
    return thing.claimed_until is not None and thing.claimed_until > clock.now()


def _pairs(viewer: Member, wanted: Narrowed) -> QuerySet[DuplicatePair]:
    """Open pairs both of whose ends the viewer decides about; `wanted` is asked of either."""
    curated = curated_by(viewer).exclude(confidence=Practice.Confidence.ARCHIVED)
    both = DuplicatePair.objects.filter(_either(curated, "first"), _either(curated, "second"))
    both = both.filter(state=DuplicatePair.State.OPEN)
    if wanted == EVERYTHING:
        return both
    some = replace(wanted, mine=False).of(curated, viewer)
    both = both.filter(_either(some, "first") | _either(some, "second"))
    if wanted.mine:
        claimed = [Q(**{f"{end}claimed_by": viewer, f"{end}claimed_until__gt": clock.now()}) for end in _CLAIMED]
        both = both.filter(claimed[0] | claimed[1] | claimed[2])
    return both


_CLAIMED = ("", "first__", "second__")


def _either(practices: QuerySet[Practice], end: str) -> Q:
    """That this end of a pair is among the practices; asked of each pair, because there are few."""
    return Q(Exists(practices.filter(pk=OuterRef(f"{end}_id"))))


def _pairs_page(viewer: Member, wanted: Narrowed, after: str, limit: int) -> DeskPage:
    found = _pairs(viewer, wanted).select_related("claimed_by__organization", "proposed_by__organization")
    pairs, following = page_of(found, "found_at", descending=False, after=after, limit=limit)
    practices = _shown(viewer, {end for pair in pairs for end in (pair.first_id, pair.second_id)})
    rows = [
        _pair_row(pair, practices[pair.first_id], practices[pair.second_id])
        for pair in pairs
        if {pair.first_id, pair.second_id} <= practices.keys()
    ]
    return DeskPage(rows, following)


def _pair_row(pair: DuplicatePair, first: Practice, second: Practice) -> DeskRow:
    pair.first, pair.second = first, second
    held = next((each for each in (pair, first, second) if _claimed(each)), None)
    return DeskRow(first, held is not None, False, other=second, pair=pair, held=held)


def desk_pair(viewer: Member, pk: int) -> DuplicatePair | None:
    """An open pair, when the viewer decides about both of its practices."""
    parts = ("first__space", "second__space", "proposed_by__organization", "claimed_by__organization")
    return _pairs(viewer, EVERYTHING).filter(pk=pk).select_related(*parts).first()
