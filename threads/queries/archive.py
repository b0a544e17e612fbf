"""The archive as a member may see it."""

from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from community.models import Member
from threads.models import Practice, PracticeVersion, Thread
from threads.queries.audience import visible_to
from threads.queries.paging import page_of


def practices_visible_to(member: Member) -> QuerySet[Practice]:
    """Every practice the member may see."""
    return visible_to(member, Practice.objects.all())


def with_card_parts(practices: QuerySet[Practice]) -> QuerySet[Practice]:
    """With everything a list shows of a practice."""
    related = ("product", "space", "organization", "recorded_by__organization", "center")
    return practices.select_related(*related).prefetch_related("tags", "audience_organizations")


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


def facets(member: Member, *, limit: int = 30) -> dict[str, list[Facet]]:
    """Products, tags and states of the practices the member may see, most frequent first."""
    seen = practices_visible_to(member).order_by()
    products = seen.exclude(product=None).values_list("product__slug", "product__name").annotate(n=Count("id"))
    tagged = Practice.tags.through.objects.filter(practice__in=seen.values("pk"))
    tags = tagged.values("tag__slug").annotate(n=Count("id")).order_by("-n", "tag__slug")[:limit]
    states = dict(seen.values_list("confidence").annotate(n=Count("id")))
    return {
        "product": [Facet(slug, name, n) for slug, name, n in products.order_by("-n", "product__name")[:limit]],
        "tag": [Facet(row["tag__slug"], row["tag__slug"], row["n"]) for row in tags],
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
