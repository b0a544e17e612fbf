"""Products and tags."""

from collections.abc import Iterable

from threads.models import Product, ProductVersion, Tag


def products() -> list[Product]:
    """Every product, by name."""
    return list(Product.objects.all())


def product_by_slug(slug: str) -> Product | None:
    """The product with that slug."""
    return Product.objects.filter(slug=slug).first()


def versions_of(product: Product) -> list[ProductVersion]:
    """The known versions of a product."""
    return list(product.versions.all())


def tags_like(text: str, *, limit: int = 20) -> list[Tag]:
    """Tags that start with `text`."""
    return list(Tag.objects.filter(slug__startswith=text.lower())[:limit])


def tag_slugs(slugs: Iterable[str]) -> list[str]:
    """Those of the slugs that exist."""
    return list(Tag.objects.filter(slug__in=list(slugs)).values_list("slug", flat=True))
