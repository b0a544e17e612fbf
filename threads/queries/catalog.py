"""Products and tags."""

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


def versions_of(product: Product) -> list[ProductVersion]:
    """The known versions of a product."""
    return list(product.versions.all())


def tags_like(text: str, *, limit: int = 20) -> list[Tag]:
    """Tags that start with `text`."""
    return list(Tag.objects.filter(slug__startswith=text.lower())[:limit])


def tag_slugs(slugs: Iterable[str]) -> list[str]:
    """Those of the slugs that exist."""
    return list(Tag.objects.filter(slug__in=list(slugs)).values_list("slug", flat=True))


def version_named(product: Product, name: str) -> ProductVersion | None:
    """The version of a product with that name."""
    return product.versions.filter(name=name).first()
