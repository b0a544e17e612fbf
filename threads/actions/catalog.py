"""The lists that threads choose from: products with their versions, and tags. For network administrators."""

from collections.abc import Iterable

from community.actions.network import check, judge_administrator
from community.events import action
from community.models import Member, Organization
from threads.models import Product, ProductVersion, Tag
from threads.rules.texts import tag_slugs


@action
def create_product(
    *, by: Member, slug: str, name: str, vendor: Organization | None = None, versions: Iterable[str] = ()
) -> Product:
    """Add a product and its versions. Raises Invalid when its name or slug is taken."""
    judge_administrator(by)
    product = Product(slug=slug, name=name, vendor=vendor)
    check(product)
    product.save()
    ProductVersion.objects.bulk_create(
        [ProductVersion(product=product, name=version) for version in dict.fromkeys(versions)]
    )
    return product


@action
def create_tag(*, by: Member, slug: str) -> Tag:
    """Add a tag before any thread uses it. Raises Invalid when it is no tag; one that is there stays as it is."""
    judge_administrator(by)
    wanted = "".join(tag_slugs([slug]))
    tag = Tag(slug=wanted)
    if not wanted:
        check(tag)
    return Tag.objects.get_or_create(slug=wanted)[0]
