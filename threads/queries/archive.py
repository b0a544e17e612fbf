"""The archive as a member may see it."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Count, Q, QuerySet

from community.models import Member
from community.queries.prepared import Prepared, asked
from threads.models import Practice, PracticeVersion, Thread
from threads.queries.audience import visible_to
from threads.queries.carried import Row, carrying
from threads.queries.paging import beginning_of, cursor_after, page_of

PRACTICE_PARTS = ("product", "space", "organization", "recorded_by__organization", "center")
PAGE = 30
_WORDS = ("product", "tag", "confidence", "space")
_RELATED = ("product", "space", "organization", "center")
_COLUMNS = (
    "title", "problem_html", "resolution_html", "confidence", "audience", "updated_at", "product__slug",
    "product__name", "space__slug", "space__name", "space__audience", "organization__name", "center__name",
)  # fmt: skip
_rows_of = carrying(Practice)


def practices_visible_to(member: Member) -> QuerySet[Practice]:
    """Every practice the member may see."""
    return visible_to(member, Practice.objects.all())


def with_card_parts(practices: QuerySet[Practice]) -> QuerySet[Practice]:
    """With everything a list shows of a practice."""
    return practices.select_related(*PRACTICE_PARTS).prefetch_related("tags", "audience_organizations")


@dataclass(frozen=True)
class PracticeFilter:
    """What the archive is narrowed to; empty strings do not narrow."""

    product: str = ""
    tag: str = ""
    confidence: str = ""
    space: str = ""
    q: str = ""

    def condition(self) -> Q:
        """The filter as a condition."""
        wanted = Q()
        if self.product:
            wanted &= Q(product__slug=self.product)
        if self.tag:
            wanted &= Q(pk__in=Practice.tags.through.objects.filter(tag__slug=self.tag.lower()).values("practice_id"))
        if self.confidence:
            wanted &= Q(confidence=self.confidence)
        if self.space:
            wanted &= Q(space__slug=self.space)
        for word in self.q.replace("\0", "").split()[:8]:
            wanted &= Q(title__icontains=word) | Q(problem__icontains=word) | Q(resolution__icontains=word)
        return wanted


@dataclass(frozen=True)
class PracticePage:
    """Some practices, newest change first, and the cursor to go on from; None at the end."""

    practices: list[Practice] = field(default_factory=list)
    next: str | None = None


def _listing(viewer: Member, wanted: PracticeFilter, after: str, limit: int) -> QuerySet[Practice]:
    found = practices_visible_to(viewer).filter(wanted.condition()).select_related(*_RELATED).only(*_COLUMNS)
    return beginning_of(found, "updated_at", descending=True, after=after, limit=limit)


@cache
def _beginning(limit: int) -> Prepared[Practice]:
    return Prepared(lambda viewer, **stand_ins: _listing(viewer, PracticeFilter(**stand_ins), "", limit))


def practice_rows(
    viewer: Member, wanted: PracticeFilter, *, after: str = "", limit: int = PAGE
) -> tuple[list[Row[Practice]], str | None]:
    """As `browsed`, as rows; and the cursor to go on from."""
    if after or wanted.q:
        answer = asked(_listing(viewer, wanted, after, limit))
    else:
        words = {name: getattr(wanted, name) for name in _WORDS if getattr(wanted, name)}
        words |= {"tag": words["tag"].lower()} if "tag" in words else {}
        answer = _beginning(limit)(viewer, **words)
    following = cursor_after(answer[limit - 1], "updated_at") if len(answer) > limit else None
    (rows,) = _rows_of(answer.cut(limit))
    return rows, following


def browsed(member: Member, wanted: PracticeFilter, *, after: str = "", limit: int = 30) -> PracticePage:
    """A page of the practices the member may see. Raises ValueError for a broken cursor."""
    found = with_card_parts(practices_visible_to(member).filter(wanted.condition()))
    return PracticePage(*page_of(found, "updated_at", descending=True, after=after, limit=limit))


@dataclass(frozen=True)
class Facet:
    """One value that the archive can be narrowed to, and how many practices have it."""

    value: str
    label: str
    count: int


def _products(viewer: Member) -> "QuerySet[Any, Any]":
    seen = practices_visible_to(viewer).order_by().exclude(product=None)
    counted = seen.values_list("product__slug", "product__name").annotate(n=Count("id"))
    return counted.order_by("-n", "product__name")[:PAGE]


def _tags(viewer: Member) -> "QuerySet[Any, Any]":
    seen = practices_visible_to(viewer).order_by()
    tagged: QuerySet[Any] = Practice.tags.through.objects.filter(practice__in=seen.values("pk"))
    counted: QuerySet[Any] = tagged.values_list("tag__slug").annotate(n=Count("id"))
    return counted.order_by("-n", "tag__slug")[:PAGE]


def _states(viewer: Member) -> "QuerySet[Any, Any]":
    return practices_visible_to(viewer).order_by().values_list("confidence").annotate(n=Count("id"))


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
    """The practice recorded from a thread, when the member may see it."""
    return practices_visible_to(member).filter(thread=thread).first()


def source_thread_of(member: Member, practice: Practice) -> Thread | None:
    """The thread a practice comes from, when the member may see it."""
    return visible_to(member, Thread.objects.filter(practice=practice)).first()


def versions_of(practice: Practice) -> list[PracticeVersion]:
    """What a practice said over time, oldest first."""
    return list(practice.versions.select_related("author").order_by("number"))
