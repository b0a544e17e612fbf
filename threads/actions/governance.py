"""Rules about who looks after which practices."""

from collections.abc import Collection

from community.events import action
from community.models import Member, Space
from threads.models import Governance, Product, Tag


@action
def set_governance(
    *,
    by: Member,
    space: Space | None,
    product: Product | None = None,
    tag: Tag | None = None,
    mode: str,
    keepers: Collection[Member] = (),
    reason: str,
) -> Governance:
    """Say how the practices of a product or with a tag are looked after, in a space or in the whole network."""
    raise NotImplementedError
