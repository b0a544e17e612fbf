"""The archive as a member may see it."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Count, Q, QuerySet

from community.models import Member
from community.queries.prepared import Prepared, asked
from community.queries.spaces import spaces_visible_to
from threads.models import Practice, PracticeVersion, Thread
from threads.policies.practices import may_curate, may_edit
from threads.queries.audience import visible_to
from threads.queries.carried import Row, carrying
from threads.queries.paging import beginning_of, cursor_after, page_of

PRACTICE_PARTS = ("product", "space", "organization", "recorded_by__organization", "center")
PAGE = 30
BEST, LATEST = "best", "latest"  # orders of the archive
_ORDERS = {BEST: "place", LATEST: "updated_at"}
_WORDS = ("product", "tag", "confidence", "space")
_RELATED = ("product", "space", "organization", "center")
_COLUMNS = (
    "title", "problem_html", "resolution_html", "confidence", "audience", "updated_at", "place", "warned_at", "worked",
    "changed", "product__slug", "product__name", "space__slug", "space__name", "space__audience",
    "organization__name", "center__name",
)  # fmt: skip
_rows_of = carrying(Practice)


def practices_visible_to(member: Member) -> QuerySet[Practice]:
    """Every practice the member may see, those too that were merged into others."""
    return visible_to(member, Practice.objects.all())


def current(practices: QuerySet[Practice]) -> QuerySet[Practice]:
    """Those that stand for themselves: none that was merged into another."""
    return practices.filter(merged_into__isnull=True)


def canonical_of(viewer: Member, practice: Practice) -> Practice | None:
    """The practice itself, or the one that it was merged into; None when the viewer may not see that."""
    if practice.merged_into_id is None:
        return practice
    return practices_visible_to(viewer).filter(pk=practice.merged_into_id).first()


def merged_into(viewer: Member, practice: Practice) -> list[Practice]:
    """Those practices merged into this one that the viewer may see."""
    return list(practices_visible_to(viewer).filter(merged_into=practice).only("title").order_by("pk"))


def with_card_parts(practices: QuerySet[Practice]) -> QuerySet[Practice]:
    """With everything a list shows of a practice."""
    return practices.select_related(*PRACTICE_PARTS).prefetch_related("tags", "audience_organizations")


@dataclass(frozen=True)
class PracticeFilter:
    """What the archive is narrowed to; empty strings do not narrow. Only spaces that the viewer sees have a name."""

    product: str = ""
    tag: str = ""
    confidence: str = ""
    space: str = ""
    q: str = ""

    def condition(self, viewer: Member) -> Q:
        """The filter as a condition."""
        wanted = Q()
        if self.product:
            wanted &= Q(product__slug=self.product)
        if self.tag:
            wanted &= Q(pk__in=Practice.tags.through.objects.filter(tag__slug=self.tag.lower()).values("practice_id"))
        if self.confidence:
            wanted &= Q(confidence=self.confidence)
        if self.space:
            wanted &= Q(space__in=spaces_visible_to(viewer).filter(slug=self.space).values("pk"))
        for word in self.q.replace("\0", "").split()[:8]:
            wanted &= Q(title__icontains=word) | Q(problem__icontains=word) | Q(resolution__icontains=word)
        return wanted


@dataclass(frozen=True)
class PracticePage:
    """Some practices, newest change first, and the cursor to go on from; None at the end."""

    practices: list[Practice] = field(default_factory=list)
    next: str | None = None


def _wanted(viewer: Member, wanted: PracticeFilter) -> QuerySet[Practice]:
    return current(practices_visible_to(viewer)).filter(wanted.condition(viewer))


def _listing(viewer: Member, wanted: PracticeFilter, sort: str, after: str, limit: int) -> QuerySet[Practice]:
    found = _wanted(viewer, wanted).select_related(*_RELATED).only(*_COLUMNS)
    return beginning_of(found, _ORDERS[sort], descending=True, after=after, limit=limit)


@cache
def _beginning(sort: str, limit: int) -> Prepared[Practice]:
    return Prepared(lambda viewer, **stand_ins: _listing(viewer, PracticeFilter(**stand_ins), sort, "", limit))


def practice_rows(
    viewer: Member, wanted: PracticeFilter, *, sort: str = BEST, after: str = "", limit: int = PAGE
) -> tuple[list[Row[Practice]], str | None]:
    """As `browsed`, as rows; and the cursor to go on from."""
    if after or wanted.q:
        answer = asked(_listing(viewer, wanted, sort, after, limit))
    else:
        words = {name: getattr(wanted, name) for name in _WORDS if getattr(wanted, name)}
        words |= {"tag": words["tag"].lower()} if "tag" in words else {}
        answer = _beginning(sort, limit)(viewer, **words)
    following = cursor_after(answer[limit - 1], _ORDERS[sort]) if len(answer) > limit else None
    (rows,) = _rows_of(answer.cut(limit))
    return rows, following


def browsed(
    member: Member, wanted: PracticeFilter, *, sort: str = LATEST, after: str = "", limit: int = 30
) -> PracticePage:
    """A page of the practices the member may see. Raises ValueError for a broken cursor.

    The `best` come first: those that can be trusted further, of them those that changed last; or the `latest` change.
    """
    found = with_card_parts(_wanted(member, wanted))
    return PracticePage(*page_of(found, _ORDERS[sort], descending=True, after=after, limit=limit))


@dataclass(frozen=True)
class Facet:
    """One value that the archive can be narrowed to, and how many practices have it."""

    value: str
    label: str
    count: int


def _products(viewer: Member) -> "QuerySet[Any, Any]":
    seen = current(practices_visible_to(viewer)).order_by().exclude(product=None)
    counted = seen.values_list("product__slug", "product__name").annotate(n=Count("id"))
    return counted.order_by("-n", "product__name")[:PAGE]


def _tags(viewer: Member) -> "QuerySet[Any, Any]":
    seen = current(practices_visible_to(viewer)).order_by()
    tagged: QuerySet[Any] = Practice.tags.through.objects.filter(practice__in=seen.values("pk"))
    counted: QuerySet[Any] = tagged.values_list("tag__slug").annotate(n=Count("id"))
    return counted.order_by("-n", "tag__slug")[:PAGE]


def _states(viewer: Member) -> "QuerySet[Any, Any]":
    return current(practices_visible_to(viewer)).order_by().values_list("confidence").annotate(n=Count("id"))


_products_of: Prepared[Any] = Prepared(_products)
_tags_of: Prepared[Any] = Prepared(_tags)
_states_of: Prepared[Any] = Prepared(_states)


def facets(member: Member) -> dict[str, list[Facet]]:
    """Products, tags and states of the practices the member may see, most frequent first."""
    states = dict(_states_of(member).things())
    return {
        "product": [Facet(slug, name, n) for slug, name, n in _products_of(member).things()],
        "tag": [Facet(slug, slug, n) for slug, n in _tags_of(member).things()],
        "confidence": [
            Facet(state.value, str(state.label), states[state.value])
            for state in Practice.Confidence
            if state.value in states
        ],
    }


def practice_of(member: Member, thread: Thread) -> Practice | None:
    """The practice recorded from a thread, or the one that this was merged into, when the member may see it."""
    recorded = practices_visible_to(member).filter(thread=thread).first()
    return canonical_of(member, recorded) if recorded is not None else None


def source_thread_of(member: Member, practice: Practice) -> Thread | None:
    """The thread a practice comes from, when the member may see it."""
    return visible_to(member, Thread.objects.filter(practice=practice)).first()


def versions_of(practice: Practice) -> list[PracticeVersion]:
    """What a practice said over time, oldest first. To show it: `versions_shown`."""
    return list(practice.versions.select_related("author", "suggested_by", "product").order_by("number"))


def versions_shown(viewer: Member, practice: Practice) -> list[PracticeVersion]:
    """What a practice, seen by the viewer, said over time, as far as it was ever said to them.

    What it said before it was shown to more people stays with its own organization, and who edits or decides about it.
    """
    found = versions_of(practice)
    if practice.history_from == 1 or sees_all_of(viewer, practice):
        return found
    return [row for row in found if row.number >= practice.history_from]


def sees_all_of(viewer: Member, practice: Practice) -> bool:
    """Whether the viewer, who sees a practice, sees what was said of and by it before it was shown to more people."""
    if viewer.organization_id == practice.organization_id:
        return True
    return may_curate(viewer, practice) or may_edit(viewer, practice)
