"""Keyset cursors: the sort value and id of the last row of a page, opaque to clients."""

import base64
import binascii
from datetime import UTC, datetime

from community.rules.numbers import whole


def encode(value: datetime | int | str, pk: int) -> str:
    """A cursor that points behind a row."""
    shown = value.isoformat() if isinstance(value, datetime) else str(value)
    return base64.urlsafe_b64encode(f"{shown}|{pk}".encode()).decode().rstrip("=")


def decode(cursor: str) -> tuple[str, int]:
    """The value and id in a cursor. Raises ValueError when it is none of ours."""
    try:
        padded = cursor[:200] + "=" * (-len(cursor[:200]) % 4)
        value, _bar, key = base64.b64decode(padded, altchars=b"-_", validate=True).decode().rpartition("|")
    except (binascii.Error, UnicodeError) as error:
        raise ValueError(cursor) from error
    pk = whole(key)
    if not value or pk is None:
        raise ValueError(cursor)
    return value, pk


def moment(value: str) -> datetime:
    """The time in a cursor, in UTC. Raises ValueError when it is none."""
    found = datetime.fromisoformat(value)
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError(value) from error
