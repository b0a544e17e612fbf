"""What the pages for strangers show of public practices: nothing but what was published, and never who is behind it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Aggregate, Case, Count, F, Max, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Greatest, Substr
from django.urls import reverse

from threads.models import RECORD_FIELDS, Practice, PracticeVersion, Product
from threads.queries.paging import page_of
from threads.queries.public import published_practices
from threads.queries.public_search import with_words
from threads.rendering.public import practices_linked, public_html

PAGE = 30
PER_SITEMAP = 5_000
MOST_PRODUCTS = 100
SUMMARY = 500
KEPT_SECONDS = 60
_PRODUCTS, _MAP = "public-products", "public-map"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

Named = tuple[str, str]


@dataclass(frozen=True)
class PublicPractice:
    """A practice as strangers read it. `texts` and `html` are pairs of a field's name and what it says."""

    pk: int
    slug: str
    title: str
    summary: str
    html: tuple[Named, ...]
    product: Named | None
    tags: tuple[str, ...]
    approved: bool
    worked: int
    version: int
    published_at: datetime
    changed_at: datetime
    last_worked: str
    helpful: int
    unhelpful: int
    author: str
    source: str
    license: str


@dataclass(frozen=True)
class Listed:
    """A public practice in a list. `summary` is how its problem begins."""

    slug: str
    title: str
    summary: str
    product: Named | None
    worked: int
    published_at: datetime
    changed_at: datetime


class _Joined(Aggregate):
    """Slugs behind each other, with commas between them."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(
            compiler, connection, function="STRING_AGG", template="%(function)s(%(expressions)s, ',')", **more
        )


def as_published() -> QuerySet[Any]:
    """Practices that are public, with what the published version was about and when what strangers read last changed.

    A product or a tag that was added later is not shown before that is published; nor is one that was taken away.
    """
    said = PracticeVersion.objects.filter(practice=OuterRef("pk"), number=OuterRef("published_version"))
    return published_practices().annotate(
        text_at=Greatest("published_at", Subquery(said.values("at")[:1])),
        said_product=Subquery(said.values("product_id")[:1]), said_tags=Subquery(said.values("tags")[:1]),
    )  # fmt: skip


def _tags() -> Subquery:
    """The tags that a practice has now."""
    through: Any = Practice.tags.through
    rows = through.objects.filter(practice_id=OuterRef("pk")).order_by().values("practice_id")
    return Subquery(rows.annotate(slugs=_Joined("tag__slug")).values("slugs"))


def public_practice(slug: str) -> PublicPractice | None:
    """The public practice at an address; None for what is not public now."""
    brought = ~Q(source_site="") & ~Q(recorded_by__source_site="")
    found = as_published().filter(slug=slug).annotate(
        author=Case(When(brought, then=F("recorded_by__name")), default=Value("")), has_tags=_tags(),
        shown_title=KT("public_text__title"), shown_problem=Substr(KT("public_text__problem"), 1, SUMMARY),
    )  # fmt: skip
    columns = (
        "pk", "slug", "shown_title", "public_html", "product_id", "product__slug", "product__name", "basis", "worked",
        "changed", "published_version", "published_at", "text_at", "last_worked_at", "helpful", "unhelpful", "author",
        "source_url", "source_license", "shown_problem", "said_product", "said_tags", "has_tags",
    )  # fmt: skip
    row = found.values(*columns).first()
    return _public(row) if row is not None else None


def _public(row: dict[str, Any]) -> PublicPractice:
    is_said = row["product_id"] == row["said_product"]
    has = set((row["has_tags"] or "").split(","))
    html = _linked(row["public_html"])
    return PublicPractice(
        pk=row["pk"], slug=row["slug"], title=row["shown_title"] or "",
        summary=" ".join((row["shown_problem"] or "").split()),
        html=tuple((name, html[name]) for name in RECORD_FIELDS if html.get(name)),
        product=(row["product__slug"], row["product__name"]) if row["product_id"] and is_said else None,
        tags=tuple(slug for slug in row["said_tags"] or () if slug in has),
        approved=row["basis"] == Practice.Basis.APPROVED, worked=row["worked"] + row["changed"],
        version=row["published_version"], published_at=row["published_at"],
        changed_at=row["text_at"] or row["published_at"],
        last_worked=f"{row['last_worked_at']:%Y-%m-%d}" if row["last_worked_at"] else "",
        helpful=row["helpful"], unhelpful=row["unhelpful"], author=row["author"] if row["source_url"] else "",
        source=row["source_url"], license=row["source_license"],
    )  # fmt: skip


def _linked(html: dict[str, str]) -> dict[str, str]:
    """A kept copy with links to practices that are public now, or merged into such; of the others not a word."""
    linked = {pk for text in html.values() for pk in practices_linked(text)}
    if not linked:
        return html
    found = published_practices().filter(Q(pk__in=linked) | Q(merged__in=linked)).values_list("pk", "merged", "slug")
    published: dict[int, str] = {}
    for pk, merged, slug in found:
        address = reverse("public-practice", args=[slug])
        published |= {pk: address, merged: address}
    return {name: public_html(text, published) for name, text in html.items()}


def was_public(slug: str) -> tuple[bool, str]:
    """Whether there was a public practice at an address, and the address it was merged into, if that is public."""
    row = Practice.objects.filter(slug=slug).values_list("merged_into_id").first()
    if row is None:
        return False, ""
    target = published_practices().filter(pk=row[0]).values_list("slug", flat=True).first() if row[0] else None
    return True, target or ""


def votable(slug: str) -> Practice | None:
    """The row behind a public page, to vote on and to report on."""
    return published_practices().filter(slug=slug).only("pk").first()


def listed(*, product: str = "", tag: str = "", q: str = "", after: str = "") -> tuple[tuple[Listed, ...], str | None]:
    """A page of public practices, the newest first, and the cursor to go on from. ValueError for a broken cursor."""
    found = published_about(product, tag)
    if q.strip():
        found = with_words(found, q)
    rows, following = page_of(_listing(found), "published_at", descending=True, after=after, limit=PAGE)
    return tuple(_listed(row) for row in rows), following


def published_about(product: str = "", tag: str = "") -> QuerySet[Any]:
    """Those that were published about a product or with a tag, and still are."""
    found = as_published()
    if product:
        found = found.filter(product__slug=product, product_id=F("said_product"))
    if tag:
        through: Any = Practice.tags.through
        found = found.filter(pk__in=through.objects.filter(tag__slug=tag).values("practice_id"))
        found = found.annotate(words=Cast("said_tags", TextField())).filter(words__contains=f'"{tag}"')
    return found


def _listing(found: QuerySet[Practice]) -> QuerySet[Practice]:
    shown = found.select_related("product").only(
        "slug", "published_at", "worked", "changed", "product__slug", "product__name"
    )
    problem = Substr(KT("public_text__problem"), 1, SUMMARY)
    return shown.annotate(shown_title=KT("public_text__title"), shown_problem=problem)


def _listed(row: Any) -> Listed:
    return Listed(
        slug=row.slug, title=row.shown_title or "", summary=" ".join((row.shown_problem or "").split()),
        product=(row.product.slug, row.product.name) if row.product and row.product_id == row.said_product else None,
        worked=row.worked + row.changed,
        published_at=row.published_at, changed_at=row.text_at or row.published_at,
    )  # fmt: skip


def public_products() -> tuple[tuple[str, str, int], ...]:
    """Products with public practices by name, and how many each has: counted at most a minute ago, for everybody."""
    kept: tuple[tuple[str, str, int], ...] | None = cache.get(_PRODUCTS)
    if kept is None:
        said = as_published().filter(product_id=F("said_product")).order_by()
        counted = said.values_list("product__slug", "product__name").annotate(n=Count("pk"))
        kept = tuple(counted.order_by("product__name")[:MOST_PRODUCTS])
        cache.set(_PRODUCTS, kept, KEPT_SECONDS)
    return kept


def product_name(slug: str) -> str:
    """What a product is called that is known to have public practices."""
    return Product.objects.filter(slug=slug).values_list("name", flat=True).first() or slug


def is_anything_public() -> bool:
    """Whether there is a public practice at all."""
    return published_practices().exists()


def public_map() -> tuple[tuple[int, datetime], ...]:
    """The parts of the map of the site: a number, and when something in it last changed, as of the last minute."""
    kept: tuple[tuple[int, datetime], ...] | None = cache.get(_MAP)
    if kept is None:
        counted = published_practices().order_by().annotate(part=F("pk") / PER_SITEMAP).values_list("part")
        kept = tuple(counted.annotate(newest=Max("published_at")).order_by("part"))
        cache.set(_MAP, kept, KEPT_SECONDS)
    return kept


def mapped(part: int) -> tuple[tuple[str, datetime], ...]:
    """One part of that map: the ends of addresses, and when what is there last changed."""
    found = as_published().filter(pk__gte=part * PER_SITEMAP, pk__lt=(part + 1) * PER_SITEMAP)
    rows = found.order_by("pk").values_list("slug", "published_at", "text_at")
    return tuple((slug or "", text_at or at or _NEVER) for slug, at, text_at in rows)
