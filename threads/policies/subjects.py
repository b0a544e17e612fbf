"""What a thread or practice is about, by the names under which standing in it counts."""

from threads.models import Practice, Thread


def subjects_of(thing: Thread | Practice) -> tuple[str, ...]:
    """Its tags and product as scopes of standing, in one order."""
    products = [f"product:{thing.product.slug}"] if thing.product else []
    return (*products, *sorted(f"tag:{tag.slug}" for tag in thing.tags.all()))
