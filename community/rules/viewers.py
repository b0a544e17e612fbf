"""What queries look at of whom they are asked for."""

from typing import NamedTuple


class Somebody(NamedTuple):
    """Somebody who was signed in lately, and may be no more: enough to ask ahead for them."""

    pk: int
    organization_id: int
    center_id: int | None
    is_active: bool
    is_superuser: bool
