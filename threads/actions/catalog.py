"""The list of products that threads choose from. For network administrators."""

from collections.abc import Iterable

from community.actions.checks import check
from community.actions.network import judge_administrator
from community.events import action
from community.models import Member, Organization
from threads.models import Product, ProductVersion


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
