"""Products that archives name."""

from collections.abc import Iterable

from django.utils.text import slugify

from threads.models import Product

_SLUG_LENGTH = 60
_NAME_LENGTH = 80


def product_called(slug: str, name: str) -> Product:
    """The product of this address or name, made when there is none."""
    found = Product.objects.filter(slug=slug).first() or Product.objects.filter(name=name).first()
    return found or Product.objects.create(slug=slug, name=name)


def products_named(names: Iterable[str]) -> dict[str, Product]:
    """The products that a source calls so, those that are new made; words that give no address name none."""
    found = {}
    for said in sorted(set(names)):
        slug = slugify(said)[:_SLUG_LENGTH].strip("-")
        if slug:
            name = " ".join(said.replace("-", " ").split())[:_NAME_LENGTH]
            found[said] = product_called(slug, name[:1].upper() + name[1:])
    return found
