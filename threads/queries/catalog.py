"""Products and their versions."""

from collections.abc import Iterable

from django.db.models import QuerySet

from threads.models import Product, ProductVersion, Tag


def all_products() -> QuerySet[Product]:
    """Every product, by name."""
    return Product.objects.all()


def all_versions() -> QuerySet[ProductVersion]:
    """Every version of every product, by name."""
    return ProductVersion.objects.select_related("product").order_by("product__name", "name")


def product_by_slug(slug: str) -> Product | None:
    """The product with that slug."""
    return Product.objects.filter(slug=slug).first()


def product_names(slugs: Iterable[str]) -> dict[str, str]:
    """What the products are called, by slug."""
    return dict(Product.objects.filter(slug__in=list(slugs)).values_list("slug", "name"))


def version_named(product: Product, name: str) -> ProductVersion | None:
    """The version of a product with that name."""
    return product.versions.filter(name=name).first()


def tag_with_slug(slug: str) -> Tag | None:
    """The tag in this spelling."""
    return Tag.objects.filter(slug=slug).first()
