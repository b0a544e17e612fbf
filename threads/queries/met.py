"""Which subjects somebody meets, and what they are called."""

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q

from community.models import Member
from threads.models import Tag
from threads.queries.archive import practices_visible_to
from threads.queries.catalog import product_names
from threads.queries.threads import threads_visible_to

_TAG, _PRODUCT = "tag:", "product:"


def tags_met(viewer: Member, slugs: Collection[str]) -> set[str]:
    """Those of the tags (slugs) that the viewer meets in a thread or practice themselves."""
    if not slugs:
        return set()
    in_threads = Q(Exists(threads_visible_to(viewer).filter(tags=OuterRef("pk"))))
    in_practices = Q(Exists(practices_visible_to(viewer).filter(tags=OuterRef("pk"))))
    return set(Tag.objects.filter(in_threads | in_practices, slug__in=slugs).values_list("slug", flat=True))


def met_among(viewer: Member, scopes: Iterable[str]) -> list[str]:
    """Those of the subjects that the viewer may be told of: products are known to all, tags to who meets them."""
    wanted = list(scopes)
    met = tags_met(viewer, [scope.removeprefix(_TAG) for scope in wanted if scope.startswith(_TAG)])
    return [scope for scope in wanted if scope.startswith(_PRODUCT) or scope.removeprefix(_TAG) in met]


def labels_of(scopes: Iterable[str]) -> dict[str, str]:
    """What subjects are called: a product by its name, a tag with #."""
    wanted = list(scopes)
    names = product_names(scope.removeprefix(_PRODUCT) for scope in wanted if scope.startswith(_PRODUCT))
    return {scope: _label(scope, names) for scope in wanted}


def _label(scope: str, names: dict[str, str]) -> str:
    noun, _colon, slug = scope.partition(":")
    return names.get(slug, slug) if noun == "product" else f"#{slug}"
